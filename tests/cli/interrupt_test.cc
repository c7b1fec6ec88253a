// Ctrl-C ends cleanly and kill -9 loses nothing that matters: started again, the run ends as an
// undisturbed one.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>

#include "foothold/env.h"
#include "tests/cli/process.h"
#include "tests/cli/transcript.h"

namespace foothold::testing_cli {
namespace {

using ::testing::HasSubstr;

// Long enough to be interrupted in the middle, short enough under sanitizers.
std::vector<std::string> Tune(const std::string& trials) {
  return {"tune", "resnet18.C10", "--searcher", "random", "--trials",
          trials, "--seed",       "3",          "--log",  "t.jsonl"};
}

std::string BestOf(const std::string& directory) {
  const Finished best = RunFoothold({"best", "t.jsonl", "--top", "5", "--json"}, directory);
  EXPECT_EQ(best.exit_code, 0) << best.err;
  return best.out;
}

class Interrupt : public ::testing::Test {
 protected:
  // Starts a tuning run and waits until its log holds a good part of it.
  void StartAndWait(Process& process) {
    ASSERT_TRUE(process.WaitUntil([&] { return CountLines(directory_ + "/t.jsonl") > 40; }))
        << process.Wait().err;
  }

  const std::string directory_ = FreshDirectory();
};

TEST_F(Interrupt, CtrlCSavesEverythingAndSaysHowToResume) {
  Process process(Tune("100000"), directory_);
  StartAndWait(process);
  process.Signal(SIGINT);
  const Finished finished = process.Wait();
  EXPECT_EQ(finished.exit_code, 130);
  EXPECT_THAT(finished.err, HasSubstr("interrupted; the same command resumes from t.jsonl"));
  EXPECT_THAT(finished.out, HasSubstr("resnet18.C10"));
  EXPECT_EQ(RunFoothold({"log", "dump", "t.jsonl"}, directory_).exit_code, 0);
}

TEST_F(Interrupt, TerminationIsCleanToo) {
  Process process(Tune("100000"), directory_);
  StartAndWait(process);
  process.Signal(SIGTERM);
  EXPECT_EQ(process.Wait().exit_code, 130);
}

TEST_F(Interrupt, CtrlCStopsAnExplorationAndKeepsItsFile) {
  Process process({"explore", "resnet18.C8", "--target", "vta:pynq:extended", "-o", "x.explored"},
                  directory_);
  ASSERT_TRUE(process.WaitUntil([&] { return CountLines(directory_ + "/x.explored") > 1; }))
      << process.Wait().err;
  process.Signal(SIGINT);
  const Finished finished = process.Wait();
  EXPECT_EQ(finished.exit_code, 130) << finished.err;
  EXPECT_THAT(finished.out, ::testing::ContainsRegex("[0-9]+/[0-9]+ "));
  EXPECT_THAT(finished.err, HasSubstr("interrupted; the same command resumes"));
  const Finished replayed =
      RunFoothold({"tune", "resnet18.C8", "--target", "replay:x.explored"}, directory_);
  EXPECT_EQ(replayed.exit_code, 2);
  EXPECT_THAT(replayed.err, HasSubstr("x.explored: is not finished"));
}

// A target of which each candidate says that it runs and then hangs, deaf to SIGTERM, until there
// is a file named "go".
constexpr const char* kHanging =
    R"({"format": "foothold-command-target", "version": 1, "exact_times": true,
  "parameters": [{"name": "p", "values": [1, 2, 3, 4]}],
  "run": {"command": ["/bin/sh", "-c",
    "trap '' TERM; echo $$ >> {here}/running; while ! test -e {here}/go; do sleep 0.05; done; echo '{{\"seconds\": [{p}], \"correct\": true}}'"]}})";

