// foothold worker, tune --fleet and fleet as processes on a real server: what happens when one of
// them is killed (docs/concepts/fleets.md has the table of failures).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <list>
#include <map>
#include <memory>
#include <sstream>

#include "base/json.h"
#include "measure/fleet/testing/redis_server.h"
#include "tests/cli/process.h"

namespace foothold::testing_cli {
namespace {

using measure::RedisServer;
using ::testing::HasSubstr;

// Each trial takes 0.2 s; p = 3 crashes, p = 5 hangs. Every run leaves a line in "runs".
constexpr const char* kBoard =
    R"({"format": "foothold-command-target", "version": 1, "exact_times": true,
  "parameters": [{"name": "p", "values": [1, 2, 3, 4, 5, 6, 7, 8]}, {"name": "q", "values": [1, 2]}],
  "run": {"command": ["/bin/sh", "-c",
    "echo {p} {q} >> {here}/runs; sleep 0.2; if test {p} = 3; then kill -SEGV $$; fi; if test {p} = 5; then sleep 100; fi; echo '{{\"seconds\": [{p}.{q}], \"correct\": true}}'"]}})";

class FleetCommand : public ::testing::Test {
 protected:
  void SetUp() override {
    FOOTHOLD_NEEDS_REDIS();
    server_ = std::make_unique<RedisServer>();
    MakeDirectory(directory_ + "/status");
    WriteTextFile(directory_ + "/board.json", kBoard);
  }
  void TearDown() override { workers_.clear(); }

  std::string address() const { return server_->address().ToString(); }

