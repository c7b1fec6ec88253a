#include "targets/opencl/runner_report.h"

#include <cmath>
#include <limits>
#include <utility>

#include "base/json.h"
#include "targets/child/output_line.h"

namespace foothold::opencl {
namespace {

constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();

Result<std::string> Text(base::JsonObject& object, const std::string& field) {
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode node, object.Require(field));
  return node.String();
}

/// Drivers have limits beyond 63 bits; what is larger is as good as the largest.
Result<std::int64_t> Count(const base::JsonNode& node) {
  if (node.value().Uint64() > std::uint64_t{kMax}) return kMax;
  return node.Int64(0, kMax);
}

Status ReadCount(base::JsonObject& object, const std::string& field, std::int64_t& count) {
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode node, object.Require(field));
  FOOTHOLD_ASSIGN_OR_RETURN(count, Count(node));
  return {};
}

Result<Device> ParseDevice(const base::JsonNode& node) {
  FOOTHOLD_ASSIGN_OR_RETURN(base::JsonObject object, node.Object());
  Device device;
  std::int64_t number = 0;
  FOOTHOLD_RETURN_IF_ERROR(ReadCount(object, "platform", number));
  device.platform = static_cast<std::size_t>(number);
  FOOTHOLD_RETURN_IF_ERROR(ReadCount(object, "device", number));
  device.device = static_cast<std::size_t>(number);
  FOOTHOLD_ASSIGN_OR_RETURN(device.platform_name, Text(object, "platform_name"));
  FOOTHOLD_ASSIGN_OR_RETURN(device.name, Text(object, "name"));
  FOOTHOLD_ASSIGN_OR_RETURN(device.version, Text(object, "version"));
  FOOTHOLD_ASSIGN_OR_RETURN(device.driver, Text(object, "driver"));
  FOOTHOLD_RETURN_IF_ERROR(ReadCount(object, "compute_units", device.compute_units));
  FOOTHOLD_RETURN_IF_ERROR(ReadCount(object, "max_work_group", device.max_work_group));
  FOOTHOLD_RETURN_IF_ERROR(ReadCount(object, "local_bytes", device.local_bytes));
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode items, object.Require("max_work_items"));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<base::JsonNode> sizes, items.Array());
  if (sizes.size() != device.max_work_items.size()) return items.Error("must have 3 numbers");
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    FOOTHOLD_ASSIGN_OR_RETURN(device.max_work_items[i], Count(sizes[i]));
  }
  return device;
}

Result<Failure> ParseFailure(const base::JsonNode& node) {
  FOOTHOLD_ASSIGN_OR_RETURN(base::JsonObject object, node.Object());
  Failure failure;
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode outcome, object.Require("outcome"));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::string name, outcome.String());
  FOOTHOLD_ASSIGN_OR_RETURN(failure.outcome, ParseOutcome(name));
  if (failure.outcome == Outcome::kCorrect) return outcome.Error("is no failure");
  FOOTHOLD_ASSIGN_OR_RETURN(failure.stage, Text(object, "stage"));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::string reason, Text(object, "reason"));
  // A compiler's log is many lines, the first of which is the call's own error.
  failure.reason = child::FirstErrorLine(reason);
  return failure;
}

Status ReadSeconds(const base::JsonNode& node, RunnerReport& report) {
  FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<base::JsonNode> nodes, node.Array());
  for (const base::JsonNode& element : nodes) {
    FOOTHOLD_ASSIGN_OR_RETURN(const double seconds, element.Number());
    if (!(std::isfinite(seconds) && seconds > 0)) return element.Error("must be above 0");
    report.seconds.push_back(seconds);
  }
  return nodes.empty() ? node.Error("is empty") : Status();
}

Status ReadMetrics(const base::JsonNode& node, RunnerReport& report) {
  FOOTHOLD_ASSIGN_OR_RETURN(const auto metrics, node.Members());
  for (const auto& [name, value] : metrics) {
    FOOTHOLD_ASSIGN_OR_RETURN(report.metrics[name], value.Number());
  }
  return {};
}

}  // namespace

Result<RunnerReport> ParseRunnerReport(std::string_view out) {
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode root,
                            base::JsonNode::Parse(child::RawLastLine(out), "report"));
  FOOTHOLD_ASSIGN_OR_RETURN(base::JsonObject object, root.Object());
  RunnerReport report;
  if (const auto failure = object.Find("failure")) {
    FOOTHOLD_ASSIGN_OR_RETURN(report.failure, ParseFailure(*failure));
  }
  if (const auto unavailable = object.Find("unavailable")) {
    FOOTHOLD_ASSIGN_OR_RETURN(const std::string reason, unavailable->String());
    report.unavailable = reason.empty() ? "no reason given" : child::FirstErrorLine(reason);
  }
  if (const auto seconds = object.Find("seconds")) {
    FOOTHOLD_RETURN_IF_ERROR(ReadSeconds(*seconds, report));
  }
  if (const auto metrics = object.Find("metrics")) {
    FOOTHOLD_RETURN_IF_ERROR(ReadMetrics(*metrics, report));
  }
  if (const auto devices = object.Find("devices")) {
    FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<base::JsonNode> nodes, devices->Array());
    for (const base::JsonNode& node : nodes) {
      FOOTHOLD_ASSIGN_OR_RETURN(Device device, ParseDevice(node));
      report.devices.push_back(std::move(device));
    }
  }
  FOOTHOLD_RETURN_IF_ERROR(object.RejectUnknown());
  return report;
}

}  // namespace foothold::opencl
