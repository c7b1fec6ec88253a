#include "targets/vta/isa/hardware.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <climits>
#include <optional>
#include <vector>

#include "base/json.h"
#include "base/text.h"
#include "targets/vta/isa/isa_table.h"

namespace foothold::vta {
namespace {

// A field of vta_config.json that shapes the machine
// (docs/reference/vta-and-autotvm.md#configuration-fields), with the values that make sense.
struct GeometryField {
  std::string_view name;
  int Geometry::*member;
  int min;
  int max;
};
constexpr std::array<GeometryField, 9> kFields = {{
    // Engines and runtime are written for these three widths only.
    {"LOG_INP_WIDTH", &Geometry::log_inp_width, 3, 3},
    {"LOG_WGT_WIDTH", &Geometry::log_wgt_width, 3, 3},
    {"LOG_ACC_WIDTH", &Geometry::log_acc_width, 5, 5},
    {"LOG_BATCH", &Geometry::log_batch, 0, 8},
    {"LOG_BLOCK", &Geometry::log_block, 0, 8},
    {"LOG_UOP_BUFF_SIZE", &Geometry::log_uop_buff_size, 0, 30},
    {"LOG_INP_BUFF_SIZE", &Geometry::log_inp_buff_size, 0, 30},
    {"LOG_WGT_BUFF_SIZE", &Geometry::log_wgt_buff_size, 0, 30},
    {"LOG_ACC_BUFF_SIZE", &Geometry::log_acc_buff_size, 0, 30},
}};

struct Problem {
  std::string_view field;  // of vta_config.json
  std::string text;
};

struct Scratchpad {
  std::string_view field;
  std::string_view memory;
  int (Geometry::*log_depth)() const;
  int Geometry::*log_size;
};
constexpr std::array<Scratchpad, 4> kScratchpads = {{
    {"LOG_UOP_BUFF_SIZE", "uop", &Geometry::log_uop_depth, &Geometry::log_uop_buff_size},
    {"LOG_INP_BUFF_SIZE", "inp", &Geometry::log_inp_depth, &Geometry::log_inp_buff_size},
    {"LOG_WGT_BUFF_SIZE", "wgt", &Geometry::log_wgt_depth, &Geometry::log_wgt_buff_size},
    {"LOG_ACC_BUFF_SIZE", "acc", &Geometry::log_acc_depth, &Geometry::log_acc_buff_size},
}};

std::optional<Problem> FindRangeProblem(const Geometry& geometry) {
  for (const GeometryField& field : kFields) {
    const int value = geometry.*field.member;
    if (value >= field.min && value <= field.max) continue;
    return Problem{field.name,
                   field.min == field.max
                       ? fmt::format("is {}, must be {}", value, field.min)
                       : fmt::format("is {}, must be {}..{}", value, field.min, field.max)};
  }
  return std::nullopt;
}

// LOAD's sram_base reaches this many elements.
constexpr int kMaxLogDepth = 16;

std::optional<Problem> FindDepthProblem(const Geometry& geometry) {
  for (const Scratchpad& pad : kScratchpads) {
    const int size = geometry.*pad.log_size;
    const int depth = (geometry.*pad.log_depth)();
    const int element = size - depth;
    if (depth < 0) {
      return Problem{pad.field,
                     fmt::format("is {}, must be at least {}: one {} element is {} bytes", size,
                                 element, pad.memory, 1 << element)};
    }
    if (depth > kMaxLogDepth) {
      return Problem{pad.field,
                     fmt::format("is {}, must be at most {}: LOAD and STORE reach 2^{} elements",
                                 size, kMaxLogDepth + element, kMaxLogDepth)};
    }
  }
  return std::nullopt;
}

// One word of an encoding, and how many bits it has.
struct Word {
  std::string name;
  std::vector<FieldEntry> fields;
  int capacity;

  int Bits(const Geometry& geometry) const {
    int bits = 0;
    for (const FieldEntry& field : fields) bits += field.width.Bits(geometry);
    return bits;
  }
};

const std::vector<Word>& Words() {
  static const std::vector<Word> words = [] {
    std::vector<Word> all;
    for (const InstructionEntry& entry : IsaTable()) {
      for (const int index : {0, 1}) {
        Word word{fmt::format("{}'s {} word", entry.mnemonic, index == 0 ? "first" : "second"),
                  {},
                  kWordBits};
        for (const FieldEntry& field : entry.fields) {
          if (field.word == index) word.fields.push_back(field);
        }
        all.push_back(std::move(word));
      }
    }
    all.push_back({"a micro-op", MicroOpTable(), 8 * kMicroOpBytes});
    return all;
  }();
  return words;
}

// Whether making the scratchpad smaller makes the word smaller.
bool DependsOn(const Word& word, const Scratchpad& pad, Geometry geometry) {
  const int bits = word.Bits(geometry);
  geometry.*pad.log_size -= 1;
  return word.Bits(geometry) < bits;
}

// A2's bit budget. The scratchpad to blame is, of those that can help, the one that is the furthest
// above the default geometry's, which fills the words to the last bit.
std::optional<Problem> FindBudgetProblem(const Geometry& geometry) {
  for (const Word& word : Words()) {
    const int bits = word.Bits(geometry);
    if (bits <= word.capacity) continue;
    const Scratchpad* blamed = nullptr;
    int most = 0;
    for (const Scratchpad& pad : kScratchpads) {
      const int excess = (geometry.*pad.log_depth)() - (Geometry{}.*pad.log_depth)();
      if (!DependsOn(word, pad, geometry) || (blamed != nullptr && excess <= most)) continue;
      blamed = &pad;
      most = excess;
    }
    Geometry smaller = geometry;
    while (word.Bits(smaller) > word.capacity) smaller.*blamed->log_size -= 1;
    return Problem{blamed->field,
                   fmt::format("is {}, must be at most {}: {} would need {} bits of {}",
                               geometry.*blamed->log_size, smaller.*blamed->log_size, word.name,
                               bits, word.capacity)};
  }
  return std::nullopt;
}

std::optional<Problem> FindProblem(const Geometry& geometry) {
  if (auto problem = FindRangeProblem(geometry)) return problem;
  if (auto problem = FindDepthProblem(geometry)) return problem;
  return FindBudgetProblem(geometry);
}

constexpr std::array<std::string_view, 8> kTargets = {"sim",    "tsim",    "pynq",     "ultra96",
                                                      "zcu104", "axu5evb", "de10nano", "intelfocl"};

bool IsTarget(std::string_view name) {
  return std::find(kTargets.begin(), kTargets.end(), name) != kTargets.end();
}

std::string TargetList() { return base::Joined(kTargets, ", "); }

// Takes a decimal number and then `end` off the front of `text`.
std::optional<int> TakeNumber(std::string_view& text, std::string_view end) {
  int number = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || text.front() == '-') return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(stop - text.data()));
  if (!text.starts_with(end)) return std::nullopt;
  text.remove_prefix(end.size());
  return number;
}

