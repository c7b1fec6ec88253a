// The complete programs of other VTA tools: each must produce its expected output exactly.

#include "targets/vta/isa/program_files.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <span>
#include <string>

#include "base/testing/test_data.h"
#include "targets/vta/simulator/simulator.h"

namespace foothold::vta {
namespace {

std::string ProgramDirectory() { return testing::DataDirectory() + "/vta_programs"; }

// The tools give each tensor whole pages, and programs read past the end of a short file.
std::vector<std::byte> InWholePages(std::vector<std::byte> tensor) {
  tensor.resize((tensor.size() + 4095) / 4096 * 4096);
  return tensor;
}

bool StartsWith(std::span<const std::byte> actual, const std::vector<std::byte>& expected) {
  return actual.size() >= expected.size() &&
         std::equal(expected.begin(), expected.end(), actual.begin());
}

void ExpectItsOutput(const std::string& directory, const char* timing, bool timed) {
  SCOPED_TRACE(directory + " on " + timing);
  const Result<ProgramFiles> files = LoadProgramFiles(*Env::Default(), directory, Geometry{});
  ASSERT_TRUE(files.ok()) << files.status().message();
  const std::vector<std::byte> inp = InWholePages(files->input);
  const std::vector<std::byte> wgt = InWholePages(files->weight);
  const std::vector<std::byte> acc = InWholePages(files->accumulator);
  std::vector<std::byte> out = InWholePages(files->out_initial);
  Simulator simulator(Geometry{}, FindTiming(timing).value());
  SimulationOptions options;
  options.timing = timed;
  options.keep_out_scratchpad = true;
  const SimulationResult result = simulator.Run(files->program, {inp, wgt, acc, out}, options);
  ASSERT_TRUE(result.finished()) << result.message;
  EXPECT_EQ(result.races, 0);
  const auto scratchpad = std::as_bytes(simulator.out_scratchpad());
  ASSERT_TRUE(files->expected_out.has_value());
  EXPECT_TRUE(StartsWith(StoresData(files->program) ? std::span<const std::byte>(out) : scratchpad,
                         *files->expected_out));
  if (files->expected_out_sram.has_value()) {
    EXPECT_TRUE(StartsWith(scratchpad, *files->expected_out_sram));
  }
}

TEST(ProgramFilesTest, EveryProgramProducesItsExpectedOutput) {
  if (!std::filesystem::is_directory(ProgramDirectory()))
    GTEST_SKIP() << "no data at " << ProgramDirectory() << " (set FOOTHOLD_DATA)";
  int programs = 0;
  for (const auto& entry : std::filesystem::directory_iterator(ProgramDirectory())) {
    ++programs;
    for (const char* timing : {"pynq", "tsim"})
      ExpectItsOutput(entry.path().string(), timing, true);
    ExpectItsOutput(entry.path().string(), "pynq", false);
  }
  EXPECT_GE(programs, 7);
}

}  // namespace
}  // namespace foothold::vta
