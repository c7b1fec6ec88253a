#include "targets/child/run_report.h"

#include <fmt/core.h>

#include <cmath>

#include "base/json.h"
#include "targets/child/output_line.h"

namespace foothold::child {
namespace {

constexpr std::size_t kMaxRepeats = 100'000;

Result<double> Seconds(const base::JsonNode& node) {
  FOOTHOLD_ASSIGN_OR_RETURN(const double seconds, node.Number());
  if (!(std::isfinite(seconds) && seconds > 0)) return node.Error("must be above 0");
  return seconds;
}

Status ReadSeconds(const base::JsonNode& node, RunReport& report) {
  if (!node.value().is_array()) {
    FOOTHOLD_ASSIGN_OR_RETURN(const double seconds, Seconds(node));
    report.seconds = {seconds};
    return {};
  }
  FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<base::JsonNode> elements, node.Array());
  if (elements.empty() || elements.size() > kMaxRepeats) {
    return node.Error(fmt::format("has {} times, must have 1 to {}", elements.size(), kMaxRepeats));
  }
  for (const base::JsonNode& element : elements) {
    FOOTHOLD_ASSIGN_OR_RETURN(const double seconds, Seconds(element));
    report.seconds.push_back(seconds);
  }
  return {};
}

Status ReadObject(base::JsonObject object, RunReport& report) {
  if (const auto correct = object.Find("correct")) {
    FOOTHOLD_ASSIGN_OR_RETURN(report.correct, correct->Bool());
  }
  if (const auto seconds = object.Find("seconds")) {
    FOOTHOLD_RETURN_IF_ERROR(ReadSeconds(*seconds, report));
  } else if (report.correct) {
    return object.Require("seconds").status();
  }
  if (const auto metrics = object.Find("metrics")) {
    FOOTHOLD_ASSIGN_OR_RETURN(const auto named, metrics->Members());
    for (const auto& [name, value] : named) {
      FOOTHOLD_ASSIGN_OR_RETURN(report.metrics[name], value.Number());
    }
  }
  return object.RejectUnknown();
}

}  // namespace

Result<RunReport> ParseRunReport(std::string_view out) {
  const std::string_view line = RawLastLine(out);
  if (line.empty()) return Status::InvalidArgument("printed nothing, must print its seconds");
  Result<base::JsonNode> root = base::JsonNode::Parse(line, "stdout");
  if (!root.ok() || !(root->value().is_number() || root->value().is_object())) {
    return Status::InvalidArgument(fmt::format(
        "printed \"{}\", must end with a number of seconds or a JSON object", Printable(line)));
  }
  RunReport report;
  if (root->value().is_number()) {
    FOOTHOLD_RETURN_IF_ERROR(ReadSeconds(*root, report));
  } else {
    FOOTHOLD_RETURN_IF_ERROR(ReadObject(*root->Object(), report));
  }
  return report;
}

}  // namespace foothold::child