// The base-2 logarithm, or -1, which no geometry has.
int ExactLog2(int number) {
  for (int log = 0; log < 31; ++log) {
    if (number == 1 << log) return log;
  }
  return -1;
}

std::optional<Geometry> TakeGeometry(std::string_view text) {
  std::array<int, 9> numbers{};
  constexpr std::array<std::string_view, 9> ends = {"x", "_i", "w", "a", "_", "_", "_", "_", ""};
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const auto number = TakeNumber(text, ends[i]);
    if (!number) return std::nullopt;
    numbers[i] = *number;
  }
  if (!text.empty()) return std::nullopt;
  Geometry geometry;
  geometry.log_batch = ExactLog2(numbers[0]);
  geometry.log_block = ExactLog2(numbers[1]);
  geometry.log_inp_width = ExactLog2(numbers[2]);
  geometry.log_wgt_width = ExactLog2(numbers[3]);
  geometry.log_acc_width = ExactLog2(numbers[4]);
  geometry.log_uop_buff_size = numbers[5];
  geometry.log_inp_buff_size = numbers[6];
  geometry.log_wgt_buff_size = numbers[7];
  geometry.log_acc_buff_size = numbers[8];
  return geometry;
}

}  // namespace

Status Validate(const Geometry& geometry) {
  const auto problem = FindProblem(geometry);
  if (!problem) return {};
  return Status::InvalidArgument(fmt::format("{} {}", problem->field, problem->text));
}

std::string Geometry::ModelName() const {
  return fmt::format("{}x{}_i{}w{}a{}_{}_{}_{}_{}", batch(), block(), 1 << log_inp_width,
                     1 << log_wgt_width, 1 << log_acc_width, log_uop_buff_size, log_inp_buff_size,
                     log_wgt_buff_size, log_acc_buff_size);
}

Result<VtaModel> ParseModelName(std::string_view name) {
  const std::size_t underscore = name.find('_');
  const auto wrong = [name](std::string_view problem) {
    return Status::InvalidArgument(fmt::format("model '{}': {}", name, problem));
  };
  const std::string_view board = name.substr(0, underscore);
  if (!IsTarget(board)) {
    return wrong(fmt::format("must begin with one of {}", TargetList()));
  }
  const std::string_view rest =
      underscore == std::string_view::npos ? "" : name.substr(underscore + 1);
  const auto geometry = TakeGeometry(rest);
  if (!geometry) return wrong("must read like pynq_1x16_i8w8a32_15_15_18_17");
  if (const Status status = Validate(*geometry); !status.ok()) return wrong(status.message());
  return VtaModel{std::string(board), *geometry};
}

Result<VtaConfigFile> ParseVtaConfig(std::string_view json, std::string_view path) {
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode root, base::JsonNode::Parse(json, path));
  return ReadVtaConfig(root);
}

base::Json VtaConfigJson(const VtaConfigFile& config) {
  base::Json json = {{"TARGET", config.target}};
  if (!config.hw_version.empty()) json["HW_VER"] = config.hw_version;
  for (const GeometryField& field : kFields) json[field.name] = config.geometry.*field.member;
  return json;
}

std::string ToJson(const VtaConfigFile& config) { return VtaConfigJson(config).Dump(2) + "\n"; }

Result<VtaConfigFile> ReadVtaConfig(const base::JsonNode& root) {
  FOOTHOLD_ASSIGN_OR_RETURN(base::JsonObject object, root.Object());
  VtaConfigFile config;
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode target, object.Require("TARGET"));
  FOOTHOLD_ASSIGN_OR_RETURN(config.target, target.String());
  if (!IsTarget(config.target)) {
    return target.Error(fmt::format("is '{}', must be one of {}", config.target, TargetList()));
  }
  if (const auto version = object.Find("HW_VER")) {
    FOOTHOLD_ASSIGN_OR_RETURN(config.hw_version, version->String());
  }
  for (const GeometryField& field : kFields) {
    FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode node, object.Require(std::string(field.name)));
    FOOTHOLD_ASSIGN_OR_RETURN(const std::int64_t value, node.Int64(INT_MIN, INT_MAX));
    config.geometry.*field.member = static_cast<int>(value);
  }
  FOOTHOLD_RETURN_IF_ERROR(object.RejectUnknown());
  if (const auto problem = FindProblem(config.geometry)) {
    FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode node,
                              object.Require(std::string(problem->field)));
    return node.Error(problem->text);
  }
  return config;
}

}  // namespace foothold::vta
