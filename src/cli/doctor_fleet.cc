#include "cli/doctor_fleet.h"

#include <fmt/core.h>

#include <cmath>

#include "base/text.h"
#include "cli/fleet.h"
#include "foothold/version.h"
#include "measure/fleet/fleet_state.h"

namespace foothold::cli {
namespace {

using doctor::Finding;
using doctor::Verdict;
using measure::ClassState;
using measure::FleetState;
using measure::WorkerState;

constexpr double kMostClockSeconds = 2;

Finding ServerFinding(const FleetState& fleet, double seconds) {
  return {"server", Verdict::kOk,
          fmt::format("Redis {} answers, and lets this user in, in {:.1f} ms", fleet.server,
                      seconds * 1000),
          ""};
}

Finding DiskFinding(const FleetState& fleet) {
  if (fleet.is_persistent) return {"disk", Verdict::kOk, "jobs and results survive a restart", ""};
  return {"disk", Verdict::kWarning,
          "the server keeps nothing across a restart: tuners submit their jobs again",
          "appendonly yes in its redis.conf, as foothold fleet init writes it"};
}

/// Leases are by the server's clock alone; only what people read has others.
Finding ClockFinding(const FleetState& fleet, double now_s) {
  const double apart_s = fleet.clock_s - now_s;
  const std::string text = fmt::format("the server's clock is {:.1f} s {} this machine's",
                                       std::abs(apart_s), apart_s < 0 ? "behind" : "ahead of");
  if (std::abs(apart_s) <= kMostClockSeconds) return {"clock", Verdict::kOk, text, ""};
  return {"clock", Verdict::kWarning, text + "; leases do not depend on it, times in logs do",
          "run an NTP client on both"};
}

std::size_t CountWorkers(const ClassState& one, const std::string& state) {
  std::size_t count = 0;
  for (const WorkerState& worker : one.workers) count += worker.State() == state ? 1 : 0;
  return count;
}

Finding WorkersFinding(const ClassState& one) {
  const std::size_t ready = CountWorkers(one, "idle") + CountWorkers(one, "busy");
  const std::string text =
      fmt::format("class {}: {} take jobs, {} in quarantine, {} gone", one.name, ready,
                  CountWorkers(one, "quarantine"), CountWorkers(one, "gone"));
  if (ready > 0) return {"workers", Verdict::kOk, text, ""};
  return {"workers", Verdict::kProblem, text, "foothold fleet status says why"};
}

/// The first worker of another version, if there is one.
std::vector<Finding> VersionFindings(const FleetState& fleet) {
  for (const ClassState& one : fleet.classes) {
    for (const WorkerState& worker : one.workers) {
      const std::string version = worker.Field("foothold");
      if (!worker.is_there || version.empty() || version == FOOTHOLD_VERSION) continue;
      return {{"versions", Verdict::kWarning,
               fmt::format("{} is foothold {}, this is {}: its configs may be others",
                           worker.Device(), base::OneLine(version), FOOTHOLD_VERSION),
               "the same version everywhere"}};
    }
  }
  return {{"versions", Verdict::kOk, fmt::format("all are foothold {}", FOOTHOLD_VERSION), ""}};
}

}  // namespace

Result<std::vector<Finding>> ExamineFleet(const std::string& address, Env& env) {
  FOOTHOLD_ASSIGN_OR_RETURN(const measure::FleetAddress parsed, FleetAddressOf(address));
  const double start = env.MonotonicSeconds();
  const auto broker = measure::ConnectToBroker(parsed);
  const double seconds = env.MonotonicSeconds() - start;
  if (!broker.ok()) {
    return std::vector<Finding>{{"server", Verdict::kProblem, broker.status().message(),
                                 "start redis-server there; foothold fleet init writes its files"}};
  }
  const Result<FleetState> fleet = measure::ReadFleet(**broker, parsed);
  if (!fleet.ok()) {
    return std::vector<Finding>{{"server", Verdict::kProblem, fleet.status().message(),
                                 "look as the user that tunes, who may read all of a fleet"}};
  }
  std::vector<Finding> findings = {ServerFinding(*fleet, seconds), DiskFinding(*fleet),
                                   ClockFinding(*fleet, env.WallClockSeconds())};
  for (const ClassState& one : fleet->classes) findings.push_back(WorkersFinding(one));
  if (fleet->classes.empty()) {
    findings.push_back({"workers", Verdict::kProblem, "no worker has ever joined",
                        "foothold worker " + parsed.ToString() + " --device TARGET"});
  }
  for (Finding& finding : VersionFindings(*fleet)) findings.push_back(std::move(finding));
  return findings;
}

}  // namespace foothold::cli
