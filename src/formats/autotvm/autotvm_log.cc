#include "formats/autotvm/autotvm_log.h"

#include <fmt/core.h>

#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include "base/check.h"
#include "base/json.h"
#include "formats/autotvm/autotvm_error.h"

namespace foothold::formats {
namespace {

// Writing.

/// As Python's json.dumps with its default separators.
std::string PythonJson(const base::Json& value) {
  return value.Dump(
      {.spaced = true, .ascii_only = true, .numbers = base::JsonStyle::Numbers::kPython});
}

base::Json Entities(const std::vector<AutotvmEntity>& entities) {
  base::Json list = base::Json::Array();
  for (const AutotvmEntity& entity : entities) {
    list.push_back(base::Json::Array({entity.name, entity.tag, entity.value}));
  }
  return list;
}

// Reading.

/// `count` elements of an array that is a record in disguise; `form` names them.
Result<std::vector<base::JsonNode>> ReadTuple(const base::JsonNode& node, std::size_t count,
                                              std::string_view form) {
  FOOTHOLD_ASSIGN_OR_RETURN(std::vector<base::JsonNode> elements, node.Array());
  if (elements.size() == count) return elements;
  return node.Error(fmt::format("has {} elements, must be {}", elements.size(), form));
}

/// Null, booleans, numbers, strings and arrays of them: all that AutoTVM's serialised arguments and
/// knobs consist of.
Status CheckPlain(const base::JsonNode& node) {
  if (node.value().is_object()) return node.Error("is an object, must be a plain value or a list");
  if (!node.value().is_array()) return {};
  FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<base::JsonNode> elements, node.Array());
  for (const base::JsonNode& element : elements) FOOTHOLD_RETURN_IF_ERROR(CheckPlain(element));
  return {};
}

Status ReadTask(const std::vector<base::JsonNode>& input, AutotvmRecord& record) {
  FOOTHOLD_ASSIGN_OR_RETURN(record.target, input[0].String());
  FOOTHOLD_ASSIGN_OR_RETURN(record.task, input[1].String());
  FOOTHOLD_RETURN_IF_ERROR(input[2].Array().status());
  FOOTHOLD_RETURN_IF_ERROR(CheckPlain(input[2]));
  record.args = input[2].value();
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonObject kwargs, input[3].Object());
  return kwargs.RejectUnknown();  // AutoTVM's tasks have none
}

Status ReadInput(const base::JsonNode& node, AutotvmRecord& record) {
  FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<base::JsonNode> input,
                            ReadTuple(node, 4, "[target, task, args, kwargs]"));
  return ReadTask(input, record);
}

Result<AutotvmEntity> ReadEntity(const base::JsonNode& node) {
  FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<base::JsonNode> parts,
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

/// The names of a config's fields, which changed with the version.
struct ConfigFields {
  std::string index;
  std::string code_hash;
  std::string entities;
};

Status ReadConfig(const base::JsonNode& node, const ConfigFields& names, AutotvmRecord& record) {
  FOOTHOLD_ASSIGN_OR_RETURN(base::JsonObject config, node.Object());
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode index, config.Require(names.index));
  FOOTHOLD_ASSIGN_OR_RETURN(record.index, index.Int64(0, std::numeric_limits<std::int64_t>::max()));
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode code_hash, config.Require(names.code_hash));
  if (!code_hash.value().is_null()) FOOTHOLD_RETURN_IF_ERROR(code_hash.String().status());
  record.code_hash = code_hash.value();
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode list, config.Require(names.entities));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<base::JsonNode> entities, list.Array());
  for (const base::JsonNode& entity : entities) {
    FOOTHOLD_ASSIGN_OR_RETURN(AutotvmEntity read, ReadEntity(entity));
    record.entities.push_back(std::move(read));
  }
  if (record.is_old) config.Find("t");  // the template, of which VTA has one
  return config.RejectUnknown();
}

Status ReadResult(const base::JsonNode& node, AutotvmRecord& record) {
  FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<base::JsonNode> result,
                            ReadTuple(node, 4, "[costs, error_no, all_cost, timestamp]"));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<base::JsonNode> costs, result[0].Array());
  if (costs.empty()) return result[0].Error("is empty, must hold at least one cost");
  for (const base::JsonNode& cost : costs) {
    FOOTHOLD_RETURN_IF_ERROR(cost.Number().status());
    record.costs.push_back(cost.value());
  }
  FOOTHOLD_ASSIGN_OR_RETURN(const std::int64_t error_no, result[1].Int64(0, kMaxAutotvmError));
  record.error_no = static_cast<int>(error_no);
  FOOTHOLD_RETURN_IF_ERROR(result[2].Number().status());
  record.all_cost = result[2].value();
  FOOTHOLD_RETURN_IF_ERROR(result[3].Number().status());
  record.timestamp = result[3].value();
  return {};
}

