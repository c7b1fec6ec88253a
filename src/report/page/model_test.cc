#include "report/page/model.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "foothold/env.h"
#include "report/page/page.h"
#include "report/page/testing.h"

namespace foothold::report {
namespace {

TargetFacts NothingKnown(const RunHeader&, const Config*) { return {}; }

void ExpectGolden(const std::string& name, const std::string& text) {
  const std::string path = FOOTHOLD_SOURCE_DIR "/src/report/page/testdata/" + name;
  if (std::getenv("FOOTHOLD_APPROVE") != nullptr) {
    ASSERT_TRUE(Env::Default()->WriteFileAtomically(path, text).ok());
  }
  EXPECT_EQ(text, Env::Default()->ReadFile(path).value()) << "FOOTHOLD_APPROVE=1 accepts it";
}

LogContents TwoSearchers() {
  LogContents contents;
  RunLog& random = contents.runs.emplace_back(testing::EmptyRun("random", 1));
  testing::AddFailed(random, {{0, 0, 0}}, "needs 9 B of 8 B");
  auto& metrics = testing::AddCorrect(random, {{1, 1, 0}}, 0.004).measurement.metrics;
  metrics = {{kEstimateMetric, 0.0039}, {kLowerBoundMetric, 0.001}, {"cycles", 400}};
  testing::AddCorrect(random, {{2, 1, 0}}, 0.002).measurement.metrics = {{kEstimateMetric, 0.002}};
  RunLog& again = contents.runs.emplace_back(testing::EmptyRun("random", 2));
  again.run = 2;
  testing::AddCorrect(again, {{2, 0, 0}}, 1.0 / 300);
  testing::AddBuild(again, 1001, "needs 7 B of 6 B");
  RunLog& grid = contents.runs.emplace_back(testing::EmptyRun("grid", 1));
  grid.run = 3;
  grid.unfinished.push_back({0, {{0, 0, 0}}});
  return contents;
}

TEST(Model, MatchesItsGoldenFile) {
  const LogContents contents = TwoSearchers();
  const auto facts = [](const RunHeader&, const Config* best) {
    EXPECT_EQ(*best, (Config{{2, 1, 0}}));
    Explanation explanation;
    explanation.workload = "conv";
    explanation.cycles = 4;
    explanation.units = {{.name = "load", .busy = 3, .wait_next = 1}};
    return TargetFacts{512e9, 0.001, explanation};
  };
  ExpectGolden("model.golden", BuildModel({{"t.jsonl", &contents}}, facts).Dump(1) + "\n");
}

TEST(Model, KnowsAMachineWhateverItsLoad) {
  LogContents contents;
  for (const char* load : {"0.1", "2.5"}) {
    contents.runs.emplace_back(testing::EmptyRun()).header.machine["load"] = load;
  }
  contents.runs.emplace_back(testing::EmptyRun()).header.machine["host"] = "another";
  const auto model = BuildModel({{"t.jsonl", &contents}}, NothingKnown);
  EXPECT_EQ(model["machines"].Dump(), R"([{"host":"example"},{"host":"another"}])");
  EXPECT_EQ(model["runs"][1]["machine"], 0);
  EXPECT_EQ(model["runs"][2]["machine"], 1);
}

TEST(Model, AsksWithoutABestConfigWhereNothingWasCorrect) {
  LogContents contents;
  testing::AddFailed(contents.runs.emplace_back(testing::EmptyRun()), {{0, 0, 0}}, "no");
  int asked = 0;
  const auto model =
      BuildModel({{"t.jsonl", &contents}}, [&](const RunHeader&, const Config* best) {
        ++asked;
        EXPECT_EQ(best, nullptr);
        return TargetFacts{};
      });
  EXPECT_EQ(asked, 1);
  EXPECT_TRUE(model.at("questions").at(0).at("best").empty());
}

TEST(Model, OfNoLogsIsEmpty) {
  const auto model = BuildModel({}, NothingKnown);
  EXPECT_TRUE(model.at("questions").empty());
  EXPECT_TRUE(model.at("runs").empty());
}

TEST(Model, LeavesOutAnExplanationThatSaysNothingOfUnitsOrTooMuch) {
  const LogContents contents = TwoSearchers();
  const auto explained = [&](const std::optional<Explanation>& explanation) {
    const auto facts = [&](const RunHeader&, const Config*) {
      return TargetFacts{0, 0, explanation};
    };
    const auto model = BuildModel({{"t.jsonl", &contents}}, facts);
    return !model.at("questions").at(0).at("explanation").is_null();
  };
  EXPECT_FALSE(explained(std::nullopt));
  Explanation explanation;
  explanation.config = "a=1";
  EXPECT_FALSE(explained(explanation));
  explanation.units = {{.name = "load", .busy = 3}};
  EXPECT_TRUE(explained(explanation));
  explanation.source = std::string(100'000, 'x');
  EXPECT_FALSE(explained(explanation));
}

// Many of everything, and long texts.
LogContents Monstrous() {
  LogContents contents;
  const std::string text(400, 'x');
  for (std::size_t i = 0; i < 1'000; ++i) {
    RunLog& run = contents.runs.emplace_back(testing::EmptyRun(text + std::to_string(i % 300), i));
    run.run = i + 1;
    run.header.target = text + std::to_string(i % 120);
    run.header.workload.name = text;
    run.header.foothold_version = text;
    for (std::size_t k = 0; k < 50; ++k) {
      run.header.options[std::to_string(k) + text] = text;
      run.header.machine[std::to_string(k) + text] = std::to_string(i) + text;
    }
    for (std::size_t k = 0; k < 40; ++k) {
      testing::AddCorrect(run, {{1, 1, 0}}, 1.0 / static_cast<double>(i + k + 3));
      testing::AddFailed(run, {{0, 0, 0}}, std::string(k % 30, 'y') + text);
    }
  }
  return contents;
}

TEST(Model, ShowsLessOfLargeLogsAndSaysSo) {
  const LogContents contents = Monstrous();
  const auto model = BuildModel({{std::string(5'000, 'n'), &contents}}, NothingKnown);
  EXPECT_LE(model.Dump().size(), ModelOptions{}.max_bytes);
  EXPECT_GT(model.at("questions").size(), 0U);
  const auto& left_out = model.at("left_out");
  EXPECT_EQ(model.at("questions").size() + left_out.at("questions").Get<std::size_t>(), 120U);
  EXPECT_EQ(model.at("runs").size() + left_out.at("runs").Get<std::size_t>(), 1'000U);
}

}  // namespace
}  // namespace foothold::report
