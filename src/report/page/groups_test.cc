#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "report/page/problem.h"
#include "report/page/testing.h"

namespace foothold::report {
namespace {

using ::testing::ElementsAre;

class Groups : public ::testing::Test {
 protected:
  Groups() {
    contents_[0].runs = {testing::EmptyRun("random", 1), testing::EmptyRun("grid", 1)};
    contents_[1].runs = {testing::EmptyRun("random", 2), testing::EmptyRun("random", 3)};
    contents_[1].runs[1].header.options["knowledge"] = "blind";
    for (std::size_t log = 0; log < 2; ++log) {
      logs_.push_back({log == 0 ? "x.jsonl" : "y.jsonl", &contents_[log]});
      for (const RunLog& run : contents_[log].runs) {
        question_.runs.push_back({&run, log, question_.runs.size(), {}});
      }
    }
  }

  std::vector<std::string> Names(Grouping grouping) const {
    std::vector<std::string> names;
    for (const RunGroup& group : GroupRuns(question_, logs_, grouping)) {
      names.push_back(group.name + ": " + std::to_string(group.runs.size()));
    }
    return names;
  }

  LogContents contents_[2];
  std::vector<NamedLog> logs_;
  Question question_;
};

TEST_F(Groups, AreOfOneSearcherAndItsOptionsWhateverTheSeedAndLog) {
  EXPECT_THAT(Names(Grouping::kSearcher),
              ElementsAre("random, knowledge not given: 2", "grid, knowledge not given: 1",
                          "random, knowledge blind: 1"));
}

TEST_F(Groups, MayBeOfOneLogEach) {
  EXPECT_THAT(Names(Grouping::kLog), ElementsAre("random, knowledge not given (x.jsonl): 1",
                                                 "grid, knowledge not given (x.jsonl): 1",
                                                 "random, knowledge not given (y.jsonl): 1",
                                                 "random, knowledge blind (y.jsonl): 1"));
}

}  // namespace
}  // namespace foothold::report
