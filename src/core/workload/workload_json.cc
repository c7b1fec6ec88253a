#include "core/workload/workload_json.h"

#include <fmt/core.h>

#include <array>
#include <limits>
#include <set>

namespace foothold {
namespace {

constexpr std::size_t kMaxNameBytes = 200;

/// One size of an operator: its name in the file, and where it is kept.
template <typename Op>
struct Field {
  const char* name;
  std::int64_t Op::*member;
  bool required;  ///< otherwise its default is that of the struct
};

// In the order of the file form.
constexpr std::array<Field<Conv2d>, 11> kConv2dFields = {{
    {"batch", &Conv2d::batch, false},
    {"in_channels", &Conv2d::in_channels, true},
    {"height", &Conv2d::height, true},
    {"width", &Conv2d::width, true},
    {"out_channels", &Conv2d::out_channels, true},
    {"kernel_h", &Conv2d::kernel_h, true},
    {"kernel_w", &Conv2d::kernel_w, true},
    {"pad_h", &Conv2d::pad_h, false},
    {"pad_w", &Conv2d::pad_w, false},
    {"stride_h", &Conv2d::stride_h, false},
    {"stride_w", &Conv2d::stride_w, false},
}};

constexpr std::array<Field<Dense>, 3> kDenseFields = {{
    {"batch", &Dense::batch, false},
    {"in_features", &Dense::in_features, true},
    {"out_features", &Dense::out_features, true},
}};

constexpr std::array<Field<Requantize>, 3> kRequantizeFields = {{
    {"shift", &Requantize::shift, false},
    {"clip_max", &Requantize::clip_max, false},
    {"clip_min", &Requantize::clip_min, false},
}};

template <typename Fields, typename Struct>
Status ReadFields(JsonObject& object, const Fields& fields, Struct& out) {
  for (const auto& field : fields) {
    std::optional<JsonNode> node = object.Find(field.name);
    if (!node && field.required) {
      FOOTHOLD_ASSIGN_OR_RETURN(node, object.Require(field.name));
    }
    if (!node) continue;
    // Validate knows the ranges; here only the type matters.
    FOOTHOLD_ASSIGN_OR_RETURN(out.*field.member,
                              node->Int64(std::numeric_limits<std::int64_t>::min(),
                                          std::numeric_limits<std::int64_t>::max()));
  }
  return {};
}

/// Names are printed in tables and messages, so they are kept to one short line.
Result<std::string> ReadName(JsonObject& object) {
  FOOTHOLD_ASSIGN_OR_RETURN(const JsonNode node, object.Require("name"));
  FOOTHOLD_ASSIGN_OR_RETURN(std::string name, node.String());
  if (name.empty()) return node.Error("is empty, must be a name");
  if (name.size() > kMaxNameBytes) {
    return node.Error(
        fmt::format("has {} bytes, must have at most {}", name.size(), kMaxNameBytes));
  }
  for (const char c : name) {
    if (static_cast<unsigned char>(c) < ' ' || c == '\x7f') {
      return node.Error("holds a control character, must be one line of text");
    }
  }
  return name;
}

Result<Operator> ReadOperator(JsonObject& object) {
  FOOTHOLD_ASSIGN_OR_RETURN(const JsonNode node, object.Require("op"));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::string name, node.String());
  if (name == "conv2d") {
    Conv2d conv;
    FOOTHOLD_RETURN_IF_ERROR(ReadFields(object, kConv2dFields, conv));
    return Operator(conv);
  }
  if (name == "dense") {
    Dense dense;
    FOOTHOLD_RETURN_IF_ERROR(ReadFields(object, kDenseFields, dense));
    return Operator(dense);
  }
  if (name == "kernel") {
    Kernel kernel;
    FOOTHOLD_ASSIGN_OR_RETURN(const JsonNode field, object.Require("kernel"));
    FOOTHOLD_ASSIGN_OR_RETURN(kernel.name, field.String());
    return Operator(std::move(kernel));
  }
  return node.Error(
      fmt::format("is {}, must be \"conv2d\", \"dense\" or \"kernel\"", node.value().Dump()));
}

Status ReadRequantize(JsonObject& object, Requantize& requantize) {
  FOOTHOLD_RETURN_IF_ERROR(ReadFields(object, kRequantizeFields, requantize));
  const std::optional<JsonNode> bias = object.Find("bias");
  if (!bias) return {};
  FOOTHOLD_ASSIGN_OR_RETURN(requantize.bias, bias->Bool());
  return {};
}

Result<ElementType> ReadType(JsonObject& object) {
  const std::optional<JsonNode> node = object.Find("type");
  if (!node) return ElementType::kInt8;
  FOOTHOLD_ASSIGN_OR_RETURN(const std::string name, node->String());
  for (const ElementType type : {ElementType::kInt8, ElementType::kFloat32}) {
    if (name == ToString(type)) return type;
  }
  return node->Error(fmt::format("is {}, must be \"int8\" or \"float32\"", node->value().Dump()));
}

/// Validate's messages begin with a field; if the file has that field, its line is the one to name.
Status LocateInvalid(const Status& invalid, const JsonNode& node, JsonObject& object) {
  const std::string& message = invalid.message();
  const std::size_t colon = message.find(": ");
  const std::optional<JsonNode> field = object.Find(message.substr(0, colon));
  return field ? field->Error(message.substr(colon + 2)) : node.Error(message);
}

/// Facts that a file may carry for its readers and Foothold does not use: where the shapes come
/// from, and how often each layer occurs in its network.
Status CheckContext(JsonObject& object) {
  if (const std::optional<JsonNode> source = object.Find("source")) {
    FOOTHOLD_RETURN_IF_ERROR(source->String().status());
  }
  const std::optional<JsonNode> repeats = object.Find("repeats");
  if (!repeats) return {};
  FOOTHOLD_ASSIGN_OR_RETURN(const auto counts, repeats->Members());
  for (const auto& [layer, count] : counts) {
    FOOTHOLD_RETURN_IF_ERROR(count.Int64(1, std::numeric_limits<std::int64_t>::max()).status());
  }
  return {};
}

template <typename Fields, typename Struct>
void WriteFields(const Fields& fields, const Struct& values, Json& json) {
  for (const auto& field : fields) json[field.name] = values.*field.member;
}

}  // namespace

