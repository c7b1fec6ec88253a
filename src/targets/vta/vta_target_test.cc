#include "targets/vta/vta_target.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

namespace foothold::vta {
namespace {

using ::testing::HasSubstr;

std::string WriteConfig(const std::string& name, const std::string& text) {
  const std::string path = (std::filesystem::path(::testing::TempDir()) / name).string();
  EXPECT_TRUE(Env::Default()->WriteFileAtomically(path, text).ok());
  return path;
}

TEST(VtaTargetTest, MachinesAreNamedAndFound) {
  for (const std::string& name : BuiltinMachines()) {
    const auto machine = FindMachine(*Env::Default(), name);
    ASSERT_TRUE(machine.ok()) << machine.status().message();
    EXPECT_EQ(machine->name, name);
    EXPECT_TRUE(Validate(machine->geometry).ok());
    EXPECT_TRUE(Validate(machine->timing).ok());
  }
  EXPECT_EQ(FindMachine(*Env::Default(), "pynq-4x8")->geometry.ModelName(),
            "4x8_i8w8a32_15_16_16_18");
  EXPECT_EQ(FindMachine(*Env::Default(), "pink").status().code(), StatusCode::kNotFound);
}

TEST(VtaTargetTest, AConfigFileGivesTheGeometry) {
  const std::string path = WriteConfig("vta_config.json", R"({
    "TARGET": "sim", "HW_VER": "0.0.2", "LOG_INP_WIDTH": 3, "LOG_WGT_WIDTH": 3, "LOG_ACC_WIDTH": 5,
    "LOG_BATCH": 0, "LOG_BLOCK": 4, "LOG_UOP_BUFF_SIZE": 15, "LOG_INP_BUFF_SIZE": 14, "LOG_WGT_BUFF_SIZE": 17,
    "LOG_ACC_BUFF_SIZE": 16})");
  const auto machine = FindMachine(*Env::Default(), path);
  ASSERT_TRUE(machine.ok()) << machine.status().message();
  EXPECT_EQ(machine->geometry.inp_depth(), 1024);
  EXPECT_EQ(MakeVtaTarget(*machine)->name(), "vta:sim_1x16_i8w8a32_15_14_17_16");
}

TEST(VtaTargetTest, AGeometryBeyondTheEncodingNamesFileLineAndField) {
  const std::string path = WriteConfig("too_large.json", R"({
    "TARGET": "pynq", "LOG_INP_WIDTH": 3, "LOG_WGT_WIDTH": 3, "LOG_ACC_WIDTH": 5,
    "LOG_BATCH": 0, "LOG_BLOCK": 4, "LOG_UOP_BUFF_SIZE": 15, "LOG_INP_BUFF_SIZE": 16, "LOG_WGT_BUFF_SIZE": 18,
    "LOG_ACC_BUFF_SIZE": 17})");
  const auto machine = FindMachine(*Env::Default(), path);
  ASSERT_FALSE(machine.ok());
  EXPECT_EQ(machine.status().code(), StatusCode::kInvalidArgument);
  EXPECT_THAT(machine.status().message(), HasSubstr("too_large.json"));
}

TEST(VtaTargetTest, AShapeTheHardwareCannotTakeIsRefused) {
  const auto target = MakeVtaTarget(*FindMachine(*Env::Default(), "pynq"));
  const auto task = target->Prepare(
      {"large",
       Conv2d{.in_channels = 20, .height = 10000, .width = 10000, .out_channels = 16},
       {}});
  ASSERT_FALSE(task.ok());
  EXPECT_THAT(task.status().message(), HasSubstr("a VTA addresses 4,294,967,296"));
  EXPECT_THAT(target->Prepare({"kernel", Kernel{"gemm"}, {}}).status().message(),
              HasSubstr("VTA takes conv2d, conv2d_transpose and dense"));
}

}  // namespace
}  // namespace foothold::vta
