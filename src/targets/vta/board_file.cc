#include "targets/vta/board_file.h"

#include <fmt/core.h>

#include <bit>
#include <optional>

#include "base/json.h"

namespace foothold::vta {
namespace {

constexpr const char* kFormat = "foothold-vta-board";

bool IsSoftware(std::string_view target) {
  return target == "sim" || target == "fsim" || target == "intelfocl";
}

// uopMemDepth of the Chisel core, which reads no configuration
// (docs/reference/vta-and-autotvm.md#chisel-cycles).
constexpr int kChiselLogMicroOps = 11;
constexpr std::int64_t kMostMicroOps = std::int64_t{1} << 16;

void ApplyRtl(std::string_view target, BoardFile* board) {
  const bool chisel = target == "tsim" || target == "de10nano";
  board->semantics = chisel ? Semantics::kChisel : Semantics::kFsim;
  board->config.geometry.log_uop_memory = chisel ? kChiselLogMicroOps : Geometry::kAsConfigured;
}

base::Json RtlJson(const BoardFile& board) {
  return {{"semantics", ToString(board.semantics)},
          {"micro_ops", board.config.geometry.uop_capacity()}};
}

// What a board file says of its RTL instead of what its TARGET stands for.
Status ReadRtl(const base::JsonNode& node, BoardFile* board) {
  FOOTHOLD_ASSIGN_OR_RETURN(base::JsonObject object, node.Object());
  if (const auto semantics = object.Find("semantics")) {
    FOOTHOLD_ASSIGN_OR_RETURN(const std::string name, semantics->String());
    const std::optional<Semantics> parsed = ParseSemantics(name);
    if (!parsed) {
      return semantics->Error(fmt::format("is \"{}\", must be \"fsim\" or \"chisel\"", name));
    }
    board->semantics = *parsed;
  }
  if (const auto micro_ops = object.Find("micro_ops")) {
    FOOTHOLD_ASSIGN_OR_RETURN(const std::int64_t count, micro_ops->Int64(1, kMostMicroOps));
    if (!std::has_single_bit(static_cast<std::uint64_t>(count)))
      return micro_ops->Error(fmt::format("is {}, must be a power of two", count));
    Geometry& geometry = board->config.geometry;
    geometry.log_uop_memory = count >= geometry.uop_depth()
                                  ? Geometry::kAsConfigured
                                  : std::countr_zero(static_cast<std::uint64_t>(count));
  }
  return object.RejectUnknown();
}

Result<BoardFile> FromVtaConfig(const base::JsonNode& root) {
  BoardFile board;
  FOOTHOLD_ASSIGN_OR_RETURN(board.config, ReadVtaConfig(root));
  ApplyRtl(board.config.target, &board);
  FOOTHOLD_ASSIGN_OR_RETURN(
      board.timing, FindTiming(IsSoftware(board.config.target) ? "pynq" : board.config.target));
  board.timing.accuracy.clear();  // of this geometry nobody knows
  return board;
}

}  // namespace

BoardFile BuiltinBoard(std::string_view target) {
  BoardFile board;
  board.config.target = target;
  ApplyRtl(target, &board);
  return board;
}

Result<BoardFile> ParseBoardFile(std::string_view json, std::string_view path) {
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode root, base::JsonNode::Parse(json, path));
  FOOTHOLD_ASSIGN_OR_RETURN(base::JsonObject object, root.Object());
  const auto format = object.Find("format");
  if (!format) return FromVtaConfig(root);

  FOOTHOLD_ASSIGN_OR_RETURN(const std::string name, format->String());
  if (name != kFormat) return format->Error("must be \"foothold-vta-board\"");
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode version, object.Require("version"));
  FOOTHOLD_RETURN_IF_ERROR(version.Int64(1, 1).status());
  BoardFile board;
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode config, object.Require("vta_config"));
  FOOTHOLD_ASSIGN_OR_RETURN(board.config, ReadVtaConfig(config));
  ApplyRtl(board.config.target, &board);
  if (const auto rtl = object.Find("rtl")) FOOTHOLD_RETURN_IF_ERROR(ReadRtl(*rtl, &board));
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode timing, object.Require("timing"));
  FOOTHOLD_ASSIGN_OR_RETURN(board.timing, ReadTiming(timing));
  FOOTHOLD_RETURN_IF_ERROR(object.RejectUnknown());
  return board;
}

std::string ToJson(const BoardFile& board) {
  const base::Json json = {{"format", kFormat},
                           {"version", 1},
                           {"vta_config", VtaConfigJson(board.config)},
                           {"rtl", RtlJson(board)},
                           {"timing", TimingJson(board.timing)}};
  return json.Dump(2) + "\n";
}

}  // namespace foothold::vta
