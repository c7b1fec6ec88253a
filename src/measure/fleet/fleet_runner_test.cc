// Tuners and workers on a real server; the workers are threads.
#include "measure/fleet/fleet_runner.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "measure/fleet/testing/redis_server.h"
#include "measure/fleet/worker.h"
#include "measure/in_process_runner.h"
#include "measure/testing/formula_task.h"

namespace foothold::measure {
namespace {

using ::testing::HasSubstr;

const std::atomic<bool> kNever = false;
bool NeverStop() { return false; }

/// Its tasks call `on_run` before each run, and fail with what it says.
class FormulaTarget final : public Target {
 public:
  explicit FormulaTarget(bool can_harm_host = false) : can_harm_host_(can_harm_host) {}
  std::function<Status(const Config&)> on_run = [](const Config&) { return Status(); };

  std::string name() const override { return "formula"; }
  std::string description() const override { return "a formula"; }
  Result<std::unique_ptr<TargetTask>> Prepare(const Workload& workload) const override {
    return std::unique_ptr<TargetTask>(std::make_unique<Task>(*this, workload));
  }

 private:
  class Task final : public FormulaTask {
   public:
    Task(const FormulaTarget& target, const Workload& workload)
        : FormulaTask(target.can_harm_host_), target_(target), workload_(workload) {}
    const Workload& workload() const override { return workload_; }
    BuildResult Build(const Config& config) const override {
      {
        const std::scoped_lock lock(mutex_);
        last_ = config;
      }
      return FormulaTask::Build(config);
    }
    RunResult Run(const Program& program, const RunOptions& options) const override {
      Config config;
      {
        const std::scoped_lock lock(mutex_);
        config = last_;
      }
      if (Status status = target_.on_run(config); !status.ok()) {
        RunResult failed;
        failed.status = std::move(status);
        return failed;
      }
      return FormulaTask::Run(program, options);
    }

   private:
    const FormulaTarget& target_;
    const Workload workload_;
    mutable std::mutex mutex_;
    mutable Config last_;
  };
  const bool can_harm_host_;
};

/// A worker in a thread of its own, until it is destroyed.
class WorkerThread {
 public:
  WorkerThread(const FleetAddress& address, const std::string& device, const Target& target,
               double lease_s = 1) {
    options_.address = address;
    options_.device = device;
    options_.class_name = "class";
    options_.lease_s = lease_s;
    options_.jobs = 1;
    options_.probe_pause_s = 0.05;
    thread_ = std::thread([this, &target] {
      const WorkerParts parts{target,
                              *Env::Default(),
                              *Env::Default(),
                              abort_,
                              interrupt_,
                              [this](const std::string& line) {
                                const std::scoped_lock lock(mutex_);
                                said_ += line + "\n";
                              }};
      result_ = RunWorker(parts, options_);
    });
  }
  ~WorkerThread() { (void)End(); }

  Result<WorkerSummary> End() {
    interrupt_ = true;
    if (thread_.joinable()) thread_.join();
    return result_;
  }
  std::string said() const {
    const std::scoped_lock lock(mutex_);
    return said_;
  }

 private:
  WorkerOptions options_;
  std::atomic<bool> abort_ = false;
  std::atomic<bool> interrupt_ = false;
  mutable std::mutex mutex_;
  std::string said_;
  Result<WorkerSummary> result_ = WorkerSummary();
  std::thread thread_;
};

class FleetRunnerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    FOOTHOLD_NEEDS_REDIS();
    server_ = std::make_unique<RedisServer>();
    task_ = here_.Prepare(workload_).value();
    harmful_task_ = harmful_here_.Prepare(workload_).value();
  }

