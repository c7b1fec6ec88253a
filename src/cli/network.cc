// foothold network: what an ONNX file is made of, and which of its layers can be tuned.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <cmath>
#include <memory>
#include <optional>

#include "base/json.h"
#include "base/table.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/common/figures.h"
#include "cli/common/network_argument.h"
#include "cli/common/output.h"
#include "cli/common/samples.h"
#include "cli/common/scales_option.h"
#include "network/load.h"
#include "network/quantise/quantise.h"

namespace foothold::cli {
namespace {

constexpr const char* kNetworkFooter =
    R"(Shows the network as Foothold sees it: batch norms, biases and activations are part of the layer in front of them.
The column "tuned as" names the workload that a layer is; layers with the same name are tuned once. Its channels are
padded to the target's blocks.

Example: the layers of a network, then tuning all of them
  foothold network mnist_cnn.onnx
  foothold tune mnist_cnn.onnx --target vta:pynq --log mnist.jsonl

Example: what int8 with shifts alone, as VTA computes, would lose: scales are chosen with the samples
  foothold network mnist_cnn.onnx --calibrate images.npy

Example: an input whose sizes the file leaves open
  foothold network detector.onnx --shape image=1x3x224x224)";

struct NetworkArguments {
  std::string path;
  std::string target = "vta:pynq";
  std::vector<std::string> shapes;
  std::string scales = "power-of-two";
  std::string calibrate;  ///< a .npy file or a folder of them; empty: nothing is quantised
  bool json = false;
};

/// What is shown of one node.
struct NodeRow {
  const network::Node* node = nullptr;
  std::int64_t macs = 0;
  std::int64_t parameters = 0;
  std::string tuned_as;   ///< a workload's name
  std::string not_tuned;  ///< of layers that are none: why
};

std::vector<NodeRow> Rows(const NetworkLayers& network) {
  const network::Graph& graph = network.graph;
  const std::vector<std::int32_t> makers = network::Makers(graph);
  std::vector<NodeRow> rows;
  for (const network::Node& node : graph.nodes) {
    rows.push_back({&node, network::MacCount(graph, node),
                    network::ParameterCount(graph, makers, node), "", ""});
  }
  for (const network::TunableLayer& layer : network.layers.tunable) {
    for (const std::size_t node : layer.nodes) rows[node].tuned_as = layer.workload.name;
  }
  for (const network::OtherLayer& other : network.layers.other) {
    rows[other.node].not_tuned = other.reason;
  }
  return rows;
}

struct Totals {
  std::int64_t macs = 0;
  std::int64_t tuned_macs = 0;
  std::int64_t parameters = 0;
  std::int64_t layers = 0;  ///< convolutions and dense layers
};

Totals Total(const std::vector<NodeRow>& rows) {
  Totals totals;
  for (const NodeRow& row : rows) {
    totals.macs += row.macs;
    totals.parameters += row.parameters;
    if (!row.tuned_as.empty()) totals.tuned_macs += row.macs;
    if (!row.tuned_as.empty() || !row.not_tuned.empty()) ++totals.layers;
  }
  return totals;
}

/// "float32 1x3x224x224".
std::string ShapeText(const network::Value& value) {
  return fmt::format("{} {}", network::ToString(value.type), network::ToString(value.shape));
}

std::string CountText(std::int64_t count) { return count == 0 ? "" : base::WithThousands(count); }

void PrintNodes(const NetworkLayers& network, const std::vector<NodeRow>& rows) {
  using Align = base::Table::Align;
  base::Table table({{"node"},
                     {"operation"},
                     {"output"},
                     {"MACs", Align::kRight},
                     {"parameters", Align::kRight},
                     {"tuned as"}});
  for (const NodeRow& row : rows) {
    const std::string details = Describe(row.node->operation);
    table.AddRow({row.node->name,
                  std::string(network::OperationName(row.node->operation)) +
                      (details.empty() ? "" : " " + details),
                  ShapeText(network.graph.at(row.node->output)), CountText(row.macs),
                  CountText(row.parameters),
                  row.not_tuned.empty() ? row.tuned_as : "not: " + row.not_tuned});
  }
  PrintOut("{}", table.ToText());
}

void PrintLayers(const NetworkLayers& network) {
  using Align = base::Table::Align;
  base::Table table({{"layer"}, {"count", Align::kRight}, {"workload"}});
  for (const network::TunableLayer& layer : network.layers.tunable) {
    table.AddRow({layer.workload.name, std::to_string(layer.count()), ToString(layer.workload)});
  }
  if (!table.empty()) PrintOut("\n{}", table.ToText());
}

void PrintText(const NetworkLayers& network, const std::vector<NodeRow>& rows) {
  for (const network::ValueId input : network.graph.inputs) {
    PrintOut("input {}: {}\n", network.graph.at(input).name, ShapeText(network.graph.at(input)));
  }
  for (const network::ValueId output : network.graph.outputs) {
    PrintOut("output {}: {}\n", network.graph.at(output).name, ShapeText(network.graph.at(output)));
  }
  const Totals totals = Total(rows);
  PrintOut("{} multiply-accumulates, {} parameters\n\n", base::WithThousands(totals.macs),
           base::WithThousands(totals.parameters));
  PrintNodes(network, rows);
  PrintLayers(network);
  if (totals.macs == 0) return;
  PrintOut(
      "\n{} of {} convolutions and dense layers can be tuned, {} different ones: {} of the "
      "multiply-accumulates\n",
      totals.layers - static_cast<std::int64_t>(network.layers.other.size()), totals.layers,
      network.layers.tunable.size(),
      Percent(static_cast<double>(totals.tuned_macs) / static_cast<double>(totals.macs)));
}

base::Json ToJson(const network::Value& value) {
  return {{"name", value.name}, {"type", ToString(value.type)}, {"shape", value.shape}};
}

base::Json ToJson(const NetworkLayers& network, const std::vector<NodeRow>& rows) {
  const Totals totals = Total(rows);
  base::Json json = {{"network", network.name},         {"inputs", base::Json::Array()},
                     {"outputs", base::Json::Array()},  {"macs", totals.macs},
                     {"parameters", totals.parameters}, {"nodes", base::Json::Array()},
                     {"layers", base::Json::Array()}};
  for (const network::ValueId id : network.graph.inputs) {
    json["inputs"].push_back(ToJson(network.graph.at(id)));
  }
  for (const network::ValueId id : network.graph.outputs) {
    json["outputs"].push_back(ToJson(network.graph.at(id)));
  }
  for (const NodeRow& row : rows) {
    base::Json node = {{"name", row.node->name},
                       {"operation", network::OperationName(row.node->operation)},
                       {"details", Describe(row.node->operation)},
                       {"output", ToJson(network.graph.at(row.node->output))},
                       {"macs", row.macs},
                       {"parameters", row.parameters}};
    if (!row.tuned_as.empty()) node["tuned_as"] = row.tuned_as;
    if (!row.not_tuned.empty()) node["not_tuned"] = row.not_tuned;
    json["nodes"].push_back(std::move(node));
  }
  for (const network::TunableLayer& layer : network.layers.tunable) {
    json["layers"].push_back({{"name", layer.workload.name},
                              {"count", layer.count()},
                              {"workload", ToInline(layer.workload)},
                              {"macs", MacCount(layer.workload)}});
  }
  return json;
}

/// Decibels that JSON has: null where there is no error at all.
std::optional<double> Finite(double decibels) {
  return std::isfinite(decibels) ? std::optional(decibels) : std::nullopt;
}

void PrintQuality(const network::Quality& quality) {
  using Align = base::Table::Align;
  base::Table table({{"node"}, {"signal to noise dB", Align::kRight}});
  for (const auto& layer : quality.layers) {
    const auto decibels = Finite(layer.signal_to_noise_db);
    table.AddRow({layer.node, decibels ? fmt::format("{:.1f}", *decibels) : "exact"});
  }
  PrintOut("\n{}", table.ToText());
  PrintOut("\nquantised for shifts: {} of {} samples have the class of the float network\n",
           quality.agree, quality.samples);
}

base::Json ToJson(const network::Quality& quality) {
  base::Json json = {
      {"samples", quality.samples}, {"agree", quality.agree}, {"layers", base::Json::Array()}};
  for (const auto& layer : quality.layers) {
    json["layers"].push_back(
        {{"node", layer.node}, {"signal_to_noise_db", Finite(layer.signal_to_noise_db)}});
  }
  return json;
}

/// What int8 with shifts alone loses on the samples. The network is quantised with the same ones.
Result<network::Quality> Calibrate(const NetworkArguments& arguments, Env& env) {
  FOOTHOLD_ASSIGN_OR_RETURN(const network::ImportOptions options,
                            ParseInputShapes(arguments.shapes));
  FOOTHOLD_ASSIGN_OR_RETURN(const network::Graph floats,
                            network::LoadForShifts(env, arguments.path, options));
  FOOTHOLD_ASSIGN_OR_RETURN(const auto samples, ReadSamples(env, arguments.calibrate, floats));
  const auto quantised = network::QuantiseForShifts(floats, samples, {ScalesOf(arguments.scales)});
  if (!quantised.ok()) {
    return Status(quantised.status().code(),
                  fmt::format("{}: {}", arguments.path, quantised.status().message()));
  }
  return network::Compare(floats, *quantised, samples);
}

Result<ExitCode> RunNetwork(const NetworkArguments& arguments, const Session& session) {
  FOOTHOLD_ASSIGN_OR_RETURN(
      const NetworkLayers network,
      LoadNetworkLayers(arguments.path, arguments.target, arguments.shapes, session.env));
  std::optional<network::Quality> quality;
  if (!arguments.calibrate.empty()) {
    FOOTHOLD_ASSIGN_OR_RETURN(quality, Calibrate(arguments, session.env));
  }
  const std::vector<NodeRow> rows = Rows(network);
  if (arguments.json) {
    base::Json json = ToJson(network, rows);
    if (quality) json["quantised"] = ToJson(*quality);
    PrintOut("{}\n", json.Dump(2));
  } else {
    PrintText(network, rows);
    if (quality) PrintQuality(*quality);
  }
  return ExitCode::kOk;
}

}  // namespace

void AddNetwork(CLI::App& app, Command& chosen) {
  auto arguments = std::make_shared<NetworkArguments>();
  CLI::App* network =
      app.add_subcommand("network", "Show the layers of an ONNX file and which can be tuned");
  network->footer(kNetworkFooter);
  network->add_option("MODEL", arguments->path, "ONNX file")->required();
  network->add_option("--target", arguments->target, "Target to whose blocks layers are padded")
      ->capture_default_str();
  network
      ->add_option("--shape", arguments->shapes,
                   "Shape of an input whose sizes the file leaves open; may be repeated")
      ->type_name("NAME=SIZExSIZE...")
      ->allow_extra_args(false);
  network
      ->add_option("--calibrate", arguments->calibrate,
                   "Samples of the input as a .npy file, or a folder of such files: shows what "
                   "int8 with shifts alone loses on them")
      ->type_name("FILE|FOLDER");
  AddScales(*network, arguments->scales);
  network->add_flag("--json", arguments->json, "Print one JSON object");
  network->callback([arguments, &chosen] {
    chosen = [arguments](const Session& session) { return RunNetwork(*arguments, session); };
  });
}

}  // namespace foothold::cli
