// The payload of a block (docs/formats/exploration.md): the verdicts that are new in it, one byte
// per config with the number of its verdict, and the numbers, column by column.
#include "records/ground_truth/block.h"

#include <fmt/core.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <set>
#include <span>
#include <string>
#include <utility>

#include "base/json.h"
#include "records/ground_truth/bytes.h"

namespace foothold::records {
namespace {

base::Json ToJson(const Verdict& verdict) {
  base::Json json = {{"outcome", ToString(verdict.outcome)}};
  if (verdict.outcome != Outcome::kCorrect) json["stage"] = verdict.stage;
  if (verdict.built) {
    json["program_metrics"] = verdict.program_metrics;
    json["run_metrics"] = verdict.run_metrics;
  }
  return json;
}

Result<std::vector<std::string>> ParseNames(base::JsonObject& object, const std::string& field) {
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode node, object.Require(field));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<base::JsonNode> elements, node.Array());
  std::vector<std::string> names;
  for (const base::JsonNode& element : elements) {
    FOOTHOLD_ASSIGN_OR_RETURN(std::string name, element.String());
    if (!names.empty() && name <= names.back()) {
      return element.Error("must come after the name before it in alphabetical order");
    }
    names.push_back(std::move(name));
  }
  return names;
}

Result<Verdict> ParseVerdict(const base::JsonNode& node) {
  FOOTHOLD_ASSIGN_OR_RETURN(base::JsonObject object, node.Object());
  Verdict verdict;
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode outcome, object.Require("outcome"));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::string name, outcome.String());
  const Result<Outcome> parsed = ParseOutcome(name);
  if (!parsed.ok()) return outcome.Error(parsed.status().message());
  verdict.outcome = *parsed;
  if (verdict.outcome != Outcome::kCorrect) {
    FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode stage, object.Require("stage"));
    FOOTHOLD_ASSIGN_OR_RETURN(verdict.stage, stage.String());
    object.Find("autotvm_error");  // in files of before it was derived from the rest
  }
  verdict.built = verdict.outcome == Outcome::kCorrect || object.Find("program_metrics");
  if (verdict.built) {
    FOOTHOLD_ASSIGN_OR_RETURN(verdict.program_metrics, ParseNames(object, "program_metrics"));
    FOOTHOLD_ASSIGN_OR_RETURN(verdict.run_metrics, ParseNames(object, "run_metrics"));
  }
  FOOTHOLD_RETURN_IF_ERROR(object.RejectUnknown());
  return verdict;
}

/// The verdicts with the numbers [known, known + new ones).
Result<std::vector<Verdict>> ParseNewVerdicts(std::string_view json, const std::string& where) {
  FOOTHOLD_ASSIGN_OR_RETURN(const base::JsonNode node, base::JsonNode::Parse(json, where));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<base::JsonNode> elements, node.Array());
  std::vector<Verdict> verdicts;
  for (const base::JsonNode& element : elements) {
    FOOTHOLD_ASSIGN_OR_RETURN(Verdict verdict, ParseVerdict(element));
    verdicts.push_back(std::move(verdict));
  }
  return verdicts;
}

/// The numbers byte by byte, the most significant bytes of all of them first: like stands by like,
/// and zlib finds it.
void AppendShuffled(const std::vector<double>& column, std::string& bytes) {
  for (int shift = 56; shift >= 0; shift -= 8) {
    for (const double value : column) {
      bytes += static_cast<char>(
          static_cast<std::uint8_t>(std::bit_cast<std::uint64_t>(value) >> shift));
    }
  }
}

/// REQUIRES: `bytes` holds 8 * count.
std::vector<double> Unshuffled(std::string_view bytes, std::size_t count) {
  std::vector<std::uint64_t> bits(count);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    std::uint64_t& value = bits[i % count];
    value = value << 8 | static_cast<std::uint8_t>(bytes[i]);
  }
  std::vector<double> column;
  column.reserve(count);
  for (const std::uint64_t value : bits) column.push_back(std::bit_cast<double>(value));
  return column;
}

/// Takes a payload apart, from its start to its end.
class PayloadReader {
 public:
  PayloadReader(std::string_view payload, const std::string& where)
      : payload_(payload), where_(where) {}

  Status Damaged(std::string_view what) const {
    return Status::DataLoss(
        fmt::format("{}: {}: the file is damaged; remove it and explore again", where_, what));
  }

  Result<std::string_view> Take(std::uint64_t count) {
    if (count > payload_.size()) return Damaged("a block ends too early");
    const std::string_view taken = payload_.substr(0, count);
    payload_.remove_prefix(count);
    return taken;
  }

  /// The rows of the configs of one verdict.
  Result<std::vector<std::vector<double>>> TakeColumns(const Verdict& verdict, std::size_t count) {
    std::vector<std::vector<double>> columns;
    if (count == 0) return columns;
    for (std::size_t c = 0; c < verdict.values(); ++c) {
      FOOTHOLD_ASSIGN_OR_RETURN(const std::string_view bytes, Take(8 * count));
      columns.push_back(Unshuffled(bytes, count));
    }
    return columns;
  }

