#include "measure/measuring_options.h"

namespace foothold {

const OptionsTable<DeviceRules>& DeviceRulesTable() {
  using R = DeviceRules;
  static const OptionsTable<DeviceRules> table =
      OptionsTable<DeviceRules>()
          .Add("attempts", &R::attempts, "", OptionRange::AtLeast(1),
               "Tries of a build or run before a failure that is not the candidate's ends the run.")
          .Add("first_pause_s", &R::first_pause_s, "s", OptionRange::AtLeast(0),
               "Between two attempts; doubles each time.")
          .Add("times_best", &R::times_best, "", OptionRange::Above(1),
               "Kill a run that takes so many times what the best candidate's run took.")
          .Add("failures_alike", &R::failures_alike, "", OptionRange::AtLeast(1),
               "End with a diagnosis when so many failures from the beginning are alike.")
          .Add("probe", &R::probe, "", OptionRange::Any(),
               "Run the best candidate again after a failed run, and now and then.");
  return table;
}

const OptionsTable<RepeatRules>& RepeatRulesTable() {
  using R = RepeatRules;
  static const OptionsTable<RepeatRules> table =
      OptionsTable<RepeatRules>()
          .Add("warm_ups", &R::warm_ups, "", OptionRange::AtLeast(0),
               "First runs of a candidate whose times are thrown away.")
          .Add("least_repeats", &R::least_repeats, "", OptionRange::AtLeast(1),
               "Runs before a candidate is called worse, unless it takes twice as long.")
          .Add("most_repeats", &R::most_repeats, "", OptionRange::AtLeast(1),
               "Most runs of a candidate; 1 to not repeat.")
          .Add("interval_width", &R::interval_width, "", OptionRange::Above(0),
               "Enough runs when half the confidence interval is this share of the time.")
          .Add("worse_margin", &R::worse_margin, "", OptionRange::AtLeast(0),
               "Share of the time by which a few runs, or runs at different times, may mislead.")
          .Add("repeat_seconds", &R::repeat_seconds, "s", OptionRange::Above(0),
               "Begin no further run of a candidate after so long.")
          .Add("final_rounds", &R::final_rounds, "", OptionRange::AtLeast(0),
               "Most rounds in which the leaders run in turns at the end; 0 for none.")
          .Add("final_seconds", &R::final_seconds, "s", OptionRange::Above(0),
               "Begin no further round after so long.");
  return table;
}

}  // namespace foothold
