#include "records/ground_truth/header.h"

#include <fmt/core.h>

#include <cmath>
#include <limits>

#include "base/check.h"
#include "base/json.h"
#include "core/space/parameters_json.h"
#include "core/workload/workload_json.h"

namespace foothold::records {
namespace {

constexpr std::int64_t kVersion = 1;
constexpr const char* kFormat = "foothold exploration";
constexpr std::string_view kStart = R"({"format":"foothold exploration",)";

Result<std::string> ReadString(base::JsonObject& object, const std::string& field) {
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode node, object.Require(field));
  return node.String();
}

Result<double> ReadNumber(base::JsonObject& object, const std::string& field) {
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode node, object.Require(field));
  FOOTHOLD_ASSIGN_OR_RETURN(const double value, node.Number());
  if (value < 0) return node.Error(fmt::format("is {}, must not be negative", value));
  return value;
}

Status CheckFormat(base::JsonObject& object) {
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode format, object.Require("format"));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::string name, format.String());
  if (name != kFormat) {
    return format.Error(fmt::format(R"(is "{}", must be "{}")", name, kFormat));
  }
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode version, object.Require("version"));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::int64_t number,
                            version.Int64(0, std::numeric_limits<std::int64_t>::max()));
  if (number == kVersion) return {};
  return version.Error(
      fmt::format("is {}, must be {}, the only version this Foothold reads", number, kVersion));
}

}  // namespace

bool BeginsAsGroundTruth(std::string_view text) { return text.empty() || text.starts_with(kStart); }

std::string ToJsonLine(const GroundTruthHeader& header) {
  FOOTHOLD_CHECK(std::isfinite(header.timeout_s) && std::isfinite(header.roofline_seconds) &&
                     std::isfinite(header.peak_operations_per_second),
                 "JSON has no way to write it");
  return base::Json{{"format", kFormat},
                    {"version", kVersion},
                    {"foothold", header.foothold_version},
                    {"target", header.target},
                    {"workload", workload::WorkloadJson(header.workload)},
                    {"parameters", space::ToJson(header.parameters)},
                    {"timeout_s", header.timeout_s},
                    {"peak_operations_per_second", header.peak_operations_per_second},
                    {"roofline_seconds", header.roofline_seconds},
                    {"configs_per_block", header.configs_per_block}}
      .Dump({.numbers = base::JsonStyle::Numbers::kShort});
}

Result<GroundTruthHeader> ParseGroundTruthHeader(std::string_view line, std::string_view path) {
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode node, base::JsonNode::Parse(line, path));
  FOOTHOLD_ASSIGN_OR_RETURN(base::JsonObject object, node.Object());
  FOOTHOLD_RETURN_IF_ERROR(CheckFormat(object));
  GroundTruthHeader header;
  FOOTHOLD_ASSIGN_OR_RETURN(header.foothold_version, ReadString(object, "foothold"));
  FOOTHOLD_ASSIGN_OR_RETURN(header.target, ReadString(object, "target"));
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode workload, object.Require("workload"));
  FOOTHOLD_ASSIGN_OR_RETURN(header.workload, workload::ParseWorkload(workload));
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode parameters, object.Require("parameters"));
  FOOTHOLD_ASSIGN_OR_RETURN(header.parameters, space::ParseParameters(parameters));
  FOOTHOLD_ASSIGN_OR_RETURN(header.timeout_s, ReadNumber(object, "timeout_s"));
  FOOTHOLD_ASSIGN_OR_RETURN(header.peak_operations_per_second,
                            ReadNumber(object, "peak_operations_per_second"));
  FOOTHOLD_ASSIGN_OR_RETURN(header.roofline_seconds, ReadNumber(object, "roofline_seconds"));
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode block, object.Require("configs_per_block"));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::int64_t configs, block.Int64(1, kMaxConfigsPerBlock));
  header.configs_per_block = static_cast<std::uint64_t>(configs);
  FOOTHOLD_RETURN_IF_ERROR(object.RejectUnknown());
  return header;
}

std::string FirstDifference(const GroundTruthHeader& file, const GroundTruthHeader& wanted) {
  const auto differ = [](std::string_view field, const auto& a, const auto& b) {
    return fmt::format("{}: is {}, must be {}", field, a, b);
  };
  if (file.target != wanted.target) return differ("target", file.target, wanted.target);
  if (file.workload != wanted.workload) {
    return differ("workload", ToJson(file.workload), ToJson(wanted.workload));
  }
  if (file.timeout_s != wanted.timeout_s) {
    return differ("timeout_s", file.timeout_s, wanted.timeout_s);
  }
  if (file.foothold_version != wanted.foothold_version) {
    return differ("foothold", file.foothold_version, wanted.foothold_version);
  }
  if (file.parameters != wanted.parameters) {
    return differ("parameters", space::ToJson(file.parameters).Dump(),
                  space::ToJson(wanted.parameters).Dump());
  }
  if (file.configs_per_block != wanted.configs_per_block) {
    return differ("configs_per_block", file.configs_per_block, wanted.configs_per_block);
  }
  if (file == wanted) return {};
  return "peak_operations_per_second, roofline_seconds: the target's have changed";
}

}  // namespace foothold::records
