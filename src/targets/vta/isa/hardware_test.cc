#include "targets/vta/isa/hardware.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "targets/vta/isa/testing/random_instruction.h"

namespace foothold::vta {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(GeometryTest, DerivedSizesOfTheDefault) {
  const Geometry geometry;
  EXPECT_EQ(geometry.inp_elem_bytes(), 16);
  EXPECT_EQ(geometry.wgt_elem_bytes(), 256);
  EXPECT_EQ(geometry.acc_elem_bytes(), 64);
  EXPECT_EQ(geometry.inp_depth(), 2048);
  EXPECT_EQ(geometry.wgt_depth(), 1024);
  EXPECT_EQ(geometry.acc_depth(), 2048);
  EXPECT_EQ(geometry.uop_depth(), 8192);
  EXPECT_TRUE(Validate(geometry).ok());
}

TEST(GeometryTest, FourByEightHasTheSameFieldWidths) {
  const Geometry geometry = Geometry4x8();
  EXPECT_EQ(geometry.inp_depth(), 2048);
  EXPECT_EQ(geometry.wgt_depth(), 1024);
  EXPECT_EQ(geometry.acc_depth(), 2048);
  EXPECT_EQ(geometry.macs_per_gemm(), 256);
  EXPECT_TRUE(Validate(geometry).ok());
}

// The default is at the limit in every word: each scratchpad can shrink and none can grow.
TEST(GeometryTest, NoScratchpadOfTheDefaultCanGrow) {
  struct Case {
    int Geometry::*size;
    const char* message;
  };
  const Case cases[] = {
      {&Geometry::log_uop_buff_size,
       "LOG_UOP_BUFF_SIZE is 16, must be at most 15: gemm's first word would need 65 bits of 64"},
      {&Geometry::log_inp_buff_size,
       "LOG_INP_BUFF_SIZE is 16, must be at most 15: gemm's second word would need 66 bits of 64"},
      {&Geometry::log_wgt_buff_size,
       "LOG_WGT_BUFF_SIZE is 19, must be at most 18: gemm's second word would need 66 bits of 64"},
      {&Geometry::log_acc_buff_size,
       "LOG_ACC_BUFF_SIZE is 18, must be at most 17: gemm's second word would need 66 bits of 64"},
  };
  for (const Case& c : cases) {
    Geometry geometry;
    geometry.*c.size += 1;
    EXPECT_EQ(Validate(geometry).message(), c.message);
    geometry.*c.size -= 2;
    EXPECT_TRUE(Validate(geometry).ok());
  }
}

TEST(GeometryTest, AluAndMicroOpHaveBudgetsOfTheirOwn) {
  Geometry geometry;
  geometry.log_acc_buff_size = 18;  // 12 bits
  geometry.log_wgt_buff_size = 16;  // 8 bits
  EXPECT_EQ(Validate(geometry).message(),
            "LOG_ACC_BUFF_SIZE is 18, must be at most 17: alu's second word would need 68 bits of "
            "64");
  geometry.log_acc_buff_size = 16;  // 10 bits
  geometry.log_inp_buff_size = 16;  // 12 bits, of GEMM's second word 60 in all
  geometry.log_wgt_buff_size = 17;  // 9 bits
  EXPECT_TRUE(Validate(geometry).ok());
  geometry.log_inp_buff_size = 17;
  geometry.log_acc_buff_size = 15;  // 9 + 13 + 9 are 31 bits
  EXPECT_TRUE(Validate(geometry).ok());
  geometry.log_inp_buff_size = 19;
  geometry.log_acc_buff_size = 13;  // 7 + 15 + 10: GEMM has the room, and a micro-op just so
  geometry.log_wgt_buff_size = 18;
  EXPECT_TRUE(Validate(geometry).ok());
  geometry.log_acc_buff_size = 12;
  geometry.log_inp_buff_size = 20;  // 6 + 16 + 10
  EXPECT_TRUE(Validate(geometry).ok());
  geometry.log_inp_buff_size = 21;
  EXPECT_EQ(Validate(geometry).message(),
            "LOG_INP_BUFF_SIZE is 21, must be at most 20: LOAD and STORE reach 2^16 elements");
}

TEST(GeometryTest, ScratchpadsHoldAtLeastOneElement) {
  Geometry geometry;
  geometry.log_wgt_buff_size = 8;
  EXPECT_TRUE(Validate(geometry).ok());
  geometry.log_wgt_buff_size = 7;
  EXPECT_EQ(Validate(geometry).message(),
            "LOG_WGT_BUFF_SIZE is 7, must be at least 8: one wgt element is 256 bytes");
}

TEST(GeometryTest, OtherWidthsAndWildValuesAreRefused) {
  Geometry geometry;
  geometry.log_acc_width = 4;
  EXPECT_EQ(Validate(geometry).message(), "LOG_ACC_WIDTH is 4, must be 5");
  geometry = Geometry{};
  geometry.log_block = 9;
  EXPECT_EQ(Validate(geometry).message(), "LOG_BLOCK is 9, must be 0..8");
  geometry = Geometry{};
  geometry.log_batch = -1;
  EXPECT_EQ(Validate(geometry).message(), "LOG_BATCH is -1, must be 0..8");
}

TEST(ModelNameTest, RoundTrips) {
  EXPECT_EQ(Geometry{}.ModelName(), "1x16_i8w8a32_15_15_18_17");
  EXPECT_EQ(Geometry4x8().ModelName(), "4x8_i8w8a32_15_16_16_18");
  const auto model = ParseModelName("pynq_4x8_i8w8a32_15_16_16_18");
  ASSERT_TRUE(model.ok()) << model.status().message();
  EXPECT_EQ(model->board, "pynq");
  EXPECT_EQ(model->geometry, Geometry4x8());
  const auto ultra96 = ParseModelName("ultra96_1x16_i8w8a32_15_15_18_17");
  ASSERT_TRUE(ultra96.ok()) << ultra96.status().message();
  EXPECT_EQ(ultra96->board, "ultra96");
  EXPECT_EQ(ultra96->geometry, Geometry{});
}

TEST(ModelNameTest, RefusesWhatItIsNot) {
  for (const char* name : {"pynq", "pynq_", "pynq_1x16", "pynq_1x16_i8w8a32_15_15_18",
                           "pynq_1x16_i8w8a32_15_15_18_17_", "pynq_1x16_i8w8a32_15_15_18_17 ",
                           "pynq_1x16_i8w8a32_15_15_18_x", "pynq_-1x16_i8w8a32_1_1_1_1",
                           "pynq_99999999999x16_i8w8a32_15_15_18_17"}) {
    const auto model = ParseModelName(name);
    ASSERT_FALSE(model.ok()) << name;
    EXPECT_THAT(model.status().message(), HasSubstr("must read like pynq_1x16")) << name;
  }
  EXPECT_THAT(ParseModelName("").status().message(), HasSubstr("must begin with one of sim"));
  EXPECT_THAT(ParseModelName("gpu_1x16_i8w8a32_15_15_18_17").status().message(),
              HasSubstr("must begin with one of sim"));
  EXPECT_THAT(ParseModelName("pynq_3x16_i8w8a32_15_15_18_17").status().message(),
              HasSubstr("LOG_BATCH"));
  EXPECT_THAT(ParseModelName("pynq_1x16_i8w8a32_16_15_18_17").status().message(),
              HasSubstr("LOG_UOP_BUFF_SIZE is 16"));
}

constexpr const char* kSample = R"({
  "TARGET" : "zcu104",
  "HW_VER" : "0.0.1",
  "LOG_INP_WIDTH" : 3,
  "LOG_WGT_WIDTH" : 3,
  "LOG_ACC_WIDTH" : 5,
  "LOG_BATCH" : 0,
  "LOG_BLOCK" : 4,
  "LOG_UOP_BUFF_SIZE" : 15,
  "LOG_INP_BUFF_SIZE" : 15,
  "LOG_WGT_BUFF_SIZE" : 18,
  "LOG_ACC_BUFF_SIZE" : 17
})";

