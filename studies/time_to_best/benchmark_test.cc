#include "studies/time_to_best/benchmark.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>

#include "foothold/explore.h"
#include "studies/time_to_best/testing/toy_target.h"

namespace foothold::studies {
namespace {

class BenchmarkTest : public ::testing::Test {
 protected:
  BenchmarkTest() : folder_(::testing::TempDir() + "foothold_benchmark_XXXXXX") {
    EXPECT_NE(mkdtemp(folder_.data()), nullptr);
  }
  ~BenchmarkTest() override { std::filesystem::remove_all(folder_); }

  Result<std::optional<Benchmark>> Open() {
    return OpenBenchmark(
        ToyTarget(), {ToyWorkload("net.one"), ToyWorkload("net.two")}, folder_, {}, *Env::Default(),
        [this](const Workload& workload, const ExploreProgress& progress) {
          heard_.push_back(workload.name);
          if (interrupt_after_ > 0 && heard_.size() >= interrupt_after_) interrupt_ = true;
          EXPECT_EQ(progress.total, 30u);
        },
        interrupt_);
  }

  std::string folder_;
  std::vector<std::string> heard_;
  std::size_t interrupt_after_ = 0;
  std::atomic<bool> interrupt_ = false;
};

TEST_F(BenchmarkTest, ExploresOnceAndReadsAfterwards) {
  const auto benchmark = Open();
  ASSERT_TRUE(benchmark.ok()) << benchmark.status().message();
  ASSERT_TRUE(benchmark->has_value());
  EXPECT_EQ((*benchmark)->target, "toy");
  ASSERT_EQ((*benchmark)->tasks.size(), 2u);
  for (const BenchmarkTask& task : (*benchmark)->tasks) {
    EXPECT_EQ(task.truth->valid_count(), 19u);
    EXPECT_EQ(task.truth->best_seconds(), 1e-3);
    EXPECT_GT(task.build_s, 0);
    EXPECT_LT(task.build_s, 1);
    EXPECT_EQ(task.task->KnownConstraints().size(), 1u);
  }
  EXPECT_THAT(heard_, ::testing::Contains("net.two"));

  const int before = ToyTask::builds();
  ASSERT_TRUE(Open().ok());
  EXPECT_EQ(ToyTask::builds() - before, 2 * 200) << "only to find out what a build takes";
}

TEST_F(BenchmarkTest, AnInterruptKeepsWhatWasExplored) {
  interrupt_ = true;
  const auto benchmark = Open();
  ASSERT_TRUE(benchmark.ok()) << benchmark.status().message();
  EXPECT_FALSE(benchmark->has_value());
  interrupt_ = false;
  EXPECT_TRUE(Open()->has_value());
}

TEST_F(BenchmarkTest, AFolderThatIsNotThereIsAnError) {
  std::filesystem::remove_all(folder_);
  EXPECT_FALSE(Open().ok());
}

}  // namespace
}  // namespace foothold::studies