  Process& StartWorker(const std::string& name,
                       const std::string& target = "command:../board.json") {
    MakeDirectory(directory_ + "/" + name);
    workers_.push_back(std::make_unique<Process>(
        std::vector<std::string>{"worker", address(), "--device", target, "--name", name, "--class",
                                 "class", "--lease-s", "1", "--jobs", "1"},
        directory_ + "/" + name));
    return *workers_.back();
  }
  std::vector<std::string> Tune(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> words = {
        "tune",         "dense:1x8,4", "--target",    "command:board.json",
        "--searcher",   "grid",        "--trials",    "16",
        "--log",        "t.jsonl",     "--fleet",     address(),
        "--class",      "class",       "--timeout-s", "1",
        "--batch-size", "16",          "--json"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
  bool IsReady(std::size_t workers) {
    Process status({"fleet", "status", address(), "--json"}, directory_ + "/status");
    const auto json = base::Json::Parse(status.Wait().out);
    if (!json.ok() || json->at("classes").empty()) return false;
    std::size_t ready = 0;
    for (const base::Json& worker : json->at("classes").at(0).at("workers").elements()) {
      const std::string& state = worker.at("state").string();
      ready += state == "idle" || state == "busy" ? 1 : 0;
    }
    return ready >= workers;
  }
  std::size_t Runs() const { return CountLines(directory_ + "/runs"); }

  const std::string directory_ = FreshDirectory();
  std::unique_ptr<RedisServer> server_;
  std::list<std::unique_ptr<Process>> workers_;
};

base::Json Answer(const Finished& finished) {
  const auto json = base::Json::Parse(finished.out);
  EXPECT_TRUE(json.ok()) << finished.out << finished.err;
  return json.ok() ? json->at("results").at(0) : base::Json::Object();
}

/// Of 16 configs 2 crash and 2 hang; the best is p = 1, q = 1.
void ExpectTheWholeRun(const Finished& finished) {
  const base::Json answer = Answer(finished);
  ASSERT_TRUE(answer.contains("outcomes")) << finished.err;
  EXPECT_EQ(answer.at("trials"), 16);
  EXPECT_EQ(answer.at("outcomes").Dump(), R"({"runtime":2,"timeout":2,"correct":12})");
  EXPECT_EQ(answer.at("best").at("seconds"), 1.1);
}

TEST_F(FleetCommand, CrashesAndHangsAreOutcomesAndTheWorkersLive) {
  StartWorker("a");
  StartWorker("b");
  Process tune(Tune(), directory_);
  const Finished finished = tune.Wait();
  EXPECT_EQ(finished.exit_code, 0) << finished.err;
  ExpectTheWholeRun(finished);
  EXPECT_TRUE(IsReady(2));
}

TEST_F(FleetCommand, AWorkerThatIsKilledLosesNothing) {
  Process& killed = StartWorker("a");
  StartWorker("b");
  StartWorker("c");
  Process tune(Tune(), directory_);
  ASSERT_TRUE(tune.WaitUntil([&] { return Runs() >= 3; }));
  killed.Signal(SIGKILL);
  const Finished finished = tune.Wait();
  EXPECT_EQ(finished.exit_code, 0) << finished.err;
  ExpectTheWholeRun(finished);
}

TEST_F(FleetCommand, AWorkerThatIsInterruptedGivesItsJobBack) {
  Process& interrupted = StartWorker("a");
  Process tune(Tune(), directory_);
  ASSERT_TRUE(tune.WaitUntil([&] { return Runs() >= 2; }));
  interrupted.Signal(SIGINT);
  const Finished worker = interrupted.Wait();
  EXPECT_EQ(worker.exit_code, 130);
  EXPECT_THAT(worker.err, HasSubstr("gave back job"));
  EXPECT_THAT(worker.err, HasSubstr("left the fleet"));
  StartWorker("a");  // its place is free at once
  const Finished finished = tune.Wait();
  EXPECT_EQ(finished.exit_code, 0) << finished.err;
  ExpectTheWholeRun(finished);
}

TEST_F(FleetCommand, ATunerThatIsKilledIsResumedAndNothingRunsTwice) {
  StartWorker("a");
  StartWorker("b");
  {
    Process tune(Tune({"--retry-unfinished"}), directory_);
    ASSERT_TRUE(tune.WaitUntil([&] { return Runs() >= 4; }));
    tune.Signal(SIGKILL);
    (void)tune.Wait();
  }
  Process tune(Tune({"--retry-unfinished"}), directory_);
  const Finished finished = tune.Wait();
  EXPECT_EQ(finished.exit_code, 0) << finished.err;
  ExpectTheWholeRun(finished);
  // Failed runs are followed by a second look, and by a run of the best one.
  std::map<std::string, int> times;
  std::istringstream runs(ReadTextFile(directory_ + "/runs"));
  for (std::string line; std::getline(runs, line);) ++times[line];
  EXPECT_EQ(times.size(), 16u);
  EXPECT_EQ(times["8 2"], 1);
}

TEST_F(FleetCommand, ABrokerThatIsKilledComesBack) {
  StartWorker("a");
  StartWorker("b");
  Process tune(Tune(), directory_);
  ASSERT_TRUE(tune.WaitUntil([&] { return Runs() >= 3; }));
  server_->Kill();
  server_->Start();
  const Finished finished = tune.Wait();
  EXPECT_EQ(finished.exit_code, 0) << finished.err;
  ExpectTheWholeRun(finished);
}

TEST_F(FleetCommand, AConfigThatKillsTwoBoardsIsNotTriedOnAThird) {
  WriteTextFile(directory_ + "/one.json",
                R"({"format": "foothold-command-target", "version": 1, "exact_times": true,
  "parameters": [{"name": "p", "values": [1]}],
  "run": {"command": ["/bin/sh", "-c", "echo x >> {here}/runs; sleep 30; echo '{{\"seconds\": [1], \"correct\": true}}'"]}})");
  std::vector<Process*> fresh;
  for (const char* name : {"x", "y", "z"}) {
    fresh.push_back(&StartWorker(name, "command:../one.json"));
  }
  ASSERT_TRUE(fresh[0]->WaitUntil([&] { return IsReady(3); }));
  std::vector<std::string> words = Tune();
  words[3] = "command:one.json";
  Process tune(words, directory_);
  for (std::size_t dead = 1; dead <= 2; ++dead) {
    ASSERT_TRUE(tune.WaitUntil([&] { return Runs() >= dead; }));
    // The board that runs it: the one that says so.
    ASSERT_TRUE(tune.WaitUntil([&] {
      Process status({"fleet", "status", address(), "--json"}, directory_ + "/status");
      const auto json = base::Json::Parse(status.Wait().out);
      if (!json.ok()) return false;
      for (const base::Json& one : json->at("classes").at(0).at("workers").elements()) {
        if (one.at("state") != "busy") continue;
        const std::string device = one.at("device").string();
        fresh[static_cast<std::size_t>(device[0] - 'x')]->Signal(SIGKILL);
        return true;
      }
      return false;
    }));
    ASSERT_TRUE(tune.WaitUntil([&] { return dead == 2 || Runs() > dead; }));
  }
  const Finished finished = tune.Wait();
  EXPECT_EQ(finished.exit_code, 1) << finished.err;
  const base::Json answer = Answer(finished);
  ASSERT_TRUE(answer.contains("first_failures")) << finished.out;
  EXPECT_THAT(answer.at("first_failures").at(0).at("reason").string(),
              HasSubstr("kills the board: it went silent with this config on"));
  EXPECT_EQ(Runs(), 2u);
}

TEST_F(FleetCommand, WrongPasswordsAndVersionsAreOneLineAndBadInput) {
  RedisServer locked({"--requirepass", "sesame"});
  std::vector<std::string> words = Tune();
  words[11] = locked.address().ToString();
  Process tune(words, directory_);
  Finished finished = tune.Wait();
  EXPECT_EQ(finished.exit_code, 2);
  EXPECT_THAT(finished.err, HasSubstr("does not let this user in"));
  EXPECT_EQ(std::count(finished.err.begin(), finished.err.end(), '\n'), 1) << finished.err;

  Process worker({"worker", "redis://:wrong@127.0.0.1:" + std::to_string(locked.address().port),
                  "--device", "vta:pynq"},
                 directory_);
  finished = worker.Wait();
  EXPECT_EQ(finished.exit_code, 2);
  EXPECT_THAT(finished.err, HasSubstr("WRONGPASS"));
  EXPECT_THAT(finished.err, ::testing::Not(HasSubstr("wrong@")));

  server_->Kill();
  Process nobody({"fleet", "status", address()}, directory_);
  finished = nobody.Wait();
  EXPECT_EQ(finished.exit_code, 3);
  EXPECT_THAT(finished.err, HasSubstr("Connection refused"));
}

TEST_F(FleetCommand, TheSameTrialsAsOnThisMachine) {
  StartWorker("a", "vta:pynq");
  StartWorker("b", "vta:pynq");
  std::string logs[2];
  for (int i = 0; i < 2; ++i) {
    const std::string log = i == 0 ? "fleet.jsonl" : "local.jsonl";
    std::vector<std::string> words = {"tune", "resnet18.C10", "--target", "vta:pynq", "--trials",
                                      "24",   "--log",        log,        "--json"};
    if (i == 0) words.insert(words.end(), {"--fleet", address(), "--class", "class"});
    Process tune(words, directory_);
    const Finished finished = tune.Wait();
    ASSERT_EQ(finished.exit_code, 0) << finished.err;
    const base::Json answer = Answer(finished);
    logs[i] = answer.at("best").Dump() + answer.at("outcomes").Dump();
  }
  EXPECT_EQ(logs[0], logs[1]);
}

TEST_F(FleetCommand, DoctorSaysWhatIsMissing) {
  Process empty({"doctor", "--fleet", address()}, directory_);
  Finished finished = empty.Wait();
  EXPECT_EQ(finished.exit_code, 1);
  EXPECT_THAT(finished.out, HasSubstr("no worker has ever joined"));
  StartWorker("a", "vta:pynq");
  Process& worker = *workers_.back();
  ASSERT_TRUE(worker.WaitUntil([&] { return IsReady(1); }));
  Process full({"doctor", "--fleet", address()}, directory_);
  finished = full.Wait();
  EXPECT_EQ(finished.exit_code, 0) << finished.out;
  EXPECT_THAT(finished.out, HasSubstr("class class: 1 take jobs, 0 in quarantine, 0 gone"));
}

}  // namespace
}  // namespace foothold::testing_cli
