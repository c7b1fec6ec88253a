// foothold tune --fleet, and the command foothold fleet.
#include "cli/fleet.h"

#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>

#include "base/content_hash.h"
#include "cli/commands.h"
#include "cli/fleet_commands.h"
#include "measure/fleet/fleet_runner.h"

namespace foothold::cli {
namespace {

std::string ClassOf(const FleetArguments& arguments, const std::string& target) {
  return arguments.class_name.empty() ? target : arguments.class_name;
}

/// What a run of a log is called in a fleet: the same when it is resumed.
std::string NameOf(const RunHeader& header, const RunStart& start) {
  const auto host = header.machine.find("host");
  std::error_code error;
  const auto path = std::filesystem::weakly_canonical(start.log, error);
  const std::string name =
      fmt::format("{}\n{}\n{}", host == header.machine.end() ? "" : host->second,
                  error ? start.log : path.string(), start.run);
  return base::ContentHash(name).substr(std::size("sha256 ") - 1, 16);
}

}  // namespace

void AddFleetOptions(CLI::App& app, FleetArguments* arguments) {
  const std::string group = "Fleets (docs/tutorials/ten-boards.md)";
  CLI::Option* fleet =
      app.add_option(
             "--fleet", arguments->address,
             "Measure on the workers of the fleet at redis://[USER[:PASSWORD]@]HOST[:PORT]; "
             "the password may be in FOOTHOLD_FLEET_PASSWORD instead")
          ->group(group);
  app.add_option("--class", arguments->class_name,
                 "Class of the workers; another one starts a new run; default: the target's name")
      ->needs(fleet)
      ->group(group);
  app.add_option("--on-device", arguments->device, "Measure on this one device of the class only")
      ->needs(fleet)
      ->group(group);
  app.add_option("--fleet-patience-s", arguments->patience_s,
                 "Seconds without a worker, or without an answer, after which the command ends")
      ->needs(fleet)
      ->check(CLI::Range(0.1, 1e6))
      ->capture_default_str()
      ->group(group);
}

Result<measure::FleetAddress> FleetAddressOf(std::string_view text) {
  FOOTHOLD_ASSIGN_OR_RETURN(measure::FleetAddress address, measure::ParseFleetAddress(text));
  const char* password = std::getenv("FOOTHOLD_FLEET_PASSWORD");
  if (address.password.empty() && password != nullptr) address.password = password;
  return address;
}

void AddDependency(const FleetArguments& arguments, RunHeader& header) {
  if (arguments.address.empty() || !header.dependencies) return;
  (*header.dependencies)["fleet class"] = ClassOf(arguments, header.target);
}

Result<TuneResult> TuneOn(const FleetArguments& arguments, TuneRequest request) {
  FOOTHOLD_ASSIGN_OR_RETURN(const tune::ReadyRun ready, MakeReadyOn(arguments, std::move(request)));
  return tune::TuneWith(ready.request, ready.header, *ready.runner);
}

Result<tune::ReadyRun> MakeReadyOn(const FleetArguments& arguments, TuneRequest request) {
  if (arguments.address.empty()) return tune::MakeReady(std::move(request));
  FOOTHOLD_ASSIGN_OR_RETURN(RunHeader header, tune::Prepare(request));
  AddDependency(arguments, header);
  FOOTHOLD_ASSIGN_OR_RETURN(measure::FleetAddress address, FleetAddressOf(arguments.address));
  const TunerOptions& options = request.options;
  const measure::FleetWork work{request.task,   {options.timeout_s, options.verify},
                                options.device, options.repeats,
                                request.env,    request.interrupt};
  FOOTHOLD_ASSIGN_OR_RETURN(
      auto runner,
      measure::FleetRunner::Connect(work, {std::move(address), ClassOf(arguments, request.target),
                                           arguments.device, arguments.patience_s}));
  request.on_start = [header, &fleet = *runner,
                      announce = std::move(request.on_start)](const RunStart& start) {
    if (announce) announce(start);
    fleet.Begin(NameOf(header, start), !start.resumed);
  };
  return tune::ReadyRun{std::move(request), std::move(header), std::move(runner)};
}

void AddFleet(CLI::App& app, Command& chosen) {
  CLI::App* fleet = app.add_subcommand("fleet", "Look at a fleet of boards, or set one up");
  fleet->require_subcommand(1);
  AddFleetStatus(*fleet, chosen);
  AddFleetInit(*fleet, chosen);
}

}  // namespace foothold::cli
