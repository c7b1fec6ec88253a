#include "search/foothold/transfer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "search/searcher/testing/spaces.h"

namespace foothold::search {
namespace {

using ::testing::ElementsAre;

Workload Layer(std::int64_t channels, std::int64_t size = 14) {
  Conv2d conv;
  conv.in_channels = conv.out_channels = channels;
  conv.height = conv.width = size;
  Workload workload;
  workload.op = conv;
  return workload;
}

std::vector<Parameter> Tiles(std::vector<std::int64_t> a, std::vector<std::int64_t> b) {
  return {{"tile_a", std::move(a)}, {"tile_b", std::move(b)}};
}

/// Every config of `parameters`: valid up to a product of `room`, the greater the faster, in time
/// proportional to the workload's operations.
EarlierRun Explored(const std::string& target, const Workload& workload,
                    const std::vector<Parameter>& parameters, double room) {
  const Space space = Space::Create(parameters).value();
  EarlierRun run{target, {{"acc_bytes", 1024}}, workload, parameters, {}};
  for (std::uint64_t rank = 0; rank < space.valid_count(); ++rank) {
    Measurement& trial = run.trials.emplace_back();
    trial.config = space.Unrank(rank);
    const auto product = static_cast<double>(space.Value(trial.config, "tile_a") *
                                             space.Value(trial.config, "tile_b"));
    if (product > room) {
      trial.failure = {Outcome::kCompile, "too large", ""};
    } else {
      trial.seconds = {1e-9 * static_cast<double>(OperationCount(workload)) / product};
    }
  }
  return run;
}

SearchProblem Problem(std::vector<EarlierRun> runs,
                      std::vector<Parameter> parameters = Tiles({1, 2, 4, 8, 16}, {1, 2, 4, 8})) {
  SearchProblem problem{Space::Create(std::move(parameters)).value(),
                        1,
                        Knowledge::kBlind,
                        64,
                        Layer(64),
                        "board",
                        {{"acc_bytes", 1024}}};
  problem.earlier_runs = std::move(runs);
  return problem;
}

double Expect(const models::PriorMean& mean, const SearchProblem& problem, const Config& config) {
  double value = 0;
  mean(models::LogFeatures(problem.space).Extract(std::vector<Config>{config}),
       std::span(&value, 1));
  return value;
}

const std::vector<Parameter> kOtherTiles = Tiles({1, 3, 6, 12}, {1, 2, 3, 6, 9});

TEST(Transfer, LearnsWhatIsValidFromAnotherWorkloadsSpace) {
  const SearchProblem problem = Problem({Explored("board", Layer(48), kOtherTiles, 20)});
  const Transfer transfer(problem, /*estimates=*/false);
  ASSERT_EQ(transfer.runs(), 1u);
  EXPECT_GT(Expect(transfer.ExpectedLabels(), problem, {{1, 1}}), 0.5);   // 2 x 2
  EXPECT_LT(Expect(transfer.ExpectedLabels(), problem, {{4, 3}}), -0.5);  // 16 x 8
}

TEST(Transfer, ExpectsTimesOfThisWorkloadsSize) {
  const SearchProblem problem = Problem({Explored("board", Layer(48), kOtherTiles, 20)});
  const Transfer transfer(problem, /*estimates=*/false);
  EXPECT_EQ(transfer.time_scale(), models::TimeModel::Scale::kSeconds);
  const double fast = Expect(transfer.ExpectedTimes(), problem, {{2, 2}});  // 4 x 4
  const double slow = Expect(transfer.ExpectedTimes(), problem, {{0, 0}});  // 1 x 1
  EXPECT_LT(fast, slow - 1);
  const double operations = static_cast<double>(OperationCount(problem.workload));
  EXPECT_NEAR(fast, std::log(1e-9 * operations / 16), 0.5);
}

TEST(Transfer, NamesTheFastestConfigAsTheNearestOfThisSpace) {
  const SearchProblem problem = Problem({Explored("board", Layer(48), kOtherTiles, 20)});
  // 6 x 3 and 2 x 9 are the fastest of the other space.
  const Transfer transfer(problem, /*estimates=*/false);
  ASSERT_EQ(transfer.good_configs().size(), 1u);
  EXPECT_TRUE(problem.space.IsValid(transfer.good_configs().front()));
}

TEST(Transfer, LeavesOutRunsOfOtherOperatorsAndOtherParameters) {
  EarlierRun dense = Explored("board", Layer(48), kOtherTiles, 20);
  dense.workload.op = Dense{1, 64, 64};
  EarlierRun other = Explored("board", Layer(48), kOtherTiles, 20);
  other.parameters[1].name = "tile_c";
  const Transfer transfer(Problem({dense, other}), /*estimates=*/false);
  EXPECT_EQ(transfer.runs(), 0u);
  EXPECT_FALSE(transfer.ExpectedLabels());
  EXPECT_FALSE(transfer.ExpectedTimes());
}

TEST(Transfer, TakesAParameterWithoutAChoiceAsADescription) {
  // Here tile_b is always 1; elsewhere it made the difference.
  const auto expected = [](std::int64_t tile_b) {
    const SearchProblem problem =
        Problem({Explored("board", Layer(48), kOtherTiles, 11)}, Tiles({1, 2, 4, 8}, {tile_b}));
    const Transfer transfer(problem, /*estimates=*/false);
    return Expect(transfer.ExpectedLabels(), problem, {{2, 0}});
  };
  EXPECT_GT(expected(1), 0.3);   // 4 x 1
  EXPECT_LT(expected(9), -0.3);  // 4 x 9
}

/// Of one workload on two boards, of which the other has four times the room.
TEST(Transfer, TellsBoardsApart) {
  EarlierRun large = Explored("large", Layer(64), kOtherTiles, 80);
  large.device_numbers["acc_bytes"] = 4096;
  EarlierRun small = Explored("board", Layer(48), kOtherTiles, 20);
  const SearchProblem problem = Problem({large, small});
  const Transfer transfer(problem, /*estimates=*/false);
  ASSERT_EQ(transfer.runs(), 2u);
  const SearchProblem on_large = [&] {
    SearchProblem p = Problem({large, small});
    p.target = "large";
    p.device_numbers["acc_bytes"] = 4096;
    return p;
  }();
  const Transfer transfer_to_large(on_large, /*estimates=*/false);
  const Config config{{3, 2}};  // 8 x 4
  EXPECT_LT(Expect(transfer.ExpectedLabels(), problem, config), 0);
  EXPECT_GT(Expect(transfer_to_large.ExpectedLabels(), on_large, config), 0);
}

TEST(Transfer, LearnsFromTheMostSimilarTasks) {
  std::vector<EarlierRun> runs;
  for (std::int64_t channels = 512; channels >= 32; channels -= 32) {
    runs.push_back(Explored("board", Layer(channels), kOtherTiles, 20));
  }
  EXPECT_EQ(Transfer(Problem(runs), false).runs(), Transfer::kMaxRuns);
}

TEST(Transfer, KeepsNothingOfTheProblem) {
  auto problem =
      std::make_unique<SearchProblem>(Problem({Explored("board", Layer(48), kOtherTiles, 20)}));
  const Transfer transfer(*problem, /*estimates=*/false);
  const models::PriorMean labels = transfer.ExpectedLabels();
  problem.reset();
  EXPECT_GT(Expect(labels, Problem({}), {{1, 1}}), 0.5);
}

/// What a run without correct trials says of validity still counts.
TEST(Transfer, LearnsFromFailuresAlone) {
  EarlierRun failed = Explored("board", Layer(48), kOtherTiles, 0);
  const SearchProblem problem = Problem({failed});
  const Transfer transfer(problem, /*estimates=*/false);
  EXPECT_FALSE(transfer.ExpectedTimes());
  EXPECT_TRUE(transfer.good_configs().empty());
  EXPECT_LT(Expect(transfer.ExpectedLabels(), problem, {{2, 2}}), -0.5);
}

/// Times as errors of estimates, which are the same on every workload.
TEST(Transfer, LearnsTheErrorOfEstimatesWhereThereAreSome) {
  EarlierRun run = Explored("board", Layer(48), kOtherTiles, 20);
  for (Measurement& trial : run.trials) {
    if (trial.failure) continue;
    trial.metrics = {{kEstimateMetric, trial.MedianSeconds() / 1.5}};
  }
  const SearchProblem problem = Problem({run});
  const Transfer transfer(problem, /*estimates=*/true);
  EXPECT_EQ(transfer.time_scale(), models::TimeModel::Scale::kError);
  EXPECT_NEAR(Expect(transfer.ExpectedTimes(), problem, {{1, 1}}), std::log(1.5), 0.1);
}

}  // namespace
}  // namespace foothold::search