Result<Workload> ParseWorkload(const JsonNode& node) {
  FOOTHOLD_ASSIGN_OR_RETURN(JsonObject object, node.Object());
  Workload workload;
  FOOTHOLD_ASSIGN_OR_RETURN(workload.name, ReadName(object));
  FOOTHOLD_ASSIGN_OR_RETURN(workload.op, ReadOperator(object));
  if (!std::holds_alternative<Kernel>(workload.op)) {
    FOOTHOLD_ASSIGN_OR_RETURN(workload.type, ReadType(object));
    FOOTHOLD_RETURN_IF_ERROR(ReadRequantize(object, workload.requantize));
  }
  FOOTHOLD_RETURN_IF_ERROR(object.RejectUnknown());
  if (const Status valid = Validate(workload); !valid.ok()) {
    return LocateInvalid(valid, node, object);
  }
  return workload;
}

Result<std::vector<Workload>> ParseWorkloads(std::string_view json, std::string_view path) {
  FOOTHOLD_ASSIGN_OR_RETURN(const JsonNode root, JsonNode::Parse(json, path));
  FOOTHOLD_ASSIGN_OR_RETURN(JsonObject object, root.Object());
  const std::optional<JsonNode> list = object.Find("workloads");
  if (!list) {
    FOOTHOLD_ASSIGN_OR_RETURN(Workload workload, ParseWorkload(root));
    return std::vector<Workload>{std::move(workload)};
  }
  FOOTHOLD_RETURN_IF_ERROR(CheckContext(object));
  FOOTHOLD_RETURN_IF_ERROR(object.RejectUnknown());
  FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<JsonNode> nodes, list->Array());
  if (nodes.empty()) return list->Error("is empty, must hold at least one workload");

  std::vector<Workload> workloads;
  std::set<std::string> names;
  for (const JsonNode& node : nodes) {
    FOOTHOLD_ASSIGN_OR_RETURN(Workload workload, ParseWorkload(node));
    if (!names.insert(workload.name).second) {
      return node.Error(fmt::format("name: \"{}\" is taken by an earlier workload, must be unique",
                                    workload.name));
    }
    workloads.push_back(std::move(workload));
  }
  return workloads;
}

Json WorkloadJson(const Workload& workload) {
  Json json = {{"name", workload.name}, {"op", OperatorName(workload.op)}};
  if (const auto* kernel = std::get_if<Kernel>(&workload.op)) {
    json["kernel"] = kernel->name;
    return json;
  }
  if (const auto* conv = std::get_if<Conv2d>(&workload.op)) {
    WriteFields(kConv2dFields, *conv, json);
  } else {
    WriteFields(kDenseFields, std::get<Dense>(workload.op), json);
  }
  if (workload.type != ElementType::kInt8) {
    json["type"] = ToString(workload.type);
    return json;
  }
  WriteFields(kRequantizeFields, workload.requantize, json);
  json["bias"] = workload.requantize.bias;
  return json;
}

std::string ToJson(const Workload& workload) { return WorkloadJson(workload).Dump(); }

}  // namespace foothold
