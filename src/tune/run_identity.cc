#include "tune/run_identity.h"

#include <fmt/format.h>
#include <zlib.h>

#include <string>
#include <vector>

#include "foothold/version.h"
#include "tune/machine.h"
#include "tune/tuner_options.h"

namespace foothold {
namespace {

bool SameArguments(const RunHeader& a, const RunHeader& b) {
  return a.target == b.target && a.workload == b.workload && a.searcher == b.searcher &&
         a.seed == b.seed && a.options == b.options;
}

/// The seed does too, and has a field of its own.
bool ChangesTheTrials(std::string_view option) {
  return option == "batch_size" || option == "timeout_s" || option == "verify" ||
         option == "knowledge";
}

/// Which runs a searcher was given to learn from: other ones make other trials.
std::string Fingerprint(const std::vector<EarlierRun>& runs) {
  std::size_t trials = 0, builds = 0;
  std::string text;
  for (const EarlierRun& run : runs) {
    trials += run.trials.size();
    builds += run.builds.size();
    text += fmt::format("{} {}\n", run.target, ToInline(run.workload));
    for (const Measurement& trial : run.trials) {
      text += fmt::format("{} {} {}\n", fmt::join(trial.config.choices, ","),
                          ToString(trial.outcome), fmt::join(trial.seconds, ","));
    }
    for (const BuildReport& build : run.builds) {
      text += fmt::format("{} {}\n", fmt::join(build.config.choices, ","), build.ok());
    }
  }
  const auto* bytes = reinterpret_cast<const Bytef*>(text.data());
  return fmt::format("{} trials and {} builds of {} runs, crc32 {:08x}", trials, builds,
                     runs.size(), crc32_z(0, bytes, text.size()));
}

}  // namespace

RunHeader DescribeRun(const TargetTask& task, const std::string& target_name,
                      std::string_view searcher, const TunerOptions& options, Env& env) {
  RunHeader header;
  header.foothold_version = FOOTHOLD_VERSION;
  header.target = target_name;
  header.workload = task.workload();
  header.searcher = searcher;
  header.seed = options.seed;
  for (const Option& option : TunerOptionsTable().options()) {
    if (ChangesTheTrials(option.name())) header.options[option.name()] = option.Text(&options);
  }
  if (!options.earlier_runs.empty()) {
    header.options["earlier_runs"] = Fingerprint(options.earlier_runs);
  }
  header.machine = DescribeMachine(env);
  header.machine.merge(task.Context());
  header.device_numbers = task.DeviceNumbers();
  header.parameters = task.space().parameters();
  header.wall_clock = env.WallClockSeconds();
  return header;
}

Result<std::optional<std::size_t>> FindRun(const LogContents& log, const std::string& path,
                                           const RunHeader& header) {
  for (std::size_t i = log.runs.size(); i > 0; --i) {
    const RunLog& run = log.runs[i - 1];
    if (!SameArguments(run.header, header)) continue;
    if (run.header.parameters == header.parameters) return std::optional(i - 1);
    return Status::DataLoss(fmt::format(
        "{}: run {} was recorded over other parameters by version {}; this is version {}: "
        "use another log",
        path, run.run, run.header.foothold_version, header.foothold_version));
  }
  return std::optional<std::size_t>();
}

}  // namespace foothold
