// The built-in networks: shapes, written out. Facts only; where each comes from is said at its
// table.

#include <fmt/core.h>

#include <algorithm>
#include <array>
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
      {"deepbench", ConvLayers("deepbench", kDeepbench)},
      {"gemm", GemmLayers()},
      {"lstm", LstmLayers()},
      {"resnet18", ConvLayers("resnet18", kResnet18)},
      {"resnet18-float32", FloatResnetLayers()},
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
