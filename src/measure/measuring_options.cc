#include "measure/measuring_options.h"

namespace foothold::measure {

const base::OptionsTable<DeviceOptions>& DeviceOptionsTable() {
  using R = DeviceOptions;
  static const base::OptionsTable<DeviceOptions> table =
      base::OptionsTable<DeviceOptions>()
          .Add("attempts", &R::attempts, "", base::OptionRange::AtLeast(1),
               "Attempts at a build or run before an infrastructure failure ends the tuning.")
          .Add("first_pause_s", &R::first_pause_s, "s", base::OptionRange::AtLeast(0),
               "Pause before the second attempt; doubles with each further one.")
          .Add("times_best", &R::times_best, "", base::OptionRange::Above(1),
               "Kill a run that takes this many times as long as the best candidate's.")
          .Add("failures_alike", &R::failures_alike, "", base::OptionRange::AtLeast(1),
               "Stop with a diagnosis when the first failures, this many, are all alike.")
          .Add("probe", &R::probe, "", base::OptionRange::Any(),
               "Check the device by running the best candidate again after a failed run and now "
               "and then.");
  return table;
}

const base::OptionsTable<RepeatOptions>& RepeatOptionsTable() {
  using R = RepeatOptions;
  static const base::OptionsTable<RepeatOptions> table =
      base::OptionsTable<RepeatOptions>()
          .Add("warm_ups", &R::warm_ups, "", base::OptionRange::AtLeast(0),
               "Warm-up runs of a candidate; their times are discarded.")
          .Add("least_repeats", &R::least_repeats, "", base::OptionRange::AtLeast(1),
               "Runs before a candidate is judged slower, unless it takes twice as long.")
          .Add("most_repeats", &R::most_repeats, "", base::OptionRange::AtLeast(1),
               "Maximum number of runs of a candidate; 1: never repeat.")
          .Add("interval_width", &R::interval_width, "", base::OptionRange::Above(0),
               "Stop repeating when half the confidence interval is at most this fraction of the "
               "time.")
          .Add("worse_margin", &R::worse_margin, "", base::OptionRange::AtLeast(0),
               "Relative tolerance. With fewer than six runs the true time is assumed to lie "
               "within this fraction of the observed ones.")
          .Add("repeat_seconds", &R::repeat_seconds, "s", base::OptionRange::Above(0),
               "Start no further run of a candidate after this time.")
          .Add("final_rounds", &R::final_rounds, "", base::OptionRange::AtLeast(0),
               "Maximum rounds of the final, in which the finalists run in turns; 0: no final.")
          .Add("final_seconds", &R::final_seconds, "s", base::OptionRange::Above(0),
               "Start no further round of the final after this time.");
  return table;
}

}  // namespace foothold::measure
