// foothold fleet status: who is in a fleet, and what they do.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "base/json.h"
#include "base/table.h"
#include "base/text.h"
#include "cli/common/figures.h"
#include "cli/common/output.h"
#include "cli/fleet.h"
#include "cli/fleet_commands.h"
#include "measure/fleet/fleet_state.h"

namespace foothold::cli {
namespace {

using measure::ClassState;
using measure::FleetState;
using measure::WorkerState;

struct StatusArguments {
  std::string address;
  bool json = false;
};

double TrialsPerMinute(const WorkerState& worker) {
  const double up_s = worker.Number("up_s");
  return up_s > 0 ? worker.Number("done") * 60 / up_s : 0;
}

/// What to know of it beside its figures: why it takes no jobs, what it does, since when it is
/// gone.
std::string RemarkOn(const WorkerState& worker) {
  if (!worker.is_there) return fmt::format("silent for {:.0f} s", worker.silent_s);
  if (!worker.Field("reason").empty()) return worker.Field("reason");
  if (worker.Field("entry").empty()) return worker.Field("tags");
  return fmt::format("job {}, attempt {}", worker.Field("entry"), worker.Field("attempt"));
}

std::string ToText(const FleetState& fleet) {
  using Align = base::Table::Align;
  std::string text;
  for (const ClassState& one : fleet.classes) {
    text += fmt::format("class {}: {} queued, {} running\n", one.name, one.queued, one.running);
    base::Table table({{"device"},
                       {"state"},
                       {"done", Align::kRight},
                       {"failed", Align::kRight},
                       {"busy", Align::kRight},
                       {"a minute", Align::kRight},
                       {"target"},
                       {"host"},
                       {"remark"}});
    for (const WorkerState& worker : one.workers) {
      table.AddRow({worker.Device(), worker.State(), worker.Field("done"), worker.Field("failed"),
                    Percent(worker.Utilisation()), fmt::format("{:.1f}", TrialsPerMinute(worker)),
                    worker.Field("target"), worker.Field("host"), base::OneLine(RemarkOn(worker))});
    }
    text += table.empty() ? "  no workers\n" : table.ToText();
  }
  if (fleet.classes.empty()) text = "no worker has ever joined\n";
  return text;
}

base::Json ToJson(const FleetState& fleet) {
  base::Json json = {{"server", fleet.server},
                     {"persistent", fleet.is_persistent},
                     {"memory_bytes", fleet.memory_bytes},
                     {"classes", base::Json::Array()}};
  for (const ClassState& one : fleet.classes) {
    base::Json workers = base::Json::Array();
    for (const WorkerState& worker : one.workers) {
      workers.push_back({{"device", worker.Device()},
                         {"worker", worker.worker},
                         {"state", worker.State()},
                         {"silent_seconds", worker.silent_s},
                         {"utilisation", worker.Utilisation()},
                         {"trials_per_minute", TrialsPerMinute(worker)},
                         {"report", worker.report}});
    }
    json["classes"].push_back({{"class", one.name},
                               {"queued", one.queued},
                               {"running", one.running},
                               {"workers", workers}});
  }
  return json;
}

Result<ExitCode> RunStatus(const StatusArguments& arguments) {
  FOOTHOLD_ASSIGN_OR_RETURN(const measure::FleetAddress address, FleetAddressOf(arguments.address));
  FOOTHOLD_ASSIGN_OR_RETURN(const auto broker, measure::ConnectToBroker(address));
  FOOTHOLD_ASSIGN_OR_RETURN(const FleetState fleet, measure::ReadFleet(*broker, address));
  if (arguments.json) {
    PrintOut("{}\n", ToJson(fleet).Dump(2));
  } else {
    PrintOut("{}", ToText(fleet));
  }
  return ExitCode::kOk;
}

}  // namespace

void AddFleetStatus(CLI::App& fleet, Command& chosen) {
  auto arguments = std::make_shared<StatusArguments>();
  CLI::App* status = fleet.add_subcommand("status", "Show the workers of a fleet and their queues");
  status->footer("Example:\n  foothold fleet status redis://farm");
  status->add_option("ADDRESS", arguments->address, "The fleet's server")->required();
  status->add_flag("--json", arguments->json, "Print one JSON object");
  status->callback([arguments, &chosen] {
    chosen = [arguments](const Session&) { return RunStatus(*arguments); };
  });
}

}  // namespace foothold::cli
