// Streams that cannot be written, signals that ask to end, outputs that lead elsewhere and logs
// that somebody else touches: the command says so and loses nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>

#include "tests/cli/process.h"

namespace foothold::testing_cli {
namespace {

using ::testing::HasSubstr;

constexpr const char* kNap =
    R"({"format": "foothold-command-target", "version": 1, "exact_times": true,
  "parameters": [{"name": "a", "values": [1, 2, 3, 4, 5, 6, 7, 8, 9]}],
  "run": {"command": ["sh", "-c", "sleep 0.1; echo 0.{a}"]}})";

class BrokenWorld : public ::testing::Test {
 protected:
  void SetUp() override { WriteTextFile(directory_ + "/nap.json", kNap); }

  static std::string Tune(const std::string& rest) {
    return "foothold tune dense:1x8,4 --target command:nap.json --searcher grid --trials 9 --jobs "
           "1 "
           "--log " +
           rest;
  }
  /// What the script prints; its last word is $? of the command before.
  std::string Shell(const std::string& script) { return RunShell(script, directory_); }
  std::string Log() const { return directory_ + "/l.jsonl"; }
  std::size_t Trials() const {
    const Finished dump = RunFoothold({"log", "dump", "--json", "l.jsonl"}, directory_);
    std::size_t trials = 0;
    for (std::size_t at = 0; (at = dump.out.find("\"type\":\"trial\"", at)) != std::string::npos;
         ++at) {
      ++trials;
    }
    return trials;
  }

  const std::string directory_ = FreshDirectory();
};

TEST_F(BrokenWorld, ProgressThatCannotBeWrittenEndsNothing) {
  for (const char* how : {"2>/dev/full", "2>&-", "2> >(exec true)"}) {
    std::filesystem::remove(Log());
    EXPECT_THAT(Shell("bash -c '" + Tune("l.jsonl >/dev/null ") + how + "; echo rc=$?'"),
                HasSubstr("rc=0"))
        << how;
    EXPECT_EQ(Trials(), 9U) << how;
  }
}

TEST_F(BrokenWorld, ProgressThatNobodyReadsHoldsNothingUp) {
  const std::string full_pipe =
      "mkfifo pipe; exec 9<>pipe; dd if=/dev/zero of=pipe bs=4096 count=1000 oflag=nonblock "
      "2>/dev/null; ";
  EXPECT_THAT(
      Shell("bash -c '" + full_pipe + "timeout 60 " + Tune("l.jsonl >/dev/null 2>&9; echo rc=$?'")),
      HasSubstr("rc=0"));
  EXPECT_EQ(Trials(), 9U);
}

TEST_F(BrokenWorld, AStandardOutputThatCannotBeWrittenIsAnErrorAndTheResultIsKept) {
  for (const char* how : {">/dev/full", ">&-"}) {
    std::filesystem::remove(Log());
    EXPECT_THAT(Shell(Tune("l.jsonl ") + how + " 2>&2 || echo rc=$? >&2"), HasSubstr("rc=3"))
        << how;
    EXPECT_EQ(Trials(), 9U) << how;
    EXPECT_THAT(
        Shell("foothold log dump --json l.jsonl 2>err " + std::string(how) +
              " || echo rc=$? >&2; cat err >&2"),
        ::testing::AllOf(HasSubstr("rc=3"), HasSubstr("foothold: standard output: cannot write: ")))
        << how;
  }
}

TEST_F(BrokenWorld, WhatAsksToEndEndsCleanly) {
  for (const int signal : {SIGHUP, SIGPIPE, SIGXFSZ, SIGXCPU, SIGALRM, SIGUSR1, SIGUSR2}) {
    SCOPED_TRACE(signal);
    std::filesystem::remove(Log());
    const std::vector<std::string> tune = {"tune",   "dense:1x8,4", "--target", "command:nap.json",
                                           "--jobs", "1",           "--log",    "l.jsonl"};
    Process process(tune, directory_);
    ASSERT_TRUE(process.WaitUntil([&] { return CountLines(Log()) > 3; })) << process.Wait().err;
    process.Signal(signal);
    const Finished finished = process.Wait();
    EXPECT_EQ(finished.exit_code, 130) << finished.err;
    EXPECT_THAT(finished.err, HasSubstr("the same command resumes from l.jsonl"));
    EXPECT_THAT(RunFoothold({"log", "dump", "l.jsonl"}, directory_).out,
                ::testing::Not(HasSubstr("started, never finished")));
  }
}

TEST_F(BrokenWorld, ASignalThatNohupIgnoresStaysIgnored) {
  EXPECT_THAT(Shell("(trap '' HUP; exec " + Tune("l.jsonl") +
                    ") >out 2>&1 & sleep 0.3; kill -HUP $!; wait $!; echo rc=$?"),
              HasSubstr("rc=0"));
}

TEST_F(BrokenWorld, ALogThatIsRemovedIsNoticedAndSaved) {
  EXPECT_THAT(Shell(Tune("l.jsonl") +
                    " >out 2>err & while ! grep -q trial l.jsonl 2>/dev/null; do sleep 0.02; done; "
                    "rm l.jsonl; wait $! || echo rc=$?; cat err"),
              ::testing::AllOf(HasSubstr("rc=3"), HasSubstr("l.jsonl: was removed while this run"),
                               HasSubstr("is saved in l.jsonl.saved-1")));
  Shell("mv l.jsonl.saved-1 l.jsonl; " + Tune("l.jsonl") + " >/dev/null 2>&1");
  EXPECT_EQ(Trials(), 9U);
}

