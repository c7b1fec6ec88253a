#include "core/workload/workload_json.h"

#include <fmt/core.h>

#include <limits>
#include <set>

#include "core/workload/operators/operator_kind.h"

namespace foothold {
namespace {

/// Validate knows the ranges; here only the type matters.
Result<std::int64_t> ReadSize(const base::JsonNode& node) {
  return node.Int64(std::numeric_limits<std::int64_t>::min(),
                    std::numeric_limits<std::int64_t>::max());
}

Result<std::string> ReadName(base::JsonObject& object) {
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode node, object.Require("name"));
  FOOTHOLD_ASSIGN_OR_RETURN(std::string name, node.String());
  if (const std::string problem = workload::ProblemOfName(name); !problem.empty())
    return node.Error(problem);
  return name;
}

Result<Operator> ReadOperator(base::JsonObject& object) {
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode node, object.Require("op"));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::string name, node.String());
  const workload::OperatorKind* kind = workload::FindOperatorKind(name);
  if (kind == nullptr) {
    return node.Error(
        fmt::format("is {}, must be {}", node.value().Dump(), workload::OperatorNames("")));
  }
  Operator op = kind->usual;
  if (kind->text) {
    FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode text, object.Require(kind->name));
    FOOTHOLD_ASSIGN_OR_RETURN(kind->text->ref(op), text.String());
  }
  for (const workload::ShapeGroup& group : kind->shape) {
    for (const workload::ShapeField& field : group.fields) {
      if (field.required) FOOTHOLD_RETURN_IF_ERROR(object.Require(field.name).status());
      const std::optional<base::JsonNode> size = object.Find(field.name);
      if (!size) continue;
      FOOTHOLD_ASSIGN_OR_RETURN(field.at.ref(op), ReadSize(*size));
    }
  }
  return op;
}

Status ReadRequantize(base::JsonObject& object, Requantize& requantize) {
  for (const workload::RequantizeField& field : workload::kRequantizeFields) {
    const std::optional<base::JsonNode> node = object.Find(field.name);
    if (!node) continue;
    FOOTHOLD_ASSIGN_OR_RETURN(requantize.*field.member, ReadSize(*node));
  }
  const std::optional<base::JsonNode> bias = object.Find("bias");
  if (!bias) return {};
  FOOTHOLD_ASSIGN_OR_RETURN(requantize.bias, bias->Bool());
  return {};
}

Result<ElementType> ReadType(base::JsonObject& object) {
  const std::optional<base::JsonNode> node = object.Find("type");
  if (!node) return ElementType::kInt8;
  FOOTHOLD_ASSIGN_OR_RETURN(const std::string name, node->String());
  for (const ElementType type : {ElementType::kInt8, ElementType::kFloat32}) {
    if (name == ToString(type)) return type;
  }
  return node->Error(fmt::format("is {}, must be \"int8\" or \"float32\"", node->value().Dump()));
}

/// Validate's messages begin with a field; if the file has that field, its line is the one to name.
Status LocateInvalid(const Status& invalid, const base::JsonNode& node, base::JsonObject& object) {
  const std::string& message = invalid.message();
  const std::size_t colon = message.find(": ");
  const std::optional<base::JsonNode> field = object.Find(message.substr(0, colon));
  return field ? field->Error(message.substr(colon + 2)) : node.Error(message);
}

/// Facts that a file may carry for its readers and Foothold does not use: where the shapes come
/// from, and how often each layer occurs in its network.
Status CheckContext(base::JsonObject& object) {
  if (const std::optional<base::JsonNode> source = object.Find("source")) {
    FOOTHOLD_RETURN_IF_ERROR(source->String().status());
  }
  const std::optional<base::JsonNode> repeats = object.Find("repeats");
  if (!repeats) return {};
  FOOTHOLD_ASSIGN_OR_RETURN(const auto counts, repeats->Members());
  for (const auto& [layer, count] : counts) {
    FOOTHOLD_RETURN_IF_ERROR(count.Int64(1, std::numeric_limits<std::int64_t>::max()).status());
  }
  return {};
}

void WriteOperator(const Operator& op, base::Json& json) {
  const workload::OperatorKind& kind = workload::KindOf(op);
  json["op"] = kind.name;
  if (kind.text) json[kind.name] = kind.text->get(op);
  for (const workload::ShapeGroup& group : kind.shape) {
    if (workload::IsLeftOut(group, kind, op)) continue;
    for (const workload::ShapeField& field : group.fields) json[field.name] = field.at.get(op);
  }
}

}  // namespace

}  // namespace foothold

namespace foothold::workload {

Result<Workload> ParseWorkload(const base::JsonNode& node) {
  FOOTHOLD_ASSIGN_OR_RETURN(base::JsonObject object, node.Object());
  Workload workload;
  FOOTHOLD_ASSIGN_OR_RETURN(workload.name, ReadName(object));
  FOOTHOLD_ASSIGN_OR_RETURN(workload.op, ReadOperator(object));
  if (KindOf(workload.op).has_tensors()) {
    FOOTHOLD_ASSIGN_OR_RETURN(workload.type, ReadType(object));
    FOOTHOLD_RETURN_IF_ERROR(ReadRequantize(object, workload.requantize));
  }
  FOOTHOLD_RETURN_IF_ERROR(object.RejectUnknown());
  if (const Status valid = Validate(workload); !valid.ok()) {
    return LocateInvalid(valid, node, object);
  }
  return workload;
}

base::Json WorkloadJson(const Workload& workload) {
  base::Json json = {{"name", workload.name}};
  WriteOperator(workload.op, json);
  if (!KindOf(workload.op).has_tensors()) return json;
  if (workload.type != ElementType::kInt8) {
    json["type"] = ToString(workload.type);
    return json;
  }
  for (const RequantizeField& field : kRequantizeFields) {
    json[field.name] = workload.requantize.*field.member;
  }
  json["bias"] = workload.requantize.bias;
  return json;
}

}  // namespace foothold::workload

namespace foothold {

Result<std::vector<Workload>> ParseWorkloads(std::string_view json, std::string_view path) {
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode root, base::JsonNode::Parse(json, path));
  FOOTHOLD_ASSIGN_OR_RETURN(base::JsonObject object, root.Object());
  const std::optional<base::JsonNode> list = object.Find("workloads");
  if (!list) {
    FOOTHOLD_ASSIGN_OR_RETURN(Workload workload, workload::ParseWorkload(root));
    return std::vector<Workload>{std::move(workload)};
  }
  FOOTHOLD_RETURN_IF_ERROR(CheckContext(object));
  FOOTHOLD_RETURN_IF_ERROR(object.RejectUnknown());
  FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<base::JsonNode> nodes, list->Array());
  if (nodes.empty()) return list->Error("is empty, must hold at least one workload");

  std::vector<Workload> workloads;
  std::set<std::string> names;
  for (const base::JsonNode& node : nodes) {
    FOOTHOLD_ASSIGN_OR_RETURN(Workload workload, workload::ParseWorkload(node));
    if (!names.insert(workload.name).second) {
      return node.Error(fmt::format("name: \"{}\" is taken by an earlier workload, must be unique",
                                    workload.name));
    }
    workloads.push_back(std::move(workload));
  }
  return workloads;
}

std::string ToJson(const Workload& workload) { return workload::WorkloadJson(workload).Dump(); }

}  // namespace foothold