Result<AutotvmRecord> ReadNewRecord(base::JsonObject& object) {
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode version, object.Require("version"));
  FOOTHOLD_ASSIGN_OR_RETURN(const double number, version.Number());
  if (number != 0.2) return version.Error(fmt::format("is {}, must be 0.2", number));

  AutotvmRecord record;
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode input, object.Require("input"));
  FOOTHOLD_RETURN_IF_ERROR(ReadInput(input, record));
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode config, object.Require("config"));
  FOOTHOLD_RETURN_IF_ERROR(ReadConfig(config, {"index", "code_hash", "entity"}, record));
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode result, object.Require("result"));
  FOOTHOLD_RETURN_IF_ERROR(ReadResult(result, record));
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode tvm_version, object.Require("tvm_version"));
  FOOTHOLD_ASSIGN_OR_RETURN(record.tvm_version, tvm_version.String());
  return record;
}

/// The VTA task that a task of TVM before 0.6 became, where it was for VTA.
std::string NewTaskName(const AutotvmRecord& record) {
  if (record.target.find("vta") == std::string::npos) return record.task;
  if (record.task == "topi_nn_conv2d") return "conv2d_packed.vta";
  if (record.task == "topi_nn_dense") return "dense_packed.vta";
  return record.task;
}

/// A row of version 0.1: {"i": [target, task, args, kwargs, workload, config], "r": [...], "v":
/// 0.1}, the config being {"i": index, "t": template, "c": code_hash, "e": [...]}.
Result<AutotvmRecord> ReadOldRecord(base::JsonObject& object) {
  AutotvmRecord record;
  record.is_old = true;
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode list, object.Require("i"));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<base::JsonNode> input,
                            ReadTuple(list, 6, "[target, task, args, kwargs, workload, config]"));
  FOOTHOLD_RETURN_IF_ERROR(ReadTask({input[0], input[1], input[2], input[3]}, record));
  record.task = NewTaskName(record);
  FOOTHOLD_RETURN_IF_ERROR(CheckPlain(input[4]));
  FOOTHOLD_RETURN_IF_ERROR(ReadConfig(input[5], {"i", "c", "e"}, record));
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode result, object.Require("r"));
  FOOTHOLD_RETURN_IF_ERROR(ReadResult(result, record));
  return record;
}

Result<AutotvmRecord> ReadRecord(const base::JsonNode& node) {
  FOOTHOLD_ASSIGN_OR_RETURN(base::JsonObject object, node.Object());
  const std::optional<base::JsonNode> old = object.Find("v");
  if (old) {
    FOOTHOLD_ASSIGN_OR_RETURN(const double number, old->Number());
    if (number != 0.1) {
      return old->Error(fmt::format("is {}, must be 0.1 (later rows have \"version\")", number));
    }
  }
  Result<AutotvmRecord> record = old ? ReadOldRecord(object) : ReadNewRecord(object);
  if (record.ok()) FOOTHOLD_RETURN_IF_ERROR(object.RejectUnknown());
  return record;
}

Status ReadLine(std::string_view line, std::string_view path, int number, AutotvmLog& log) {
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode node, base::JsonNode::Parse(line, path, number));
  FOOTHOLD_ASSIGN_OR_RETURN(AutotvmRecord record, ReadRecord(node));
  record.line = number;
  log.records.push_back(std::move(record));
  return {};
}

bool IsSkipped(std::string_view line) {
  return line.rfind('#', 0) == 0 || line.find_first_not_of(" \t\r") == std::string_view::npos;
}

}  // namespace

bool LooksLikeAutotvmLog(std::string_view text) {
  constexpr int kLinesToTry = 20;
  for (int line = 0; line < kLinesToTry && !text.empty(); ++line) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const auto node = base::JsonNode::Parse(text.substr(0, end), "");
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!node.ok()) continue;
    const auto object = node->Object();
    if (!object.ok()) continue;
    const auto has = [&](const char* name) { return node->value().Find(name) != nullptr; };
    if ((has("input") && has("config") && has("result")) || (has("i") && has("r"))) return true;
  }
  return false;
}

Result<AutotvmLog> ParseAutotvmLog(std::string_view text, std::string_view path, BadRecords bad) {
  AutotvmLog log;
  for (int number = 1; !text.empty(); ++number) {
    const std::size_t end = text.find('\n');
    const bool ends = end != std::string_view::npos;
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(ends ? end + 1 : text.size());
    if (IsSkipped(line)) continue;
    if (!ends && !base::JsonNode::Parse(line, path, number).ok()) {
      log.torn = fmt::format("{}:{}: torn last line ({} bytes) ignored", path, number, line.size());
      break;
    }
    const Status status = ReadLine(line, path, number, log);
    if (status.ok()) continue;
    if (bad == BadRecords::kRefuse) return status;
    log.bad.push_back(status.message());
  }
  if (log.records.empty() && !log.bad.empty()) return Status::InvalidArgument(log.bad.front());
  return log;
}

std::string ToAutotvmLine(const AutotvmRecord& record) {
  return PythonJson(
      {{"input",
        base::Json::Array({record.target, record.task, record.args, base::Json::Object()})},
       {"config",
        {{"index", record.index},
         {"code_hash", record.code_hash},
         {"entity", Entities(record.entities)}}},
       {"result",
        base::Json::Array({record.costs, record.error_no, record.all_cost, record.timestamp})},
       {"version", 0.2},
       {"tvm_version", record.tvm_version}});
}

}  // namespace foothold::formats
