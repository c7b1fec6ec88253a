#include "tune/tuner_options.h"

#include "measure/measuring_options.h"

namespace foothold::tune {
const base::OptionsTable<TunerOptions>& TunerOptionsTable() {
  using O = TunerOptions;
  constexpr base::OptionRole kIdentifiesRun = base::OptionRole::kIdentifiesRun;
  static const base::OptionsTable<TunerOptions> table =
      base::OptionsTable<TunerOptions>()
          .Add("trials", &O::trials, "", base::OptionRange::AtLeast(1),
               "Number of trials, including those resumed from the log.")
          .Add("max_seconds", &O::max_seconds, "s", base::OptionRange::Above(0),
               "Stop after this time; a resumed run has the whole time again.")
          .Add("batch_size", &O::batch_size, "", base::OptionRange::AtLeast(1),
               "Trials that the searcher proposes at a time.", kIdentifiesRun)
          .Add("seed", &O::seed, "", base::OptionRange::Any(), "Same seed, same trials.",
               kIdentifiesRun)
          .Add("timeout_s", &O::timeout_s, "s", base::OptionRange::Above(0),
               "Time limit of one run on the target, by its clock.", kIdentifiesRun)
          .Add("jobs", &O::jobs, "", base::OptionRange::AtLeast(0),
               "Threads that build and run; 0: one per core. Never changes the result.")
          .Add("verify", &O::verify, "", base::OptionRange::Any(),
               "Compare every output with the reference.", kIdentifiesRun)
          .AddNamed("knowledge", &O::knowledge,
                    {Knowledge::kBlind, Knowledge::kCompiler, Knowledge::kHardware},
                    "What searchers may use before a measurement: nothing, builds, or also the "
                    "target's known constraints.",
                    kIdentifiesRun)
          .Add("stop_early", &O::stop_early, "", base::OptionRange::Any(),
               "Stop when the searcher expects nothing better, and say why.")
          .AddNamed(
              "resume", &O::resume, {Resume::kUnchanged, Resume::kIgnoreChanges, Resume::kNever},
              "Which run of the same arguments in the log is continued: one whose sources, "
              "tools and device have not changed, the last one whatever has changed, or none.")
          .Add("retry_unfinished", &O::retry_unfinished, "", base::OptionRange::Any(),
               "Run configs again that were running when the tuner died.")
          .AddPart("earlier_runs", "Runs of other logs that the searcher learns from first.",
                   kIdentifiesRun)
          .AddPart("depends",
                   "Files and directories on which results depend beside those that the target "
                   "knows.")
          .AddPart("device", "How to deal with a device that is slow, unstable or gone.")
          .AddPart("repeats", "How often to run a candidate whose times are not exact.");
  return table;
}

Status Validate(const TunerOptions& options) {
  FOOTHOLD_RETURN_IF_ERROR(TunerOptionsTable().Check(options));
  FOOTHOLD_RETURN_IF_ERROR(measure::DeviceOptionsTable().Check(options.device));
  return measure::RepeatOptionsTable().Check(options.repeats);
}

}  // namespace foothold::tune
