#include "targets/vta/simulator/timing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "targets/vta/simulator/cost_model.h"

namespace foothold::vta {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(TimingTest, ProfilesAreValidAndNameTheSourceOfTheirFigures) {
  EXPECT_THAT(BuiltinTimings(),
              ElementsAre("axu5evb", "de10nano", "pynq", "tsim", "ultra96", "zcu104"));
  for (const std::string& name : BuiltinTimings()) {
    const Timing timing = FindTiming(name).value();
    EXPECT_TRUE(Validate(timing).ok()) << Validate(timing).message();
    std::set<std::string> figures;
    for (const TimingFigure& figure : TimingFigures())
      EXPECT_TRUE(figures.insert(figure.name).second);
    for (const auto& [figure, source] : timing.sources)
      EXPECT_TRUE(figures.contains(figure)) << figure;
  }
  EXPECT_THAT(FindTiming("pink").status().message(), HasSubstr("de10nano, pynq"));
}

TEST(TimingTest, TheFileFormComesBack) {
  for (const std::string& name : BuiltinTimings()) {
    const Timing timing = FindTiming(name).value();
    const Result<Timing> back = ParseTiming(ToJson(timing), "x.json");
    ASSERT_TRUE(back.ok()) << back.status().message();
    EXPECT_EQ(ToJson(*back), ToJson(timing));
  }
}

TEST(TimingTest, AFileExtendsAProfile) {
  const Result<Timing> timing = ParseTiming(
      R"({"format": "foothold-vta-timing", "version": 1, "name": "mine", "extends": "pynq",
          "figures": {"clock_mhz": 142,
                      "load_wgt.per_burst": {"value": 12.5, "unit": "cycles/burst", "source": "measured: here"}}})",
      "mine.json");
  ASSERT_TRUE(timing.ok()) << timing.status().message();
  EXPECT_EQ(timing->name, "mine");
  EXPECT_EQ(timing->clock_mhz, 142);
  EXPECT_EQ(timing->load_wgt.per_burst, 12.5);
  EXPECT_EQ(timing->sources.at("load_wgt.per_burst"), "measured: here");
  EXPECT_EQ(timing->sources.at("clock_mhz"), "user");
  EXPECT_EQ(timing->alu_imm.per_uop, FindTiming("pynq").value().alu_imm.per_uop);
}

std::string ParseError(const std::string& figures) {
  return ParseTiming(
             R"({"format": "foothold-vta-timing", "version": 1, "name": "x", "figures": {)" +
                 figures + "}}",
             "x.json")
      .status()
      .message();
}

TEST(TimingTest, ErrorsNameTheField) {
  EXPECT_THAT(ParseError(R"("clock_ghz": 1)"), HasSubstr("clock_ghz"));
  EXPECT_THAT(ParseError(R"("clock_mhz": 0)"), HasSubstr("clock_mhz: is 0, must be"));
  EXPECT_THAT(ParseError(R"("load_inp.beat_bytes": 12)"), HasSubstr("must be a power of two"));
  EXPECT_THAT(ParseError(R"("fetch_batch": 1.5)"), HasSubstr("must be a whole number"));
  EXPECT_THAT(ParseError(R"("clock_mhz": {"value": 1, "unit": "GHz"})"),
              HasSubstr("must be \"MHz\""));
  EXPECT_THAT(ParseError(R"("clock_mhz": {"valu": 1})"), HasSubstr("x.json:1"));
  EXPECT_THAT(
      ParseTiming(R"({"format": "foothold-vta-timing", "version": 2})", "x").status().message(),
      HasSubstr("version"));
  EXPECT_THAT(ParseTiming(R"({"format": "timing"})", "x").status().message(),
              HasSubstr("foothold-vta-timing"));
}

Instruction Transfer(Opcode opcode, MemoryId memory, std::uint32_t y, std::uint32_t x,
                     std::uint32_t stride) {
  Instruction i;
  i.opcode = opcode;
  i.memory = memory;
  i.y_size = y;
  i.x_size = x;
  i.x_stride = stride;
  return i;
}

