#include "formats/autotvm/autotvm_log.h"

#include <fmt/core.h>

#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include "base/check.h"
#include "base/json.h"

namespace foothold {
namespace {

// Writing.

/// As Python's json.dumps with its default separators.
std::string PythonJson(const Json& value) {
  return value.Dump({.spaced = true, .ascii_only = true, .numbers = JsonStyle::Numbers::kPython});
}

Json Entities(const std::vector<AutotvmEntity>& entities) {
  Json list = Json::Array();
  for (const AutotvmEntity& entity : entities) {
    list.push_back(Json::Array({entity.name, entity.tag, entity.value}));
  }
  return list;
}

// Reading.

/// `count` elements of an array that is a record in disguise; `form` names them.
Result<std::vector<JsonNode>> ReadTuple(const JsonNode& node, std::size_t count,
                                        std::string_view form) {
  FOOTHOLD_ASSIGN_OR_RETURN(std::vector<JsonNode> elements, node.Array());
  if (elements.size() == count) return elements;
  return node.Error(fmt::format("has {} elements, must be {}", elements.size(), form));
}

/// Null, booleans, numbers, strings and arrays of them: all that AutoTVM's serialised arguments and
/// knobs consist of.
Status CheckPlain(const JsonNode& node) {
  if (node.value().is_object()) return node.Error("is an object, must be a plain value or a list");
  if (!node.value().is_array()) return {};
  FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<JsonNode> elements, node.Array());
  for (const JsonNode& element : elements) FOOTHOLD_RETURN_IF_ERROR(CheckPlain(element));
  return {};
}

Status ReadInput(const JsonNode& node, AutotvmRecord& record) {
  FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<JsonNode> input,
                            ReadTuple(node, 4, "[target, task, args, kwargs]"));
  FOOTHOLD_ASSIGN_OR_RETURN(record.target, input[0].String());
  FOOTHOLD_ASSIGN_OR_RETURN(record.task, input[1].String());
  FOOTHOLD_RETURN_IF_ERROR(input[2].Array().status());
  FOOTHOLD_RETURN_IF_ERROR(CheckPlain(input[2]));
  record.args = input[2].value();
  FOOTHOLD_ASSIGN_OR_RETURN(const JsonObject kwargs, input[3].Object());
  return kwargs.RejectUnknown();  // AutoTVM's tasks have none
}

Result<AutotvmEntity> ReadEntity(const JsonNode& node) {
  FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<JsonNode> parts,
                            ReadTuple(node, 3, "[name, kind, setting]"));
  AutotvmEntity entity;
  FOOTHOLD_ASSIGN_OR_RETURN(entity.name, parts[0].String());
  FOOTHOLD_ASSIGN_OR_RETURN(entity.tag, parts[1].String());
  if (entity.tag != "sp" && entity.tag != "re" && entity.tag != "an" && entity.tag != "ot") {
    return parts[1].Error(
        fmt::format(R"(is {}, must be "sp", "re", "an" or "ot")", parts[1].value().Dump()));
  }
  if (entity.tag != "ot") FOOTHOLD_RETURN_IF_ERROR(parts[2].Array().status());
  FOOTHOLD_RETURN_IF_ERROR(CheckPlain(parts[2]));
  entity.value = parts[2].value();
  return entity;
}

Status ReadConfig(const JsonNode& node, AutotvmRecord& record) {
  FOOTHOLD_ASSIGN_OR_RETURN(JsonObject config, node.Object());
  FOOTHOLD_ASSIGN_OR_RETURN(const JsonNode index, config.Require("index"));
  FOOTHOLD_ASSIGN_OR_RETURN(record.index, index.Int64(0, std::numeric_limits<std::int64_t>::max()));
  FOOTHOLD_ASSIGN_OR_RETURN(const JsonNode code_hash, config.Require("code_hash"));
  if (!code_hash.value().is_null()) FOOTHOLD_RETURN_IF_ERROR(code_hash.String().status());
  record.code_hash = code_hash.value();
  FOOTHOLD_ASSIGN_OR_RETURN(const JsonNode list, config.Require("entity"));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<JsonNode> entities, list.Array());
  for (const JsonNode& entity : entities) {
    FOOTHOLD_ASSIGN_OR_RETURN(AutotvmEntity read, ReadEntity(entity));
    record.entities.push_back(std::move(read));
  }
  return config.RejectUnknown();
}

