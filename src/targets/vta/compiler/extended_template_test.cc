#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <utility>

#include "foothold/rng.h"
#include "targets/vta/compiler/extended_compiler.h"
#include "targets/vta/compiler/extended_schedule.h"
#include "targets/vta/compiler/schedule_template.h"

namespace foothold::vta {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

const Workload kLayerC8 = {"C8", Conv2d{1, 256, 14, 14, 256, 3, 3, 1, 1, 1, 1}, {}};

std::variant<DeviceProgram, Rejection> Compile(const Workload& workload,
                                               const ExtendedSchedule& schedule) {
  const Geometry geometry;
  const BlockedShape shape = *BlockShape(workload, geometry);
  return CompileExtended({shape, ToEpilogue(workload.requantize)}, geometry,
                         LayOut(shape, geometry), schedule);
}

DeviceProgram Compiled(const Workload& workload, const ExtendedSchedule& schedule) {
  auto code = Compile(workload, schedule);
  const auto* rejection = std::get_if<Rejection>(&code);
  EXPECT_EQ(rejection, nullptr) << rejection->reason;
  return rejection == nullptr ? std::get<DeviceProgram>(code) : DeviceProgram{};
}

Rejection Refused(const Workload& workload, const ExtendedSchedule& schedule) {
  auto code = Compile(workload, schedule);
  EXPECT_TRUE(std::holds_alternative<Rejection>(code));
  return std::holds_alternative<Rejection>(code) ? std::get<Rejection>(code) : Rejection{};
}

/// Elements that the loads or stores of one memory move; padding is not counted.
std::int64_t Moved(const DeviceProgram& program, MemoryId memory) {
  std::int64_t elements = 0;
  for (const Instruction& i : program.instructions) {
    const bool transfer = i.opcode == Opcode::kLoad || i.opcode == Opcode::kStore;
    if (transfer && i.memory == memory) elements += std::int64_t{i.y_size} * i.x_size;
  }
  return elements;
}

TEST(ExtendedSpaceTest, HasTenToAHundredThousandConfigs) {
  for (const char* network : {"resnet18", "deepbench"}) {
    const auto layers = FindWorkloads(network);
    for (const Workload& layer : *layers) {
      const Result<Space> space = ExtendedTemplate().MakeSpace(layer, Geometry{});
      ASSERT_TRUE(space.ok());
      EXPECT_GE(space->raw_size(), 10'000U) << layer.name;
      EXPECT_LE(space->raw_size(), 100'000U) << layer.name;
      EXPECT_TRUE(space->constraints().empty());
    }
  }
}

TEST(ExtendedSpaceTest, AParameterWithoutMeaningHasOneValue) {
  const Result<Space> space =
      ExtendedTemplate().MakeSpace({"dense", Dense{1, 256, 16}, {}}, Geometry{});
  std::map<std::string, std::size_t> values;
  for (const Parameter& parameter : space->parameters())
    values[parameter.name] = parameter.values.size();
  for (const char* name :
       {"tile_b", "tile_h", "tile_w", "tile_co", "co_threads", "h_threads", "padding"})
    EXPECT_EQ(values.at(name), 1U) << name;
  EXPECT_EQ(values.at("tile_ci"), 5U);
}

// Narrow tiles and tiles of one row are offered only where there is no way around them.
TEST(ExtendedSpaceTest, TilesAreWideAndHaveSeveralRows) {
  const auto tiles = [](std::int64_t height, std::int64_t width) {
    const Workload layer = {"1x1", Conv2d{1, 16, height, width, 16, 1, 1, 0, 0, 1, 1}, {}};
    const Space space = ExtendedTemplate().MakeSpace(layer, Geometry{}).value();
    return std::pair(space.parameters()[1].values, space.parameters()[2].values);
  };
  EXPECT_THAT(tiles(12, 56), Pair(ElementsAre(2, 3, 4, 6, 12), ElementsAre(56)));
  EXPECT_THAT(tiles(7, 256), Pair(ElementsAre(7), ElementsAre(64, 128, 256)));
  EXPECT_THAT(tiles(23, 65), Pair(ElementsAre(1, 23), ElementsAre(65)));
  EXPECT_THAT(tiles(1, 1), Pair(ElementsAre(1), ElementsAre(1)));
}

// What stays is not read again: the traffic of each order, in elements of C8's tensors.
TEST(ExtendedTemplateTest, TheStationaryTensorIsReadOnce) {
  const std::int64_t weights = 16 * 16 * 9;
  ExtendedSchedule s{.h = 7, .w = 14, .co = 2, .ci = 4, .skip_padding = true};
  s.loops = InstructionLoops::kReductionColumns;
  const std::int64_t inputs = 2 * 16 * 8 * 14;  // two tiles of 8 rows

  s.order = TileOrder::kSpaceReductionChannels;
  DeviceProgram program = Compiled(kLayerC8, s);
  EXPECT_EQ(Moved(program, MemoryId::kInp), inputs);
  EXPECT_EQ(Moved(program, MemoryId::kWgt), 2 * weights);
  EXPECT_EQ(Moved(program, MemoryId::kOut), 16 * 196);

  s.order = TileOrder::kSpaceChannelsReduction;
  program = Compiled(kLayerC8, s);
  EXPECT_EQ(Moved(program, MemoryId::kInp), 8 * inputs);
  EXPECT_EQ(Moved(program, MemoryId::kWgt), 2 * weights);
}

TEST(ExtendedTemplateTest, WithAWholeReductionInATileInputsStayWhileChannelsPass) {
  const DeviceProgram program = Compiled(
      kLayerC8, {.h = 7, .w = 14, .co = 2, .ci = 16, .wgt_buffers = 2, .skip_padding = true});
  EXPECT_EQ(Moved(program, MemoryId::kInp), 2 * 16 * 8 * 14);
  EXPECT_EQ(Moved(program, MemoryId::kWgt), 2 * 16 * 16 * 9);
}

TEST(ExtendedTemplateTest, SkippedPaddingIsNotMultiplied) {
  const auto products = [](const DeviceProgram& program) {
    std::int64_t count = 0;
    for (const Instruction& i : program.instructions)
      if (i.opcode == Opcode::kGemm && !i.reset)
        count += std::int64_t{i.iter_out} * i.iter_in * (i.uop_end - i.uop_begin);
    return count;
  };
  ExtendedSchedule s{.h = 7, .w = 14, .co = 2, .ci = 1};
  EXPECT_EQ(products(Compiled(kLayerC8, s)), 256 * 196 * 9);
  s.skip_padding = true;
  EXPECT_EQ(products(Compiled(kLayerC8, s)), 256 * 40 * 40);
}

TEST(ExtendedTemplateTest, RejectionsNameStageAndNumbers) {
  const Rejection inputs =
      Refused(kLayerC8, {.h = 14, .w = 14, .co = 1, .ci = 16, .skip_padding = true});
  EXPECT_EQ(inputs.stage, "lower.capacity");
  EXPECT_EQ(inputs.reason, "input scratchpad: needs 50,176 B of 32,768 B (1 tiles)");
  EXPECT_EQ(Refused(kLayerC8, {.h = 14, .w = 14, .co = 8, .co_threads = 2}).reason,
            "accumulator scratchpad: needs 200,704 B of 131,072 B (2 tiles, 2 virtual threads)");
  EXPECT_THAT(Refused(kLayerC8, {.h = 2, .w = 14, .co = 8, .ci = 16}).reason,
              HasSubstr("weight scratchpad: needs 294,912 B of 262,144 B"));
  EXPECT_THAT(Refused(kLayerC8, {.h = 2, .w = 14, .h_threads = 2}).reason,
              HasSubstr("7 tiles along the height do not split over 2"));
  EXPECT_THAT(Refused(kLayerC8, {.h = 2, .w = 14, .ci = 2}).reason,
              HasSubstr("padded input copy of 2 channels"));
  EXPECT_THAT(Refused(kLayerC8, {.h = 2, .w = 7, .co = 2}).reason, HasSubstr("output copy"));
  const Rejection hazard =
      Refused(kLayerC8, {.h = 1, .w = 14, .co = 1, .loops = InstructionLoops::kPositions});
  EXPECT_EQ(hazard.stage, "lower.hazard");
  const Workload large = {"large", Conv2d{1, 16, 40, 40, 16, 5, 5, 2, 2, 1, 1}, {}};
  EXPECT_EQ(Refused(large, {.h = 20, .w = 20, .split_transfers = true}).stage, "lower.micro-op");
  for (const Rejection& rejection : {inputs, hazard}) EXPECT_EQ(rejection.phase, Phase::kLower);
}

// The known constraints never forbid a config that compiles, and explain a good part of those that
// do not.
TEST(ExtendedTemplateTest, KnownConstraintsAreNecessary) {
  const Geometry geometry;
  for (const Workload& workload :
       {kLayerC8, Workload{"s2", Conv2d{2, 64, 16, 16, 64, 1, 1, 0, 0, 2, 2}, {.bias = true}},
        Workload{"dense", Dense{4, 256, 128}, {}},
        Workload{"groups", Conv2d{1, 128, 28, 28, 256, 3, 3, 1, 1, 1, 1, -1, -1, 4}, {}},
        Workload{"depthwise", Conv2d{1, 128, 28, 28, 128, 3, 3, 1, 1, 1, 1, -1, -1, 128}, {}},
        Workload{"transposed", Conv2dTranspose{1, 128, 8, 8, 128, 4, 4, 1, 1, 2, 2}, {}}}) {
    const BlockedShape shape = *BlockShape(workload, geometry);
    const Space all = *ExtendedTemplate().MakeSpace(workload, geometry);
    const Result<Space> known =
        Space::Create(all.parameters(), ExtendedTemplate().KnownConstraints(workload, geometry));
    ASSERT_TRUE(known.ok()) << known.status().message();
    EXPECT_LT(known->valid_count(), known->raw_size());
    Rng rng(1);
    int forbidden = 0, refused = 0;
    for (int n = 0; n < 4000; ++n) {
      const Config config = all.Sample(rng);
      const CompiledSchedule compiled = ExtendedTemplate().Compile(
          workload, geometry, LayOut(shape, geometry), all.Values(config));
      const auto* rejection = std::get_if<Rejection>(&compiled.code);
      const bool by_rule = rejection != nullptr && (rejection->stage == "lower.capacity" ||
                                                    rejection->stage == "lower.threads");
      ASSERT_EQ(!known->IsValid(config), by_rule)
          << workload.name << " " << all.ToString(config) << " seed 1";
      forbidden += by_rule ? 1 : 0;
      refused += rejection != nullptr ? 1 : 0;
    }
    EXPECT_GT(forbidden, 500) << workload.name;
    EXPECT_GT(refused, forbidden) << workload.name;
  }
}

}  // namespace
}  // namespace foothold::vta
