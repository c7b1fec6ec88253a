#include <gtest/gtest.h>

#include "foothold/tuner.h"

namespace foothold::tune {
namespace {

const std::string kHashA = "sha256 ab12cd34" + std::string(56, 'a');
const std::string kHashB = "sha256 56ef7890" + std::string(56, 'b');

TEST(RunStart, SaysWhatAUserShouldKnow) {
  RunStart start;
  start.log = "kernel.jsonl";
  start.run = 1;
  start.planned = 100;
  EXPECT_EQ(ToString(start), "") << "a first run is no news";
  start.run = 2;
  start.resumed = true;
  start.trials = 40;
  EXPECT_EQ(ToString(start), "resuming run 2 of kernel.jsonl: 40 of 100 trials");
  start.changed_since = 2;
  start.changes = {{"k.cl", kHashA, kHashB}};
  start.resume = Resume::kIgnoreChanges;
  EXPECT_EQ(ToString(start),
            "resuming run 2 of kernel.jsonl: 40 of 100 trials, though k.cl (sha256 ab12cd34 -> "
            "sha256 56ef7890) changed since");
  start.resume = Resume::kUnchanged;
  start.resumed = false;
  start.run = 3;
  EXPECT_EQ(ToString(start),
            "k.cl (sha256 ab12cd34 -> sha256 56ef7890) changed since run 2 of kernel.jsonl: "
            "starting run 3; the earlier trials stay for --warm-start; --resume=ignore-changes "
            "continues run 2");
  start.changes = {{"parameter tile", "8, 16", "8"}};
  EXPECT_EQ(ToString(start),
            "parameter tile (8, 16 -> 8) changed since run 2 of kernel.jsonl: starting run 3; the "
            "earlier trials stay for --warm-start");
  RunStart fresh;
  fresh.log = "kernel.jsonl";
  fresh.run = 4;
  fresh.resume = Resume::kNever;
  EXPECT_EQ(ToString(fresh), "starting run 4 of kernel.jsonl, as asked for");
  RunStart unknown;
  unknown.log = "kernel.jsonl";
  unknown.run = 1;
  unknown.resumed = true;
  unknown.dependencies_unknown = true;
  unknown.trials = unknown.planned = 5;
  EXPECT_EQ(ToString(unknown),
            "resuming run 1 of kernel.jsonl: 5 of 5 trials; it was recorded without what it "
            "depends on, so nobody knows whether that has changed (--fresh starts a new run)");
}

}  // namespace
}  // namespace foothold::tune
