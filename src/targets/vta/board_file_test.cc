#include "targets/vta/board_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "foothold/env.h"

namespace foothold::vta {
namespace {

using ::testing::HasSubstr;

BoardFile MyBoard() {
  BoardFile board;
  board.config.target = "pynq";
  board.config.geometry.log_inp_buff_size = 14;
  board.timing = FindTiming("pynq").value();
  board.timing.name = "mine";
  board.timing.host_us_per_instruction = 0.9;
  return board;
}

TEST(BoardFileTest, RoundTrips) {
  const auto board = ParseBoardFile(ToJson(MyBoard()), "b.json");
  ASSERT_TRUE(board.ok()) << board.status().message();
  EXPECT_EQ(board->config.geometry, MyBoard().config.geometry);
  EXPECT_EQ(board->timing.name, "mine");
  EXPECT_EQ(board->timing.host_us_per_instruction, 0.9);
  EXPECT_EQ(ToJson(*board), ToJson(MyBoard()));
}

// The format's golden file: a change here is a change of the format.
TEST(BoardFileTest, ReadsTheGoldenFile) {
  const std::string path = FOOTHOLD_SOURCE_DIR "/src/targets/vta/testdata/board.json";
  const auto text = Env::Default()->ReadFile(path);
  ASSERT_TRUE(text.ok()) << text.status().message();
  EXPECT_EQ(*text, ToJson(MyBoard()));
}

TEST(BoardFileTest, TakesAPlainVtaConfig) {
  VtaConfigFile config = MyBoard().config;
  config.target = "sim";
  const auto board = ParseBoardFile(ToJson(config), "c.json");
  ASSERT_TRUE(board.ok()) << board.status().message();
  EXPECT_EQ(board->timing.name, "pynq");
}

TEST(BoardFileTest, TheTargetSaysWhatTheRtlFixes) {
  VtaConfigFile config = MyBoard().config;
  config.target = "tsim";
  const auto chisel = ParseBoardFile(ToJson(config), "c.json");
  ASSERT_TRUE(chisel.ok()) << chisel.status().message();
  EXPECT_EQ(chisel->config.geometry.uop_capacity(), 2048);
  EXPECT_EQ(chisel->semantics, Semantics::kChisel);
  EXPECT_EQ(BuiltinBoard("de10nano").config.geometry.uop_capacity(), 2048);
  EXPECT_EQ(BuiltinBoard("zcu104").config.geometry.uop_capacity(), 8192);
}

TEST(BoardFileTest, ABoardFileMayHaveAnotherRtl) {
  BoardFile board = MyBoard();
  board.config.target = "de10nano";
  board.config.geometry.log_uop_memory = 12;
  board.semantics = Semantics::kChisel;
  const auto read = ParseBoardFile(ToJson(board), "b.json");
  ASSERT_TRUE(read.ok()) << read.status().message();
  EXPECT_EQ(read->config.geometry.uop_capacity(), 4096);
  EXPECT_EQ(ToJson(*read), ToJson(board));

  std::string json = ToJson(board);
  json.replace(json.find("4096"), 4, "4000");
  EXPECT_THAT(ParseBoardFile(json, "b.json").status().message(),
              HasSubstr("micro_ops: is 4000, must be a power of two"));
  json = ToJson(board);
  json.replace(json.find("\"chisel\""), 8, "\"verilog\"");
  EXPECT_THAT(ParseBoardFile(json, "b.json").status().message(),
              HasSubstr("semantics: is \"verilog\", must be \"fsim\" or \"chisel\""));
}

TEST(BoardFileTest, ErrorsNameFileLineAndField) {
  const auto message = [](const std::string& json) {
    return ParseBoardFile(json, "b.json").status().message();
  };
  EXPECT_THAT(message("{\n\"format\": \"other\"}"), HasSubstr("b.json:2: format: must be"));
  EXPECT_THAT(message("{\"format\": \"foothold-vta-board\", \"version\": 2}"),
              HasSubstr("version"));
  EXPECT_THAT(message("{\"format\": \"foothold-vta-board\", \"version\": 1}"),
              HasSubstr("vta_config"));
  std::string json = ToJson(MyBoard());
  json.insert(json.find("\"timing\""), "\"colour\": 1,\n  ");
  EXPECT_THAT(message(json), HasSubstr("colour"));
  json = ToJson(MyBoard());
  json.replace(json.find("\"gemm.per_uop\""), 14, "\"gemm.per_yop\"");
  EXPECT_THAT(message(json), HasSubstr("gemm.per_yop"));
}

}  // namespace
}  // namespace foothold::vta