std::string SampleWith(const std::string& from, const std::string& to) {
  std::string text = kSample;
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(VtaConfigTest, ReadsASample) {
  const auto config = ParseVtaConfig(kSample, "vta_config.json");
  ASSERT_TRUE(config.ok()) << config.status().message();
  EXPECT_EQ(config->target, "zcu104");
  EXPECT_EQ(config->hw_version, "0.0.1");
  EXPECT_EQ(config->geometry, Geometry{});
}

TEST(VtaConfigTest, VersionMayBeLeftOut) {
  const auto config = ParseVtaConfig(SampleWith("  \"HW_VER\" : \"0.0.1\",\n", ""), "c.json");
  ASSERT_TRUE(config.ok()) << config.status().message();
  EXPECT_EQ(config->hw_version, "");
}

TEST(VtaConfigTest, ErrorsNameFileLineAndField) {
  const auto message = [](const std::string& from, const std::string& to) {
    const auto config = ParseVtaConfig(SampleWith(from, to), "c.json");
    EXPECT_FALSE(config.ok()) << to;
    EXPECT_EQ(config.status().code(), StatusCode::kInvalidArgument);
    return config.status().message();
  };
  EXPECT_THAT(message("\"zcu104\"", "\"zcu105\""),
              StartsWith("c.json:2: TARGET: is 'zcu105', must"));
  EXPECT_THAT(message("\"zcu104\"", "7"), StartsWith("c.json:2: TARGET: "));
  EXPECT_THAT(message("_WIDTH\" : 5", "_WIDTH\" : 4"),
              StartsWith("c.json:6: LOG_ACC_WIDTH: is 4, must be 5"));
  EXPECT_THAT(message("SIZE\" : 17", "SIZE\" : 18"),
              StartsWith("c.json:12: LOG_ACC_BUFF_SIZE: is 18, must be at most 17"));
  EXPECT_THAT(message("SIZE\" : 17", "SIZE\" : 17.5"),
              StartsWith("c.json:12: LOG_ACC_BUFF_SIZE: "));
  EXPECT_THAT(message("LOG_BLOCK", "LOG_BLOK"), HasSubstr("LOG_BLOCK: is missing"));
  EXPECT_THAT(message("\"HW_VER\"", "\"HW_VERSION\""), StartsWith("c.json:3: HW_VERSION: "));
  EXPECT_THAT(message("}", ""), StartsWith("c.json:"));
}

TEST(GeometryTest, TheRtlLimitsTheMicroOpsNotTheEncoding) {
  const Geometry chisel = {.log_uop_memory = 11};
  EXPECT_EQ(chisel.uop_capacity(), 2048);
  EXPECT_EQ(chisel.uop_depth(), 8192);
  EXPECT_EQ(Geometry{}.uop_capacity(), 8192);
  // A configuration that has fewer than the RTL is believed.
  EXPECT_EQ((Geometry{.log_uop_buff_size = 10, .log_uop_memory = 11}.uop_capacity()), 256);
}

}  // namespace
}  // namespace foothold::vta
