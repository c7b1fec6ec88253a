#include "network/deploy/artefact.h"

#include <fmt/core.h>

#include <algorithm>
#include <bit>
#include <map>
#include <utility>

#include "base/check.h"
#include "base/sha256.h"
#include "base/text.h"
#include "network/compile/run.h"
#include "network/deploy/files.h"
#include "network/deploy/manifest.h"
#include "network/deploy/network_source.h"
#include "targets/vta/isa/program_files.h"

namespace foothold::network {
namespace {

constexpr const char* kManifest = "manifest.json";

/// Names in templates, and what stands for them.
using Replacements = std::vector<std::pair<std::string, std::string>>;

std::string Filled(std::string_view pattern, const Replacements& replacements) {
  std::string text(pattern);
  for (const auto& [name, value] : replacements) {
    const std::string marked = "@" + name + "@";
    for (std::size_t at = text.find(marked); at != std::string::npos;
         at = text.find(marked, at + value.size())) {
      text.replace(at, marked.size(), value);
    }
  }
  return text;
}

std::string LittleEndian(const std::vector<float>& numbers) {
  std::string bytes;
  for (const float number : numbers) {
    const auto bits = std::bit_cast<std::uint32_t>(number);
    for (int byte = 0; byte < 4; ++byte) bytes += static_cast<char>(bits >> 8 * byte & 0xff);
  }
  return bytes;
}

std::string Sha256Of(std::string_view bytes) {
  base::Sha256 hash;
  hash.Add(bytes);
  return hash.Finish();
}

/// The registers of the boards that vta_board.c drives.
std::string RegistersOf(const std::string& board) {
  return board == "ultra96" || board == "zcu104" ? "0xA0000000" : "0x43C00000";
}

std::string Summary(const CompiledNetwork& compiled) {
  std::string text = fmt::format(
      "The VTA does {:.1f} % of the multiply-accumulates, in {:.3f} ms on the simulated machine, "
      "and the host the rest.\n\n| on the host | why |\n| --- | --- |\n",
      100 * DeviceShare(compiled), 1e3 * compiled.DeviceSeconds());
  for (const HostNode& host : compiled.host) {
    const Node& node = compiled.graph.nodes[host.node];
    text +=
        fmt::format("| {} `{}` | {} |\n", OperationName(node.operation), node.name, host.reason);
  }
  text.pop_back();
  return text;
}

/// Inputs and outputs as main.c reads them.
struct Check {
  std::string inputs;
  std::string outputs;
  SimulatedRun first;  ///< of the first input
};

/// The reference executor's outputs; the simulator must come to the same.
Check MakeCheck(const CompiledNetwork& compiled, const std::vector<Tensor>& inputs) {
  Check check;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    SimulatedRun run = RunOnSimulator(compiled, {inputs[i]});
    const Tensor output = Execute(compiled.graph, {inputs[i]}).at(0);
    FOOTHOLD_CHECK(*run.values[Index(compiled.graph.outputs[0])] == output,
                   "the compiled network computes something else than the reference");
    check.inputs += LittleEndian(inputs[i].floats());
    check.outputs += LittleEndian(output.floats());
    if (i == 0) check.first = std::move(run);
  }
  return check;
}

vta::ProgramFiles MakeProgram(const CompiledNetwork& compiled, const SimulatedRun& run) {
  vta::ProgramFiles files;
  files.program = compiled.program;
  files.listed = vta::AddressesOf(compiled.program);
  files.weight = compiled.weights;
  files.accumulator = compiled.biases;
  files.input = run.inp;
  files.out_initial.resize(run.out.size());
  // Between several runs the host does something, and nobody else can.
  if (compiled.runs.size() == 1) files.expected_out = run.out;
  return files;
}

/// Whether the folder is not there, empty, or one of ours.
Status CheckFolder(Env& env, const std::string& folder) {
  if (!env.FileExists(folder)) return {};
  FOOTHOLD_ASSIGN_OR_RETURN(const auto names, env.ListDirectory(folder));
  if (names.empty()) return {};
  const auto manifest = env.ReadFile(folder + "/" + kManifest);
  if (manifest.ok() && manifest->find("\"foothold-network\"") != std::string::npos) return {};
  return Status::InvalidArgument(
      fmt::format("{}: holds other files, must be new, empty, or a network that was compiled "
                  "before",
                  folder));
}

class Writer {
 public:
  Writer(Env& env, const std::string& folder, const CompiledNetwork& compiled,
         const ArtefactOptions& options)
      : env_(env),
        folder_(folder),
        compiled_(compiled),
        options_(options),
        names_(NamesOf(options.model_path, options.target)) {}

