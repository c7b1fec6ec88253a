#include "network/deploy/manifest.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/target/explanation_json.h"

namespace foothold::network {
namespace {

base::Json ValueJson(const Value& value) {
  return {{"name", value.name}, {"type", ToString(value.type)}, {"shape", value.shape}};
}

base::Json DeviceJson(const CompiledNetwork& compiled) {
  base::Json layers = base::Json::Array();
  for (const DeviceNode& one : compiled.device) {
    const Node& node = compiled.graph.nodes[one.node];
    base::Json layer = {{"name", node.name},
                        {"operation", OperationName(node.operation)},
                        {"details", Describe(node.operation)},
                        {"macs", MacCount(compiled.graph, node)},
                        {"ms", 1e3 * NodeSeconds(compiled, one)},
                        {"roofline_ms", 1e3 * one.roofline_seconds},
                        {"bound", one.bound},
                        {"programs", one.pieces},
                        {"instructions", one.instructions}};
    if (!one.schedule.empty()) layer["schedule"] = one.schedule;
    if (!one.schedule.empty()) layer["tuned"] = one.is_tuned;
    layers.push_back(std::move(layer));
  }
  return layers;
}

base::Json HostJson(const CompiledNetwork& compiled) {
  base::Json nodes = base::Json::Array();
  for (const HostNode& host : compiled.host) {
    const Node& node = compiled.graph.nodes[host.node];
    nodes.push_back({{"name", node.name},
                     {"operation", OperationName(node.operation)},
                     {"macs", MacCount(compiled.graph, node)},
                     {"reason", host.reason}});
  }
  return nodes;
}

/// The nodes on the VTA, by their positions, while which a storage holds something.
struct Span {
  std::size_t first = 0;
  std::size_t last = 0;
};

std::vector<Span> SpansOf(const CompiledNetwork& compiled) {
  const std::size_t count = compiled.storages.all.size();
  std::vector<Span> spans(count, {compiled.device.size(), 0});
  const auto touch = [&](std::size_t value, std::size_t at) {
    if (!compiled.storages.of_value[value]) return;
    Span& span = spans[*compiled.storages.of_value[value]];
    span.first = std::min(span.first, at);
    span.last = std::max(span.last, at);
  };
  for (std::size_t at = 0; at < compiled.device.size(); ++at) {
    const Node& node = compiled.graph.nodes[compiled.device[at].node];
    for (const ValueId input : node.inputs) {
      if (input != kNone) touch(Index(input), at);
    }
    touch(Index(node.output), at);
  }
  // The host reads what it unpacks when all is done.
  for (const Step& step : compiled.steps) {
    if (step.kind == Step::Kind::kUnpack && !compiled.device.empty()) {
      touch(step.index, compiled.device.size() - 1);
    }
  }
  return spans;
}

/// What an explanation says of time alone.
base::Json TimeJson(const CompiledNetwork& compiled) {
  const base::Json all = target::ExplanationJson(compiled.explanation);
  base::Json json = base::Json::Object();
  for (const char* name : {"cycles", "bound", "next_bound", "shares", "units", "timeline"}) {
    if (all.contains(name)) json[name] = all[name];
  }
  return json;
}

base::Json QualityJson(const Quality& quality) {
  base::Json json = {
      {"samples", quality.samples}, {"agree", quality.agree}, {"layers", base::Json::Array()}};
  for (const Quality::Layer& layer : quality.layers) {
    base::Json one = {{"name", layer.node}};
    // JSON has no infinity: a layer without noise has no such number.
    if (std::isfinite(layer.signal_to_noise_db)) {
      one["signal_to_noise_db"] = layer.signal_to_noise_db;
    }
    json["layers"].push_back(std::move(one));
  }
  return json;
}

base::Json MemoryJson(const CompiledNetwork& compiled) {
  const vta::DeviceProgram& program = compiled.program;
  const auto tensor = [](const char* name, std::uint64_t address, std::uint64_t bytes) {
    return base::Json{{"name", name}, {"address", address}, {"bytes", bytes}};
  };
  base::Json memory = {{"tensors", base::Json::Array()}, {"values", base::Json::Array()}};
  memory["tensors"].push_back(tensor("weights", program.wgt_address, compiled.weights.size()));
  memory["tensors"].push_back(tensor("biases", program.acc_address, compiled.biases.size()));
  memory["tensors"].push_back(tensor("inputs", program.inp_address, compiled.inp_bytes));
  memory["tensors"].push_back(tensor("values", program.out_address, compiled.out_bytes));
  memory["tensors"].push_back(tensor("micro-ops", program.uop_address, 4 * program.uops.size()));
  const std::vector<Span> spans = SpansOf(compiled);
  for (std::size_t i = 0; i < spans.size(); ++i) {
    const Storage& storage = compiled.storages.all[i];
    if (storage.address == 0) continue;  // on neither side used
    const auto bytes = static_cast<std::uint64_t>(storage.Bytes(compiled.machine.geometry));
    memory["values"].push_back({{"name", compiled.graph.at(storage.value).name},
                                {"address", storage.address},
                                {"bytes", bytes},
                                {"first", spans[i].first},
                                {"last", spans[i].last}});
  }
  return memory;
}

}  // namespace

double NodeSeconds(const CompiledNetwork& compiled, const DeviceNode& node) {
  return compiled.machine.timing.DeviceSeconds(node.cycles);
}

double DeviceShare(const CompiledNetwork& compiled) {
  std::int64_t all = 0;
  for (const Node& node : compiled.graph.nodes) all += MacCount(compiled.graph, node);
  std::int64_t on_device = 0;
  for (const DeviceNode& one : compiled.device) {
    on_device += MacCount(compiled.graph, compiled.graph.nodes[one.node]);
  }
  return all == 0 ? 1.0 : static_cast<double>(on_device) / static_cast<double>(all);
}

base::Json MakeManifest(const CompiledNetwork& compiled, const std::string& name,
                        const std::string& target, const std::pair<std::string, std::string>& model,
                        const std::optional<Quality>& quality,
                        const std::map<std::string, std::string>& files) {
  const Graph& graph = compiled.graph;
  base::Json json = {{"format", "foothold-network"},
                     {"version", 1},
                     {"name", name},
                     {"model", {{"file", model.first}, {"sha256", model.second}}},
                     {"target", target},
                     {"geometry", compiled.machine.geometry.ModelName()},
                     {"input", ValueJson(graph.at(graph.inputs[0]))},
                     {"output", ValueJson(graph.at(graph.outputs[0]))},
                     {"simulated_ms", 1e3 * compiled.DeviceSeconds()},
                     {"runs", compiled.runs.size()},
                     {"share_of_macs_on_vta", DeviceShare(compiled)},
                     {"vta", DeviceJson(compiled)},
                     {"host", HostJson(compiled)},
                     {"memory", MemoryJson(compiled)}};
  if (!compiled.runs.empty()) json["time"] = TimeJson(compiled);
  if (quality) json["accuracy"] = QualityJson(*quality);
  json["files"] = base::Json::Object();
  for (const auto& [file, sha256] : files) json["files"][file] = sha256;
  return json;
}

}  // namespace foothold::network
