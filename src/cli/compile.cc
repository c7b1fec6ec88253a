// foothold compile: a network as a folder of C and a program for the VTA.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <optional>

#include "base/json.h"
#include "base/table.h"
#include "cli/commands.h"
#include "cli/common/figures.h"
#include "cli/common/machine_argument.h"
#include "cli/common/network_argument.h"
#include "cli/common/output.h"
#include "cli/common/samples.h"
#include "cli/common/scales_option.h"
#include "cli/network_schedules.h"
#include "foothold/rng.h"
#include "network/deploy/artefact.h"
#include "network/deploy/manifest.h"
#include "network/load.h"
#include "network/quantise/quantise.h"

namespace foothold::cli {
namespace {

constexpr const char* kCompileFooter =
    R"(The folder holds the network as C99 and as one program for the VTA. It needs a
C compiler and make, nothing else. "make check" in it runs the network on a
simulated VTA and compares with the reference outputs; "make board" builds it
for a board. Scales are powers of two: of a float network they are chosen with
the samples of --calibrate, of a quantised one with its own ranges. What the VTA
cannot run is C for the host, and listed.

Example: tune a network, compile it, check it, run it
  foothold tune mnist_cnn.onnx --target vta:pynq --log mnist.jsonl
  foothold compile mnist_cnn.onnx --calibrate images.npy --log mnist.jsonl \
    -o out
  make -C out check
  foothold run out images.npy -o logits.npy)";

/// Multiply-accumulates of all inputs that a folder is checked with, at most, but for the first.
constexpr std::int64_t kCheckMacs = 100'000'000;
constexpr std::size_t kMostCheckInputs = 16;
constexpr std::uint64_t kNoiseSeed = 1;

struct CompileArguments {
  std::string path;
  std::string target = "vta:pynq";
  std::string log;
  std::string calibrate;
  std::string scales = "power-of-two";
  std::vector<std::string> shapes;
  std::string output;
  bool json = false;
};

/// Inputs to check with where there are no samples: what the quantised input can express.
network::Tensor Noise(const network::Graph& graph) {
  float scale = 1;
  for (const network::Node& node : graph.nodes) {
    const bool is_first = std::holds_alternative<network::Quantize>(node.operation) &&
                          node.inputs[0] == graph.inputs[0];
    if (is_first) scale = graph.Input(node, 1)->constant->floats()[0];
  }
  Rng rng(kNoiseSeed);
  const network::Shape& shape = graph.at(graph.inputs[0]).shape;
  std::vector<float> values(network::Index(network::Elements(shape)));
  for (float& value : values) {
    value = scale * (static_cast<float>(rng.Below(256)) - 128);
  }
  return network::Tensor(shape, std::move(values));
}

std::vector<network::Tensor> CheckInputs(const network::Graph& graph,
                                         const std::vector<network::Tensor>& samples) {
  if (samples.empty()) return {Noise(graph)};
  std::int64_t macs = 0;
  for (const network::Node& node : graph.nodes) macs += MacCount(graph, node);
  const auto affordable = static_cast<std::size_t>(kCheckMacs / std::max<std::int64_t>(macs, 1));
  const std::size_t count =
      std::min({samples.size(), std::max<std::size_t>(affordable, 1), kMostCheckInputs});
  return {samples.begin(), samples.begin() + static_cast<std::ptrdiff_t>(count)};
}

struct Quantised {
  network::CompiledNetwork compiled;
  std::optional<network::Quality> quality;  ///< over as many samples as it is checked with
};

/// Of layers that lost something; by the node's name.
std::map<std::string, std::string> Decibels(const std::optional<network::Quality>& quality) {
  std::map<std::string, std::string> decibels;
  if (!quality) return decibels;
  for (const auto& layer : quality->layers) {
    decibels[layer.node] = std::isfinite(layer.signal_to_noise_db)
                               ? fmt::format("{:.1f}", layer.signal_to_noise_db)
                               : "exact";
  }
  return decibels;
}

void PrintText(const Quantised& quantised, const CompileArguments& arguments) {
  const network::CompiledNetwork& compiled = quantised.compiled;
  std::map<std::string, std::string> decibels = Decibels(quantised.quality);
  using Align = base::Table::Align;
  base::Table table({{"node"},
                     {"operation"},
                     {"ms", Align::kRight},
                     {"bound by"},
                     {"dB", Align::kRight},
                     {"schedule"}});
  for (const network::DeviceNode& one : compiled.device) {
    const network::Node& node = compiled.graph.nodes[one.node];
    table.AddRow({node.name, std::string(OperationName(node.operation)),
                  fmt::format("{:.3f}", 1e3 * NodeSeconds(compiled, one)), one.bound,
                  decibels[node.name],
                  one.schedule.empty() ? ""
                  : one.is_tuned       ? "from the log"
                                       : "default"});
  }
  if (!table.empty()) PrintOut("{}\n", table.ToText());
  base::Table host({{"on the host"}, {"operation"}, {"why"}});
  for (const network::HostNode& one : compiled.host) {
    const network::Node& node = compiled.graph.nodes[one.node];
    host.AddRow({node.name, std::string(OperationName(node.operation)), one.reason});
  }
  if (!host.empty()) PrintOut("{}\n", host.ToText());
  PrintOut("{:.3f} ms on the simulated VTA, which does {} of the multiply-accumulates\n",
           1e3 * compiled.DeviceSeconds(), Percent(DeviceShare(compiled)));
  if (const auto& quality = quantised.quality) {
    PrintOut("{} of {} samples have the class of the float network; dB: signal to noise\n",
             quality->agree, quality->samples);
  }
  PrintOut("wrote {0}: check it with make -C {0} check\n", arguments.output);
}

Result<Quantised> CompileNetwork(const CompileArguments& arguments,
                                 const std::vector<network::Tensor>& samples,
                                 const network::Graph& floats, const Session& session) {
  FOOTHOLD_ASSIGN_OR_RETURN(const vta::VtaMachine machine,
                            FindVtaMachine(session.env, arguments.target));
  network::Schedules schedules;
  if (!arguments.log.empty()) {
    FOOTHOLD_ASSIGN_OR_RETURN(schedules,
                              SchedulesFromLog(session.env, arguments.log, floats, machine));
  }
  auto quantised = network::QuantiseForShifts(floats, samples, {ScalesOf(arguments.scales)});
  if (!quantised.ok()) {
    return Status(quantised.status().code(),
                  fmt::format("{}: {}", arguments.path, quantised.status().message()));
  }
  std::optional<network::Quality> quality;
  if (!samples.empty()) {
    quality = network::Compare(floats, *quantised, CheckInputs(quantised->graph, samples));
  }
  FOOTHOLD_ASSIGN_OR_RETURN(network::CompiledNetwork compiled,
                            network::Compile(std::move(quantised->graph), machine, schedules));
  return Quantised{std::move(compiled), std::move(quality)};
}

Result<ExitCode> RunCompile(const CompileArguments& arguments, const Session& session) {
  FOOTHOLD_ASSIGN_OR_RETURN(const network::ImportOptions options,
                            ParseInputShapes(arguments.shapes));
  FOOTHOLD_ASSIGN_OR_RETURN(const network::Graph floats,
                            network::LoadForShifts(session.env, arguments.path, options));
  std::vector<network::Tensor> samples;
  if (!arguments.calibrate.empty()) {
    FOOTHOLD_ASSIGN_OR_RETURN(samples, ReadSamples(session.env, arguments.calibrate, floats));
  }
  FOOTHOLD_ASSIGN_OR_RETURN(const Quantised quantised,
                            CompileNetwork(arguments, samples, floats, session));
  const network::CompiledNetwork& compiled = quantised.compiled;
  FOOTHOLD_RETURN_IF_ERROR(network::WriteArtefact(
      session.env, arguments.output, compiled,
      {arguments.path, arguments.target, CheckInputs(compiled.graph, samples), quantised.quality}));
  if (arguments.json) {
    FOOTHOLD_ASSIGN_OR_RETURN(const std::string manifest,
                              session.env.ReadFile(arguments.output + "/manifest.json"));
    PrintOut("{}", manifest);
  } else {
    PrintText(quantised, arguments);
  }
  return ExitCode::kOk;
}

}  // namespace

