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

}  // namespace
}  // namespace foothold::studies
