#include "targets/vta/board_file.h"

#include "base/json.h"

namespace foothold::vta {
namespace {

constexpr const char* kFormat = "foothold-vta-board";

bool IsSoftware(std::string_view target) {
  return target == "sim" || target == "fsim" || target == "intelfocl";
}

Result<BoardFile> FromVtaConfig(const JsonNode& root) {
  BoardFile board;
  FOOTHOLD_ASSIGN_OR_RETURN(board.config, ReadVtaConfig(root));
  FOOTHOLD_ASSIGN_OR_RETURN(
      board.timing, FindTiming(IsSoftware(board.config.target) ? "pynq" : board.config.target));
  return board;
}

}  // namespace

Result<BoardFile> ParseBoardFile(std::string_view json, std::string_view path) {
  FOOTHOLD_ASSIGN_OR_RETURN(const JsonNode root, JsonNode::Parse(json, path));
  FOOTHOLD_ASSIGN_OR_RETURN(JsonObject object, root.Object());
  const auto format = object.Find("format");
  if (!format) return FromVtaConfig(root);

  FOOTHOLD_ASSIGN_OR_RETURN(const std::string name, format->String());
  if (name != kFormat) return format->Error("must be \"foothold-vta-board\"");
  FOOTHOLD_ASSIGN_OR_RETURN(const JsonNode version, object.Require("version"));
  FOOTHOLD_RETURN_IF_ERROR(version.Int64(1, 1).status());
  BoardFile board;
  FOOTHOLD_ASSIGN_OR_RETURN(const JsonNode config, object.Require("vta_config"));
  FOOTHOLD_ASSIGN_OR_RETURN(board.config, ReadVtaConfig(config));
  FOOTHOLD_ASSIGN_OR_RETURN(const JsonNode timing, object.Require("timing"));
  FOOTHOLD_ASSIGN_OR_RETURN(board.timing, ReadTiming(timing));
  FOOTHOLD_RETURN_IF_ERROR(object.RejectUnknown());
  return board;
}

std::string ToJson(const BoardFile& board) {
  const Json json = {{"format", kFormat},
                     {"version", 1},
                     {"vta_config", VtaConfigJson(board.config)},
                     {"timing", TimingJson(board.timing)}};
  return json.Dump(2) + "\n";
}

}  // namespace foothold::vta