Status ReadResult(const JsonNode& node, AutotvmRecord& record) {
  FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<JsonNode> result,
                            ReadTuple(node, 4, "[costs, error_no, all_cost, timestamp]"));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<JsonNode> costs, result[0].Array());
  if (costs.empty()) return result[0].Error("is empty, must hold at least one cost");
  for (const JsonNode& cost : costs) {
    FOOTHOLD_RETURN_IF_ERROR(cost.Number().status());
    record.costs.push_back(cost.value());
  }
  FOOTHOLD_ASSIGN_OR_RETURN(const std::int64_t error_no, result[1].Int64(0, 8));
  record.error_no = static_cast<int>(error_no);
  FOOTHOLD_RETURN_IF_ERROR(result[2].Number().status());
  record.all_cost = result[2].value();
  FOOTHOLD_RETURN_IF_ERROR(result[3].Number().status());
  record.timestamp = result[3].value();
  return {};
}

/// nullopt: a row of version 0.1.
Result<std::optional<AutotvmRecord>> ReadRecord(const JsonNode& node) {
  FOOTHOLD_ASSIGN_OR_RETURN(JsonObject object, node.Object());
  if (const std::optional<JsonNode> old = object.Find("v")) {
    FOOTHOLD_ASSIGN_OR_RETURN(const double number, old->Number());
    if (number == 0.1) return std::optional<AutotvmRecord>();
    return old->Error(fmt::format("is {}, must be 0.1 (later rows have \"version\")", number));
  }
  FOOTHOLD_ASSIGN_OR_RETURN(const JsonNode version, object.Require("version"));
  FOOTHOLD_ASSIGN_OR_RETURN(const double number, version.Number());
  if (number != 0.2) return version.Error(fmt::format("is {}, must be 0.2", number));

  AutotvmRecord record;
  FOOTHOLD_ASSIGN_OR_RETURN(const JsonNode input, object.Require("input"));
  FOOTHOLD_RETURN_IF_ERROR(ReadInput(input, record));
  FOOTHOLD_ASSIGN_OR_RETURN(const JsonNode config, object.Require("config"));
  FOOTHOLD_RETURN_IF_ERROR(ReadConfig(config, record));
  FOOTHOLD_ASSIGN_OR_RETURN(const JsonNode result, object.Require("result"));
  FOOTHOLD_RETURN_IF_ERROR(ReadResult(result, record));
  FOOTHOLD_ASSIGN_OR_RETURN(const JsonNode tvm_version, object.Require("tvm_version"));
  FOOTHOLD_ASSIGN_OR_RETURN(record.tvm_version, tvm_version.String());
  FOOTHOLD_RETURN_IF_ERROR(object.RejectUnknown());
  return std::optional<AutotvmRecord>(std::move(record));
}

Status ReadLine(std::string_view line, std::string_view path, int number, AutotvmLog& log) {
  FOOTHOLD_ASSIGN_OR_RETURN(const JsonNode node, JsonNode::Parse(line, path, number));
  FOOTHOLD_ASSIGN_OR_RETURN(std::optional<AutotvmRecord> record, ReadRecord(node));
  if (record) {
    record->line = number;
    log.records.push_back(*std::move(record));
  } else {
    ++log.old_rows;
  }
  return {};
}

bool IsSkipped(std::string_view line) {
  return line.rfind('#', 0) == 0 || line.find_first_not_of(" \t\r") == std::string_view::npos;
}

}  // namespace

Result<AutotvmLog> ParseAutotvmLog(std::string_view text, std::string_view path) {
  AutotvmLog log;
  for (int number = 1; !text.empty(); ++number) {
    const std::size_t end = text.find('\n');
    const bool ends = end != std::string_view::npos;
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(ends ? end + 1 : text.size());
    if (IsSkipped(line)) continue;
    if (!ends && !JsonNode::Parse(line, path, number).ok()) {
      log.torn = fmt::format("{}:{}: torn last line ({} bytes) ignored", path, number, line.size());
      break;
    }
    FOOTHOLD_RETURN_IF_ERROR(ReadLine(line, path, number, log));
  }
  return log;
}

std::string ToAutotvmLine(const AutotvmRecord& record) {
  return PythonJson(
      {{"input", Json::Array({record.target, record.task, record.args, Json::Object()})},
       {"config",
        {{"index", record.index},
         {"code_hash", record.code_hash},
         {"entity", Entities(record.entities)}}},
       {"result", Json::Array({record.costs, record.error_no, record.all_cost, record.timestamp})},
       {"version", 0.2},
       {"tvm_version", record.tvm_version}});
}

}  // namespace foothold
