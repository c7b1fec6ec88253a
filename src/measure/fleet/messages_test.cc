#include "measure/fleet/messages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "foothold/rng.h"
#include "foothold/workload.h"
#include "measure/fleet/message_fields.h"

namespace foothold::measure {
namespace {

using ::testing::HasSubstr;

Job ExampleJob() {
  Job job;
  job.run = "7-1764465000";
  job.job = "m575";
  job.setting = {
      ParseInlineWorkload("dense:1x8,4").value(), "0123456789abcdef", {2.5, false}, {}, {}};
  job.configs = {{{3, 0, 1}}};
  job.harmless = true;
  job.avoid = {"bench-1"};
  return job;
}

JobResult ExampleResult() {
  JobResult result;
  result.run = "7-1764465000";
  result.job = "m575";
  result.attempt = 2;
  result.device = "bench-1";
  result.worker = "bench-1/01234567";
  result.measurement.emplace();
  result.measurement->seconds = {0.1, 1.0 / 3, 2e-6};
  result.measurement->times_per_run = {1, 2};
  result.measurement->build_seconds = 0.25;
  result.measurement->metrics = {{"cycles", 12345678901.0}};
  result.build.emplace();
  result.build->metrics = {{"area", 4}};
  result.demotions = {{{{1, 2, 3}}, {Outcome::kRuntime, "run", "crashed"}}};
  result.steadiness = Steadiness{10, 0.01, 1.5};
  return result;
}

TEST(FleetMessages, JobsReadBackToWhatWasWritten) {
  Job job = ExampleJob();
  for (const JobKind kind : {JobKind::kMeasure, JobKind::kBuild, JobKind::kCompare}) {
    job.kind = kind;
    job.seconds = kind == JobKind::kCompare ? 30 : 0;
    job.seed = kind == JobKind::kCompare ? ~std::uint64_t{0} : 0;
    const std::string text = ToMessage(job).value();
    const Job read = ParseJob(text).value();
    EXPECT_EQ(ToMessage(read).value(), text);
    EXPECT_EQ(read.configs, job.configs);
    EXPECT_EQ(read.seed, job.seed);
    EXPECT_TRUE(read.setting == job.setting);
  }
}

TEST(FleetMessages, ResultsReadBackToWhatWasWritten) {
  const std::string text = ToMessage(ExampleResult()).value();
  const JobResult read = ParseResult(text).value();
  EXPECT_EQ(ToMessage(read).value(), text);
  EXPECT_EQ(read.measurement->seconds, ExampleResult().measurement->seconds);

  JobResult slow = ExampleResult();
  slow.measurement->seconds.clear();
  slow.measurement->times_per_run.clear();
  slow.measurement->slower_than_s = 0.5;
  EXPECT_EQ(ParseResult(ToMessage(slow).value()).value().measurement->outcome(), Outcome::kSlow);

  JobResult failed;
  failed.run = "r";
  failed.job = "j";
  failed.status = Status::Unavailable("the board is gone");
  failed.is_diagnosis = true;
  const JobResult same = ParseResult(ToMessage(failed).value()).value();
  EXPECT_EQ(same.status, failed.status);
  EXPECT_TRUE(same.is_diagnosis);
  EXPECT_FALSE(same.measurement.has_value());
}

TEST(FleetMessages, ComparisonsReadBack) {
  JobResult result;
  result.run = "r";
  result.job = "c1";
  result.comparison = Comparison{
      {{{0.5, 0.25}, true, {}}, {{}, false, Failure{Outcome::kTimeout, "run", "too long"}}}, 0};
  const JobResult read = ParseResult(ToMessage(result).value()).value();
  EXPECT_EQ(read.comparison->best, std::optional<std::size_t>(0));
  EXPECT_EQ(read.comparison->candidates[0].seconds, (std::vector<double>{0.5, 0.25}));
  EXPECT_EQ(read.comparison->candidates[1].failure->outcome, Outcome::kTimeout);
}

std::string Replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

TEST(FleetMessages, WrongJobsAreRefusedByField) {
  const std::string job = ToMessage(ExampleJob()).value();
  const struct {
    const char* from;
    const char* to;
    const char* says;
  } kCases[] = {
      {"\"v\":1", "\"v\":2", "v: is 2"},
      {"\"7-1764465000\"", "\"a b\"", "run: must be 1 to 200 letters"},
      {"\"m575\"", "\"\"", "job: must be"},
      {"\"measure\"", "\"shell\"", "kind: must be measure, build or compare"},
      {"[[3,0,1]]", "[]", "configs: must have one config"},
      {"[[3,0,1]]", "[[3,0,1],[3,0,1]]", "configs: must have one config"},
      {"[[3,0,1]]", "[[-1]]", "configs[0][0]: is -1"},
      {"\"timeout_s\":2.5", "\"timeout_s\":0", "timeout_s: is 0"},
      {"\"harmless\":true", "\"harmless\":1", "harmless"},
      {"\"harmless\":true", "\"command\":\"reboot\",\"harmless\":true", "command"},
      {"{\"v\"", "[{\"v\"", "job:1"},
  };
  for (const auto& c : kCases) {
    const auto parsed = ParseJob(Replaced(job, c.from, c.to));
    ASSERT_FALSE(parsed.ok()) << c.to;
    EXPECT_EQ(parsed.status().code(), StatusCode::kInvalidArgument) << c.to;
    EXPECT_THAT(parsed.status().message(), HasSubstr(c.says));
  }
}

TEST(FleetMessages, WrongResultsAreRefusedByField) {
  const std::string result = ToMessage(ExampleResult()).value();
  const struct {
    const char* from;
    const char* to;
    const char* says;
  } kCases[] = {
      {"\"attempt\":2", "\"attempt\":0", "attempt: is 0"},
      {"[0.1,", "[-0.1,", "seconds[0]: must be a number above 0"},
      {"\"times_per_run\":[1,2]", "\"times_per_run\":[1,1]", "must add up"},
      {"\"outcome\":\"runtime\"", "\"outcome\":\"correct\"", "outcome: must be"},
      {"\"build_s\":0.25", "\"slower_than_s\":1.0,\"build_s\":0.25", "must have one of"},
      {"\"build_s\":0.25", "\"build_s\":-1", "build_s: is -1"},
  };
  for (const auto& c : kCases) {
    const auto parsed = ParseResult(Replaced(result, c.from, c.to));
    ASSERT_FALSE(parsed.ok()) << c.to;
    EXPECT_EQ(parsed.status().code(), StatusCode::kInvalidArgument) << c.to;
    EXPECT_THAT(parsed.status().message(), HasSubstr(c.says));
  }
}

TEST(FleetMessages, NoneIsLongerThanTheLimit) {
  JobResult result = ExampleResult();
  result.measurement->times_per_run.clear();
  result.measurement->seconds.assign(200'000, 0.123456789);
  EXPECT_EQ(ToMessage(result).status().code(), StatusCode::kInvalidArgument);
  EXPECT_FALSE(ParseResult(std::string(kMostMessageBytes + 1, ' ')).ok());
}

// What comes from the network may be anything: it is refused, or read to something that can be
// written.
TEST(FleetMessages, DamagedMessagesDoNoHarm) {
  const std::vector<std::string> good = {ToMessage(ExampleJob()).value(),
                                         ToMessage(ExampleResult()).value()};
  Rng rng(20231130);
  for (int round = 0; round < 4'000; ++round) {
    std::string text = good[static_cast<std::size_t>(round) % good.size()];
    for (std::uint64_t edits = 1 + rng.Below(3); edits > 0; --edits) {
      const std::size_t at = rng.Below(text.size());
      if (rng.Below(4) == 0) {
        text.erase(at, 1 + rng.Below(8));
      } else {
        text[at] = static_cast<char>("0123456789-.eE\"{}[],:tfn\\\x80"[rng.Below(26)]);
      }
      if (text.empty()) break;
    }
    if (const auto job = ParseJob(text); job.ok()) {
      EXPECT_TRUE(ToMessage(*job).ok()) << text;
    }
    if (const auto result = ParseResult(text); result.ok()) {
      EXPECT_TRUE(ToMessage(*result).ok()) << text;
    }
  }
}

TEST(FleetMessages, AFailureWithALongReasonIsCutAndStaysReadable) {
  JobResult result = ExampleResult();
  result.measurement = Measurement{};
  std::string reason;
  while (reason.size() < 10'000) reason += "ä";
  result.measurement->failure = Failure{Outcome::kCompile, "cc", "x" + reason};
  const auto read = ParseResult(ToMessage(result).value());
  ASSERT_TRUE(read.ok()) << read.status().message();
  EXPECT_GT(read->measurement->failure->reason.size(), 3900u);
}

TEST(FleetNames, AreShortAndPlain) {
  EXPECT_TRUE(IsName("vta:pynq@1x16_15-a/b.json#2"));
  EXPECT_FALSE(IsName(""));
  EXPECT_FALSE(IsName("a b"));
  EXPECT_FALSE(IsName("a\nb"));
  EXPECT_FALSE(IsName("a*"));
  EXPECT_FALSE(IsName(std::string(kMostNameBytes + 1, 'a')));
}

TEST(FleetSpaceDigest, TellsSpacesApart) {
  const std::vector<Parameter> a = {{"x", {1, 2}}};
  const std::vector<Parameter> b = {{"x", {1, 3}}};
  EXPECT_EQ(SpaceDigest(a), SpaceDigest(a));
  EXPECT_NE(SpaceDigest(a), SpaceDigest(b));
  EXPECT_EQ(SpaceDigest(a).size(), 16u);
}

}  // namespace
}  // namespace foothold::measure
