// foothold tune --serve: a run can be looked at while it goes on, and nobody who looks changes it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

#include "base/json.h"
#include "report/live/testing/http_client.h"
#include "tests/cli/process.h"

namespace foothold::testing_cli {
namespace {

using live::testing::Ask;
using live::testing::HttpClient;
using ::testing::HasSubstr;
using ::testing::StartsWith;

// The first candidate runs at once, each other one waits until there is a file "go".
constexpr const char* kWaiting =
    R"({"format": "foothold-command-target", "version": 1, "exact_times": true,
  "parameters": [{"name": "p", "values": [1, 2, 3, 4]}, {"name": "q", "values": [1, 2]}],
  "run": {"command": ["/bin/sh", "-c",
    "mkdir {here}/first 2>/dev/null || while ! test -e {here}/go; do sleep 0.05; done; echo '{{\"seconds\": [{p}], \"correct\": true}}'"]}})";

std::vector<std::string> Tune(const std::string& serve) {
  std::vector<std::string> arguments = {"tune",  "dense:1x8,4", "--target", "command:waiting.json",
                                        "--log", "t.jsonl",     "--jobs",   "1"};
  if (!serve.empty()) arguments.insert(arguments.begin() + 1, serve);
  return arguments;
}

class LiveView : public ::testing::Test {
 protected:
  void SetUp() override {
    Process probe({"tune", "--serve=0", "dense:1x64,64", "--target", "vta:pynq", "--trials", "1"},
                  directory_);
    if (probe.Wait().err.find("built without a live view") != std::string::npos) {
      GTEST_SKIP() << "built without libmicrohttpd";
    }
    FreshDirectory();  // what the probe said and wrote is none of the tests'
    WriteTextFile(directory_ + "/waiting.json", kWaiting);
  }

  // The port in "live view at http://127.0.0.1:PORT/ until ..."; 0 when it is not there yet.
  int Port() const {
    const std::string err = ReadTextFile(directory_ + "/.err");
    const std::string before = "live view at http://127.0.0.1:";
    const std::size_t at = err.find(before);
    if (at == std::string::npos || err.find('\n', at) == std::string::npos) return 0;
    return std::stoi(err.substr(at + before.size()));
  }

  base::Json Model(int port) const {
    const std::string answer = Ask(port, "GET", "/data.json");
    const std::size_t end_of_headers = answer.find("\r\n\r\n");
    if (end_of_headers == std::string::npos) return {};
    const Result<base::Json> model = base::Json::Parse(answer.substr(end_of_headers + 4));
    return model.ok() ? *model : base::Json();
  }

  const std::string directory_ = FreshDirectory();
};

TEST_F(LiveView, ShowsTheRunAsItGoesOnAndEndsWithIt) {
  Process process(Tune("--serve=0"), directory_);
  ASSERT_TRUE(process.WaitUntil([&] { return Port() != 0; })) << process.Wait().err;
  const int port = Port();
  EXPECT_THAT(Ask(port, "GET", "/"), StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(Ask(port, "GET", "/t.jsonl"), StartsWith("HTTP/1.1 404"));
  HttpClient silent(port);  // to the end
  silent.Send("GET /data.json HT");

  base::Json model;
  EXPECT_TRUE(process.WaitUntil([&] {
    model = Model(port);
    return model.is_object() && !model.at("runs").empty();
  })) << process.Wait().err;
  EXPECT_EQ(model.at("logs").at(0).at("name"), "t.jsonl");
  EXPECT_EQ(model.at("questions").at(0).at("target"), "command:waiting.json");
  WriteTextFile(directory_ + "/go", "");
  EXPECT_EQ(process.Wait().exit_code, 0);
  EXPECT_FALSE(HttpClient(port).is_connected());
}

TEST_F(LiveView, StopsAtOnceOnCtrlC) {
  Process process(Tune("--serve=0"), directory_);
  ASSERT_TRUE(process.WaitUntil([&] {
    return Port() != 0 && CountLines(directory_ + "/t.jsonl") > 1;
  })) << process.Wait().err;
  HttpClient silent(Port());
  process.Signal(SIGINT);
  EXPECT_EQ(process.Wait().exit_code, 130);
}

TEST_F(LiveView, ChangesNothingThatIsFound) {
  const std::vector<std::string> tune = {"tune", "resnet18.C10", "--searcher", "genetic", "--seed",
                                         "3",    "--trials",     "150"};
  const auto with = [&](std::vector<std::string> extra) {
    extra.insert(extra.begin(), tune.begin(), tune.end());
    return extra;
  };
  Process process(with({"--log", "served.jsonl", "--serve=0"}), directory_);
  ASSERT_TRUE(process.WaitUntil([&] { return Port() != 0; })) << process.Wait().err;
  const int port = Port();
  process.WaitUntil([&] {
    Ask(port, "GET", "/data.json");
    HttpClient(port).Send("GET / HTTP/1.1\r\n");
    return false;
  });
  EXPECT_EQ(process.Wait().exit_code, 0);
  EXPECT_EQ(RunFoothold(with({"--log", "alone.jsonl"}), directory_).exit_code, 0);
  const auto best = [&](const std::string& log) {
    return RunFoothold({"best", log, "--top", "9", "--json"}, directory_).out;
  };
  EXPECT_EQ(best("served.jsonl"), best("alone.jsonl"));
}

TEST_F(LiveView, TheWorkloadAfterTheFlagIsNoPort) {
  const Finished finished = RunFoothold(
      {"tune", "--serve", "nowhere.C1", "--trials", "1", "--log", "t.jsonl"}, directory_);
  EXPECT_EQ(finished.exit_code, 2);
  EXPECT_THAT(finished.err, HasSubstr("nowhere"));
  EXPECT_THAT(finished.err, ::testing::Not(HasSubstr("--serve: is")));
}

TEST_F(LiveView, SaysWhatIsWrongWithAnAddressBeforeAnythingRuns) {
  const Finished wrong = RunFoothold(Tune("--serve=lab3"), directory_);
  EXPECT_EQ(wrong.exit_code, 2);
  EXPECT_THAT(wrong.err, StartsWith("foothold: --serve: is lab3, must be a port"));
  EXPECT_EQ(CountLines(directory_ + "/t.jsonl"), 0U);
}

}  // namespace
}  // namespace foothold::testing_cli
