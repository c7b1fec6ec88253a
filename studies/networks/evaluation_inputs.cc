#include "studies/networks/evaluation_inputs.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "foothold/rng.h"
#include "formats/gzip.h"
#include "formats/npy.h"

namespace foothold::studies {
namespace {

using network::Index;
using network::Shape;
using network::Tensor;

constexpr std::uint64_t kImageSeed = 19;
/// How the MNIST networks want their pixels, and the keyword networks their features
/// (networks/README.md of the data).
constexpr float kMnistMean = 0.1307F;
constexpr float kMnistDeviation = 0.3081F;
constexpr float kKeywordScale = 0.5847029F;
constexpr float kKeywordZero = 83;

Result<formats::NpyArray> ReadNpy(Env& env, const std::string& path) {
  FOOTHOLD_ASSIGN_OR_RETURN(const std::string bytes, env.ReadFile(path));
  return formats::ParseNpy(bytes, path);
}

/// An IDX file: the bytes behind its header of four bytes and one size for each dimension.
Result<std::string> ReadIdx(Env& env, const std::string& path, std::size_t dimensions) {
  FOOTHOLD_ASSIGN_OR_RETURN(const std::string packed, env.ReadFile(path));
  FOOTHOLD_ASSIGN_OR_RETURN(std::string bytes, formats::Gunzip(packed, path));
  const std::size_t header = 4 + 4 * dimensions;
  if (bytes.size() < header) return Status::DataLoss(path + ": ends within its header");
  return bytes.substr(header);
}

Result<EvaluationInputs> MnistTestSet(Env& env, const std::string& folder, const Shape& shape,
                                      std::size_t most) {
  FOOTHOLD_ASSIGN_OR_RETURN(const std::string pixels,
                            ReadIdx(env, folder + "/t10k-images-idx3-ubyte.gz", 3));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::string labels,
                            ReadIdx(env, folder + "/t10k-labels-idx1-ubyte.gz", 1));
  const std::size_t size = Index(network::Elements(shape));
  const std::size_t count = std::min({most, labels.size(), pixels.size() / size});
  EvaluationInputs set = {"MNIST test images", {}, {}};
  for (std::size_t i = 0; i < count; ++i) {
    std::vector<float> image;
    for (std::size_t j = 0; j < size; ++j) {
      const auto pixel = static_cast<float>(static_cast<unsigned char>(pixels[i * size + j]));
      image.push_back((pixel / 255 - kMnistMean) / kMnistDeviation);
    }
    set.inputs.emplace_back(shape, std::move(image));
    set.labels.push_back(static_cast<unsigned char>(labels[i]));
  }
  return set;
}

Result<EvaluationInputs> KeywordSet(Env& env, const std::string& folder, const Shape& shape,
                                    std::size_t most) {
  FOOTHOLD_ASSIGN_OR_RETURN(const formats::NpyArray features,
                            ReadNpy(env, folder + "/kws01.inputs_int8.npy"));
  FOOTHOLD_ASSIGN_OR_RETURN(const formats::NpyArray labels,
                            ReadNpy(env, folder + "/kws01.labels.npy"));
  const std::size_t size = Index(network::Elements(shape));
  const std::size_t count = std::min({most, labels.values.size(), features.values.size() / size});
  EvaluationInputs set = {"kws01 inputs", {}, {}};
  for (std::size_t i = 0; i < count; ++i) {
    std::vector<float> input;
    for (std::size_t j = 0; j < size; ++j) {
      input.push_back((features.values[i * size + j] - kKeywordZero) * kKeywordScale);
    }
    set.inputs.emplace_back(shape, std::move(input));
    set.labels.push_back(static_cast<std::size_t>(labels.values[i]));
  }
  return set;
}

/// Noise on a coarse grid, drawn out to a plane of `size` positions on each side, in 0 to 1.
std::vector<double> SmoothPlane(Rng& rng, std::int64_t height, std::int64_t width,
                                std::int64_t cells) {
  std::vector<double> grid(Index((cells + 1) * (cells + 1)));
  for (double& one : grid) one = rng.Uniform();
  std::vector<double> plane;
  for (std::int64_t y = 0; y < height; ++y) {
    for (std::int64_t x = 0; x < width; ++x) {
      const double v = static_cast<double>(y * cells) / static_cast<double>(height);
      const double u = static_cast<double>(x * cells) / static_cast<double>(width);
      const auto row = static_cast<std::int64_t>(v);
      const auto column = static_cast<std::int64_t>(u);
      const auto at = [&](std::int64_t r, std::int64_t c) {
        return grid[Index(r * (cells + 1) + c)];
      };
      const double left = at(row, column) +
                          (v - static_cast<double>(row)) * (at(row + 1, column) - at(row, column));
      const double right =
          at(row, column + 1) +
          (v - static_cast<double>(row)) * (at(row + 1, column + 1) - at(row, column + 1));
      plane.push_back(left + (u - static_cast<double>(column)) * (right - left));
    }
  }
  return plane;
}

/// Images of 0 to 255 whose details are of several sizes and whose channels have something in
/// common, as photographs have.
EvaluationInputs SyntheticImages(const Shape& shape, std::size_t count) {
  Rng rng(kImageSeed);
  EvaluationInputs set = {"synthetic images", {}, {}};
  const std::int64_t height = shape.size() > 2 ? shape[2] : 1;
  const std::int64_t width = shape.back();
  const std::int64_t channels = network::Elements(shape) / (height * width);
  for (std::size_t i = 0; i < count; ++i) {
    std::vector<double> common(Index(height * width), 0.0);
    for (const std::int64_t cells : {2, 5, 11}) {
      const double weight = rng.Uniform();
      const std::vector<double> plane = SmoothPlane(rng, height, width, cells);
      for (std::size_t j = 0; j < common.size(); ++j) common[j] += weight * (plane[j] - 0.5);
    }
    std::vector<float> image;
    for (std::int64_t c = 0; c < channels; ++c) {
      const double level = 64 + 128 * rng.Uniform();
      const std::vector<double> own = SmoothPlane(rng, height, width, 3);
      for (std::size_t j = 0; j < common.size(); ++j) {
        const double pixel = level + 160 * common[j] + 60 * (own[j] - 0.5);
        image.push_back(static_cast<float>(std::clamp(std::nearbyint(pixel), 0.0, 255.0)));
      }
    }
    set.inputs.emplace_back(shape, std::move(image));
  }
  return set;
}

}  // namespace