  bool empty() const { return payload_.empty(); }

 private:
  std::string_view payload_;
  const std::string& where_;
};

/// "a time must be a finite number above 0, is 0"; empty when the values of a config are such that
/// a candidate can have them.
std::string ImpossibleValue(const Verdict& verdict, std::span<const double> values) {
  const bool is_timed = verdict.outcome == Outcome::kCorrect;
  if (is_timed && !(std::isfinite(values.front()) && values.front() > 0)) {
    return fmt::format("a time must be a finite number above 0, is {}", values.front());
  }
  const auto infinite =
      std::find_if_not(values.begin(), values.end(), [](double v) { return std::isfinite(v); });
  if (infinite == values.end()) return "";
  auto place = static_cast<std::size_t>(infinite - values.begin()) - (is_timed ? 1 : 0);
  const std::size_t of_program = verdict.program_metrics.size();
  const std::string& name =
      place < of_program ? verdict.program_metrics[place] : verdict.run_metrics[place - of_program];
  return fmt::format("the metric {} must be finite, is {}", name, *infinite);
}

/// Every verdict that a block brings must be one of its configs', in the order of first use, and
/// new: else what is read would not be written the same.
Status CheckNewVerdicts(const std::vector<Verdict>& all, std::size_t known, std::string_view ids,
                        const PayloadReader& reader) {
  if (all.size() > GroundTruth::kMaxVerdicts)
    return reader.Damaged("a block has too many verdicts");
  if (std::set<Verdict>(all.begin(), all.end()).size() != all.size()) {
    return reader.Damaged("a block brings a verdict that is known");
  }
  std::size_t next = known;
  for (const char byte : ids) {
    const std::size_t id = static_cast<std::uint8_t>(byte);
    if (id > next || id >= all.size()) return reader.Damaged("a config has an unknown verdict");
    if (id == next) ++next;
  }
  if (next != all.size()) return reader.Damaged("a block brings a verdict that no config has");
  return {};
}

}  // namespace

std::string EncodeBlock(const GroundTruth& exploration, std::uint64_t begin, std::size_t known) {
  const std::vector<Verdict>& verdicts = exploration.verdicts();
  base::Json fresh = base::Json::Array();
  for (std::size_t id = known; id < verdicts.size(); ++id) fresh.push_back(ToJson(verdicts[id]));
  const std::string json = fresh.Dump();

  std::string payload;
  AppendLittleEndian(static_cast<std::uint32_t>(json.size()), payload);
  payload += json;
  std::vector<std::vector<std::vector<double>>> columns(verdicts.size());
  for (std::size_t id = 0; id < verdicts.size(); ++id) columns[id].resize(verdicts[id].values());
  for (std::uint64_t index = begin; index < exploration.size(); ++index) {
    const std::uint8_t id = exploration.verdict_id(index);
    payload += static_cast<char>(id);
    const auto values = exploration.values(index);
    for (std::size_t c = 0; c < values.size(); ++c) columns[id][c].push_back(values[c]);
  }
  for (const auto& of_verdict : columns) {
    for (const auto& column : of_verdict) AppendShuffled(column, payload);
  }
  return payload;
}

Status DecodeBlock(std::string_view payload, std::uint64_t count, const std::string& where,
                   GroundTruth& exploration) {
  PayloadReader reader(payload, where);
  FOOTHOLD_ASSIGN_OR_RETURN(const std::string_view length, reader.Take(4));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::string_view json,
                            reader.Take(LittleEndianAt<std::uint32_t>(length, 0)));
  auto fresh = ParseNewVerdicts(json, where);
  if (!fresh.ok()) return Status::DataLoss(fresh.status().message());
  FOOTHOLD_ASSIGN_OR_RETURN(const std::string_view ids, reader.Take(count));

  std::vector<Verdict> all = exploration.verdicts();
  const std::size_t known = all.size();
  all.insert(all.end(), fresh->begin(), fresh->end());
  FOOTHOLD_RETURN_IF_ERROR(CheckNewVerdicts(all, known, ids, reader));

  std::vector<std::size_t> rows(all.size());
  for (const char id : ids) ++rows[static_cast<std::uint8_t>(id)];
  std::vector<std::vector<std::vector<double>>> columns;
  for (std::size_t id = 0; id < all.size(); ++id) {
    FOOTHOLD_ASSIGN_OR_RETURN(columns.emplace_back(), reader.TakeColumns(all[id], rows[id]));
  }
  if (!reader.empty()) return reader.Damaged("a block has bytes behind its end");

  std::fill(rows.begin(), rows.end(), 0);
  std::vector<double> values;
  for (const char byte : ids) {
    const std::size_t id = static_cast<std::uint8_t>(byte);
    values.clear();
    for (const auto& column : columns[id]) values.push_back(column[rows[id]]);
    ++rows[id];
    if (const std::string why = ImpossibleValue(all[id], values); !why.empty()) {
      return reader.Damaged(fmt::format("config index={}: {}", exploration.size(), why));
    }
    FOOTHOLD_RETURN_IF_ERROR(exploration.Add(all[id], values));
  }
  return {};
}

}  // namespace foothold::records
