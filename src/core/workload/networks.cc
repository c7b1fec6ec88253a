// The built-in networks: shapes, written out. Facts only; where each comes from is said at its
// table.

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <initializer_list>
#include <span>

#include "base/similar.h"
#include "base/text.h"
#include "foothold/workload.h"

namespace foothold {
namespace {

/// A square convolution of one image with equal pads and strides: all that these networks have.
struct ConvRow {
  std::string_view layer;
  std::int64_t in_channels;
  std::int64_t size;  ///< height and width
  std::int64_t out_channels;
  std::int64_t kernel;
  std::int64_t pad;
  std::int64_t stride;
};

/// ResNet-18 at 224x224: its distinct convolutions but the first, whose 3 input channels no VTA
/// takes (docs/reference/vta-and-autotvm.md#resnet-18, whose names C2..C11 these are).
constexpr std::array<ConvRow, 10> kResnet18 = {{
    {"C2", 64, 56, 64, 3, 1, 1},
    {"C3", 64, 56, 128, 3, 1, 2},
    {"C4", 64, 56, 128, 1, 0, 2},
    {"C5", 128, 28, 128, 3, 1, 1},
    {"C6", 128, 28, 256, 3, 1, 2},
    {"C7", 128, 28, 256, 1, 0, 2},
    {"C8", 256, 14, 256, 3, 1, 1},
    {"C9", 256, 14, 512, 3, 1, 2},
    {"C10", 256, 14, 512, 1, 0, 2},
    {"C11", 512, 7, 512, 3, 1, 1},
}};

/// Baidu DeepBench, inference_device_set of conv_problems.h: 13 of its distinct convolutions.
constexpr std::array<ConvRow, 13> kDeepbench = {{
    {"01", 64, 112, 64, 1, 0, 1},
    {"02", 64, 56, 256, 1, 0, 1},
    {"03", 256, 56, 64, 1, 0, 1},
    {"04", 256, 56, 128, 1, 0, 2},
    {"05", 128, 28, 512, 1, 0, 1},
    {"06", 512, 28, 128, 1, 0, 1},
    {"07", 512, 28, 256, 1, 0, 2},
    {"08", 256, 14, 1024, 1, 0, 1},
    {"09", 1024, 14, 256, 1, 0, 1},
    {"10", 1024, 14, 512, 1, 0, 2},
    {"11", 512, 7, 512, 3, 1, 1},
    {"12", 512, 7, 2048, 1, 0, 1},
    {"13", 2048, 7, 512, 1, 0, 1},
}};

// Whole networks, as int8 targets take them: channels and features that are no multiple of 16, such
// as an image's 3 or a classifier's 1000, are filled up to one. Layers that repeat are there once.

/// ResNet-34 at 224x224: ResNet-18's shapes, more often.
constexpr std::array<ConvRow, 11> kResnet34 = {{
    {"C1", 16, 224, 64, 7, 3, 2},
    {"C2", 64, 56, 64, 3, 1, 1},
    {"C3", 64, 56, 128, 3, 1, 2},
    {"C4", 64, 56, 128, 1, 0, 2},
    {"C5", 128, 28, 128, 3, 1, 1},
    {"C6", 128, 28, 256, 3, 1, 2},
    {"C7", 128, 28, 256, 1, 0, 2},
    {"C8", 256, 14, 256, 3, 1, 1},
    {"C9", 256, 14, 512, 3, 1, 2},
    {"C10", 256, 14, 512, 1, 0, 2},
    {"C11", 512, 7, 512, 3, 1, 1},
}};

/// ResNet-50 at 224x224, with the stride of a stage in its first 3x3 convolution.
constexpr std::array<ConvRow, 23> kResnet50 = {{
    {"C1", 16, 224, 64, 7, 3, 2},     {"C2", 64, 56, 64, 1, 0, 1},
    {"C3", 64, 56, 64, 3, 1, 1},      {"C4", 64, 56, 256, 1, 0, 1},
    {"C5", 256, 56, 64, 1, 0, 1},     {"C6", 256, 56, 128, 1, 0, 1},
    {"C7", 128, 56, 128, 3, 1, 2},    {"C8", 128, 28, 512, 1, 0, 1},
    {"C9", 256, 56, 512, 1, 0, 2},    {"C10", 512, 28, 128, 1, 0, 1},
    {"C11", 128, 28, 128, 3, 1, 1},   {"C12", 512, 28, 256, 1, 0, 1},
    {"C13", 256, 28, 256, 3, 1, 2},   {"C14", 256, 14, 1024, 1, 0, 1},
    {"C15", 512, 28, 1024, 1, 0, 2},  {"C16", 1024, 14, 256, 1, 0, 1},
    {"C17", 256, 14, 256, 3, 1, 1},   {"C18", 1024, 14, 512, 1, 0, 1},
    {"C19", 512, 14, 512, 3, 1, 2},   {"C20", 512, 7, 2048, 1, 0, 1},
    {"C21", 1024, 14, 2048, 1, 0, 2}, {"C22", 2048, 7, 512, 1, 0, 1},
    {"C23", 512, 7, 512, 3, 1, 1},
}};

/// MobileNet v1 at 224x224: the first convolution and the 1x1 ones; depthwise ones are no workload.
constexpr std::array<ConvRow, 10> kMobilenet = {{
    {"C1", 16, 224, 32, 3, 1, 2},
    {"C2", 32, 112, 64, 1, 0, 1},
    {"C3", 64, 56, 128, 1, 0, 1},
    {"C4", 128, 56, 128, 1, 0, 1},
    {"C5", 128, 28, 256, 1, 0, 1},
    {"C6", 256, 28, 256, 1, 0, 1},
    {"C7", 256, 14, 512, 1, 0, 1},
    {"C8", 512, 14, 512, 1, 0, 1},
    {"C9", 512, 7, 1024, 1, 0, 1},
    {"C10", 1024, 7, 1024, 1, 0, 1},
}};

/// VGG-16 at 224x224.
constexpr std::array<ConvRow, 9> kVgg16 = {{
    {"C1", 16, 224, 64, 3, 1, 1},
    {"C2", 64, 224, 64, 3, 1, 1},
    {"C3", 64, 112, 128, 3, 1, 1},
    {"C4", 128, 112, 128, 3, 1, 1},
    {"C5", 128, 56, 256, 3, 1, 1},
    {"C6", 256, 56, 256, 3, 1, 1},
    {"C7", 256, 28, 512, 3, 1, 1},
    {"C8", 512, 28, 512, 3, 1, 1},
    {"C9", 512, 14, 512, 3, 1, 1},
}};

/// Two convolutions of 8 and 16 channels on 28x28 images, each with a pool.
constexpr std::array<ConvRow, 2> kCnn = {{
    {"C1", 16, 28, 16, 3, 1, 1},
    {"C2", 16, 14, 16, 3, 1, 1},
}};

/// MLPerf Tiny's image classifier, at 32x32.
constexpr std::array<ConvRow, 7> kResnet8 = {{
    {"C1", 16, 32, 16, 3, 1, 1},
    {"C2", 16, 32, 32, 3, 1, 2},
    {"C3", 32, 16, 32, 3, 1, 1},
    {"C4", 16, 32, 32, 1, 0, 2},
    {"C5", 32, 16, 64, 3, 1, 2},
    {"C6", 64, 8, 64, 3, 1, 1},
    {"C7", 32, 16, 64, 1, 0, 2},
}};

std::vector<Workload> ConvLayers(std::string_view network, std::span<const ConvRow> rows) {
  std::vector<Workload> layers;
  for (const ConvRow& row : rows) {
    Conv2d conv;
    conv.in_channels = row.in_channels;
    conv.height = conv.width = row.size;
    conv.out_channels = row.out_channels;
    conv.kernel_h = conv.kernel_w = row.kernel;
    conv.pad_h = conv.pad_w = row.pad;
    conv.stride_h = conv.stride_w = row.stride;
    layers.push_back({fmt::format("{}.{}", network, row.layer), conv, {}});
  }
  return layers;
}

struct DenseRow {
  std::int64_t in_features;
  std::int64_t out_features;
};

/// The same, and dense layers D1, D2, ...
std::vector<Workload> Layers(std::string_view network, std::span<const ConvRow> convolutions,
                             std::initializer_list<DenseRow> dense) {
  std::vector<Workload> layers = ConvLayers(network, convolutions);
  int number = 0;
  for (const DenseRow& row : dense) {
    layers.push_back({fmt::format("{}.D{}", network, ++number),
                      Dense{1, row.in_features, row.out_features},
                      {}});
  }
  return layers;
}

/// The dense operator of VTA's tuning scripts (docs/reference/vta-and-autotvm.md#dense-workloads).
std::vector<Workload> LstmLayers() {
  Dense dense;
  dense.in_features = 256;
  dense.out_features = 128;
  return {{"lstm.dense", dense, {}}};
}

/// The same shapes in float32, and the first convolution, which float32 targets take.
std::vector<Workload> FloatResnetLayers() {
  constexpr std::array<ConvRow, 1> kFirst = {{{"C1", 3, 224, 64, 7, 3, 2}}};
  constexpr std::string_view kName = "resnet18-float32";
  std::vector<Workload> layers = ConvLayers(kName, kFirst);
  for (const Workload& layer : ConvLayers(kName, kResnet18)) layers.push_back(layer);
  for (Workload& layer : layers) layer.type = ElementType::kFloat32;
  return layers;
}

/// Products of square matrices in float32.
std::vector<Workload> GemmLayers() {
  std::vector<Workload> layers;
  for (const std::int64_t size : {256, 512, 1024, 2048}) {
    layers.push_back(
        {fmt::format("gemm.{}", size), Dense{size, size, size}, {}, ElementType::kFloat32});
  }
  return layers;
}

struct Network {
  std::string name;
  std::vector<Workload> layers;
};

/// In alphabetical order.
const std::vector<Network>& Networks() {
  static const std::vector<Network> networks = {
      // MLPerf Tiny's: 640-128-128-128-128-8-128-128-128-128-640.
      {"autoencoder",
       Layers("autoencoder", {}, {{640, 128}, {128, 128}, {128, 16}, {16, 128}, {128, 640}})},
      {"cnn", Layers("cnn", kCnn, {{784, 16}})},
      {"deepbench", ConvLayers("deepbench", kDeepbench)},
      {"gemm", GemmLayers()},
      {"lstm", LstmLayers()},
      {"mlp", Layers("mlp", {}, {{784, 64}, {64, 32}, {32, 16}})},
      {"mobilenet-v1", Layers("mobilenet-v1", kMobilenet, {{1024, 1008}})},
      {"resnet18", ConvLayers("resnet18", kResnet18)},
      {"resnet18-float32", FloatResnetLayers()},
      {"resnet34", Layers("resnet34", kResnet34, {{512, 1008}})},
      {"resnet50", Layers("resnet50", kResnet50, {{2048, 1008}})},
      {"resnet8", Layers("resnet8", kResnet8, {{64, 16}})},
      {"vgg16", Layers("vgg16", kVgg16, {{25088, 4096}, {4096, 4096}, {4096, 1008}})},
  };
  return networks;
}

Status UnknownLayer(const Network& network, std::string_view asked) {
  std::vector<std::string> names;
  for (const Workload& layer : network.layers) names.push_back(layer.name);
  return Status::NotFound(fmt::format("there is no layer \"{}\"{}; the layers of {} are {}", asked,
                                      base::DidYouMean(asked, names), network.name,
                                      base::Joined(names, ", ")));
}

/// Of networks and layers.
std::vector<std::string> AllNames() {
  std::vector<std::string> names;
  for (const Network& network : Networks()) {
    names.push_back(network.name);
    for (const Workload& layer : network.layers) names.push_back(layer.name);
  }
  return names;
}

}  // namespace

std::vector<std::string> BuiltinNetworks() {
  std::vector<std::string> names;
  for (const Network& network : Networks()) names.push_back(network.name);
  return names;
}

Result<std::vector<Workload>> FindWorkloads(std::string_view network_or_layer) {
  const std::string_view wanted = network_or_layer.substr(0, network_or_layer.find('.'));
  const auto network = std::find_if(Networks().begin(), Networks().end(),
                                    [&](const Network& one) { return one.name == wanted; });
  if (network == Networks().end()) {
    return Status::NotFound(
        fmt::format("there is no network or layer \"{}\"{}; the networks are {}; a layer is named "
                    "like \"resnet18.C8\"",
                    network_or_layer, base::DidYouMean(network_or_layer, AllNames()),
                    base::Joined(BuiltinNetworks(), ", ")));
  }
  if (network_or_layer == network->name) return network->layers;
  for (const Workload& layer : network->layers) {
    if (layer.name == network_or_layer) return std::vector<Workload>{layer};
  }
  return UnknownLayer(*network, network_or_layer);
}

}  // namespace foothold
