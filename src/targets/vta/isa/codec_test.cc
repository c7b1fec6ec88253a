#include "targets/vta/isa/codec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <sstream>

#include "foothold/rng.h"
#include "targets/vta/isa/isa_table.h"
#include "targets/vta/isa/testing/random_instruction.h"

namespace foothold::vta {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

// The oracle: the encoding as bit fields of the compiler, which is how the hardware's own headers
// define it. Widths are log2 depths of the uop, inp, wgt and acc scratchpads.
template <int kUop, int kInp, int kWgt, int kAcc>
struct BitFields {
  struct Memory {
    std::uint64_t opcode : 3, pop_prev : 1, pop_next : 1, push_prev : 1, push_next : 1;
    std::uint64_t memory : 3, sram_base : 16, dram_base : 32, unused : 6;
    std::uint64_t y_size : 16, x_size : 16, x_stride : 16;
    std::uint64_t y_pad_0 : 4, y_pad_1 : 4, x_pad_0 : 4, x_pad_1 : 4;
  };
  struct Gemm {
    std::uint64_t opcode : 3, pop_prev : 1, pop_next : 1, push_prev : 1, push_next : 1;
    std::uint64_t reset : 1, uop_begin : kUop, uop_end : kUop + 1, iter_out : 14, iter_in : 14;
    std::uint64_t : 0;
    std::uint64_t dst_factor_out : kAcc, dst_factor_in : kAcc;
    std::uint64_t src_factor_out : kInp, src_factor_in : kInp;
    std::uint64_t wgt_factor_out : kWgt, wgt_factor_in : kWgt;
  };
  struct Alu {
    std::uint64_t opcode : 3, pop_prev : 1, pop_next : 1, push_prev : 1, push_next : 1;
    std::uint64_t reset : 1, uop_begin : kUop, uop_end : kUop + 1, iter_out : 14, iter_in : 14;
    std::uint64_t : 0;
    std::uint64_t dst_factor_out : kAcc, dst_factor_in : kAcc;
    std::uint64_t src_factor_out : kAcc, src_factor_in : kAcc;
    std::uint64_t alu_opcode : 3, use_imm : 1;
    std::int64_t imm : 16;
  };
  struct Uop {
    std::uint32_t dst : kAcc, src : std::max(kAcc, kInp), wgt : kWgt;
  };
};

// GCC counts every one of these assignments as a conversion that may cut off: that is what bit
// fields do, and the random instructions fit.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
template <typename Fields>
void CopyHeader(const Instruction& from, Fields& to) {
  std::memset(&to, 0, sizeof(to));
  to.opcode = static_cast<std::uint64_t>(from.opcode) & 7;
  to.pop_prev = from.pop_prev;
  to.pop_next = from.pop_next;
  to.push_prev = from.push_prev;
  to.push_next = from.push_next;
}

template <typename Fields>
void CopyLoops(const Instruction& from, Fields& to) {
  CopyHeader(from, to);
  to.reset = from.reset;
  to.uop_begin = from.uop_begin;
  to.uop_end = from.uop_end;
  to.iter_out = from.iter_out;
  to.iter_in = from.iter_in;
  to.dst_factor_out = from.dst_factor_out;
  to.dst_factor_in = from.dst_factor_in;
  to.src_factor_out = from.src_factor_out;
  to.src_factor_in = from.src_factor_in;
}

template <typename Fields>
EncodedInstruction Words(const Fields& fields) {
  static_assert(sizeof(Fields) == 16);
  EncodedInstruction words;
  std::memcpy(words.data(), &fields, sizeof(words));
  return words;
}

template <typename Layout>
EncodedInstruction OracleEncode(const Instruction& from) {
  if (from.opcode == Opcode::kGemm) {
    typename Layout::Gemm to;
    CopyLoops(from, to);
    to.wgt_factor_out = from.wgt_factor_out;
    to.wgt_factor_in = from.wgt_factor_in;
    return Words(to);
  }
  if (from.opcode == Opcode::kAlu) {
    typename Layout::Alu to;
    CopyLoops(from, to);
    to.alu_opcode = static_cast<std::uint64_t>(from.alu_opcode);
    to.use_imm = from.use_imm;
    to.imm = from.imm;
    return Words(to);
  }
  typename Layout::Memory to;
  CopyHeader(from, to);
  to.memory = static_cast<std::uint64_t>(from.memory);
  to.sram_base = from.sram_base;
  to.dram_base = from.dram_base;
  to.y_size = from.y_size;
  to.x_size = from.x_size;
  to.x_stride = from.x_stride;
  to.y_pad_0 = from.y_pad_0;
  to.y_pad_1 = from.y_pad_1;
  to.x_pad_0 = from.x_pad_0;
  to.x_pad_1 = from.x_pad_1;
  return Words(to);
}

template <typename Layout>
std::uint32_t OracleEncode(const MicroOp& from) {
  typename Layout::Uop to;
  static_assert(sizeof(to) == 4);
  std::memset(&to, 0, sizeof(to));
  to.dst = from.dst;
  to.src = from.src;
  to.wgt = from.wgt;
  std::uint32_t word;
  std::memcpy(&word, &to, sizeof(word));
  return word;
}
#pragma GCC diagnostic pop

template <typename Layout>
void ExpectAgreementAndRoundTrip(const Geometry& geometry, std::uint64_t seed) {
  const InstructionCodec codec(geometry);
  Rng rng(seed);
  for (int i = 0; i < 20'000; ++i) {
    SCOPED_TRACE(::testing::Message() << "seed " << seed << ", instruction " << i);
    const Instruction instruction = RandomInstruction(geometry, rng);
    const auto encoded = codec.Encode(instruction);
    ASSERT_TRUE(encoded.ok()) << encoded.status().message();
    ASSERT_EQ(*encoded, OracleEncode<Layout>(instruction));
    const auto decoded = codec.Decode(*encoded);
    ASSERT_TRUE(decoded.ok()) << decoded.status().message();
    ASSERT_EQ(*decoded, instruction);

    const MicroOp uop = RandomMicroOp(geometry, rng);
    const auto word = codec.Encode(uop);
    ASSERT_TRUE(word.ok()) << word.status().message();
    ASSERT_EQ(*word, OracleEncode<Layout>(uop));
    ASSERT_EQ(codec.DecodeMicroOp(*word), uop);
  }
}

TEST(CodecTest, AgreesWithBitFieldsAndRoundTripsAtTheDefaultGeometry) {
  ExpectAgreementAndRoundTrip<BitFields<13, 11, 10, 11>>(Geometry{}, 1);
}
TEST(CodecTest, AgreesWithBitFieldsAndRoundTripsAtFourByEight) {
  ExpectAgreementAndRoundTrip<BitFields<13, 11, 10, 11>>(Geometry4x8(), 2);
}
TEST(CodecTest, AgreesWithBitFieldsAndRoundTripsAtASmallGeometry) {
  ExpectAgreementAndRoundTrip<BitFields<8, 9, 4, 6>>(SmallGeometry(), 3);
}

EncodedInstruction Encoded(const Instruction& instruction) {
  return InstructionCodec(Geometry{}).Encode(instruction).value();
}

// Known encodings, put together by hand from the bit numbers of docs/reference/vta-and-autotvm.md.

TEST(KnownEncodingTest, Load) {
  Instruction load;
  load.opcode = Opcode::kLoad;
  load.pop_next = true;
  load.push_next = true;
  load.memory = MemoryId::kInp;
  load.sram_base = 0x1234;
  load.dram_base = 0xdeadbeef;
  load.y_size = 0x0102;
  load.x_size = 0x0304;
  load.x_stride = 0x0506;
  load.y_pad_0 = 1;
  load.y_pad_1 = 2;
  load.x_pad_0 = 3;
  load.x_pad_1 = 4;
  // bits 4, 6; 2 << 7 = 0x100; 0x1234 << 10 = 0x48d000; 0xdeadbeef << 26 = 0x37ab6fbbc000000
  EXPECT_EQ(Encoded(load), (EncodedInstruction{0x50 + 0x100 + 0x48d000 + 0x37ab6fbbc000000,
                                               0x4321'0506'0304'0102}));
}

TEST(KnownEncodingTest, Store) {
  Instruction store;
  store.opcode = Opcode::kStore;
  store.pop_prev = true;
  store.push_prev = true;
  store.memory = MemoryId::kOut;
  store.dram_base = 0x300;
  store.y_size = 1;
  store.x_size = 16;
  store.x_stride = 16;
  // 1 + bits 3, 5; 4 << 7 = 0x200; 0x300 << 26 = 0xc00000000
  EXPECT_EQ(Encoded(store), (EncodedInstruction{0x29 + 0x200 + 0xc00000000, 0x0010'0010'0001}));
}

TEST(KnownEncodingTest, Gemm) {
  Instruction gemm;
  gemm.opcode = Opcode::kGemm;
  gemm.push_next = true;
  gemm.reset = true;
  gemm.uop_begin = 1;
  gemm.uop_end = 5;
  gemm.iter_out = 2;
  gemm.iter_in = 16;
  gemm.dst_factor_out = 3;
  gemm.dst_factor_in = 1;
  gemm.src_factor_out = 16;
  gemm.src_factor_in = 1;
  gemm.wgt_factor_out = 2;
  gemm.wgt_factor_in = 1;
  const std::uint64_t first = 0x2 | 0x40 | 0x80 | 1ULL << 8 | 5ULL << 21 | 2ULL << 35 | 16ULL << 49;
  const std::uint64_t second =
      3ULL | 1ULL << 11 | 16ULL << 22 | 1ULL << 33 | 2ULL << 44 | 1ULL << 54;
  EXPECT_EQ(Encoded(gemm), (EncodedInstruction{first, second}));
}

TEST(KnownEncodingTest, AluWithANegativeImmediate) {
  Instruction alu;
  alu.opcode = Opcode::kAlu;
  alu.alu_opcode = AluOpcode::kAdd;
  alu.use_imm = true;
  alu.imm = -3;
  alu.uop_end = 1;
  alu.iter_out = 1;
  alu.iter_in = 64;
  alu.dst_factor_in = 1;
  alu.src_factor_in = 1;
  const std::uint64_t first = 0x4 | 1ULL << 21 | 1ULL << 35 | 64ULL << 49;
  const std::uint64_t second = 1ULL << 11 | 1ULL << 33 | 2ULL << 44 | 1ULL << 47 | 0xfffdULL << 48;
  EXPECT_EQ(Encoded(alu), (EncodedInstruction{first, second}));
}

TEST(KnownEncodingTest, FinishAndMicroOp) {
  EXPECT_EQ(Encoded(Instruction{}), (EncodedInstruction{3, 0}));
  const InstructionCodec codec{Geometry{}};
  // One micro-op of a program that another compiler wrote: acc 16, inp 32, wgt 1.
  EXPECT_EQ(codec.Encode(MicroOp{16, 32, 1}).value(), 0x0041'0010U);
  EXPECT_EQ(codec.DecodeMicroOp(0x0041'0010), (MicroOp{16, 32, 1}));
}

TEST(CodecTest, TakesTheEndsOfEveryFieldAndRefusesWhatIsBeyond) {
  for (const Geometry& geometry : {Geometry{}, Geometry4x8(), SmallGeometry()}) {
    const InstructionCodec codec(geometry);
    for (const InstructionEntry& entry : IsaTable()) {
      for (const FieldEntry& field : entry.fields) {
        if (field.name == "opcode") continue;
        SCOPED_TRACE(::testing::Message() << entry.mnemonic << " " << field.name);
        const auto encode = [&](std::int64_t value) {
          Instruction instruction;
          instruction.opcode = entry.opcode;
          StoreField(field, value, &instruction);
          return codec.Encode(instruction);
        };
        const std::int64_t max = field.Max(geometry);
        EXPECT_TRUE(encode(max).ok());
        EXPECT_TRUE(encode(field.Min(geometry)).ok());
        // No value of its member is beyond these fields: bool, and 32 bits of 32.
        const bool is_flag = field.slot.type == FieldSlot::Type::kByte && field.values.empty();
        if (is_flag || field.width.Bits(geometry) == 32) continue;
        const auto beyond = encode(max + 1);
        ASSERT_FALSE(beyond.ok());
        EXPECT_EQ(beyond.status().code(), StatusCode::kInvalidArgument);
        std::ostringstream expected;
        expected << entry.mnemonic << ": " << field.name << " is " << max + 1 << ", must be "
                 << field.Min(geometry) << ".." << max;
        EXPECT_THAT(beyond.status().message(), StartsWith(expected.str()));
        EXPECT_TRUE(!field.is_signed || !encode(field.Min(geometry) - 1).ok());
      }
    }
  }
}

TEST(CodecTest, RefusesMicroOpIndicesBeyondTheScratchpads) {
  const InstructionCodec codec{Geometry{}};
  EXPECT_TRUE(codec.Encode(MicroOp{2047, 2047, 1023}).ok());
  EXPECT_FALSE(codec.Encode(MicroOp{2048, 0, 0}).ok());
  EXPECT_FALSE(codec.Encode(MicroOp{0, 2048, 0}).ok());
  EXPECT_EQ(codec.Encode(MicroOp{0, 0, 1024}).status().message(), "wgt is 1024, must be 0..1023");
}

TEST(CodecTest, RefusesValuesThatTheInstructionHasNoFieldFor) {
  Instruction gemm;
  gemm.opcode = Opcode::kGemm;
  gemm.imm = -1;
  EXPECT_EQ(InstructionCodec(Geometry{}).Encode(gemm).status().message(),
            "gemm: imm is -1, must be 0: gemm has no such field");
}

TEST(CodecTest, FitsExactlyWhenEncodeSucceeds) {
  const InstructionCodec codec(SmallGeometry());
  const std::uint64_t seed = 11;
  Rng rng(seed);
  int refused = 0;
  for (int i = 0; i < 2000; ++i) {
    // Valid for a larger geometry, so some do not fit.
    const Instruction instruction = RandomInstruction(Geometry{}, rng);
    const bool fits = codec.Fits(instruction);
    refused += fits ? 0 : 1;
    ASSERT_EQ(fits, codec.Encode(instruction).ok()) << "seed " << seed << " #" << i;
    ASSERT_EQ(fits, Validate(instruction, SmallGeometry()).ok()) << "seed " << seed << " #" << i;
  }
  EXPECT_GT(refused, 100);
  EXPECT_LT(refused, 1900);
}

TEST(DecodeTest, RefusesUnknownCodes) {
  const InstructionCodec codec{Geometry{}};
  for (const std::uint64_t opcode : {5U, 6U, 7U}) {
    EXPECT_EQ(codec.Decode({opcode, 0}).status().message(),
              "opcode is " + std::to_string(opcode) + ", must be 0..4");
  }
  EXPECT_EQ(codec.Decode({6ULL << 7, 0}).status().message(), "load: memory is 6, must be 0..5");
  EXPECT_EQ(codec.Decode({4, 7ULL << 44}).status().message(), "alu: alu_opcode is 7, must be 0..4");
}

TEST(DecodeTest, RefusesMemoriesThatTheInstructionDoesNotMove) {
  const InstructionCodec codec{Geometry{}};
  const std::uint64_t moves = 1ULL << 16 | 1;
  EXPECT_THAT(codec.Decode({4ULL << 7, moves}).status().message(), HasSubstr("only STORE takes"));
  EXPECT_EQ(codec.Decode({1 | 2ULL << 7, moves}).status().message(),
            "store: memory is inp, must be out");
  EXPECT_TRUE(codec.Decode({1 | 0ULL << 7, 0}).ok()) << "TVM's no-op STORE names uop";
}

TEST(DecodeTest, IgnoresBitsThatNoFieldUses) {
  const InstructionCodec codec{Geometry{}};
  EXPECT_EQ(codec.Decode({~0ULL << 7 | 3, ~0ULL}).value(), Instruction{});
  const auto load = codec.Decode({63ULL << 58, 0});
  ASSERT_TRUE(load.ok());
  Instruction nothing;
  nothing.opcode = Opcode::kLoad;
  EXPECT_EQ(*load, nothing);
}

TEST(BytesTest, AreLittleEndianAndRoundTrip) {
  const InstructionCodec codec{Geometry{}};
  Instruction store;
  store.opcode = Opcode::kStore;
  store.memory = MemoryId::kOut;
  store.y_size = 0x0102;
  store.x_size = 3;
  const auto bytes = EncodeInstructions(std::vector<Instruction>{store, Instruction{}}, codec);
  ASSERT_TRUE(bytes.ok());
  EXPECT_EQ(*bytes, std::string("\x01\x02\0\0\0\0\0\0"
                                "\x02\x01\x03\0\0\0\0\0"
                                "\x03\0\0\0\0\0\0\0"
                                "\0\0\0\0\0\0\0\0",
                                32));
  const auto decoded = DecodeInstructions(*bytes, "x.bin", codec);
  ASSERT_TRUE(decoded.ok());
  EXPECT_THAT(*decoded, ::testing::ElementsAre(store, Instruction{}));

  const auto uops = EncodeMicroOps(std::vector<MicroOp>{{1, 0, 0}, {0, 0, 1}}, codec);
  ASSERT_TRUE(uops.ok());
  EXPECT_EQ(*uops, std::string("\x01\0\0\0\0\0\x40\0", 8));
}

TEST(BytesTest, ErrorsNameTheElement) {
  const InstructionCodec codec{Geometry{}};
  Instruction bad;
  bad.sram_base = 1;
  EXPECT_EQ(EncodeInstructions(std::vector<Instruction>{{}, bad}, codec).status().message(),
            "instruction 1: finish: sram_base is 1, must be 0: finish has no such field");
  EXPECT_EQ(EncodeMicroOps(std::vector<MicroOp>{{5000, 0, 0}}, codec).status().message(),
            "micro-op 0: dst is 5000, must be 0..2047");
  const std::string bytes = std::string(16, '\0') + "\x07" + std::string(15, '\0');
  EXPECT_EQ(DecodeInstructions(bytes, "d/i.bin", codec).status().message(),
            "d/i.bin: byte 16 (instruction 1): opcode is 7, must be 0..4");
  const auto cut = DecodeInstructions(std::string(37, '\0'), "d/i.bin", codec).status();
  EXPECT_EQ(cut.code(), StatusCode::kDataLoss);
  EXPECT_EQ(cut.message(),
            "d/i.bin: byte 32: an instruction of 16 bytes is cut off after 5; the size must be a "
            "multiple of 16, it is 37");
  EXPECT_EQ(DecodeMicroOps("abcdef", "d/u.bin", codec).status().message(),
            "d/u.bin: byte 4: a micro-op of 4 bytes is cut off after 2; the size must be a "
            "multiple of 4, it is 6");
}

}  // namespace
}  // namespace foothold::vta