void AddCompile(CLI::App& app, Command& chosen) {
  auto arguments = std::make_shared<CompileArguments>();
  CLI::App* compile =
      app.add_subcommand("compile", "Compile an ONNX file to C and a program for the VTA");
  compile->footer(kCompileFooter);
  compile->add_option("MODEL", arguments->path, "ONNX file")->required();
  compile->add_option("--target", arguments->target, "The VTA: vta:MACHINE or vta:FILE.json")
      ->capture_default_str();
  compile->add_option("--log", arguments->log, "Record log with tuned schedules of its layers")
      ->type_name("FILE");
  compile
      ->add_option("--calibrate", arguments->calibrate,
                   "Samples of the input as a .npy file, or a folder of such files: scales are "
                   "chosen with them")
      ->type_name("FILE|FOLDER");
  AddScales(*compile, arguments->scales);
  compile
      ->add_option("--shape", arguments->shapes,
                   "Shape of an input whose sizes the file leaves open; may be repeated")
      ->type_name("NAME=SIZExSIZE...")
      ->allow_extra_args(false);
  compile->add_option("-o,--output-dir", arguments->output, "Folder to write")
      ->type_name("FOLDER")
      ->required();
  compile->add_flag("--json", arguments->json, "Print the manifest");
  compile->callback([arguments, &chosen] {
    chosen = [arguments](const Session& session) { return RunCompile(*arguments, session); };
  });
}

}  // namespace foothold::cli
