#include "cli/program_run.h"

#include <algorithm>
#include <span>

#include "targets/vta/isa/isa_table.h"

namespace foothold::cli {
namespace {

using Bytes = std::vector<std::byte>;

constexpr std::uint64_t kPageBytes = 4096;

// `bytes` at `address`, with zeros up to the next page boundary.
Bytes InWholePages(Bytes bytes, std::uint64_t address) {
  const std::uint64_t end = address + bytes.size();
  bytes.resize((end + kPageBytes - 1) / kPageBytes * kPageBytes - address);
  return bytes;
}

// Where the last STORE's last byte lies, from the output's start; 0 without a STORE.
std::uint64_t StoredBytes(const vta::DeviceProgram& program, const vta::Geometry& geometry) {
  std::uint64_t end = program.out_address;
  for (const vta::Instruction& i : program.instructions) {
    if (i.opcode != vta::Opcode::kStore || i.x_size == 0 || i.y_size == 0) continue;
    const std::uint64_t elements =
        i.dram_base + std::uint64_t{i.y_size - 1} * i.x_stride + i.x_size;
    end = std::max(end, elements * static_cast<std::uint64_t>(
                                       vta::DramElementBytes(vta::MemoryId::kOut, geometry)));
  }
  return end - program.out_address;
}

// The output memory before the run: as large as the files say or, where they say nothing, as the
// program stores. A STORE beyond 1 GiB is taken for a mistake and left to the simulator to report.
Bytes OutputMemory(const vta::ProgramFiles& files, const vta::Geometry& geometry) {
  constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 30;
  Bytes output = files.out_initial;
  if (files.expected_out) output.resize(std::max(output.size(), files.expected_out->size()));
  if (output.empty()) {
    output.resize(std::min(StoredBytes(files.program, geometry), kMostBytes));
  }
  return output;
}

MemoryComparison Compare(const std::string& file, std::span<const std::byte> actual,
                         const Bytes& expected) {
  MemoryComparison comparison{file, expected.size(), actual.size(), 0, 0};
  for (std::size_t i = 0; i < expected.size(); ++i) {
    if (i < actual.size() && actual[i] == expected[i]) continue;
    if (comparison.different_bytes++ == 0) comparison.first_difference = i;
  }
  return comparison;
}

}  // namespace

bool ProgramRun::ok() const {
  return result.finished() &&
         std::all_of(comparisons.begin(), comparisons.end(),
                     [](const auto& comparison) { return comparison.equal(); });
}

ProgramRun RunProgram(const vta::ProgramFiles& files, const vta::VtaMachine& machine,
                      vta::SimulationListener* listener) {
  const vta::DeviceProgram& program = files.program;
  const Bytes input = InWholePages(files.input, program.inp_address);
  const Bytes weight = InWholePages(files.weight, program.wgt_address);
  const Bytes accumulator = InWholePages(files.accumulator, program.acc_address);
  ProgramRun run;
  run.output = OutputMemory(files, machine.geometry);
  const std::size_t output_bytes = run.output.size();
  run.output = InWholePages(std::move(run.output), program.out_address);

  vta::Simulator simulator(machine.geometry, machine.timing);
  vta::SimulationOptions options;
  options.keep_out_scratchpad = true;
  options.semantics = machine.semantics;
  options.listener = listener;
  run.result = simulator.Run(program, {input, weight, accumulator, run.output}, options);
  run.output.resize(output_bytes);
  if (!run.result.finished()) return run;

  const auto scratchpad = std::as_bytes(simulator.out_scratchpad());
  if (files.expected_out) {
    const bool stores = vta::StoresData(program);
    const std::span<const std::byte> actual = stores ? std::span(run.output) : scratchpad;
    run.comparisons.push_back(Compare("expected_out.bin", actual, *files.expected_out));
  }
  if (files.expected_out_sram) {
    run.comparisons.push_back(
        Compare("expected_out_sram.bin", scratchpad, *files.expected_out_sram));
  }
  return run;
}

}  // namespace foothold::cli