TEST_F(Interrupt, CtrlCEndsACandidateThatHangsAndTheSameCommandTriesItAgain) {
  for (const int interrupts : {1, 2}) {
    SCOPED_TRACE(interrupts);
    const std::string directory = directory_ + "/" + std::to_string(interrupts);
    MakeDirectory(directory);
    WriteTextFile(directory + "/hanging.json", kHanging);
    const std::vector<std::string> tune = {
        "tune",  "dense:1x8,4", "--target", "command:hanging.json",
        "--log", "t.jsonl",     "--jobs",   "1"};
    {
      Process process(tune, directory);
      ASSERT_TRUE(process.WaitUntil([&] { return CountLines(directory + "/running") > 0; }))
          << process.Wait().err;
      for (int i = 0; i < interrupts; ++i) process.Signal(SIGINT);
      const Finished finished = process.Wait();
      EXPECT_EQ(finished.exit_code, 130) << finished.err;
      EXPECT_THAT(finished.err, HasSubstr("the same command resumes from t.jsonl"));
    }
    const std::string pid = ReadTextFile(directory + "/running");
    EXPECT_NE(::kill(static_cast<pid_t>(std::stol(pid)), 0), 0) << "the candidate is still there";
    EXPECT_THAT(RunFoothold({"log", "dump", "t.jsonl"}, directory).out,
                HasSubstr("withdrawn, counts as never started"));

    WriteTextFile(directory + "/go", "");
    const Finished resumed = RunFoothold(tune, directory);
    EXPECT_EQ(resumed.exit_code, 0) << resumed.err;
    EXPECT_THAT(resumed.err, HasSubstr("4/4 trials"));
    EXPECT_THAT(resumed.err, HasSubstr("(4 correct)")) << "nobody is blamed for the interrupt";
  }
}

// The tuner is the parent of the process that watches over a candidate, which is its parent.
constexpr const char* kEndsTheTuner =
    R"({"format": "foothold-command-target", "version": 1, "exact_times": true,
  "parameters": [{"name": "p", "values": [1, 2, 3]}],
  "run": {"command": ["/bin/sh", "-c",
    "test {p} = 1 && kill -SIGNAL $(cut -d' ' -f4 /proc/$PPID/stat) && sleep 0.3; echo 0.{p}"]}})";

TEST_F(Interrupt, WhatACandidateSendsIsNobodysWish) {
  for (const std::string signal : {"TERM", "INT"}) {
    SCOPED_TRACE(signal);
    const std::string directory = directory_ + "/" + signal;
    MakeDirectory(directory);
    std::string target = kEndsTheTuner;
    target.replace(target.find("SIGNAL"), 6, signal);
    WriteTextFile(directory + "/target.json", target);
    const Finished finished = RunFoothold({"tune", "dense:1x8,4", "--target", "command:target.json",
                                           "--searcher", "grid", "--log", "t.jsonl", "--jobs", "1"},
                                          directory);
    EXPECT_EQ(finished.exit_code, 0) << finished.err;
    EXPECT_THAT(finished.err, HasSubstr("(3 correct)"));
  }
}

// A target whose candidates are quick until four trials are in the log: then the final is on, and
// they hang until there is a file named "go". The files are not named by their paths, which would
// make them what the run depends on.
constexpr const char* kHangingInTheFinal =
    R"({"format": "foothold-command-target", "version": 1,
  "parameters": [{"name": "p", "values": [1, 2, 3, 4]}],
  "run": {"command": ["/bin/sh", "-c",
    "cd {here}; if test $(grep -c outcome t.jsonl) -ge 4 && ! test -e go; then trap '' TERM; echo $$ >> running; while ! test -e go; do sleep 0.05; done; fi; echo 1"]}})";

class InterruptInTheFinal : public Interrupt {
 protected:
  InterruptInTheFinal() { WriteTextFile(directory_ + "/target.json", kHangingInTheFinal); }

