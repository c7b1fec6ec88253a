#include "studies/real_board/board_trials.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace foothold::studies {
namespace {

using ::testing::ElementsAre;

const std::string kHeader =
    "source,N,CI,H,W,CO,KH,KW,stride,pad,tile_b,tile_h,tile_w,tile_ci,tile_co,oc_nthread,h_nthread,"
    "error_no,cost_s,"
    "all_cost_s\n";

TEST(BoardTrialsTest, ReadsSuccessesAndFailures) {
  const auto trials = ReadBoardTrials(kHeader +
                                          "x,1,512,14,14,512,3,3,1,1,1,14,7,1,4,1,1,0,0.0389,3.28\n"
                                          "x,1,512,14,14,512,3,3,1,1,1,2,2,2,32,1,2,2,,0.6\n",
                                      "t.csv");
  ASSERT_TRUE(trials.ok()) << trials.status().message();
  ASSERT_EQ(trials->size(), 2U);
  EXPECT_THAT(trials->at(0).values, ElementsAre(1, 14, 7, 1, 4, 1, 1));
  EXPECT_EQ(trials->at(0).seconds, 0.0389);
  EXPECT_EQ(trials->at(0).workload.name, "14x14 512->512 3x3");
  EXPECT_EQ(trials->at(1).error_no, 2);
  EXPECT_FALSE(trials->at(1).seconds.has_value());
}

// Networks have layers that differ in their strides alone.
TEST(BoardTrialsTest, DifferentLayersHaveDifferentNames) {
  const auto trials = ReadBoardTrials(kHeader +
                                          "x,1,512,14,14,512,3,3,1,1,1,14,7,1,4,1,1,0,0.0389,3.28\n"
                                          "x,1,512,14,14,512,3,3,2,1,1,7,7,1,4,1,1,0,0.0098,3.28\n"
                                          "x,4,512,14,14,512,3,3,2,0,1,6,6,1,4,1,1,0,0.0312,3.28\n",
                                      "t.csv");
  ASSERT_TRUE(trials.ok()) << trials.status().message();
  EXPECT_EQ(trials->at(0).workload.name, "14x14 512->512 3x3");
  EXPECT_EQ(trials->at(1).workload.name, "14x14 512->512 3x3, stride 2");
  EXPECT_EQ(trials->at(2).workload.name, "14x14 512->512 3x3, batch 4, stride 2, pad 0");
}

TEST(BoardTrialsTest, ErrorsNameFileLineAndColumn) {
  const auto message = [](const std::string& csv) {
    return ReadBoardTrials(csv, "t.csv").status().message();
  };
  EXPECT_EQ(message(""), "t.csv:1: is empty, must begin with the names of the columns");
  EXPECT_EQ(message("N,CI\n"), "t.csv:1: H: column is missing");
  EXPECT_EQ(message(kHeader + "x,1\n"), "t.csv:2: has 2 fields, must have 20");
  EXPECT_EQ(message(kHeader + "x,1,many,14,14,512,3,3,1,1,1,14,7,1,4,1,1,0,0.0389,3.28\n"),
            "t.csv:2: CI: is \"many\", must be a number");
  EXPECT_EQ(message(kHeader + "x,1,16,14,14,512,3,3,1,1,1,14,7,1,4,1,1,0,0,3.28\n"),
            "t.csv:2: cost_s: must be above 0");
}

/// One layer's best record, and one that failed.
TEST(BoardTrialsTest, ReadsALogOfAutotvm) {
  const std::string record =
      R"({"input": ["ext_dev -device=vta -model=pynq_1x16_i8w8a32_15_15_18_17", )"
      R"("dense_packed.vta", [["TENSOR", [1, 4, 1, 16], "int8"], ["TENSOR", [2, 4, 16, 16], )"
      R"("int8"], null, "int32"], {}], "config": {"index": 4, "code_hash": null, "entity": )"
      R"([["tile_b", "sp", [-1, 1]], ["tile_ci", "sp", [-1, 2]], ["tile_co", "sp", [-1, 2]], )"
      R"(["oc_nthread", "ot", 1]]}, "result": [[COST], ERROR, 7.9, 1700000001.5], )"
      R"("version": 0.2, "tvm_version": "0.8.0"})";
  const auto with = [&record](const std::string& cost, const std::string& error) {
    std::string text = record;
    text.replace(text.find("COST"), 4, cost);
    text.replace(text.find("ERROR"), 5, error);
    return text + "\n";
  };
  const auto trials =
      ReadBoardTrials("# best\n" + with("0.25", "0") + with("1e9", "7"), "best.log");
  ASSERT_TRUE(trials.ok()) << trials.status().message();
  ASSERT_EQ(trials->size(), 2U);
  EXPECT_EQ(trials->at(0).workload.op, Operator(Dense{1, 64, 32}));
  EXPECT_EQ(trials->at(0).values, (std::vector<std::int64_t>{1, 2, 2, 1}));
  EXPECT_EQ(trials->at(0).seconds, 0.25);
  EXPECT_EQ(trials->at(1).error_no, 7);
  EXPECT_FALSE(trials->at(1).seconds);
}

}  // namespace
}  // namespace foothold::studies
