#include "targets/vta/isa/isa_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "foothold/rng.h"
#include "targets/vta/isa/testing/random_instruction.h"

namespace foothold::vta {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<Geometry> Geometries() { return {Geometry{}, Geometry4x8(), SmallGeometry()}; }

TEST(IsaTableTest, AnEntryStandsAtItsOpcode) {
  ASSERT_EQ(IsaTable().size(), 5U);
  for (std::size_t i = 0; i < IsaTable().size(); ++i) {
    EXPECT_EQ(static_cast<std::size_t>(IsaTable()[i].opcode), i);
    EXPECT_EQ(IsaTable()[i].mnemonic, ToString(IsaTable()[i].opcode));
  }
}

// The bits of an instruction that belong to some field; fails when two fields claim one.
std::set<int> BitsOf(const std::vector<FieldEntry>& fields, const Geometry& geometry,
                     int word_bits) {
  std::set<int> bits;
  const std::vector<int> positions = FieldPositions(fields, geometry);
  for (std::size_t i = 0; i < fields.size(); ++i) {
    for (int bit = 0; bit < fields[i].width.Bits(geometry); ++bit) {
      EXPECT_LT(positions[i] + bit, word_bits) << fields[i].name << " leaves its word";
      EXPECT_TRUE(bits.insert(word_bits * fields[i].word + positions[i] + bit).second)
          << fields[i].name << " overlaps";
    }
  }
  return bits;
}

std::set<int> AllBut(std::set<std::pair<int, int>> unused_ranges) {
  std::set<int> bits;
  for (int bit = 0; bit < 128; ++bit) bits.insert(bit);
  for (const auto& [first, last] : unused_ranges) {
    for (int bit = first; bit <= last; ++bit) bits.erase(bit);
  }
  return bits;
}

TEST(IsaTableTest, EveryBitOfTheDefaultGeometryIsAccountedFor) {
  // The unused ones as docs/reference/vta-and-autotvm.md#loads-and-stores and the section after it
  // state them.
  const std::map<Opcode, std::set<int>> expected = {{Opcode::kLoad, AllBut({{58, 63}})},
                                                    {Opcode::kStore, AllBut({{58, 63}})},
                                                    {Opcode::kGemm, AllBut({{63, 63}})},
                                                    {Opcode::kAlu, AllBut({{63, 63}})},
                                                    {Opcode::kFinish, AllBut({{7, 127}})}};
  for (const InstructionEntry& entry : IsaTable()) {
    EXPECT_EQ(BitsOf(entry.fields, Geometry{}, 64), expected.at(entry.opcode)) << entry.mnemonic;
  }
  EXPECT_EQ(BitsOf(MicroOpTable(), Geometry{}, 32).size(), 32U);
}

TEST(IsaTableTest, FieldsOfOtherGeometriesNeitherOverlapNorLeaveTheirWords) {
  for (const Geometry& geometry : Geometries()) {
    for (const InstructionEntry& entry : IsaTable()) BitsOf(entry.fields, geometry, 64);
    BitsOf(MicroOpTable(), geometry, 32);
  }
}

TEST(IsaTableTest, EveryMemberOfInstructionIsInTheTableOnce) {
  std::map<std::size_t, std::string_view> names;
  std::set<std::size_t> bytes;
  for (const InstructionEntry& entry : IsaTable()) {
    for (const FieldEntry& field : entry.fields) {
      const auto [at, is_new] = names.emplace(field.slot.offset, field.name);
      EXPECT_EQ(at->second, field.name) << "two names for one member";
      const std::size_t size = field.slot.type == FieldSlot::Type::kByte ? 1 : 4;
      for (std::size_t i = 0; is_new && i < size; ++i) {
        EXPECT_TRUE(bytes.insert(field.slot.offset + i).second) << field.name;
      }
    }
  }
  constexpr std::size_t kPadding = 3;  // nine members of one byte before those of four
  EXPECT_EQ(bytes.size() + kPadding, sizeof(Instruction));
}

TEST(IsaTableTest, AbsentFieldsAreTheRest) {
  std::set<std::string_view> all;
  for (const InstructionEntry& entry : IsaTable()) {
    for (const FieldEntry& field : entry.fields) all.insert(field.name);
  }
  for (const InstructionEntry& entry : IsaTable()) {
    std::multiset<std::string_view> both;
    for (const FieldEntry& field : entry.fields) both.insert(field.name);
    for (const FieldEntry& field : FieldsAbsentFrom(entry.opcode)) both.insert(field.name);
    EXPECT_TRUE(std::equal(both.begin(), both.end(), all.begin(), all.end())) << entry.mnemonic;
  }
}

TEST(IsaTableTest, WidthsFollowTheGeometry) {
  const FieldWidth uop_end = {FieldWidth::Depth::kUop, 1};
  EXPECT_EQ(uop_end.Bits(Geometry{}), 14);
  EXPECT_EQ(uop_end.Bits(SmallGeometry()), 9);
  EXPECT_EQ(uop_end.Formula(), "log2(uop depth) + 1");
  EXPECT_EQ((FieldWidth{FieldWidth::Depth::kAccOrInp, 0}.Bits(SmallGeometry())), 9);
  EXPECT_EQ((FieldWidth{FieldWidth::Depth::kNone, 16}.Formula()), "16");
}

TEST(ValidateInstructionTest, RandomOnesThatFitHaveNoProblems) {
  for (const Geometry& geometry : Geometries()) {
    const std::uint64_t seed = 7;
    Rng rng(seed);
    for (int i = 0; i < 2000; ++i) {
      const Instruction instruction = RandomInstruction(geometry, rng);
      ASSERT_THAT(FindProblems(instruction, geometry), IsEmpty()) << "seed " << seed << " #" << i;
      ASSERT_TRUE(Validate(RandomMicroOp(geometry, rng), geometry).ok());
    }
  }
}

TEST(ValidateInstructionTest, ListsAllProblemsAtOnce) {
  Instruction load;
  load.opcode = Opcode::kLoad;
  load.memory = MemoryId::kInp;
  load.x_size = 70'000;
  load.x_pad_1 = 16;
  load.iter_in = 3;
  EXPECT_THAT(
      FindProblems(load, Geometry{}),
      ElementsAre("load: x_size is 70000, must be 0..65535", "load: x_pad_1 is 16, must be 0..15",
                  "load: iter_in is 3, must be 0: load has no such field"));
  const Status status = Validate(load, Geometry{});
  EXPECT_EQ(status.code(), StatusCode::kInvalidArgument);
  EXPECT_THAT(status.message(), HasSubstr("0..65535; load: x_pad_1"));
}

TEST(ValidateInstructionTest, MemoriesGoWithTheirInstructions) {
  Instruction transfer;
  transfer.opcode = Opcode::kStore;
  transfer.memory = MemoryId::kAcc;
  transfer.x_size = 1;
  EXPECT_THAT(FindProblems(transfer, Geometry{}), ElementsAre(HasSubstr("memory must be out")));
  transfer.opcode = Opcode::kLoad;
  transfer.memory = MemoryId::kOut;
  EXPECT_THAT(FindProblems(transfer, Geometry{}), ElementsAre(HasSubstr("only STORE takes")));
  transfer.x_size = 0;  // TVM's no-op STORE names uop
  transfer.opcode = Opcode::kStore;
  transfer.memory = MemoryId::kUop;
  EXPECT_THAT(FindProblems(transfer, Geometry{}), IsEmpty());
}

TEST(ValidateInstructionTest, StoreTakesNoPadding) {
  Instruction store;
  store.opcode = Opcode::kStore;
  store.memory = MemoryId::kOut;
  store.x_size = store.y_size = 1;
  EXPECT_THAT(FindProblems(store, Geometry{}), IsEmpty());
  store.y_pad_1 = 1;
  EXPECT_THAT(FindProblems(store, Geometry{}), ElementsAre("store: its four pads must be 0"));
}

TEST(ValidateInstructionTest, UnknownOpcode) {
  Instruction instruction;
  instruction.opcode = static_cast<Opcode>(5);
  EXPECT_THAT(FindProblems(instruction, Geometry{}), ElementsAre("opcode is 5, must be 0..4"));
}

TEST(ValidateMicroOpTest, NamesTheIndexAndItsLimit) {
  EXPECT_TRUE(Validate(MicroOp{2047, 2047, 1023}, Geometry{}).ok());
  EXPECT_EQ(Validate(MicroOp{2048, 0, 1024}, Geometry{}).message(),
            "dst is 2048, must be 0..2047; wgt is 1024, must be 0..1023");
}

TEST(DramElementBytesTest, DefaultAndFourByEight) {
  EXPECT_EQ(DramElementBytes(MemoryId::kUop, Geometry{}), 4);
  EXPECT_EQ(DramElementBytes(MemoryId::kInp, Geometry{}), 16);
  EXPECT_EQ(DramElementBytes(MemoryId::kWgt, Geometry{}), 256);
  EXPECT_EQ(DramElementBytes(MemoryId::kAcc, Geometry{}), 64);
  EXPECT_EQ(DramElementBytes(MemoryId::kOut, Geometry{}), 16);
  EXPECT_EQ(DramElementBytes(MemoryId::kAcc8, Geometry{}), 16);
  EXPECT_EQ(DramElementBytes(MemoryId::kWgt, Geometry4x8()), 64);
  EXPECT_EQ(DramElementBytes(MemoryId::kAcc, Geometry4x8()), 128);
}

}  // namespace
}  // namespace foothold::vta
