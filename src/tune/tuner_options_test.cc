#include "tune/tuner_options.h"

#include <gtest/gtest.h>

#include <limits>

namespace foothold::tune {
namespace {

std::string Complaint(const TunerOptions& options) {
  const Status status = Validate(options);
  EXPECT_EQ(status.code(), StatusCode::kInvalidArgument);
  return status.message();
}

TEST(TunerOptions, DefaultsAreInRange) { EXPECT_TRUE(Validate(TunerOptions{}).ok()); }

TEST(TunerOptions, EachFieldOutOfRangeIsNamed) {
  TunerOptions options;
  options.trials = 0;
  EXPECT_EQ(Complaint(options), "trials: is 0, must be a whole number of at least 1");
  options = {};
  options.batch_size = 0;
  EXPECT_EQ(Complaint(options), "batch_size: is 0, must be a whole number of at least 1");
  options = {};
  options.jobs = -2;
  EXPECT_EQ(Complaint(options), "jobs: is -2, must be a whole number of at least 0");
  options = {};
  options.timeout_s = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(Complaint(options), "timeout_s: is nan, must be a number above 0");
  options = {};
  options.device.times_best = 1;
  EXPECT_EQ(Complaint(options), "times_best: is 1, must be a number above 1");
  options = {};
  options.repeats.most_repeats = 0;
  EXPECT_EQ(Complaint(options), "most_repeats: is 0, must be a whole number of at least 1");
  options = {};
  options.max_seconds = 0;
  EXPECT_EQ(Complaint(options), "max_seconds: is 0, must be a number above 0, or none");
}

// A field that is added to the struct and not to the table would have no flag and no check.
TEST(TunerOptions, TheTableHasEveryField) {
  TunerOptions options;
  const auto& [trials, max_seconds, batch_size, seed, timeout_s, jobs, verify, knowledge,
               earlier_runs, stop_early, resume, depends, retry_unfinished, device, repeats] =
      options;
  const std::vector<const void*> fields = {&trials,     &max_seconds, &batch_size,      &seed,
                                           &timeout_s,  &jobs,        &verify,          &knowledge,
                                           &stop_early, &resume,      &retry_unfinished};
  const std::vector<const void*> parts = {&earlier_runs, &depends, &device, &repeats};
  EXPECT_EQ(TunerOptionsTable().options().size(), fields.size());
  EXPECT_EQ(TunerOptionsTable().parts().size(), parts.size());
}

// Logs that exist are resumed by these: one more and no run of theirs is found again.
TEST(TunerOptions, WhatIdentifiesARun) {
  std::vector<std::string> names;
  for (const base::Option& option : TunerOptionsTable().options()) {
    if (option.identifies_run()) names.push_back(option.name());
  }
  EXPECT_EQ(names,
            (std::vector<std::string>{"batch_size", "seed", "timeout_s", "verify", "knowledge"}));
  for (const auto& table :
       {measure::DeviceOptionsTable().options(), measure::RepeatOptionsTable().options()}) {
    for (const base::Option& option : table) EXPECT_FALSE(option.identifies_run()) << option.name();
  }
}

}  // namespace
}  // namespace foothold::tune
