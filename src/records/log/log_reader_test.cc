#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "foothold/record.h"
#include "records/log/line_checksum.h"
#include "records/log/log_parser.h"
#include "records/log/testing_lines.h"

namespace foothold::records {
namespace {

using testing::CorrectTrial;
using testing::FailedTrial;
using ::testing::HasSubstr;
using testing::SomeRun;

TEST(LogReader, AnEmptyLogHoldsNothing) {
  const auto contents = ParseLog("", "tune.jsonl");
  ASSERT_TRUE(contents.ok());
  EXPECT_TRUE(contents->runs.empty());
  EXPECT_FALSE(contents->repaired.has_value());
}

TEST(LogReader, AMissingFileIsNotFound) {
  const auto contents = ReadLog(*Env::Default(), "no/such/log");
  EXPECT_EQ(contents.status().code(), StatusCode::kNotFound);
  EXPECT_THAT(contents.status().message(), HasSubstr("no/such/log"));
}

TEST(LogReader, EveryTornTailIsDroppedAndNothingBeforeIt) {
  const std::string whole = RunLine() + StartedLine(0, {{0, 0}}) + TrialLine(0) + TrialLine(1);
  const std::size_t start_of_last = whole.size() - TrialLine(1).size();
  for (std::size_t size = start_of_last; size <= whole.size(); ++size) {
    const auto contents = ParseLog(whole.substr(0, size), "tune.jsonl");
    ASSERT_TRUE(contents.ok()) << contents.status().message();
    ASSERT_EQ(contents->runs.size(), 1U);
    const bool torn = size > start_of_last && size < whole.size();
    ASSERT_EQ(contents->repaired.has_value(), torn) << size;
    ASSERT_EQ(contents->runs[0].trials.size(), size == whole.size() ? 2U : 1U);
    ASSERT_EQ(contents->intact_bytes, size == whole.size() ? size : start_of_last);
    if (torn) {
      ASSERT_EQ(*contents->repaired, "tune.jsonl:4: torn last line (" +
                                         std::to_string(size - start_of_last) + " bytes) ignored");
    }
  }
}

TEST(LogReader, AHeaderCanBeTornToo) {
  const auto contents = ParseLog(RunLine().substr(0, 40), "tune.jsonl");
  ASSERT_TRUE(contents.ok());
  EXPECT_TRUE(contents->runs.empty());
  EXPECT_EQ(contents->repaired, "tune.jsonl:1: torn last line (40 bytes) ignored");
  EXPECT_EQ(contents->intact_bytes, 0U);
}

TEST(LogReader, ALastLineOfGarbageIsTornAlthoughItEnds) {
  // A power loss can leave a file longer than what was written to it.
  for (const std::string& garbage :
       {std::string("{\"type\":\"tri\n"), std::string(8, '\0') + '\n'}) {
    const auto contents = ParseLog(RunLine() + TrialLine(0) + garbage, "tune.jsonl");
    ASSERT_TRUE(contents.ok()) << contents.status().message();
    EXPECT_EQ(contents->runs[0].trials.size(), 1U);
    EXPECT_THAT(contents->repaired.value_or(""), HasSubstr("tune.jsonl:3: torn last line ("));
  }
}

TEST(LogReader, ATornLineIsNeverTheLastButOne) {
  EXPECT_THAT(Complaint(RunLine() + "{\"type\":\"tri\n" + TrialLine(0)),
              HasSubstr("tune.jsonl:2:13: "));
  EXPECT_THAT(Complaint(RunLine() + "\n" + TrialLine(0)), HasSubstr("tune.jsonl:2:"));
}

TEST(LogReader, AFileOfAnotherKindIsNotATornLog) {
  for (const char* text : {"notes", "notes\n", "{\"name\": \"a", "\n", "{\n"}) {
    EXPECT_EQ(Complaint(text),
              "tune.jsonl:1: is not a record log; the first line must be a JSON object of type "
              "\"run\"");
  }
  for (const std::string text : {"{", R"({"type":"run")"}) {
    EXPECT_EQ(Complaint(text), "tune.jsonl: holds " + std::to_string(text.size()) +
                                   " bytes, which is too little to be told from another file; "
                                   "remove it if it is a log whose writer died at once");
  }
  EXPECT_TRUE(ParseLog(R"({"type":"run",)", "tune.jsonl").ok());
}

TEST(LogReader, ALineThatIsWholeAndWrongIsAnErrorEvenAtTheEnd) {
  EXPECT_EQ(Complaint("{}\n"), "tune.jsonl:1: type: is missing");
  EXPECT_EQ(Complaint("[]\n"), "tune.jsonl:1: is an array of 0 elements, must be an object");
  EXPECT_EQ(Complaint(R"({"type":"note"})"
                      "\n"),
            "tune.jsonl:1: type: is \"note\", must be \"run\", \"started\", "
            "\"withdrawn\", \"trial\", \"build\", \"demoted\" or \"final\"");
}

TEST(LogReader, ComplaintsAboutARun) {
  EXPECT_EQ(Complaint(Replaced(RunLine(), "\"version\":2", "\"version\":3")),
            "tune.jsonl:1: version: is 3, must be 1 or 2, the versions this Foothold reads; a "
            "newer one wrote it");
  EXPECT_EQ(Complaint(RunLine() + RunLine()),
            "tune.jsonl:2: run: is 1, must be 2, the file's next run");
  EXPECT_EQ(Complaint(Replaced(RunLine(), "18446744073709551615", "-1")),
            "tune.jsonl:1: seed: is -1, must be a whole number of at least 0");
  EXPECT_EQ(Complaint(Replaced(RunLine(), "\"8\"", "8")),
            "tune.jsonl:1: options.batch_size: is 8, must be a string");
  EXPECT_EQ(Complaint(Replaced(RunLine(), "\"kernel_h\":3", "\"kernel_h\":0")),
            "tune.jsonl:1: workload.kernel_h: is 0, must be from 1 to 1048576");
  EXPECT_EQ(Complaint(Replaced(RunLine(), "[1,2,4]", "[1,2,1]")),
            "tune.jsonl:1: parameters[0].values[2]: is 1 again, values must differ");
  EXPECT_EQ(Complaint(Replaced(RunLine(), "[1,2,4]", "[]")),
            "tune.jsonl:1: parameters[0].values: is empty, must hold at least one value");
  EXPECT_EQ(Complaint(Replaced(RunLine(), "\"name\":\"b\"", "\"name\":\"a\"")),
            "tune.jsonl:1: parameters[1]: name: is \"a\" again, names must differ");
  EXPECT_THAT(Complaint(Replaced(RunLine(), "\"target\"", "\"tarket\"")),
              HasSubstr("tune.jsonl:1: target: is missing"));
  EXPECT_THAT(Complaint(Replaced(RunLine(), "\"type\"", "\"note\":1,\"type\"")),
              HasSubstr("tune.jsonl:1: note: is unknown"));
}

TEST(LogReader, ComplaintsAboutATrial) {
  const auto complaint = [](std::string_view from, std::string_view to) {
    return Complaint(RunLine() + Replaced(TrialLine(0), from, to));
  };
  EXPECT_EQ(Complaint(TrialLine(0)),
            "tune.jsonl:1: run: is 1, must be that of an earlier line of type \"run\"");
  EXPECT_EQ(Complaint(RunLine() + TrialLine(1)),
            "tune.jsonl:2: trial: is 1, must be 0, the run's next trial");
  EXPECT_EQ(Complaint(RunLine() + TrialLine(0) + TrialLine(0)),
            "tune.jsonl:3: trial: is 0, must be 1, the run's next trial");
  EXPECT_EQ(complaint("\"a\":1", "\"a\":3"),
            "tune.jsonl:2: config.a: is 3, must be one of the parameter's values 1, 2, 4");
  EXPECT_EQ(complaint("\"a\":1", "\"c\":1"), "tune.jsonl:2: config.a: is missing");
  EXPECT_EQ(complaint("\"a\":1", "\"a\":1,\"c\":1"),
            "tune.jsonl:2: config.c: is unknown; the fields are a, b");
  EXPECT_EQ(complaint("\"a\":1", "\"a\":1.0"),
            "tune.jsonl:2: config.a: is 1.0, must be a whole number of 64 bits");
  EXPECT_EQ(complaint("\"correct\"", "\"good\""),
            "tune.jsonl:2: outcome: unknown outcome \"good\"; the outcomes are constraints, "
            "compile, runtime, timeout, correctness, correct");
  EXPECT_EQ(complaint("\"seconds\":[0.0049,", "\"seconds\":[-1,"),
            "tune.jsonl:2: seconds[0]: is -1, must be above 0");
  EXPECT_EQ(complaint("\"seconds\":[0.0049,", "\"seconds\":[0,"),
            "tune.jsonl:2: seconds[0]: is 0, must be above 0");
  // No JSON at all, so that a last line of it would be a torn one.
  const auto in_the_middle = [](std::string_view from, std::string_view to) {
    return Complaint(RunLine() + Replaced(TrialLine(0), from, to) + TrialLine(1));
  };
  for (const std::string number : {"NaN", "Infinity", "1e999", "-1e999"}) {
    EXPECT_THAT(in_the_middle("0.0049", number), HasSubstr("tune.jsonl:2:")) << number;
    EXPECT_THAT(in_the_middle("491520", number), HasSubstr("tune.jsonl:2:")) << number;
  }
  EXPECT_THAT(complaint("\"build_s\":0.0021", "\"build_s\":\"fast\""),
              HasSubstr("tune.jsonl:2: build_s: is \"fast\", must be a number"));
  EXPECT_THAT(complaint("\"cycles\":491520", "\"cycles\":null"),
              HasSubstr("tune.jsonl:2: metrics.cycles: is null"));
  EXPECT_THAT(complaint("\"trial\",", "\"trial\",\"stage\":\"x\","),
              HasSubstr("tune.jsonl:2: stage: is unknown"));
}

TEST(LogReader, ComplaintsAboutAFailedTrial) {
  const auto complaint = [](std::string_view from, std::string_view to) {
    return Complaint(RunLine() + Replaced(FailedLine(), from, to));
  };
  EXPECT_EQ(complaint("\"reason\"", "\"raisin\""), "tune.jsonl:2: reason: is missing");
  EXPECT_THAT(complaint("\"reason\"", "\"seconds\":[1],\"reason\""),
              HasSubstr("tune.jsonl:2: seconds: is unknown"));
}

TEST(LogReader, TakesFailuresOfBeforeAutotvmsNumberWasDerived) {
  const std::string line = Replaced(FailedLine(), "\"build_s\"", "\"autotvm_error\":2,\"build_s\"");
  const auto contents = ParseLog(RunLine() + line, "tune.jsonl");
  ASSERT_TRUE(contents.ok()) << contents.status().message();
  EXPECT_EQ(contents->runs[0].trials[0].measurement.failure,
            FailedTrial(0, {{0, 0}}, Outcome::kCompile).measurement.failure);
  EXPECT_THAT(Complaint(RunLine() +
                        Replaced(TrialLine(0), "\"build_s\"", "\"autotvm_error\":0,\"build_s\"")),
              HasSubstr("tune.jsonl:2: autotvm_error: is unknown"));
}

TEST(LogReader, ASlowTrialHasABoundAndNoTimeOrReason) {
  TrialRecord record = CorrectTrial(0, {{0, 0}});
  record.measurement.seconds.clear();
  record.measurement.slower_than_s = 0.25;
  const std::string line = ToJsonLine(record, 1, SomeRun().parameters) + "\n";
  EXPECT_THAT(line, HasSubstr(R"("outcome":"slow","slower_than_s":0.25,)"));
  const auto contents = ParseLog(RunLine() + line, "tune.jsonl");
  ASSERT_TRUE(contents.ok()) << contents.status().message();
  const Measurement& read = contents->runs[0].trials[0].measurement;
  EXPECT_EQ(read.outcome(), Outcome::kSlow);
  EXPECT_EQ(read.slower_than_s, 0.25);
  EXPECT_TRUE(read.seconds.empty() && !read.failure);
  const auto complaint = [&](std::string_view from, std::string_view to) {
    return Complaint(RunLine() + Replaced(line, from, to));
  };
  EXPECT_EQ(complaint("\"slower_than_s\":0.25", "\"slower_than_s\":0"),
            "tune.jsonl:2: slower_than_s: is 0, must be above 0");
  EXPECT_EQ(complaint("\"slower_than_s\":0.25,", ""), "tune.jsonl:2: slower_than_s: is missing");
  EXPECT_THAT(complaint("\"slower_than_s\"", "\"seconds\":[1],\"slower_than_s\""),
              HasSubstr("tune.jsonl:2: seconds: is unknown"));
  EXPECT_THAT(Complaint(RunLine() +
                        Replaced(TrialLine(0), "\"build_s\"", "\"slower_than_s\":1,\"build_s\"")),
              HasSubstr("tune.jsonl:2: slower_than_s: is unknown"));
}

TEST(LogReader, CountsWithdrawalsThatMayBeTheConfigs) {
  const auto withdrawn = [](WithdrawalCause cause) {
    return StartedLine(0, {{1, 1}}) + ToJsonLine(WithdrawnRecord{0, cause}, 1) + "\n";
  };
  const std::string log = RunLine() + withdrawn(WithdrawalCause::kInfrastructure) +
                          withdrawn(WithdrawalCause::kOther) + withdrawn(WithdrawalCause::kSignal);
  const auto contents = ParseLog(log, "tune.jsonl");
  ASSERT_TRUE(contents.ok()) << contents.status().message();
  const std::map<std::uint64_t, std::vector<WithdrawalCause>> causes = {
      {0, {WithdrawalCause::kInfrastructure, WithdrawalCause::kSignal}}};
  EXPECT_EQ(contents->runs[0].withdrawal_causes, causes);
  const auto finished = ParseLog(log + TrialLine(0, {{1, 1}}), "tune.jsonl");
  ASSERT_TRUE(finished.ok()) << finished.status().message();
  EXPECT_TRUE(finished->runs[0].withdrawal_causes.empty());
  const std::string signal = ToJsonLine(WithdrawnRecord{0, WithdrawalCause::kSignal}, 1) + "\n";
  EXPECT_EQ(
      Complaint(RunLine() + StartedLine(0, {{1, 1}}) + Replaced(signal, "\"signal\"", "\"me\"")),
      "tune.jsonl:3: cause: is \"me\", must be \"infrastructure\" or \"signal\"");
}

TEST(LogReader, ATrialEndsAsItWasStarted) {
  EXPECT_EQ(Complaint(RunLine() + StartedLine(0, {{1, 1}}) + TrialLine(0, {{0, 0}})),
            "tune.jsonl:3: trial 0 was started with another config, must be the same");
  EXPECT_EQ(Complaint(RunLine() + StartedLine(3, {{1, 1}}) + StartedLine(3, {{0, 1}})),
            "tune.jsonl:3: trial 3 was started with another config, must be the same");
  EXPECT_EQ(Complaint(RunLine() + TrialLine(0) + StartedLine(0, {{0, 0}})),
            "tune.jsonl:3: trial: is 0, must be a whole number of at least 1");
}

TEST(LogReader, ATrialMayBeStartedAgain) {
  const auto contents = ParseLog(RunLine() + StartedLine(0, {{1, 1}}) + StartedLine(1, {{2, 1}}) +
                                     StartedLine(0, {{1, 1}}) + TrialLine(0, {{1, 1}}),
                                 "tune.jsonl");
  ASSERT_TRUE(contents.ok()) << contents.status().message();
  ASSERT_EQ(contents->runs[0].unfinished.size(), 1U);
  EXPECT_EQ(contents->runs[0].unfinished[0].trial, 1U);
}

TEST(LogReader, AWithdrawnTrialCountsAsNeverStarted) {
  const std::string withdrawn = ToJsonLine(WithdrawnRecord{1}, 1) + "\n";
  const std::string log =
      RunLine() + StartedLine(0, {{1, 1}}) + StartedLine(1, {{2, 1}}) + withdrawn;
  const auto contents = ParseLog(log, "tune.jsonl");
  ASSERT_TRUE(contents.ok()) << contents.status().message();
  ASSERT_EQ(contents->runs[0].unfinished.size(), 1U);
  EXPECT_EQ(contents->runs[0].unfinished[0].trial, 0U);
  ASSERT_EQ(contents->runs[0].withdrawn.size(), 1U);
  EXPECT_EQ(contents->runs[0].withdrawn[0].trial, 1U);
  EXPECT_EQ(contents->runs[0].withdrawn[0].config, (Config{{2, 1}}));
  const auto again = ParseLog(log + StartedLine(1, {{2, 1}}), "tune.jsonl");
  ASSERT_TRUE(again.ok()) << again.status().message();
  EXPECT_TRUE(again->runs[0].withdrawn.empty()) << "it was started again";
  EXPECT_TRUE(ParseLog(log + StartedLine(1, {{2, 1}}) + withdrawn, "tune.jsonl").ok());

  EXPECT_EQ(Complaint(log + withdrawn),
            "tune.jsonl:5: trial: is 1, must be a trial that was started and has not finished");
  EXPECT_EQ(Complaint(RunLine() + TrialLine(0) + TrialLine(1) + withdrawn),
            "tune.jsonl:4: trial: is 1, must be a trial that was started and has not finished");
  EXPECT_THAT(
      Complaint(log + StartedLine(1, {{2, 1}}) + Replaced(withdrawn, "}", R"(,"reason":"x"})")),
      HasSubstr("tune.jsonl:6: reason: is unknown"));
  EXPECT_EQ(Complaint(withdrawn),
            "tune.jsonl:1: run: is 1, must be that of an earlier line of type \"run\"");
}

TEST(LogReader, TimesPerRunCountTheTimes) {
  const auto with = [](const std::string& counts) {
    return RunLine() +
           Replaced(TrialLine(0), R"("build_s")", R"("times_per_run":)" + counts + R"(,"build_s")");
  };
  const std::size_t times = CorrectTrial(0, {{0, 0}}).measurement.seconds.size();
  ASSERT_EQ(times, 2U);
  EXPECT_TRUE(ParseLog(with("[1,1]"), "tune.jsonl").ok());
  EXPECT_EQ(Complaint(with("[1]")),
            "tune.jsonl:2: times_per_run: counts 1 times, must count the 2 of seconds");
  EXPECT_EQ(Complaint(with("[]")),
            "tune.jsonl:2: times_per_run: counts 0 times, must count the 2 of seconds");
  EXPECT_EQ(Complaint(with("[2,1]")),
            "tune.jsonl:2: times_per_run: counts more times than the 2 of seconds");
  EXPECT_THAT(Complaint(with("[0,2]")), HasSubstr("tune.jsonl:2: times_per_run[0]: is 0"));
}

TEST(LogReader, RunsMayInterleave) {
  const auto line_of_run = [](std::uint64_t run, std::uint64_t trial, std::uint32_t a) {
    return ToJsonLine(CorrectTrial(trial, {{a, 0}}), run, SomeRun().parameters) + "\n";
  };
  const auto contents =
      ParseLog(RunLine() + line_of_run(1, 0, 0) + ToJsonLine(SomeRun(), 2) + "\n" +
                   line_of_run(2, 0, 1) + line_of_run(1, 1, 2) + line_of_run(2, 1, 2),
               "tune.jsonl");
  ASSERT_TRUE(contents.ok()) << contents.status().message();
  ASSERT_EQ(contents->runs.size(), 2U);
  EXPECT_EQ(contents->runs[0].trials[1].measurement.config, (Config{{2, 0}}));
  EXPECT_EQ(contents->runs[1].trials[0].measurement.config, (Config{{1, 0}}));
}

TEST(LogReader, ALineThatWasChangedIsKnownByItsChecksum) {
  std::string line = TrialLine(0);
  line[line.find("0.0049")] = '1';
  EXPECT_EQ(Complaint(RunLine() + line + TrialLine(0)),
            "tune.jsonl:2: the checksum does not match: the line is not as it was written");
  const std::string without = line.substr(0, line.find(",\"crc\"")) + "}\n";
  EXPECT_EQ(Complaint(RunLine() + without + TrialLine(0)), "tune.jsonl:2: crc: is missing");
  std::string elsewhere = without;
  elsewhere.insert(elsewhere.find("\"time\""), R"("crc":"00000000",)");
  EXPECT_EQ(Complaint(RunLine() + elsewhere),
            "tune.jsonl:2: crc: must be the line's last field, and eight hexadecimal digits");
}

std::string OfVersion1(const std::string& line) {
  std::string old = line.substr(0, line.find(",\"crc\"")) + "}\n";
  const std::size_t at = old.find("\"version\":2");
  return at == std::string::npos ? old : old.replace(at, 11, "\"version\":1");
}

TEST(LogReader, LinesOfVersion1NeedNoChecksum) {
  const auto contents = ParseLog(
      OfVersion1(RunLine()) + OfVersion1(TrialLine(0)) + TrialLine(1) + OfVersion1(TrialLine(2)),
      "tune.jsonl");
  ASSERT_TRUE(contents.ok()) << contents.status().message();
  EXPECT_TRUE(contents->damaged.empty());
  EXPECT_EQ(contents->runs.at(0).trials.size(), 3U);
}

// Whatever byte of a log is lost or turned, the other lines are read and this is noticed.
TEST(LogReader, OneBadByteCostsOneLine) {
  const std::string log =
      RunLine() + StartedLine(0, {{0, 0}}) + TrialLine(0) + TrialLine(1) + TrialLine(2);
  const std::size_t begin = RunLine().size();
  const std::size_t end = log.size() - TrialLine(2).size() - 1;
  for (std::size_t at = begin; at < end; ++at) {
    std::string damaged = log;
    damaged[at] = static_cast<char>(damaged[at] ^ 1);
    const auto contents = ParseLog(damaged, "tune.jsonl");
    ASSERT_TRUE(contents.ok()) << contents.status().message();
    ASSERT_FALSE(contents->damaged.empty()) << at;
    std::size_t trials = 0;
    for (const RunLog& run : contents->runs) trials += run.trials.size();
    ASSERT_GE(trials, log[at] == '\n' ? 1U : 2U) << at;
  }
}

TEST(LogReader, WhatFollowsAGapIsKeptInARunOfItsOwn) {
  const auto contents =
      ParseLog(RunLine() + StartedLine(1, {{0, 0}}) + TrialLine(0) + TrialLine(2) + TrialLine(3),
               "tune.jsonl");
  ASSERT_TRUE(contents.ok());
  ASSERT_EQ(contents->damaged.size(), 2U);
  EXPECT_EQ(contents->damaged[0].problem,
            "tune.jsonl:4: trial: is 2, must be 1, the run's next trial");
  EXPECT_TRUE(contents->damaged[0].salvaged);
  ASSERT_EQ(contents->runs.size(), 2U);
  EXPECT_EQ(contents->runs[0].trials.size(), 1U);
  EXPECT_TRUE(contents->runs[0].unfinished.empty()) << "its end may be what is missing";
  EXPECT_EQ(contents->runs[0].withdrawn.size(), 1U);
  EXPECT_EQ(contents->runs[1].run, 2U);
  EXPECT_EQ(contents->runs[1].header.options.count("salvaged"), 1U);
  ASSERT_EQ(contents->runs[1].trials.size(), 2U);
  EXPECT_EQ(contents->runs[1].trials[1].trial, 1U);
}

TEST(LogReader, TwoTunersInOneLogCostNeitherItsTrials) {
  std::string log;
  for (const std::string& line : {RunLine(), TrialLine(0, {{0, 0}}), TrialLine(1, {{1, 0}})}) {
    log += line + line;
  }
  const auto contents = ParseLog(log, "tune.jsonl");
  ASSERT_TRUE(contents.ok());
  EXPECT_EQ(contents->damaged.size(), 3U);
  ASSERT_EQ(contents->runs.size(), 2U);
  EXPECT_EQ(contents->runs[0].trials.size(), 2U);
  EXPECT_EQ(contents->runs[1].trials.size(), 2U);
}

TEST(LogReader, AnotherRunOfTheSameNumberIsARunToo) {
  RunHeader other = SomeRun();
  other.searcher = "grid";
  const auto contents =
      ParseLog(RunLine() + TrialLine(0) + ToJsonLine(other, 1) + "\n" + TrialLine(0), "tune.jsonl");
  ASSERT_TRUE(contents.ok());
  EXPECT_EQ(contents->damaged.at(0).problem,
            "tune.jsonl:3: run: is 1, must be 2, the file's next run");
  ASSERT_EQ(contents->runs.size(), 2U);
  EXPECT_EQ(contents->runs[1].run, 2U);
  EXPECT_EQ(contents->runs[1].trials.size(), 1U);
}

TEST(LogReader, DamageIsDescribedInOneLine) {
  const auto describe = [](const std::string& text) {
    return DescribeDamage(*ParseLog(text, "tune.jsonl"), "tune.jsonl");
  };
  EXPECT_EQ(describe(RunLine()), std::nullopt);
  const std::string first = "tune.jsonl:2: trial: is 1, must be 0, the run's next trial";
  const std::string what_to_do =
      "; foothold log repair tune.jsonl says what can be saved, and saves it";
  EXPECT_EQ(describe(RunLine() + TrialLine(1)), first + what_to_do);
  EXPECT_EQ(describe(RunLine() + TrialLine(1) + TrialLine(1)),
            first + "; and 1 more line that cannot be used as it is" + what_to_do);
  EXPECT_EQ(describe(RunLine() + TrialLine(1) + TrialLine(1) + TrialLine(1)),
            first + "; and 2 more lines that cannot be used as they are" + what_to_do);
}

TEST(LogReader, LinesThatNoTunerWritesAreDamagedAndCostNoMemory) {
  std::string many = R"({"type":"run","values":[)";
  for (std::size_t i = 0; i <= LogParser::kMostValues; ++i) many += "0,";
  EXPECT_EQ(Complaint(RunLine() + many + "0]}\n" + TrialLine(0)),
            "tune.jsonl:2: holds more than 1000000 values");
  const std::string long_line(LogParser::kMostLineBytes + 1, ' ');
  EXPECT_EQ(Complaint(RunLine() + long_line + "\n" + TrialLine(0)),
            "tune.jsonl:2: is longer than 16777216 bytes");
  EXPECT_THAT(Complaint(long_line), HasSubstr("tune.jsonl:1: is not a record log"));
}

TEST(LogReader, ManyBadLinesInARowAreCounted) {
  std::string log = RunLine();
  for (int i = 0; i < 5000; ++i) log += "x\n";
  log += TrialLine(0);
  const auto contents = ParseLog(log, "tune.jsonl");
  ASSERT_TRUE(contents.ok());
  ASSERT_EQ(contents->damaged.size(), 1000U);
  EXPECT_EQ(contents->damaged.back().first, 1001U);
  EXPECT_EQ(contents->damaged.back().last, 5001U);
  EXPECT_EQ(contents->runs.at(0).trials.size(), 1U);
}

// However a log comes in pieces, it says the same; and it can be looked at in between.
TEST(LogParser, TakesPiecesOfAnySize) {
  const std::string log = RunLine() + StartedLine(0, {{0, 0}}) + TrialLine(0) + "garbage\n" +
                          TrialLine(1) + StartedLine(2, {{0, 0}}) + "{\"typ";
  const std::string whole = ToJsonLines(*ParseLog(log, "tune.jsonl"));
  for (const std::size_t size : {1U, 2U, 7U, 100U, 1000U}) {
    LogParser parser("tune.jsonl");
    for (std::size_t at = 0; at < log.size(); at += size) {
      ASSERT_TRUE(parser.Feed(std::string_view(log).substr(at, size)).ok());
      if (at > RunLine().size()) {
        ASSERT_TRUE(parser.Finish().ok());
      }
    }
    ASSERT_TRUE(parser.Finish().ok());
    EXPECT_EQ(ToJsonLines(parser.contents()), whole) << size;
    EXPECT_EQ(parser.contents().damaged.size(), 1U);
    EXPECT_EQ(parser.contents().repaired, "tune.jsonl:7: torn last line (5 bytes) ignored");
  }
}

}  // namespace
}  // namespace foothold::records