Result<std::vector<Tensor>> CalibrationInputs(Env& env, const std::string& folder,
                                              const std::string& family, const Shape& shape) {
  const std::string path = folder + "/" + family + ".inputs.npy";
  FOOTHOLD_ASSIGN_OR_RETURN(const formats::NpyArray array, ReadNpy(env, path));
  const auto size = static_cast<std::ptrdiff_t>(network::Elements(shape));
  if (size == 0 || array.values.size() % static_cast<std::size_t>(size) != 0) {
    return Status::InvalidArgument(fmt::format("{}: has the shape {}, must hold inputs of {}", path,
                                               network::ToString(array.shape),
                                               network::ToString(shape)));
  }
  std::vector<Tensor> inputs;
  for (auto begin = array.values.begin(); begin != array.values.end(); begin += size) {
    inputs.emplace_back(shape, std::vector<float>(begin, begin + size));
  }
  return inputs;
}

Result<EvaluationInputs> FindEvaluationInputs(Env& env, const std::string& data, const Shape& shape,
                                              std::size_t most) {
  constexpr std::size_t kSynthetic = 400;
  const std::string mnist = data + "/related/spiker";
  const std::string networks = data + "/networks";
  if (shape == Shape{1, 1, 28, 28} && env.FileExists(mnist + "/t10k-images-idx3-ubyte.gz")) {
    return MnistTestSet(env, mnist, shape, most);
  }
  if (shape == Shape{1, 1, 49, 10} && env.FileExists(networks + "/kws01.inputs_int8.npy")) {
    return KeywordSet(env, networks, shape, most);
  }
  return SyntheticImages(shape, std::min(most, kSynthetic));
}

}  // namespace foothold::studies
