#include "report/page/network.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "report/page/model_text.h"

namespace foothold::report {
namespace {

constexpr double kMostMs = 1e9;
constexpr std::int64_t kMostBytes = std::int64_t{1} << 32;
constexpr std::int64_t kMostMacs = std::int64_t{1} << 50;

/// Reads members that must be there.
class Fields {
 public:
  static Result<Fields> Of(const base::JsonNode& node) {
    FOOTHOLD_ASSIGN_OR_RETURN(base::JsonObject object, node.Object());
    return Fields(std::move(object));
  }

  Result<base::Json> Text(std::string_view name) {
    FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode node, object_.Require(name));
    FOOTHOLD_ASSIGN_OR_RETURN(const std::string text, node.String());
    return base::Json(Shortened(text));
  }
  Result<double> Number(std::string_view name, double most) {
    FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode node, object_.Require(name));
    FOOTHOLD_ASSIGN_OR_RETURN(const double number, node.Number());
    if (!(number >= 0 && number <= most)) return node.Error("must be a size of 0 or above");
    return number;
  }
  Result<std::int64_t> Integer(std::string_view name, std::int64_t most) {
    FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode node, object_.Require(name));
    return node.Int64(0, most);
  }
  Result<std::vector<base::JsonNode>> Array(std::string_view name) {
    FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode node, object_.Require(name));
    return node.Array();
  }
  Result<Fields> Object(std::string_view name) {
    FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode node, object_.Require(name));
    return Of(node);
  }
  std::optional<base::JsonNode> Find(std::string_view name) { return object_.Find(name); }

 private:
  explicit Fields(base::JsonObject object) : object_(std::move(object)) {}
  base::JsonObject object_;
};

/// The signal to noise of each layer that lost something, by name.
using Noise = std::map<std::string, double>;

Result<base::Json> Layer(const base::JsonNode& node, const Noise& noise, double& end_ms) {
  FOOTHOLD_ASSIGN_OR_RETURN(Fields layer, Fields::Of(node));
  base::Json json = base::Json::Object();
  for (const char* name : {"name", "operation", "details", "bound"}) {
    FOOTHOLD_ASSIGN_OR_RETURN(json[name], layer.Text(name));
  }
  FOOTHOLD_ASSIGN_OR_RETURN(json["macs"], layer.Integer("macs", kMostMacs));
  FOOTHOLD_ASSIGN_OR_RETURN(const double ms, layer.Number("ms", kMostMs));
  FOOTHOLD_ASSIGN_OR_RETURN(json["roofline_ms"], layer.Number("roofline_ms", kMostMs));
  json["begin_ms"] = end_ms;
  json["ms"] = ms;
  end_ms += ms;
  const auto found = noise.find(json["name"].string());
  if (found != noise.end()) json["signal_to_noise_db"] = found->second;
  return json;
}

Result<Noise> ReadNoise(Fields& accuracy) {
  Noise noise;
  FOOTHOLD_ASSIGN_OR_RETURN(const auto layers, accuracy.Array("layers"));
  for (const base::JsonNode& node : layers) {
    FOOTHOLD_ASSIGN_OR_RETURN(Fields layer, Fields::Of(node));
    FOOTHOLD_ASSIGN_OR_RETURN(const base::Json name, layer.Text("name"));
    const auto decibels = layer.Find("signal_to_noise_db");
    if (!decibels) continue;
    FOOTHOLD_ASSIGN_OR_RETURN(noise[name.string()], decibels->Number());
  }
  return noise;
}

