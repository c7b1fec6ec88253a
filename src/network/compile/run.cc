#include "network/compile/run.h"

#include <algorithm>
#include <span>
#include <utility>

#include "base/check.h"
#include "targets/vta/simulator/simulator.h"

namespace foothold::network {
namespace {

/// What scratchpads hold before a run: a program must not read it.
constexpr std::uint8_t kPoison = 0x5a;

class Runner {
 public:
  explicit Runner(const CompiledNetwork& compiled)
      : compiled_(compiled),
        simulator_(compiled.machine.geometry, compiled.machine.timing),
        inp_(compiled.inp_bytes),
        out_(compiled.out_bytes),
        results_(compiled.graph.values.size()) {}

  SimulatedRun Run(const std::vector<Tensor>& inputs) {
    const Graph& graph = compiled_.graph;
    for (std::size_t i = 0; i < graph.values.size(); ++i) results_[i] = graph.values[i].constant;
    for (std::size_t i = 0; i < inputs.size(); ++i) results_[Index(graph.inputs[i])] = inputs[i];
    for (const Step& step : compiled_.steps) {
      switch (step.kind) {
        case Step::Kind::kHost:
          OnHost(graph.nodes[step.index]);
          break;
        case Step::Kind::kPack:
          Pack(step.index);
          break;
        case Step::Kind::kDevice:
          OnDevice(compiled_.runs[step.index]);
          break;
        case Step::Kind::kUnpack:
          Unpack(step.index);
          break;
      }
    }
    return {std::move(results_), std::move(inp_), std::move(out_)};
  }

 private:
  void OnHost(const Node& node) {
    std::vector<const Tensor*> inputs;
    for (const ValueId input : node.inputs) {
      inputs.push_back(input == kNone ? nullptr : &*results_[Index(input)]);
    }
    results_[Index(node.output)] = Apply(compiled_.graph, node, inputs);
  }

  void Pack(std::size_t value) {
    const Storage& storage = compiled_.StorageOf(value);
    const std::vector<std::byte> bytes =
        Packed(storage, compiled_.machine.geometry, results_[value]->values<std::int8_t>());
    std::copy(bytes.begin(), bytes.end(),
              inp_.begin() +
                  static_cast<std::ptrdiff_t>(storage.address - compiled_.program.inp_address));
  }

  void Unpack(std::size_t value) {
    const Storage& storage = compiled_.StorageOf(value);
    const std::uint64_t offset = storage.address - compiled_.program.out_address;
    const auto bytes = std::span<const std::byte>(out_).subspan(
        offset, static_cast<std::size_t>(storage.Bytes(compiled_.machine.geometry)));
    results_[value] = Tensor(compiled_.graph.values[value].shape,
                             Unpacked(storage, compiled_.machine.geometry, bytes));
  }

  void OnDevice(const DeviceRun& run) {
    vta::DeviceProgram program = compiled_.program;
    const auto begin =
        program.instructions.begin() + static_cast<std::ptrdiff_t>(run.first_instruction);
    program.instructions =
        std::vector(begin, begin + static_cast<std::ptrdiff_t>(run.instructions));
    vta::SimulationOptions options;
    options.breakdown = false;
    options.semantics = compiled_.machine.semantics;
    options.poison = kPoison;
    const vta::SimulationResult result =
        simulator_.Run(program, {inp_, compiled_.weights, compiled_.biases, out_}, options);
    FOOTHOLD_CHECK(result.finished(), result.message);
    FOOTHOLD_CHECK(result.warnings.empty(), result.warnings.front());
  }

  const CompiledNetwork& compiled_;
  vta::Simulator simulator_;
  std::vector<std::byte> inp_;
  std::vector<std::byte> out_;
  Results results_;
};

}  // namespace

SimulatedRun RunOnSimulator(const CompiledNetwork& compiled, const std::vector<Tensor>& inputs) {
  FOOTHOLD_CHECK(inputs.size() == compiled.graph.inputs.size(), "one tensor for each input");
  return Runner(compiled).Run(inputs);
}

}  // namespace foothold::network
