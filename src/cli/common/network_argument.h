#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "foothold/env.h"
#include "foothold/status.h"
#include "foothold/workload.h"
#include "network/import/import.h"
#include "network/layers.h"

namespace foothold::cli {

/// Whether a WORKLOAD argument names an ONNX file ("net.onnx") or a layer of one ("net.onnx:C3").
bool IsNetworkArgument(std::string_view argument);

/// "NAME=1x3x224x224" for each input whose sizes the file leaves open.
Result<network::ImportOptions> ParseInputShapes(const std::vector<std::string>& shapes);

/// A network with its layers as the target takes them: their channels are padded to its blocks.
struct NetworkLayers {
  std::string name;  ///< "net"
  network::Graph graph;
  network::Layers layers;
};
/// `shapes`: those of ParseInputShapes.
Result<NetworkLayers> LoadNetworkLayers(const std::string& path, const std::string& target,
                                        const std::vector<std::string>& shapes, Env& env);

/// A workload, and how often its network runs it.
struct CountedWorkload {
  Workload workload;
  std::int64_t count = 1;
  std::string network;  ///< empty when it was not given by an ONNX file
};

/// The workloads of WORKLOAD arguments for a target, in order: what ResolveWorkloads knows, and
/// ONNX files and their layers. A workload named twice is an error. Says on stderr which layers of
/// a network are no workloads.
Result<std::vector<CountedWorkload>> ResolveForTarget(const std::vector<std::string>& arguments,
                                                      const std::string& target, Env& env);

/// The one workload an argument stands for; an error when it stands for several.
Result<Workload> ResolveOneForTarget(const std::string& argument, const std::string& target,
                                     Env& env);

}  // namespace foothold::cli