/// Bytes that values take up while each layer runs, beside what is always there.
Result<base::Json> Memory(Fields memory, std::size_t layers) {
  base::Json json = {{"always", base::Json::Array()}, {"values", base::Json::Array()}};
  FOOTHOLD_ASSIGN_OR_RETURN(const auto tensors, memory.Array("tensors"));
  for (const base::JsonNode& node : tensors) {
    FOOTHOLD_ASSIGN_OR_RETURN(Fields tensor, Fields::Of(node));
    FOOTHOLD_ASSIGN_OR_RETURN(const base::Json name, tensor.Text("name"));
    FOOTHOLD_ASSIGN_OR_RETURN(const std::int64_t bytes, tensor.Integer("bytes", kMostBytes));
    json["always"].push_back({{"name", name}, {"bytes", bytes}});
  }
  std::vector<std::int64_t> used(layers, 0);
  FOOTHOLD_ASSIGN_OR_RETURN(const auto values, memory.Array("values"));
  for (const base::JsonNode& node : values) {
    FOOTHOLD_ASSIGN_OR_RETURN(Fields value, Fields::Of(node));
    const auto last_layer = static_cast<std::int64_t>(layers);
    FOOTHOLD_ASSIGN_OR_RETURN(const std::int64_t bytes, value.Integer("bytes", kMostBytes));
    FOOTHOLD_ASSIGN_OR_RETURN(const std::int64_t first, value.Integer("first", last_layer));
    FOOTHOLD_ASSIGN_OR_RETURN(const std::int64_t last, value.Integer("last", last_layer));
    for (std::int64_t at = first; at <= last && at < last_layer; ++at) {
      used[static_cast<std::size_t>(at)] += bytes;
    }
  }
  json["values"] = used;
  return json;
}

Result<base::Json> HostNodes(Fields& manifest) {
  base::Json json = base::Json::Array();
  FOOTHOLD_ASSIGN_OR_RETURN(const auto nodes, manifest.Array("host"));
  for (const base::JsonNode& one : nodes) {
    FOOTHOLD_ASSIGN_OR_RETURN(Fields node, Fields::Of(one));
    base::Json entry = base::Json::Object();
    for (const char* name : {"name", "operation", "reason"}) {
      FOOTHOLD_ASSIGN_OR_RETURN(entry[name], node.Text(name));
    }
    json.push_back(std::move(entry));
  }
  return json;
}

}  // namespace

Result<base::Json> NetworkModel(std::string_view text, std::string_view path) {
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode root, base::JsonNode::Parse(text, path));
  FOOTHOLD_ASSIGN_OR_RETURN(Fields manifest, Fields::Of(root));
  base::Json json = base::Json::Object();
  for (const char* name : {"format", "name", "target", "geometry"}) {
    FOOTHOLD_ASSIGN_OR_RETURN(json[name], manifest.Text(name));
  }
  if (json["format"].string() != "foothold-network") {
    return root.Error("format: must be foothold-network");
  }
  FOOTHOLD_ASSIGN_OR_RETURN(json["simulated_ms"], manifest.Number("simulated_ms", kMostMs));
  FOOTHOLD_ASSIGN_OR_RETURN(json["share_of_macs_on_vta"],
                            manifest.Number("share_of_macs_on_vta", 1));
  Noise noise;
  if (const auto node = manifest.Find("accuracy")) {
    FOOTHOLD_ASSIGN_OR_RETURN(Fields accuracy, Fields::Of(*node));
    FOOTHOLD_ASSIGN_OR_RETURN(json["samples"], accuracy.Integer("samples", kMostMacs));
    FOOTHOLD_ASSIGN_OR_RETURN(json["agree"], accuracy.Integer("agree", kMostMacs));
    FOOTHOLD_ASSIGN_OR_RETURN(noise, ReadNoise(accuracy));
  }
  FOOTHOLD_ASSIGN_OR_RETURN(const auto layers, manifest.Array("vta"));
  json["layers"] = base::Json::Array();
  double end_ms = 0;
  for (const base::JsonNode& layer : layers) {
    FOOTHOLD_ASSIGN_OR_RETURN(base::Json one, Layer(layer, noise, end_ms));
    json["layers"].push_back(std::move(one));
  }
  FOOTHOLD_ASSIGN_OR_RETURN(json["host"], HostNodes(manifest));
  FOOTHOLD_ASSIGN_OR_RETURN(Fields memory, manifest.Object("memory"));
  FOOTHOLD_ASSIGN_OR_RETURN(json["memory"], Memory(std::move(memory), layers.size()));
  if (const auto time = manifest.Find("time")) {
    FOOTHOLD_RETURN_IF_ERROR(time->Object().status());
    json["time"] = time->value();
  }
  return json;
}

}  // namespace foothold::report