  Status Write() {
    FOOTHOLD_ASSIGN_OR_RETURN(const std::string model, env_.ReadFile(options_.model_path));
    FOOTHOLD_RETURN_IF_ERROR(CheckFolder(env_, folder_));
    const Check check = MakeCheck(compiled_, options_.check_inputs);
    FOOTHOLD_RETURN_IF_ERROR(env_.CreateDirectories(folder_ + "/check"));
    FOOTHOLD_RETURN_IF_ERROR(WriteProgram(check.first));
    FOOTHOLD_RETURN_IF_ERROR(WriteSources());
    FOOTHOLD_RETURN_IF_ERROR(WriteOne("check/input.bin", check.inputs));
    FOOTHOLD_RETURN_IF_ERROR(WriteOne("check/output.bin", check.outputs));
    const base::Json manifest =
        MakeManifest(compiled_, names_.name, options_.target, {names_.model, Sha256Of(model)},
                     options_.quality, hashes_);
    return env_.WriteFileAtomically(folder_ + "/" + kManifest, manifest.Dump(2) + "\n");
  }

 private:
  Status WriteOne(const std::string& name, std::string_view bytes) {
    hashes_[name] = Sha256Of(bytes);
    return env_.WriteFileAtomically(folder_ + "/" + name, bytes);
  }

  Status WriteProgram(const SimulatedRun& run) {
    const std::string directory = names_.name + ".vta";
    FOOTHOLD_RETURN_IF_ERROR(vta::DumpProgramFiles(
        env_, folder_ + "/" + directory, MakeProgram(compiled_, run), compiled_.machine.geometry));
    FOOTHOLD_ASSIGN_OR_RETURN(const auto files, env_.ListDirectory(folder_ + "/" + directory));
    for (const std::string& file : files) {
      const std::string name = directory + "/" + file;
      FOOTHOLD_ASSIGN_OR_RETURN(const std::string bytes, env_.ReadFile(folder_ + "/" + name));
      hashes_[name] = Sha256Of(bytes);
    }
    return {};
  }

  Status WriteSources() {
    const NetworkSource source = MakeNetworkSource(compiled_, names_);
    const std::uint64_t megabyte = 1 << 20;
    const Replacements replacements = {
        {"name", names_.name},
        {"macro", names_.macro},
        {"model", names_.model},
        {"target", names_.target},
        {"geometry", compiled_.machine.geometry.ModelName()},
        {"registers", RegistersOf(compiled_.machine.board)},
        {"device_bytes", base::WithThousands(static_cast<std::int64_t>(source.device_bytes))},
        {"udmabuf_bytes",
         std::to_string((source.device_bytes + megabyte - 1) / megabyte * megabyte)},
        {"summary", Summary(compiled_)}};
    const std::vector<std::pair<std::string, std::string>> files = {
        {names_.name + ".h", source.header},
        {names_.name + ".c", source.source},
        {names_.name + "_data.S", Filled(kData, replacements)},
        {"main.c", Filled(kMain, replacements)},
        {"Makefile", Filled(kMakefile, replacements)},
        {"README.md", Filled(kReadme, replacements)},
        {"operators.h", std::string(kOperatorsHeader)},
        {"operators.c", std::string(kOperators)},
        {"vta_runtime.h", std::string(kRuntimeHeader)},
        {"vta_runtime.c", std::string(kRuntime)},
        {"vta_board.c", std::string(kBoard)},
        {"vta_simulator.c", std::string(kSimulator)}};
    for (const auto& [name, text] : files) FOOTHOLD_RETURN_IF_ERROR(WriteOne(name, text));
    return {};
  }

  Env& env_;
  const std::string& folder_;
  const CompiledNetwork& compiled_;
  const ArtefactOptions& options_;
  const SourceNames names_;
  std::map<std::string, std::string> hashes_;
};

}  // namespace

Status WriteArtefact(Env& env, const std::string& folder, const CompiledNetwork& compiled,
                     const ArtefactOptions& options) {
  const Graph& graph = compiled.graph;
  const bool is_plain = graph.inputs.size() == 1 && graph.outputs.size() == 1 &&
                        graph.at(graph.inputs[0]).type == DataType::kFloat &&
                        graph.at(graph.outputs[0]).type == DataType::kFloat;
  if (!is_plain) {
    return Status::InvalidArgument(
        fmt::format("{}: has {} inputs and {} outputs, must have one of each, of float32",
                    options.model_path, graph.inputs.size(), graph.outputs.size()));
  }
  FOOTHOLD_CHECK(!options.check_inputs.empty(), "nothing to check with");
  return Writer(env, folder, compiled, options).Write();
}

}  // namespace foothold::network