  std::unique_ptr<FleetRunner> Tuner(bool is_new = true, const TargetTask* task = nullptr,
                                     double patience_s = 30,
                                     const std::atomic<bool>& interrupt = kNever) {
    const FleetWork work{task != nullptr ? *task : *task_, {}, {}, {}, *Env::Default(), interrupt};
    auto runner = FleetRunner::Connect(work, {server_->address(), "class", "", patience_s}).value();
    runner->Begin("log", is_new);
    return runner;
  }
  std::vector<Config> Configs(std::size_t count) const {
    std::vector<Config> configs;
    for (std::size_t i = 0; i < count; ++i) {
      configs.push_back(task_->space().AtIndex(i * 37 % task_->space().raw_size()));
    }
    return configs;
  }
  void WaitForWorkers(FleetRunner& runner, std::size_t count) {
    for (int i = 0; i < 200 && runner.parallelism() != count * FleetRunner::kJobsPerWorker; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      runner.Begin("log", false);
    }
    ASSERT_EQ(runner.parallelism(), count * FleetRunner::kJobsPerWorker);
  }

  const Workload workload_ = ParseInlineWorkload("dense:1x8,4").value();
  std::unique_ptr<RedisServer> server_;
  const FormulaTarget here_;
  const FormulaTarget harmful_here_{true};
  std::unique_ptr<TargetTask> task_;
  std::unique_ptr<TargetTask> harmful_task_;
};

/// Wall times differ, of course.
std::string TextOf(const Measurement& m) {
  std::string text = m.failure ? std::string(ToString(m.failure->outcome)) + ToString(*m.failure)
                               : fmt::format("{}", m.MedianSeconds());
  for (const auto& [name, value] : m.metrics) text += fmt::format(" {}={}", name, value);
  return text;
}

TEST_F(FleetRunnerTest, MeasuresWhatALocalRunnerMeasuresOnSeveralWorkers) {
  std::mutex mutex;
  std::set<std::string> threads;
  FormulaTarget target;
  target.on_run = [&](const Config&) {
    const std::scoped_lock lock(mutex);
    threads.insert(fmt::format("{}", std::hash<std::thread::id>()(std::this_thread::get_id())));
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    return Status();
  };
  const auto runner = Tuner();
  WorkerThread a(server_->address(), "a", target);
  WorkerThread b(server_->address(), "b", target);
  WaitForWorkers(*runner, 2);
  const std::vector<Config> configs = Configs(60);
  const MeasuredBatch batch = runner->Measure(configs, NeverStop);
  ASSERT_EQ(batch.status, Status());
  ASSERT_EQ(batch.measurements.size(), configs.size());
  ASSERT_EQ(batch.builds.size(), configs.size());

  const auto local = MakeInProcessRunner(*task_, {}, 1, *Env::Default());
  const MeasuredBatch expected = local->Measure(configs, NeverStop);
  for (std::size_t i = 0; i < configs.size(); ++i) {
    EXPECT_EQ(batch.measurements[i].config, configs[i]);
    EXPECT_EQ(TextOf(batch.measurements[i]), TextOf(expected.measurements[i]));
    EXPECT_EQ(batch.builds[i].failure, expected.builds[i].failure);
  }
  EXPECT_EQ(threads.size(), 2u);
  const std::uint64_t done = a.End().value().done + b.End().value().done;
  EXPECT_LE(done, configs.size());  // known constraints need no worker
  EXPECT_GT(done, configs.size() / 2);
}

TEST_F(FleetRunnerTest, BuildsAndCompares) {
  FormulaTarget target;
  const auto runner = Tuner();
  WorkerThread a(server_->address(), "a", target);
  const std::vector<Config> configs = Configs(10);
  const BuiltBatch built = runner->Build(configs, NeverStop);
  ASSERT_EQ(built.status, Status());
  const BuiltBatch expected =
      MakeInProcessRunner(*task_, {}, 1, *Env::Default())->Build(configs, NeverStop);
  ASSERT_EQ(built.reports.size(), configs.size());
  for (std::size_t i = 0; i < configs.size(); ++i) {
    EXPECT_EQ(built.reports[i].failure, expected.reports[i].failure);
    EXPECT_EQ(built.reports[i].metrics, expected.reports[i].metrics);
  }
  const MeasuredBatch measured = runner->Measure(configs, NeverStop);
  std::vector<Config> correct;
  for (const Measurement& one : measured.measurements) {
    if (one.outcome() == Outcome::kCorrect) correct.push_back(one.config);
  }
  ASSERT_GE(correct.size(), 2u);
  int rounds = 0;
  const auto comparison =
      runner->Compare(correct, {}, 5, 1, NeverStop, [&](const Comparison&) { ++rounds; });
  ASSERT_TRUE(comparison.ok()) << comparison.status().message();
  EXPECT_EQ(comparison->candidates.size(), correct.size());
  EXPECT_TRUE(comparison->best.has_value());
  EXPECT_EQ(rounds, 1);
}

