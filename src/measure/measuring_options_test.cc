#include "measure/measuring_options.h"

#include <gtest/gtest.h>

#include <vector>

namespace foothold::measure {
namespace {

// A field that is added to a struct and not to its table would have no flag and no check.
TEST(MeasuringOptions, TheTablesHaveEveryField) {
  DeviceOptions device;
  const auto& [attempts, first_pause_s, times_best, failures_alike, probe] = device;
  const std::vector<const void*> of_device = {&attempts, &first_pause_s, &times_best,
                                              &failures_alike, &probe};
  EXPECT_EQ(DeviceOptionsTable().options().size(), of_device.size());

  RepeatOptions repeats;
  const auto& [warm_ups, least, most, width, margin, seconds, rounds, final_seconds] = repeats;
  const std::vector<const void*> of_repeats = {&warm_ups, &least,   &most,   &width,
                                               &margin,   &seconds, &rounds, &final_seconds};
  EXPECT_EQ(RepeatOptionsTable().options().size(), of_repeats.size());
}

TEST(MeasuringOptions, RangesAreThoseOfTheFields) {
  DeviceOptions device;
  EXPECT_FALSE(DeviceOptionsTable().SetText(&device, "attempts", "0").ok());
  EXPECT_FALSE(DeviceOptionsTable().SetText(&device, "times_best", "1").ok());
  EXPECT_TRUE(DeviceOptionsTable().SetText(&device, "times_best", "1.5").ok());
  EXPECT_EQ(device.times_best, 1.5);
  RepeatOptions repeats;
  EXPECT_TRUE(RepeatOptionsTable().SetText(&repeats, "warm_ups", "0").ok());
  EXPECT_FALSE(RepeatOptionsTable().SetText(&repeats, "interval_width", "0").ok());
  EXPECT_FALSE(RepeatOptionsTable().SetText(&repeats, "most_repeats", "0").ok());
  EXPECT_TRUE(RepeatOptionsTable().SetText(&repeats, "final_rounds", "0").ok());
}

}  // namespace
}  // namespace foothold::measure
