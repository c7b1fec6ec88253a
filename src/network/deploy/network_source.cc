#include "network/deploy/network_source.h"

#include <fmt/core.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <map>
#include <set>
#include <vector>

#include "network/compile/memory_plan.h"
#include "network/deploy/host_source.h"

namespace foothold::network {
namespace {

constexpr std::uint64_t kPage = 4096;
/// Of values in the arena: what floats need, and more.
constexpr std::uint64_t kAlignment = 16;

std::uint64_t InstructionAddress(const CompiledNetwork& compiled) {
  return (compiled.end_address() + kPage - 1) / kPage * kPage;
}

/// Where the host's values lie in the arena.
class Arena {
 public:
  explicit Arena(const CompiledNetwork& compiled) : compiled_(compiled) {
    const Graph& graph = compiled.graph;
    for (std::size_t i = 0; i < compiled.steps.size(); ++i) {
      const Step& step = compiled.steps[i];
      const auto time = static_cast<std::int64_t>(i);
      if (step.kind == Step::Kind::kPack || step.kind == Step::Kind::kUnpack) {
        Touch(static_cast<ValueId>(step.index), time);
      }
      if (step.kind != Step::Kind::kHost) continue;
      const Node& node = graph.nodes[step.index];
      for (const ValueId input : node.inputs) Touch(input, time);
      Touch(node.output, time);
      const std::int64_t scratch = ScratchFloats(graph, node);
      if (scratch == 0) continue;
      scratch_[step.index] = lifetimes_.size();
      lifetimes_.push_back({4 * scratch, time, time});
    }
    const auto end = static_cast<std::int64_t>(compiled.steps.size());
    for (const ValueId output : graph.outputs) Touch(output, end);
    plan_ = PlanMemory(lifetimes_, 0, kAlignment);
  }

  std::int64_t floats() const {
    return std::max<std::int64_t>(1, static_cast<std::int64_t>((plan_.bytes + 3) / 4));
  }
  /// "int8_t *const v3 = (int8_t *)(arena + 12);", for each value.
  std::string Definitions() const {
    std::string text;
    for (const auto& [value, index] : values_) {
      const bool is_float = compiled_.graph.at(value).type == DataType::kFloat;
      text += fmt::format("  {0} *const {1} = {2}; /* {3} */\n", is_float ? "float" : "int8_t",
                          CName(compiled_.graph, value), At(index, is_float),
                          Commented(compiled_.graph.at(value).name));
    }
    return text;
  }
  std::string Scratch(std::size_t node) const {
    const auto found = scratch_.find(node);
    return found == scratch_.end() ? "" : At(found->second, true);
  }
  /// A name in a comment.
  static std::string Commented(const std::string& name) {
    std::string text;
    for (const char c : name) {
      const bool is_plain = std::isprint(static_cast<unsigned char>(c)) != 0 && c != '*';
      text += is_plain ? c : '?';
    }
    return text;
  }

 private:
  void Touch(ValueId value, std::int64_t time) {
    const Graph& graph = compiled_.graph;
    if (value == kNone || graph.at(value).constant || CName(graph, value) == "input") return;
    const auto [found, is_new] = values_.try_emplace(value, lifetimes_.size());
    if (is_new) {
      const Value& one = graph.at(value);
      const std::int64_t bytes = one.type == DataType::kFloat ? 4 : 1;
      lifetimes_.push_back({std::max<std::int64_t>(1, Elements(one.shape) * bytes), time, time});
    }
    lifetimes_[found->second].last = std::max(lifetimes_[found->second].last, time);
  }
  std::string At(std::size_t index, bool is_float) const {
    const std::string place = fmt::format("arena + {}", plan_.offsets[index] / 4);
    return is_float ? place : fmt::format("(int8_t *)({})", place);
  }