TEST_F(FleetRunnerTest, WhatOneDeviceCannotDoAnotherDoes) {
  FormulaTarget broken;
  broken.on_run = [](const Config&) { return Status::Unavailable("no bitstream"); };
  FormulaTarget well;
  well.on_run = [](const Config&) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    return Status();
  };
  const auto runner = Tuner();
  WorkerThread a(server_->address(), "broken", broken);
  WorkerThread b(server_->address(), "well", well);
  WaitForWorkers(*runner, 2);
  const std::vector<Config> configs = Configs(40);
  const MeasuredBatch batch = runner->Measure(configs, NeverStop);
  EXPECT_EQ(batch.status, Status());
  EXPECT_EQ(batch.measurements.size(), configs.size());
  EXPECT_THAT(a.said(), HasSubstr("no bitstream"));
}

TEST_F(FleetRunnerTest, ADeviceThatFailsThriceIsInQuarantineUntilAProbeSucceeds) {
  std::atomic<int> runs = 0;
  FormulaTarget target;
  target.on_run = [&](const Config&) {
    const int run = ++runs;
    return run > 20 && run <= 26 ? Status::IoError("the disk is full") : Status();
  };
  const auto runner = Tuner();
  WorkerThread a(server_->address(), "a", target);
  const std::vector<Config> configs = Configs(100);
  std::size_t failed = 0;
  std::size_t done = 0;
  while (done < configs.size() && failed < 20) {
    const MeasuredBatch batch = runner->Measure(std::span(configs).subspan(done), NeverStop);
    done += batch.measurements.size();
    if (batch.status.ok()) continue;
    ++failed;
    EXPECT_EQ(batch.status.message(), "the disk is full");
  }
  EXPECT_EQ(done, configs.size());
  EXPECT_EQ(failed, 3u);
  EXPECT_THAT(a.said(), HasSubstr("in quarantine, and takes no jobs: the disk is full"));
  EXPECT_THAT(a.said(), HasSubstr("out of quarantine"));
}

TEST_F(FleetRunnerTest, WithoutAWorkerItSaysHowToStartOne) {
  const auto runner = Tuner(true, nullptr, 0.6);
  const MeasuredBatch batch = runner->Measure(Configs(3), NeverStop);
  EXPECT_EQ(batch.status.code(), StatusCode::kUnavailable);
  EXPECT_THAT(batch.status.message(), HasSubstr("foothold worker redis://127.0.0.1:"));
}

TEST_F(FleetRunnerTest, AnotherSpaceIsAnErrorThatSaysSo) {
  class Other final : public Target {
   public:
    std::string name() const override { return "other"; }
    std::string description() const override { return ""; }
    Result<std::unique_ptr<TargetTask>> Prepare(const Workload&) const override {
      return Status::InvalidArgument("other takes no dense layers");
    }
  };
  const Other other;
  const auto runner = Tuner();
  WorkerThread a(server_->address(), "a", other);
  const MeasuredBatch batch = runner->Measure(Configs(3), NeverStop);
  EXPECT_EQ(batch.status, Status::InvalidArgument("other takes no dense layers"));
}

