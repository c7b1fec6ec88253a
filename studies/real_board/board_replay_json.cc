// The replay as JSON, and back: board.json beside the page that is made of it.
#include <array>
#include <limits>

#include "base/json.h"
#include "studies/real_board/board_replay.h"

namespace foothold::studies {
namespace {

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

Result<std::string> Text(base::JsonObject& object, std::string_view field) {
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode node, object.Require(field));
  return node.String();
}

Result<std::uint64_t> Count(const base::JsonNode& node) {
  FOOTHOLD_ASSIGN_OR_RETURN(const std::int64_t count, node.Int64(0, kMost));
  return static_cast<std::uint64_t>(count);
}

Result<std::uint64_t> Count(base::JsonObject& object, std::string_view field) {
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode node, object.Require(field));
  return Count(node);
}

Result<std::vector<base::JsonNode>> List(base::JsonObject& object, std::string_view field) {
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode node, object.Require(field));
  FOOTHOLD_ASSIGN_OR_RETURN(std::vector<base::JsonNode> elements, node.Array());
  if (elements.empty()) return node.Error("is empty, must have an element");
  return elements;
}

Result<std::vector<std::uint64_t>> Counts(base::JsonObject& object, std::string_view field) {
  FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<base::JsonNode> elements, List(object, field));
  std::vector<std::uint64_t> counts;
  for (const base::JsonNode& element : elements) {
    FOOTHOLD_ASSIGN_OR_RETURN(counts.emplace_back(), Count(element));
  }
  return counts;
}

Result<Knowledge> Mode(base::JsonObject& object) {
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode node, object.Require("knowledge"));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::string name, node.String());
  for (const Knowledge mode : {Knowledge::kBlind, Knowledge::kCompiler, Knowledge::kHardware}) {
    if (name == ToString(mode)) return mode;
  }
  return node.Error("is " + node.value().Dump() + ", must be blind, compiler or hardware");
}

Result<BoardReplayEntry> Entry(const base::JsonNode& node) {
  FOOTHOLD_ASSIGN_OR_RETURN(base::JsonObject object, node.Object());
  BoardReplayEntry entry;
  FOOTHOLD_ASSIGN_OR_RETURN(entry.entrant, Text(object, "searcher"));
  FOOTHOLD_ASSIGN_OR_RETURN(entry.knowledge, Mode(object));
  FOOTHOLD_ASSIGN_OR_RETURN(entry.to_best, Counts(object, "to_best"));
  FOOTHOLD_ASSIGN_OR_RETURN(entry.to_5_percent, Counts(object, "to_5_percent"));
  FOOTHOLD_RETURN_IF_ERROR(object.RejectUnknown());
  return entry;
}

Result<BoardReplayLayer> LayerFrom(const base::JsonNode& node) {
  FOOTHOLD_ASSIGN_OR_RETURN(base::JsonObject object, node.Object());
  BoardReplayLayer layer;
  FOOTHOLD_ASSIGN_OR_RETURN(layer.name, Text(object, "name"));
  FOOTHOLD_ASSIGN_OR_RETURN(layer.configs, Count(object, "configs"));
  FOOTHOLD_ASSIGN_OR_RETURN(layer.valid, Count(object, "valid"));
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode best, object.Require("best_seconds"));
  FOOTHOLD_ASSIGN_OR_RETURN(layer.best_seconds, best.Number());
  FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<base::JsonNode> entries, List(object, "entries"));
  for (const base::JsonNode& entry : entries) {
    FOOTHOLD_ASSIGN_OR_RETURN(layer.entries.emplace_back(), Entry(entry));
  }
  FOOTHOLD_RETURN_IF_ERROR(object.RejectUnknown());
  return layer;
}

}  // namespace

std::string ToJson(const BoardReplay& replay) {
  base::Json json = {{"target", replay.target},
                     {"seeds", replay.options.seeds},
                     {"first_seed", replay.options.first_seed},
                     {"batch_size", replay.options.batch_size},
                     {"layers", base::Json::Array()}};
  for (const BoardReplayLayer& layer : replay.layers) {
    base::Json entries = base::Json::Array();
    for (const BoardReplayEntry& entry : layer.entries) {
      entries.push_back({{"searcher", entry.entrant},
                         {"knowledge", ToString(entry.knowledge)},
                         {"to_best", entry.to_best},
                         {"to_5_percent", entry.to_5_percent}});
    }
    json["layers"].push_back({{"name", layer.name},
                              {"configs", layer.configs},
                              {"valid", layer.valid},
                              {"best_seconds", layer.best_seconds},
                              {"entries", entries}});
  }
  return json.Dump(2) + "\n";
}

Result<BoardReplay> ParseBoardReplay(std::string_view json, std::string_view path) {
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode root, base::JsonNode::Parse(json, path));
  FOOTHOLD_ASSIGN_OR_RETURN(base::JsonObject object, root.Object());
  BoardReplay replay;
  FOOTHOLD_ASSIGN_OR_RETURN(replay.target, Text(object, "target"));
  FOOTHOLD_ASSIGN_OR_RETURN(replay.options.seeds, Count(object, "seeds"));
  FOOTHOLD_ASSIGN_OR_RETURN(replay.options.first_seed, Count(object, "first_seed"));
  FOOTHOLD_ASSIGN_OR_RETURN(replay.options.batch_size, Count(object, "batch_size"));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<base::JsonNode> layers, List(object, "layers"));
  for (const base::JsonNode& layer : layers) {
    FOOTHOLD_ASSIGN_OR_RETURN(replay.layers.emplace_back(), LayerFrom(layer));
    const bool alike = replay.layers.back().entries.size() == replay.layers.front().entries.size();
    if (!alike) return layer.Error("has other entries than the first layer");
  }
  FOOTHOLD_RETURN_IF_ERROR(object.RejectUnknown());
  return replay;
}

}  // namespace foothold::studies
