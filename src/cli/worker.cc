// foothold worker: joins a board or a machine to a fleet.
#include "measure/fleet/worker.h"

#include <fmt/core.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/common/output.h"
#include "cli/fleet.h"
#include "foothold/targets.h"

namespace foothold::cli {
namespace {

constexpr const char* kWorkerFooter =
    R"(Measures for the tuners of a fleet (foothold tune --fleet), one job at a time, on the target that it is started with.
Jobs name a workload and a config: no command ever comes from the fleet. ADDRESS is redis://[USER[:PASSWORD]@]HOST[:PORT],
or rediss:// for TLS; the password may be in FOOTHOLD_FLEET_PASSWORD, and the certificates of the server's authority in
the file that FOOTHOLD_FLEET_CA names.

Ctrl-C ends it: its job goes back to the fleet. When it is killed, another worker takes the job over once the lease has
ended. After three failures of the infrastructure in a row it takes no jobs until its last good config is correct and as
fast as before.

Example: this machine joins as a simulated board
  foothold worker redis://farm --device vta:pynq

Example: a board behind a command file, in a class of its own, with a switch for its power
  foothold worker redis://farm --device command:board.json --name rack3 --class zynq --power-cycle "./power.sh 3")";

struct WorkerArguments {
  std::string address;
  std::string target;
  measure::WorkerOptions options;
};

std::string HostName() {
  char name[256] = {};
  if (gethostname(name, sizeof(name) - 1) != 0 || name[0] == '\0') return "worker";
  return name;
}

Result<ExitCode> RunWorker(const WorkerArguments& arguments, const Session& session) {
  measure::WorkerOptions options = arguments.options;
  FOOTHOLD_ASSIGN_OR_RETURN(options.address, FleetAddressOf(arguments.address));
  if (options.device.empty()) options.device = fmt::format("{}.{}", HostName(), getpid());
  if (options.class_name.empty()) options.class_name = arguments.target;
  std::atomic<bool> abort_job = false;
  const auto job_env = MakeInterruptibleEnv(session.env, abort_job);
  FOOTHOLD_ASSIGN_OR_RETURN(const auto target, MakeTarget(*job_env, arguments.target));
  const measure::WorkerParts parts{
      *target, session.env, *job_env, abort_job, session.interrupt, [](const std::string& line) {
        PrintErr("foothold: {}\n", base::OneLine(line));
      }};
  FOOTHOLD_ASSIGN_OR_RETURN(const measure::WorkerSummary summary,
                            measure::RunWorker(parts, options));
  PrintErr("foothold: {} jobs done, {} failed for the infrastructure, {} came too late\n",
           summary.done, summary.failed, summary.stale);
  return ExitCode::kInterrupted;
}

}  // namespace

void AddWorker(CLI::App& app, Command& chosen) {
  auto arguments = std::make_shared<WorkerArguments>();
  CLI::App* worker = app.add_subcommand("worker", "Join this board or machine to a fleet");
  worker->footer(kWorkerFooter);
  measure::WorkerOptions& options = arguments->options;
  worker->add_option("ADDRESS", arguments->address, "The fleet's server")->required();
  worker
      ->add_option("--device", arguments->target,
                   "Target on which it measures; see foothold list targets")
      ->required();
  worker->add_option("--name", options.device,
                     "The device's name, the same whenever its worker is started; default: host "
                     "and process");
  worker->add_option("--class", options.class_name,
                     "Class of devices on which the same config takes the same time; default: the "
                     "target's name");
  worker->add_option("--tag", options.tags, "Shown by foothold fleet status; may be repeated")
      ->allow_extra_args(false);
  worker
      ->add_option("--lease-s", options.lease_s,
                   "Seconds of silence after which another worker takes its job over; the same for "
                   "all of a class")
      ->capture_default_str();
  worker
      ->add_option("--jobs", options.jobs,
                   "Threads of targets that need no device; 0: one per core")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  worker->add_option("--power-cycle", options.power_cycle,
                     "Command for /bin/sh that switches the device off and on, run in quarantine");
  worker
      ->add_option("--probe-pause-s", options.probe_pause_s,
                   "Seconds in quarantine before the first probe; doubles with each")
      ->check(CLI::Range(0.01, 86400.0))
      ->capture_default_str();
  worker
      ->add_option("--probe-tolerance", options.probe_tolerance,
                   "By which share of its time a probe may differ from before")
      ->check(CLI::Range(0.0, 10.0))
      ->capture_default_str();
  worker->callback([arguments, &chosen] {
    chosen = [arguments](const Session& session) { return RunWorker(*arguments, session); };
  });
}

}  // namespace foothold::cli