  const CompiledNetwork& compiled_;
  std::map<ValueId, std::size_t> values_;
  std::map<std::size_t, std::size_t> scratch_;  // by node
  std::vector<Lifetime> lifetimes_;
  MemoryPlan plan_;
};

std::string Indented(const std::string& lines) {
  std::string text = "    ";
  for (std::size_t i = 0; i < lines.size(); ++i) {
    text += lines[i];
    if (lines[i] == '\n' && i + 1 < lines.size()) text += "    ";
  }
  return text;
}

std::string HostStep(const CompiledNetwork& compiled, const Arena& arena, std::size_t index) {
  const Node& node = compiled.graph.nodes[index];
  return fmt::format("  {{ /* {} {} */\n{}  }}\n", OperationName(node.operation),
                     Arena::Commented(node.name),
                     Indented(NodeSource(compiled.graph, node, arena.Scratch(index))));
}

std::string MoveStep(const CompiledNetwork& compiled, const Step& step) {
  const Storage& storage = compiled.StorageOf(step.index);
  const auto value = static_cast<ValueId>(step.index);
  const std::string name = CName(compiled.graph, value);
  const std::string memory = fmt::format("device->memory + {:#x}", storage.address);
  const std::string call = step.kind == Step::Kind::kPack
                               ? fmt::format("pack(&layout, {}, {});\n", name, memory)
                               : fmt::format("unpack(&layout, {}, {});\n", memory, name);
  return fmt::format("  {{ /* {} */\n    static const struct layout layout = {};\n    {}  }}\n",
                     Arena::Commented(compiled.graph.at(value).name),
                     LayoutSource(storage, compiled.machine.geometry), call);
}

std::string RunStep(const DeviceRun& run) {
  return fmt::format("  if (vta_run(device, {}, {}) != 0) return -1;\n", run.first_instruction,
                     run.instructions);
}

std::string StepSource(const CompiledNetwork& compiled, const Arena& arena, const Step& step) {
  switch (step.kind) {
    case Step::Kind::kHost:
      return HostStep(compiled, arena, step.index);
    case Step::Kind::kDevice:
      return RunStep(compiled.runs[step.index]);
    default:
      return MoveStep(compiled, step);
  }
}

/// The constants of the nodes on the host, each once. Scales are in the calls.
std::string ConstantsSource(const CompiledNetwork& compiled) {
  std::set<ValueId> constants;
  for (const HostNode& host : compiled.host) {
    const Node& node = compiled.graph.nodes[host.node];
    const bool has_scales = std::holds_alternative<Quantize>(node.operation) ||
                            std::holds_alternative<Dequantize>(node.operation);
    for (std::size_t i = 0; i < node.inputs.size(); ++i) {
      const Value* value = compiled.graph.Input(node, i);
      if (value != nullptr && value->constant && (!has_scales || i == 0)) {
        constants.insert(node.inputs[i]);
      }
    }
  }
  std::string text;
  for (const ValueId value : constants) text += ConstantSource(compiled.graph, value);
  return text;
}

std::string ProgramSource(const CompiledNetwork& compiled, const SourceNames& names) {
  const vta::DeviceProgram& program = compiled.program;
  std::string text;
  for (const char* tensor : {"instructions", "uops", "weights", "biases"}) {
    text += fmt::format("extern const uint8_t {}_{}[];\n", names.name, tensor);
  }
  const auto part = [&](const char* tensor, std::uint64_t bytes, std::uint64_t address) {
    return fmt::format("  {}_{}, {}, {:#x},\n", names.name, tensor, bytes, address);
  };
  return text +
         fmt::format("\nstatic const struct vta_program program = {{\n  \"{}\",\n",
                     compiled.machine.geometry.ModelName()) +
         part("instructions", program.instructions.size(), InstructionAddress(compiled)) +
         part("uops", 4 * program.uops.size(), program.uop_address) +
         part("weights", compiled.weights.size(), program.wgt_address) +
         part("biases", compiled.biases.size(), program.acc_address) +
         fmt::format("  {}_DEVICE_BYTES}};\n", names.macro);
}

std::string Header(const CompiledNetwork& compiled, const SourceNames& names,
                   const NetworkSource& source) {
  const Graph& graph = compiled.graph;
  const Value& in = graph.at(graph.inputs[0]);
  const Value& out = graph.at(graph.outputs[0]);
  const bool is_exact =
      std::none_of(compiled.host.begin(), compiled.host.end(),
                   [&](const HostNode& host) { return UsesExp(graph.nodes[host.node]); });
  const auto define = [&](const char* what, const std::string& value, const std::string& comment) {
    return fmt::format("#define {}_{} {} /* {} */\n", names.macro, what, value, comment);
  };
  return fmt::format("/* Made by foothold from {} for {}. */\n#ifndef {}_H\n#define {}_H\n\n",
                     Arena::Commented(names.model), Arena::Commented(names.target), names.macro,
                     names.macro) +
         "#include \"vta_runtime.h\"\n\n" +
         define("INPUT_SIZE", std::to_string(Elements(in.shape)),
                Arena::Commented(in.name) + ", " + ToString(in.shape)) +
         define("OUTPUT_SIZE", std::to_string(Elements(out.shape)),
                Arena::Commented(out.name) + ", " + ToString(out.shape)) +
         define("ARENA_SIZE", std::to_string(source.arena_floats),
                "floats that the host works in") +
         define("DEVICE_BYTES", fmt::format("{:#x}", source.device_bytes),
                "contiguous memory that the VTA works in") +
         define("TOLERANCE", is_exact ? "0.0f" : "1e-6f",
                is_exact ? "nothing is rounded in two ways"
                         : "relative: C libraries round exp() in two ways") +
         fmt::format(
             "\n/* Opens the device and copies the network there. 0, or -1: see vta_error(). */\n"
             "int {0}_open(struct vta_device *device);\n"
             "/* `arena`: {1}_ARENA_SIZE floats, whatever they hold. 0, or -1: see vta_error(). "
             "*/\n"
             "int {0}_run(struct vta_device *device, float *arena, const float *input, float "
             "*output);\n\n#endif\n",
             names.name, names.macro);
}

}  // namespace

SourceNames NamesOf(const std::string& model_path, const std::string& target) {
  SourceNames names;
  names.model = std::filesystem::path(model_path).filename().string();
  names.target = target;
  for (const char c : std::filesystem::path(model_path).stem().string()) {
    const bool is_plain = std::isalnum(static_cast<unsigned char>(c)) != 0;
    names.name += is_plain ? c : '_';
  }
  const bool begins_well =
      !names.name.empty() && std::isdigit(static_cast<unsigned char>(names.name[0])) == 0;
  // A prefix keeps it apart from the functions and files that every folder has.
  static const std::set<std::string> kTaken = {"main",      "operators",     "vta_runtime",
                                               "vta_board", "vta_simulator", "vta",
                                               "check",     "pad",           "clip"};
  if (!begins_well || kTaken.count(names.name) > 0) names.name = "net_" + names.name;
  for (const char c : names.name) {
    names.macro += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return names;
}

NetworkSource MakeNetworkSource(const CompiledNetwork& compiled, const SourceNames& names) {
  const Arena arena(compiled);
  NetworkSource source;
  source.arena_floats = arena.floats();
  source.device_bytes = InstructionAddress(compiled) + 16 * compiled.program.instructions.size();
  source.header = Header(compiled, names, source);
  source.source =
      fmt::format(
          "/* Made by foothold from {} for {}. README.md says how to use it. */\n"
          "#include \"{}.h\"\n\n#include <math.h>\n#include <string.h>\n\n"
          "#include \"operators.h\"\n\n",
          Arena::Commented(names.model), Arena::Commented(names.target), names.name) +
      ProgramSource(compiled, names) + "\n" + ConstantsSource(compiled) +
      fmt::format(
          "\nint {0}_open(struct vta_device *device) {{ return vta_open(device, &program); "
          "}}\n\nint {0}_run(struct vta_device *device, float *arena, const float *input, "
          "float *output) {{\n",
          names.name) +
      arena.Definitions();
  for (const Step& step : compiled.steps) source.source += StepSource(compiled, arena, step);
  const Value& output = compiled.graph.at(compiled.graph.outputs[0]);
  source.source +=
      fmt::format("  memcpy(output, {}, {});\n  return 0;\n}}\n",
                  CName(compiled.graph, compiled.graph.outputs[0]), 4 * Elements(output.shape));
  return source;
}

}  // namespace foothold::network