// The formulas of docs/reference/vta-and-autotvm.md#chisel-cycles, by hand.
TEST(CostModelTest, TsimFollowsTheChiselCycleModel) {
  const CostModel costs(Geometry{}, FindTiming("tsim").value());
  Instruction gemm;
  gemm.opcode = Opcode::kGemm;
  gemm.iter_out = 3;
  gemm.iter_in = 5;
  gemm.uop_end = 4;
  EXPECT_EQ(costs.Of(gemm).cycles, 60 + 7);
  Instruction alu = gemm;
  alu.opcode = Opcode::kAlu;
  EXPECT_EQ(costs.Of(alu).cycles, 2 * 60 + 7);
  alu.use_imm = true;
  EXPECT_EQ(costs.Of(alu).cycles, 60 + 7);
  // Beats per element: inp 2, wgt 32, acc 8, uop 1/2.
  EXPECT_EQ(costs.Of(Transfer(Opcode::kLoad, MemoryId::kInp, 2, 7, 9)).cycles, 23 + 28);
  EXPECT_EQ(costs.Of(Transfer(Opcode::kLoad, MemoryId::kWgt, 1, 9, 9)).cycles, 23 + 288);
  EXPECT_EQ(costs.Of(Transfer(Opcode::kLoad, MemoryId::kAcc, 1, 3, 3)).cycles, 23 + 24);
  Instruction uop = Transfer(Opcode::kLoad, MemoryId::kUop, 1, 5, 5);
  EXPECT_EQ(costs.Of(uop).cycles, 22 + 3);
  uop.dram_base = 1;  // misaligned by half a beat
  EXPECT_EQ(costs.Of(uop).cycles, 22 + 3);
  uop.x_size = 6;
  EXPECT_EQ(costs.Of(uop).cycles, 22 + 4);
  Instruction padded = Transfer(Opcode::kLoad, MemoryId::kInp, 2, 7, 9);
  padded.y_pad_0 = 1;
  EXPECT_EQ(costs.Of(padded).cycles, 23 + 1 + 28);
  // One burst of 5 elements; then 10 elements at 16 bytes past a boundary of 128: bursts of 7
  // and 3.
  EXPECT_EQ(costs.Of(Transfer(Opcode::kStore, MemoryId::kOut, 1, 5, 5)).cycles, 1 + 3 * 5 + 3);
  Instruction store = Transfer(Opcode::kStore, MemoryId::kOut, 1, 10, 10);
  store.dram_base = 1;
  EXPECT_EQ(costs.Of(store).cycles, 1 + (3 * 7 + 3) + (3 * 3 + 3));
  // Rows at odd strides are cut where each of them lies: 8 elements from 0 (one burst), 9 (two).
  store = Transfer(Opcode::kStore, MemoryId::kOut, 2, 8, 9);
  EXPECT_EQ(costs.Of(store).cycles, 1 + 3 * 16 + 3 * 3);
  EXPECT_EQ(costs.Of(Transfer(Opcode::kLoad, MemoryId::kInp, 0, 0, 0)).cycles, 2);
  EXPECT_EQ(costs.Of(Instruction{}).cycles, 2);
  EXPECT_EQ(costs.FetchBatch(8).cycles, 20 + 16);
}

TEST(CostModelTest, HlsPaysForRowsAndBursts) {
  Timing timing;
  timing.load_inp = {20, 14, 22, 1, 0, 3, 0, 8, 128, 0, 0};
  const CostModel costs(Geometry{}, timing);
  // A row of 20 elements of 16 bytes: 40 beats in three bursts of at most 16.
  Instruction load = Transfer(Opcode::kLoad, MemoryId::kInp, 5, 20, 56);
  EXPECT_EQ(costs.Of(load).cycles, 20 + 5 * (14 + 3 * 22 + 40));
  EXPECT_EQ(costs.Of(load).port_cycles, 200);
  load.x_pad_0 = load.y_pad_1 = 1;  // 5 and 21 zeros
  EXPECT_EQ(costs.Of(load).cycles, 20 + 5 * (14 + 3 * 22 + 40) + 26 * 3);
}

TEST(CostModelTest, MemorysPartOfALatencyIsTimeWhateverTheClock) {
  Timing timing;
  timing.load_inp = {20, 14, 22, 1, 0, 0, 0, 8, 128, 0, 0, 100, 30, 10};
  const Instruction load = Transfer(Opcode::kLoad, MemoryId::kInp, 5, 20, 56);
  timing.clock_mhz = 100;
  EXPECT_EQ(CostModel(Geometry{}, timing).Of(load).cycles,
            20 + 10 + 5 * (14 + 3 + 3 * (22 + 1) + 40));
  timing.clock_mhz = 300;
  EXPECT_EQ(CostModel(Geometry{}, timing).Of(load).cycles,
            20 + 30 + 5 * (14 + 9 + 3 * (22 + 3) + 40));
}

// Zeros take the cycles in which no data arrive: all but two of the 23 before them, then their own.
TEST(CostModelTest, ChiselWritesZerosBesideTheData) {
  const CostModel costs(Geometry{}, FindTiming("tsim").value());
  Instruction load = Transfer(Opcode::kLoad, MemoryId::kInp, 14, 14, 14);
  load.x_pad_0 = 1;  // 14 zeros: hidden
  EXPECT_EQ(costs.Of(load).cycles, 23 + 392);
  load.x_pad_0 = load.x_pad_1 = load.y_pad_1 = 1;  // 44
  EXPECT_EQ(costs.Of(load).cycles, 392 + 44 + 2);
}

TEST(CostCacheTest, GivesWhatTheModelGives) {
  for (const char* name : {"pynq", "tsim"}) {
    const CostModel costs(Geometry{}, FindTiming(name).value());
    CostCache cache(costs);
    for (std::uint32_t n = 0; n < 200; ++n) {
      Instruction load =
          Transfer(Opcode::kLoad, static_cast<MemoryId>(n % 4), 1 + n % 3, 1 + n / 50, 7);
      load.dram_base = n;
      load.x_pad_1 = n / 100;
      const Cost expected = costs.Of(load);
      EXPECT_EQ(cache.Of(load).cycles, expected.cycles);
      EXPECT_EQ(cache.Of(load).port_cycles, expected.port_cycles);
    }
  }
}

TEST(TimingTest, EachBuiltInProfileSaysHowAccurateItIs) {
  for (const std::string& name : BuiltinTimings()) {
    const Timing timing = FindTiming(name).value();
    EXPECT_FALSE(timing.accuracy.empty()) << name;
    EXPECT_NE(ToText(timing).find("accuracy: " + timing.accuracy), std::string::npos) << name;
  }
  const auto own = ParseTiming(
      R"({"format": "foothold-vta-timing", "version": 1, "extends": "pynq", "name": "mine"})", "t");
  ASSERT_TRUE(own.ok()) << own.status().message();
  EXPECT_EQ(own->accuracy, "");  // nobody has compared it
}

}  // namespace
}  // namespace foothold::vta