TEST_F(BrokenWorld, ALogHasOneWriterByWhateverName) {
  EXPECT_THAT(
      Shell(Tune("l.jsonl") +
            " >out 2>&1 & while ! test -s l.jsonl; do sleep 0.02; done; ln -s l.jsonl soft; "
            "ln l.jsonl hard; for log in soft hard l.jsonl; do " +
            Tune("$log") +
            " || echo rc=$?; done 2>&1; foothold report l.jsonl -o hard || "
            "echo rc=$?; wait"),
      ::testing::AllOf(HasSubstr("soft: is being written by another process\nrc=3"),
                       HasSubstr("hard: is being written by another process\nrc=3"),
                       HasSubstr("-o hard: is the file that is read as l.jsonl")));
  EXPECT_EQ(Trials(), 9U);
}

TEST_F(BrokenWorld, AnOutputNeverReplacesAnInputALinkOrADevice) {
  Shell(Tune("l.jsonl") + " >/dev/null 2>&1");
  const std::string log = ReadTextFile(Log());
  for (const char* command :
       {"foothold report l.jsonl -o l.jsonl", "foothold report l.jsonl -o link",
        "foothold log convert --from foothold --to t4 l.jsonl l.jsonl",
        "foothold log repair l.jsonl -o link"}) {
    const std::string said =
        Shell("ln -sf l.jsonl link; " + std::string(command) + " 2>&1 || echo rc=$?");
    EXPECT_THAT(said, ::testing::AllOf(HasSubstr("rc=2"), HasSubstr("is the file that is read")));
    EXPECT_EQ(ReadTextFile(Log()), log) << command;
  }
  Shell("ln -s page.html to_page; foothold report l.jsonl -o to_page; test -L to_page");
  EXPECT_THAT(ReadTextFile(directory_ + "/page.html"), HasSubstr("<html"));
  EXPECT_THAT(Shell("foothold report l.jsonl -o /dev/null && stat -L -c %F /dev/null"),
              HasSubstr("character special file"));
  EXPECT_THAT(Shell("foothold report l.jsonl -o /dev/stdout | head -c 15"), HasSubstr("<!doctype"));
}

TEST_F(BrokenWorld, LogsComeThroughPipesAsWell) {
  Shell(Tune("l.jsonl") + " >/dev/null 2>&1");
  for (const char* command : {"foothold best", "foothold log dump", "foothold log rules",
                              "foothold log convert --from foothold --to t4"}) {
    SCOPED_TRACE(command);
    const std::string out = std::string(command).find("convert") == std::string::npos ? "" : " -";
    const std::string expected = Shell(command + std::string(" l.jsonl") + out);
    EXPECT_THAT(expected, HasSubstr(out.empty() ? "9" : "schema_version"));
    EXPECT_EQ(Shell("cat l.jsonl | " + std::string(command) + " -" + out), expected);
    EXPECT_EQ(Shell(command + std::string(" - ") + out + " <l.jsonl"), expected);
    EXPECT_EQ(Shell("bash -c '" + std::string(command) + " <(cat l.jsonl)" + out + "'"), expected);
  }
  EXPECT_THAT(Shell("cat l.jsonl | foothold report - -o - | head -c 15"), HasSubstr("<!doctype"));
  for (const char* command : {"foothold tune dense:1x64,32 --log -", "foothold log repair -"}) {
    EXPECT_THAT(Shell("cat l.jsonl | (" + std::string(command) + " 2>&1 || echo rc=$?)"),
                ::testing::AllOf(HasSubstr("-: is the standard input"), HasSubstr("rc=2")));
  }
}

TEST_F(BrokenWorld, AFifoIsNoLog) {
  EXPECT_THAT(Shell("mkfifo pipe; " + Tune("pipe") + " 2>&1 || echo rc=$?"),
              HasSubstr("foothold: pipe: is a FIFO, must be a regular file\nrc=2"));
}

TEST_F(BrokenWorld, ADamagedLogIsReadAndRepaired) {
  Shell(Tune("l.jsonl") + " >/dev/null 2>&1; sed -i 's/\"a\":4/\"a\":5/' l.jsonl");
  const Finished best = RunFoothold({"best", "l.jsonl"}, directory_);
  EXPECT_EQ(best.exit_code, 0) << best.err;
  EXPECT_THAT(best.err, ::testing::AllOf(HasSubstr("foothold: warning: l.jsonl:"),
                                         HasSubstr("the checksum does not match"),
                                         HasSubstr("foothold log repair l.jsonl")));
  EXPECT_THAT(Shell(Tune("l.jsonl") + " 2>&1 || echo rc=$?"),
              ::testing::AllOf(HasSubstr("foothold log repair l.jsonl"), HasSubstr("rc=2")));
  EXPECT_THAT(Shell("foothold log repair l.jsonl"),
              ::testing::AllOf(HasSubstr("(lost)"), HasSubstr("8 trials"),
                               HasSubstr("the damaged log is kept in l.jsonl.damaged-1")));
  Shell(Tune("l.jsonl") + " >/dev/null 2>&1");
  EXPECT_EQ(Trials(), 14U) << "nine again, and five that stood apart";
}

TEST_F(BrokenWorld, WhatAForeignLogSaysIsNotObeyed) {
  Shell(Tune("l.jsonl") + " >/dev/null 2>&1");
  // Version 1 has no checksums, so anybody can write it.
  Shell(
      R"(sed -i 's/,"crc":"[0-9a-f]*"//; s/"version":2/"version":1/; s/"searcher":"grid"/"searcher":"\\u001b]0;title\\u0007\\nfake"/' l.jsonl)");
  const Finished dump = RunFoothold({"log", "dump", "l.jsonl"}, directory_);
  EXPECT_EQ(dump.exit_code, 0) << dump.err;
  EXPECT_THAT(dump.out, HasSubstr(R"(searcher \u001b]0;title\u0007\u000afake,)"));
  EXPECT_EQ(dump.out.find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace foothold::testing_cli