  bool WaitForTheFinal(Process& process) {
    return process.WaitUntil([&] { return CountLines(directory_ + "/running") > 0; });
  }
  void ExpectThatNothingIsLost() {
    const std::string pid = ReadTextFile(directory_ + "/running");
    EXPECT_NE(::kill(static_cast<pid_t>(std::stol(pid)), 0), 0) << "the candidate is still there";
    WriteTextFile(directory_ + "/go", "");
    const Finished resumed = RunFoothold(tune_, directory_);
    EXPECT_EQ(resumed.exit_code, 0) << resumed.err;
    EXPECT_THAT(resumed.err, HasSubstr("(4 correct)"));
    EXPECT_THAT(resumed.err, HasSubstr("4 resumed"));
    EXPECT_THAT(ReadTextFile(directory_ + "/t.jsonl"), HasSubstr("\"final\"")) << "held at last";
  }

  const std::vector<std::string> tune_ = {
      "tune",       "dense:1x8,4", "--target", "command:target.json",
      "--searcher", "random",      "--log",    "t.jsonl"};
};

TEST_F(InterruptInTheFinal, CtrlCEndsItAndTheSameCommandHoldsIt) {
  Process process(tune_, directory_);
  ASSERT_TRUE(WaitForTheFinal(process)) << process.Wait().err;
  process.Signal(SIGINT);
  const Finished finished = process.Wait();
  EXPECT_EQ(finished.exit_code, 130) << finished.err;
  EXPECT_THAT(finished.err, HasSubstr("4/4 trials"));
  EXPECT_THAT(finished.err, HasSubstr("the same command resumes from t.jsonl"));
  EXPECT_THAT(finished.out, HasSubstr("dense:1x8,4")) << "the table of what is known";
  ExpectThatNothingIsLost();
}

// A pipe that is full and that nobody reads, in the place of stderr: a command that writes there
// stays until a signal ends it.
TEST_F(InterruptInTheFinal, ALateSecondCtrlCEndsAtOnceAndLosesNothing) {
  const std::string pipe = directory_ + "/.err";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const int end = ::open(pipe.c_str(), O_RDWR | O_NONBLOCK);
  ASSERT_GE(end, 0);
  const std::string text(4096, '.');
  while (::write(end, text.data(), text.size()) > 0) {
  }
  Process process(tune_, directory_);
  const bool in_the_final = WaitForTheFinal(process);
  bool ended = false;
  if (in_the_final) process.Signal(SIGINT);
  // Each is more than the two seconds after the first that a clean end may take.
  for (int i = 0; in_the_final && !ended && i < 10; ++i) {
    const double late = Env::Default()->MonotonicSeconds() + 4;
    ended = !process.WaitUntil([&] { return Env::Default()->MonotonicSeconds() >= late; });
    EXPECT_FALSE(ended && i == 0) << "it should wait for its pipe until it is killed";
    if (!ended) process.Signal(SIGINT);
  }
  ::close(end);
  ASSERT_EQ(::unlink(pipe.c_str()), 0);
  WriteTextFile(pipe, "");
  EXPECT_TRUE(in_the_final);
  EXPECT_EQ(process.Wait().exit_code, 128 + SIGINT);
  ExpectThatNothingIsLost();
}

TEST_F(Interrupt, KilledRunResumesToTheUndisturbedResult) {
  {
    Process process(Tune("200"), directory_);
    StartAndWait(process);
    process.Signal(SIGKILL);
    EXPECT_EQ(process.Wait().exit_code, 128 + SIGKILL);
  }
  const Finished resumed = RunFoothold(Tune("200"), directory_);
  EXPECT_EQ(resumed.exit_code, 0) << resumed.err;
  EXPECT_THAT(resumed.err, HasSubstr("resumed"));

  const std::string undisturbed = directory_ + "/undisturbed";
  MakeDirectory(undisturbed);
  EXPECT_EQ(RunFoothold(Tune("200"), undisturbed).exit_code, 0);
  EXPECT_EQ(BestOf(directory_), BestOf(undisturbed));
}

}  // namespace
}  // namespace foothold::testing_cli
