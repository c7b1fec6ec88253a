#include "tune/explore_options.h"

#include "foothold/explore.h"
#include "records/ground_truth/header.h"

namespace foothold::tune {

const base::OptionsTable<ExploreOptions>& ExploreOptionsTable() {
  using O = ExploreOptions;
  static const base::OptionsTable<ExploreOptions> table =
      base::OptionsTable<ExploreOptions>()
          .Add("jobs", &O::jobs, "", base::OptionRange::AtLeast(0),
               "Threads that build and run; 0: one per core. Never changes the file.")
          .Add("timeout_s", &O::timeout_s, "s", base::OptionRange::Above(0),
               "Time limit of one run on the target, by its clock.")
          .Add("verify_sample", &O::verify_sample, "", base::OptionRange::Any(),
               "Correct configs, drawn at random, whose output is compared with the reference.")
          .Add("configs_per_block", &O::configs_per_block, "",
               base::OptionRange::Between(1, records::kMaxConfigsPerBlock),
               "Configs saved at a time: what an interrupt can lose.");
  return table;
}

Status Validate(const ExploreOptions& options) { return ExploreOptionsTable().Check(options); }

}  // namespace foothold::tune
