#include "vta/simulator/program_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <span>

namespace foothold::vta {
namespace {

constexpr std::uint64_t kPageBytes = 4096;

/// The tensor and the zeros after it: up to the end of its page, but not into the next tensor.
std::vector<std::byte> Page(const std::vector<std::byte>& tensor, std::uint64_t address,
                            std::span<const std::uint64_t> addresses) {
  const std::uint64_t end = address + tensor.size();
  std::uint64_t limit = (end + kPageBytes - 1) / kPageBytes * kPageBytes;
  for (const std::uint64_t other : addresses)
    if (other >= end) limit = std::min(limit, other);
  std::vector<std::byte> page = tensor;
  if (!tensor.empty()) page.resize(static_cast<std::size_t>(limit - address));
  return page;
}

/// Compares the start of `actual` with `expected`; says where they first differ.
bool Matches(std::span<const std::byte> actual, const std::vector<std::byte>& expected,
             const char* name, std::string* mismatch) {
  for (std::size_t i = 0; i < expected.size(); ++i) {
    if (i < actual.size() && actual[i] == expected[i]) continue;
    if (mismatch->empty())
      *mismatch =
          i < actual.size()
              ? fmt::format("{}: byte {} is 0x{:02x}, expected 0x{:02x}", name, i,
                            static_cast<unsigned>(actual[i]), static_cast<unsigned>(expected[i]))
              : fmt::format("{}: has {} bytes, expected {}", name, actual.size(), expected.size());
    return false;
  }
  return true;
}

}  // namespace

ProgramCheck RunProgramFiles(Simulator* simulator, const ProgramFiles& files,
                             const SimulationOptions& options) {
  const DeviceProgram& program = files.program;
  const std::uint64_t addresses[] = {program.uop_address, program.inp_address, program.wgt_address,
                                     program.acc_address, program.out_address};
  const std::vector<std::byte> inp = Page(files.input, program.inp_address, addresses);
  const std::vector<std::byte> wgt = Page(files.weight, program.wgt_address, addresses);
  const std::vector<std::byte> acc = Page(files.accumulator, program.acc_address, addresses);
  std::vector<std::byte> out = Page(files.out_initial, program.out_address, addresses);

  ProgramCheck check;
  SimulationOptions run_options = options;
  run_options.keep_out_scratchpad = true;
  check.result = simulator->Run(program, {inp, wgt, acc, out}, run_options);
  const std::span<const std::byte> scratchpad = std::as_bytes(simulator->out_scratchpad());
  if (check.result.finished() && files.expected_out.has_value())
    check.out_matches =
        StoresData(program)
            ? Matches(out, *files.expected_out, "OUT tensor", &check.mismatch)
            : Matches(scratchpad, *files.expected_out, "out scratchpad", &check.mismatch);
  if (check.result.finished() && files.expected_out_sram.has_value())
    check.out_scratchpad_matches =
        Matches(scratchpad, *files.expected_out_sram, "out scratchpad", &check.mismatch);
  out.resize(files.out_initial.size());
  check.out = std::move(out);
  return check;
}

}  // namespace foothold::vta