TEST_F(FleetRunnerTest, ATunerThatDiedFindsWhatRanMeanwhile) {
  std::atomic<int> runs = 0;
  FormulaTarget target;
  target.on_run = [&](const Config&) {
    ++runs;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    return Status();
  };
  WorkerThread a(server_->address(), "a", target);
  const std::vector<Config> configs = Configs(8);
  std::atomic<bool> interrupt = false;
  {
    const auto killed = Tuner(true, nullptr, 30, interrupt);
    std::thread user([&] {
      while (runs < 2) std::this_thread::sleep_for(std::chrono::milliseconds(1));
      interrupt = true;
    });
    const MeasuredBatch batch = killed->Measure(configs, NeverStop);
    user.join();
    EXPECT_EQ(batch.status.code(), StatusCode::kCancelled);
    EXPECT_LT(batch.measurements.size(), configs.size());
  }
  const auto resumed = Tuner(false);
  const MeasuredBatch batch = resumed->Measure(configs, NeverStop);
  ASSERT_EQ(batch.status, Status());
  ASSERT_EQ(batch.measurements.size(), configs.size());
  int reach_a_run = 0;
  for (const Measurement& one : batch.measurements) {
    reach_a_run += one.outcome() > Outcome::kCompile ? 1 : 0;
  }
  EXPECT_EQ(runs, reach_a_run);  // nothing ran twice
}

TEST_F(FleetRunnerTest, ANewRunOfTheSameLogGetsNoOldResults) {
  std::atomic<int> runs = 0;
  FormulaTarget target;
  target.on_run = [&](const Config&) {
    ++runs;
    return Status();
  };
  WorkerThread a(server_->address(), "a", target);
  const std::vector<Config> configs = Configs(8);
  EXPECT_EQ(Tuner(true)->Measure(configs, NeverStop).measurements.size(), configs.size());
  const int once = runs;
  EXPECT_EQ(Tuner(true)->Measure(configs, NeverStop).measurements.size(), configs.size());
  EXPECT_EQ(runs, 2 * once);
}

TEST_F(FleetRunnerTest, TwoTunersShareAFleet) {
  FormulaTarget target;
  WorkerThread a(server_->address(), "a", target);
  const std::vector<Config> configs = Configs(50);
  MeasuredBatch batches[2];
  std::vector<std::thread> tuners;
  for (int i = 0; i < 2; ++i) {
    tuners.emplace_back([&, i] {
      const FleetWork work{*task_, {}, {}, {}, *Env::Default(), kNever};
      auto runner = FleetRunner::Connect(work, {server_->address(), "class", "", 30}).value();
      runner->Begin(i == 0 ? "log 0" : "log 1", true);
      batches[i] = runner->Measure(configs, NeverStop);
    });
  }
  for (std::thread& tuner : tuners) tuner.join();
  for (const MeasuredBatch& batch : batches) {
    EXPECT_EQ(batch.status, Status());
    ASSERT_EQ(batch.measurements.size(), configs.size());
  }
  EXPECT_EQ(TextOf(batches[0].measurements[7]), TextOf(batches[1].measurements[7]));
}

TEST_F(FleetRunnerTest, AServerThatIsKilledAndComesBackCostsNothing) {
  FormulaTarget target;
  std::atomic<int> runs = 0;
  target.on_run = [&](const Config&) {
    ++runs;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    return Status();
  };
  const auto runner = Tuner();
  WorkerThread a(server_->address(), "a", target);
  WorkerThread b(server_->address(), "b", target);
  WaitForWorkers(*runner, 2);
  const std::vector<Config> configs = Configs(60);
  MeasuredBatch batch;
  std::thread tuner([&] { batch = runner->Measure(configs, NeverStop); });
  while (runs < 10) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  server_->Kill();
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  server_->Start();
  tuner.join();
  EXPECT_EQ(batch.status, Status());
  EXPECT_EQ(batch.measurements.size(), configs.size());
}

TEST_F(FleetRunnerTest, AServerThatLosesItsDiskIsToldAgain) {
  FormulaTarget target;
  std::atomic<int> runs = 0;
  target.on_run = [&](const Config&) {
    ++runs;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    return Status();
  };
  const auto runner = Tuner();
  WorkerThread a(server_->address(), "a", target);
  const std::vector<Config> configs = Configs(30);
  MeasuredBatch batch;
  std::thread tuner([&] { batch = runner->Measure(configs, NeverStop); });
  while (runs < 5) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  server_->Kill();
  server_->LoseDisk();
  server_->Start();
  tuner.join();
  EXPECT_EQ(batch.status, Status());
  EXPECT_EQ(batch.measurements.size(), configs.size());
}

}  // namespace
}  // namespace foothold::measure
