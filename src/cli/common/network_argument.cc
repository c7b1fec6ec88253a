#include "cli/common/network_argument.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "base/text.h"
#include "cli/common/arguments.h"
#include "cli/common/machine_argument.h"
#include "cli/common/output.h"
#include "network/load.h"

namespace foothold::cli {
namespace {

constexpr std::string_view kEnding = ".onnx";

/// "net.onnx:C3" as "net.onnx" and "C3"; no layer for the whole network.
struct NetworkArgument {
  std::string path;
  std::string layer;
};

NetworkArgument Split(std::string_view argument) {
  const std::size_t colon = argument.rfind(std::string(kEnding) + ":");
  if (colon == std::string_view::npos) return {std::string(argument), ""};
  const std::size_t end = colon + kEnding.size();
  return {std::string(argument.substr(0, end)), std::string(argument.substr(end + 1))};
}

/// Of a VTA, its own; other targets take any size.
Result<network::Blocks> BlocksOf(const std::string& target, Env& env) {
  if (!target.starts_with("vta:")) return network::Blocks{};
  FOOTHOLD_ASSIGN_OR_RETURN(const vta::VtaMachine machine, FindVtaMachine(env, target));
  return network::Blocks{machine.geometry.batch(), machine.geometry.block()};
}

Result<std::vector<CountedWorkload>> ResolveNetwork(const std::string& argument,
                                                    const std::string& target, Env& env) {
  const auto [path, layer] = Split(argument);
  FOOTHOLD_ASSIGN_OR_RETURN(const NetworkLayers network, LoadNetworkLayers(path, target, {}, env));
  std::vector<CountedWorkload> workloads;
  std::vector<std::string> names;
  for (const network::TunableLayer& one : network.layers.tunable) {
    const std::string name = one.workload.name.substr(network.name.size() + 1);
    names.push_back(name);
    if (layer.empty() || layer == name) {
      workloads.push_back({one.workload, one.count(), network.name});
    }
  }
  if (workloads.empty()) {
    if (layer.empty()) return Status::NotFound(path + ": has no layer that can be tuned");
    return Status::NotFound(fmt::format("{}: has no layer '{}'; it has {}", path,
                                        base::OneLine(layer), base::Joined(names, ", ")));
  }
  for (const network::OtherLayer& other : network.layers.other) {
    if (!layer.empty()) break;
    PrintErr("foothold: note: {}: layer '{}' is not tuned: {}\n", path,
             network.graph.nodes[other.node].name, other.reason);
  }
  return workloads;
}

}  // namespace

bool IsNetworkArgument(std::string_view argument) {
  return Split(argument).path.ends_with(kEnding);
}

Result<network::ImportOptions> ParseInputShapes(const std::vector<std::string>& shapes) {
  network::ImportOptions options;
  for (const std::string& text : shapes) {
    const std::size_t equals = text.rfind('=');
    network::Shape shape;
    bool is_good = equals != std::string::npos && equals > 0;
    for (std::size_t at = equals + 1; is_good && at <= text.size();) {
      const std::size_t end = std::min(text.find('x', at), text.size());
      std::int64_t size = 0;
      const auto [stop, error] = std::from_chars(text.data() + at, text.data() + end, size);
      is_good = error == std::errc() && stop == text.data() + end && size > 0;
      shape.push_back(size);
      at = end + 1;
    }
    if (!is_good) {
      return Status::InvalidArgument(
          fmt::format("--shape: is '{}', must be NAME=SIZExSIZEx..., for example "
                      "image=1x3x224x224",
                      base::OneLine(text)));
    }
    options.input_shapes[text.substr(0, equals)] = shape;
  }
  return options;
}

Result<NetworkLayers> LoadNetworkLayers(const std::string& path, const std::string& target,
                                        const std::vector<std::string>& shapes, Env& env) {
  FOOTHOLD_ASSIGN_OR_RETURN(const network::Blocks blocks, BlocksOf(target, env));
  FOOTHOLD_ASSIGN_OR_RETURN(const network::ImportOptions options, ParseInputShapes(shapes));
  NetworkLayers network;
  network.name = network::NetworkName(path);
  FOOTHOLD_ASSIGN_OR_RETURN(network.graph, network::Load(env, path, options));
  network.layers = network::FindLayers(network.graph, network.name, blocks);
  return network;
}

Result<std::vector<CountedWorkload>> ResolveForTarget(const std::vector<std::string>& arguments,
                                                      const std::string& target, Env& env) {
  std::vector<CountedWorkload> all;
  std::set<std::string> names;
  for (const std::string& argument : arguments) {
    std::vector<CountedWorkload> some;
    if (IsNetworkArgument(argument)) {
      FOOTHOLD_ASSIGN_OR_RETURN(some, ResolveNetwork(argument, target, env));
    } else {
      FOOTHOLD_ASSIGN_OR_RETURN(const auto workloads, ResolveWorkloads(argument, env));
      for (const Workload& workload : workloads) some.push_back({workload, 1, ""});
    }
    for (CountedWorkload& one : some) {
      if (!names.insert(one.workload.name).second) return GivenTwice(one.workload);
      all.push_back(std::move(one));
    }
  }
  return all;
}

Result<Workload> ResolveOneForTarget(const std::string& argument, const std::string& target,
                                     Env& env) {
  if (!IsNetworkArgument(argument)) return ResolveOneWorkload(argument, env);
  FOOTHOLD_ASSIGN_OR_RETURN(auto workloads, ResolveNetwork(argument, target, env));
  if (workloads.size() == 1) return std::move(workloads.front().workload);
  const std::string first = workloads.front().workload.name;
  return Status::InvalidArgument(
      fmt::format("'{}' stands for {} workloads; name one, for example {}:{}", argument,
                  workloads.size(), argument, first.substr(first.rfind('.') + 1)));
}

}  // namespace foothold::cli
