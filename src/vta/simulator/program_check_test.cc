// The complete programs of other VTA tools: each must produce its expected output exactly.

#include "vta/simulator/program_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "vta/simulator/testing/small_program.h"

namespace foothold::vta {
namespace {

std::string ProgramDirectory() {
  const char* const data = std::getenv("FOOTHOLD_DATA");
  return (data != nullptr ? std::string(data)
                          : std::string(FOOTHOLD_SOURCE_DIR) + "/../shared/data") +
         "/vta_programs";
}

void ExpectItsOutput(const std::string& directory, const char* timing, bool timed) {
  SCOPED_TRACE(directory + " on " + timing);
  const Result<ProgramFiles> files = LoadProgramFiles(*Env::Default(), directory, Geometry{});
  ASSERT_TRUE(files.ok()) << files.status().message();
  Simulator simulator(Geometry{}, FindTiming(timing).value());
  SimulationOptions options;
  options.timing = timed;
  const ProgramCheck check = RunProgramFiles(&simulator, *files, options);
  EXPECT_TRUE(check.ok()) << check.result.message << check.mismatch;
  EXPECT_TRUE(check.out_matches.value_or(false));
  EXPECT_EQ(check.out_scratchpad_matches.has_value(), files->expected_out_sram.has_value());
  EXPECT_EQ(check.result.races, 0);
}

TEST(ProgramCheckTest, EveryProgramProducesItsExpectedOutput) {
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

ProgramFiles SmallFiles() {
  TestProgram test = MakeOneTile();
  ProgramFiles files;
  files.program = test.program;
  files.input = test.inp;
  files.weight = test.wgt;
  files.accumulator = test.acc;
  files.out_initial = test.out;
  return files;
}

TEST(ProgramCheckTest, SaysWhereTheOutputDiffers) {
  Simulator simulator(Geometry{}, FindTiming("pynq").value());
  ProgramFiles files = SmallFiles();
  files.expected_out = RunProgramFiles(&simulator, files).out;
  ASSERT_TRUE(RunProgramFiles(&simulator, files).ok());
  (*files.expected_out)[5] ^= std::byte{1};
  const ProgramCheck check = RunProgramFiles(&simulator, files);
  EXPECT_FALSE(check.ok());
  EXPECT_EQ(check.out_matches, false);
  EXPECT_THAT(check.mismatch, testing::StartsWith("OUT tensor: byte 5 is 0x"));
}

TEST(ProgramCheckTest, TheRestOfAPageIsZero) {
  Simulator simulator(Geometry{}, FindTiming("pynq").value());
  ProgramFiles files = SmallFiles();
  files.input.resize(4 * 16);  // the program reads 8
  const ProgramCheck check = RunProgramFiles(&simulator, files);
  EXPECT_TRUE(check.ok()) << check.result.message;
  files.program.wgt_address = files.program.inp_address + 5 * 16;  // the next tensor comes first
  const SimulationResult result = RunProgramFiles(&simulator, files).result;
  EXPECT_EQ(result.outcome, SimulationOutcome::kOutOfRange);
  EXPECT_EQ(result.instruction, OneTile::kInp);
}

}  // namespace
}  // namespace foothold::vta
