#include "cli/common/schedule.h"

#include <gtest/gtest.h>

#include "base/json.h"

namespace foothold::cli {
namespace {

// A target that knows its peak: 51.2 GOPS, as the PYNQ board's.
class ThreeTiles : public TargetTask {
 public:
  ThreeTiles() : space_(*Space::Create({{"tile", {1, 2, 4}}, {"fixed", {3}}})) {}
  const Workload& workload() const override { return workload_; }
  const Space& space() const override { return space_; }
  BuildResult Build(const Config&) const override { return {}; }
  RunResult Run(const foothold::Program&, const RunOptions&) const override { return {}; }
  const TaskTraits& traits() const override { return traits_; }

 private:
  Workload workload_{"lstm", Dense{1, 256, 128}, Requantize{}};
  Space space_;
  TaskTraits traits_{.peak_operations_per_second = 51.2e9, .roofline_seconds = 1e-6};
};

Measurement TwoMicroseconds() {
  Measurement measurement;
  measurement.config = {{2, 0}};
  measurement.seconds = {2e-6};
  return measurement;
}

Schedule ScheduleOf(const TargetTask* task) {
  const ThreeTiles known;
  return *MakeSchedule(known.workload(), "vta:pynq", known.space().parameters(), TwoMicroseconds(),
                       task);
}

TEST(Schedule, ComparesWithPeakAndRoofline) {
  const ThreeTiles task;
  const Schedule schedule = ScheduleOf(&task);
  EXPECT_EQ(schedule.index, 2u);
  EXPECT_DOUBLE_EQ(schedule.gops, 2.0 * 256 * 128 / 2e-6 / 1e9);
  EXPECT_DOUBLE_EQ(schedule.share_of_peak.value(), schedule.gops / 51.2);
  EXPECT_DOUBLE_EQ(schedule.share_of_roofline.value(), 0.5);
}

TEST(Schedule, LeavesSharesOutWhereTheTargetIsUnknown) {
  const Schedule schedule = ScheduleOf(nullptr);
  EXPECT_EQ(schedule.share_of_peak, std::nullopt);
  EXPECT_EQ(ToJson(schedule).Dump(),
            R"({"index":2,"config":{"tile":4,"fixed":3},"seconds":2e-06,"gops":32.768})");
}

TEST(ScheduleTable, HasARowForWhatWasNotFound) {
  const ThreeTiles task;
  EXPECT_EQ(ScheduleTable({{task.workload(), ScheduleOf(&task), 3, 8},
                           {{"other", Dense{1, 16, 16}, Requantize{}}, std::nullopt, 0, 8}}),
            "layer  time ms  GOPS  of peak  of roofline  correct/tried  index  schedule\n"
            "-----  -------  ----  -------  -----------  -------------  -----  "
            "---------------------\n"
            "lstm    0.0020  32.8   64.0 %       50.0 %            3/8      2  tile=4\n"
            "other        -     -        -            -            0/8      -  "
            "nothing correct found\n");
}

TEST(TiedText, NamesWhatCannotBeToldApartAndIsSilentAboutASingleWinner) {
  Workload workload;
  workload.name = "layer";
  Schedule first;
  first.index = 575;
  Schedule second;
  second.index = 12;
  EXPECT_EQ(TiedText(workload, {}), "");
  EXPECT_EQ(TiedText(workload, {first}), "");
  EXPECT_EQ(TiedText(workload, {first, second}),
            "layer: 2 schedules cannot be told apart: index 575, 12\n");
}

}  // namespace
}  // namespace foothold::cli
