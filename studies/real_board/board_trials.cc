#include "studies/real_board/board_trials.h"

#include <fmt/core.h>

#include <charconv>
#include <map>
#include <utility>

#include "base/split.h"
#include "formats/autotvm/autotvm_convert.h"
#include "formats/autotvm/autotvm_log.h"

namespace foothold::studies {
namespace {

/// One line of the table, with its place for complaints.
class Row {
 public:
  Row(const std::map<std::string_view, std::size_t>& columns, std::vector<std::string_view> fields,
      std::string where)
      : columns_(columns), fields_(std::move(fields)), where_(std::move(where)) {}

  template <typename Number>
  Result<Number> Get(std::string_view column) const {
    const std::string_view text = fields_[columns_.at(column)];
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) {
      return Status::InvalidArgument(
          fmt::format("{}: {}: is \"{}\", must be a number", where_, column, text));
    }
    return value;
  }

  const std::string& where() const { return where_; }
  Status Error(std::string_view problem) const {
    return Status::InvalidArgument(fmt::format("{}: {}", where_, problem));
  }

 private:
  const std::map<std::string_view, std::size_t>& columns_;
  std::vector<std::string_view> fields_;
  std::string where_;
};

constexpr std::string_view kRequired[] = {
    "N",          "CI",        "H",        "W",      "CO",        "KH",      "KW",
    "stride",     "pad",       "tile_b",   "tile_h", "tile_w",    "tile_ci", "tile_co",
    "oc_nthread", "h_nthread", "error_no", "cost_s", "all_cost_s"};

/// Short for the usual layer, yet different for different layers.
std::string NameOf(const Conv2d& conv) {
  std::string name = fmt::format("{}x{} {}->{} {}x{}", conv.height, conv.width, conv.in_channels,
                                 conv.out_channels, conv.kernel_h, conv.kernel_w);
  if (conv.batch != 1) name += fmt::format(", batch {}", conv.batch);
  if (conv.stride_h != 1) name += fmt::format(", stride {}", conv.stride_h);
  if (conv.pad_h != (conv.kernel_h - 1) / 2) name += fmt::format(", pad {}", conv.pad_h);
  return name;
}

Result<BoardTrial> ReadTrial(const Row& row) {
  Conv2d conv;
  const std::pair<std::string_view, std::int64_t Conv2d::*> sizes[] = {
      {"N", &Conv2d::batch},         {"CI", &Conv2d::in_channels},  {"H", &Conv2d::height},
      {"W", &Conv2d::width},         {"CO", &Conv2d::out_channels}, {"KH", &Conv2d::kernel_h},
      {"KW", &Conv2d::kernel_w},     {"pad", &Conv2d::pad_h},       {"pad", &Conv2d::pad_w},
      {"stride", &Conv2d::stride_h}, {"stride", &Conv2d::stride_w}};
  for (const auto& [column, member] : sizes) {
    FOOTHOLD_ASSIGN_OR_RETURN(conv.*member, row.Get<std::int64_t>(column));
  }
  BoardTrial trial;
  trial.where = row.where();
  trial.workload.op = conv;
  trial.workload.name = NameOf(conv);
  if (const Status valid = Validate(trial.workload); !valid.ok()) return row.Error(valid.message());
  for (const char* knob :
       {"tile_b", "tile_h", "tile_w", "tile_ci", "tile_co", "oc_nthread", "h_nthread"}) {
    FOOTHOLD_ASSIGN_OR_RETURN(const auto value, row.Get<std::int64_t>(knob));
    trial.values.push_back(value);
  }
  FOOTHOLD_ASSIGN_OR_RETURN(trial.error_no, row.Get<int>("error_no"));
  FOOTHOLD_ASSIGN_OR_RETURN(trial.wall_seconds, row.Get<double>("all_cost_s"));
  if (trial.error_no == 0) {
    FOOTHOLD_ASSIGN_OR_RETURN(trial.seconds, row.Get<double>("cost_s"));
    if (*trial.seconds <= 0) return row.Error("cost_s: must be above 0");
  }
  return trial;
}

/// AutoTVM's error number for what a trial became.
int ErrorNumber(Outcome outcome) {
  switch (outcome) {
    case Outcome::kCorrect:
      return 0;
    case Outcome::kRuntime:
    case Outcome::kCorrectness:
      return 4;
    case Outcome::kTimeout:
      return 7;
    default:
      return 2;
  }
}

std::vector<std::int64_t> ValuesOf(const RunHeader& header, const Config& config) {
  std::vector<std::int64_t> values;
  for (std::size_t i = 0; i < config.choices.size(); ++i)
    values.push_back(header.parameters[i].values[config.choices[i]]);
  return values;
}

Result<std::vector<BoardTrial>> ReadAutotvmTrials(std::string_view log, std::string_view path) {
  FOOTHOLD_ASSIGN_OR_RETURN(const formats::AutotvmLog records,
                            formats::ParseAutotvmLog(log, path, formats::BadRecords::kSkip));
  FOOTHOLD_ASSIGN_OR_RETURN(const formats::AutotvmImport import,
                            formats::FromAutotvm(records, path, formats::BadRecords::kSkip));
  std::vector<BoardTrial> trials;
  for (const RunLog& run : import.runs) {
    for (const TrialRecord& record : run.trials) {
      BoardTrial& trial = trials.emplace_back();
      trial.workload = run.header.workload;
      trial.values = ValuesOf(run.header, record.measurement.config);
      trial.error_no = ErrorNumber(record.measurement.outcome());
      trial.where = path;
      if (trial.error_no == 0) trial.seconds = record.measurement.MedianSeconds();
    }
  }
  return trials;
}

bool IsAutotvmLog(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && (text[first] == '{' || text[first] == '#');
}

}  // namespace

Result<std::vector<BoardTrial>> ReadBoardTrials(std::string_view csv, std::string_view path) {
  if (IsAutotvmLog(csv)) return ReadAutotvmTrials(csv, path);
  std::vector<std::string_view> lines = base::Split(csv, '\n');
  if (!lines.empty() && lines.back().empty()) lines.pop_back();
  if (lines.empty())
    return Status::InvalidArgument(
        fmt::format("{}:1: is empty, must begin with the names of the columns", path));
  std::map<std::string_view, std::size_t> columns;
  const std::vector<std::string_view> names = base::Split(lines[0], ',');
  for (std::size_t i = 0; i < names.size(); ++i) columns[names[i]] = i;
  for (const std::string_view name : kRequired) {
    if (!columns.contains(name))
      return Status::InvalidArgument(fmt::format("{}:1: {}: column is missing", path, name));
  }
  std::vector<BoardTrial> trials;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    std::vector<std::string_view> fields = base::Split(lines[i], ',');
    const std::string where = fmt::format("{}:{}", path, i + 1);
    if (fields.size() != names.size()) {
      return Status::InvalidArgument(
          fmt::format("{}: has {} fields, must have {}", where, fields.size(), names.size()));
    }
    FOOTHOLD_ASSIGN_OR_RETURN(BoardTrial trial, ReadTrial(Row(columns, std::move(fields), where)));
    trials.push_back(std::move(trial));
  }
  return trials;
}

}  // namespace foothold::studies
