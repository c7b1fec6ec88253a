// Reads the inline form of a workload: "conv2d:1x256x14x14,256,3x3,pad=1,stride=1,bias".

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <functional>
#include <map>
#include <optional>

#include "base/split.h"
#include "base/text.h"
#include "core/workload/operators/operator_kind.h"
#include "foothold/workload.h"

namespace foothold {
namespace {

std::optional<std::int64_t> ParseInteger(std::string_view text) {
  std::int64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stopped != end || text.empty()) return std::nullopt;
  return value;
}

/// "1x256x14x14"; nullopt unless every part is an integer.
std::optional<std::vector<std::int64_t>> ParseSizes(std::string_view text) {
  std::vector<std::int64_t> sizes;
  for (const std::string_view part : base::Split(text, 'x')) {
    const std::optional<std::int64_t> size = ParseInteger(part);
    if (!size) return std::nullopt;
    sizes.push_back(*size);
  }
  return sizes;
}

/// One inline workload on its way to becoming a Workload: the text's parts and the complaints.
class InlineParser {
 public:
  explicit InlineParser(std::string_view text) : text_(text) {}

  Result<Workload> Parse() {
    const std::size_t colon = text_.find(':');
    const workload::OperatorKind* kind = workload::FindOperatorKind(text_.substr(0, colon));
    if (colon == std::string_view::npos || kind == nullptr) {
      return Error("must begin with " + workload::OperatorNames(":"));
    }
    workload_.name = std::string(text_);
    workload_.op = kind->usual;
    if (kind->text) {
      kind->text->ref(workload_.op) = text_.substr(colon + 1);
    } else {
      parts_ = base::Split(text_.substr(colon + 1), ',');
      FOOTHOLD_RETURN_IF_ERROR(ParseShape(kind->shape));
    }
    if (const Status valid = Validate(workload_); !valid.ok()) return Error(valid.message());
    return workload_;
  }

 private:
  struct Option {
    std::string form;                         ///< for messages: "pad=ROWS[xCOLUMNS]"
    std::vector<std::int64_t*> targets = {};  ///< of its sizes; empty: it has no value
  };
  using Options = std::map<std::string, Option, std::less<>>;

  Status Error(std::string_view problem) const {
    return Status::InvalidArgument(base::OneLine(fmt::format("\"{}\": {}", text_, problem)));
  }

  Status ParseShape(const std::vector<workload::ShapeGroup>& shape) {
    Options options = TypeOptions();
    std::size_t position = 0;
    for (const workload::ShapeGroup& group : shape) {
      if (group.is_option()) {
        Option& option = options[group.what];
        option.form = group.what + (group.fields.size() == 1 ? "=N" : "=ROWS[xCOLUMNS]");
        for (const workload::ShapeField& field : group.fields)
          option.targets.push_back(&field.at.ref(workload_.op));
        continue;
      }
      FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<std::int64_t> sizes,
                                Sizes(position++, group.what, group.fields.size()));
      for (std::size_t i = 0; i < sizes.size(); ++i) {
        group.fields[i].at.ref(workload_.op) = sizes[i];
      }
    }
    return ParseOptions(position, options);
  }

  /// The sizes of the part at `position`, which must be `count`.
  Result<std::vector<std::int64_t>> Sizes(std::size_t position, std::string_view what,
                                          std::size_t count) const {
    if (position >= parts_.size()) return Error(fmt::format("{} is missing", what));
    std::optional<std::vector<std::int64_t>> sizes = ParseSizes(parts_[position]);
    if (!sizes || sizes->size() != count) {
      return Error(fmt::format("\"{}\" is not {}", parts_[position], what));
    }
    return *std::move(sizes);
  }

  Status ParseOptions(std::size_t first, const Options& options) {
    std::vector<std::string_view> seen;
    for (std::size_t i = first; i < parts_.size(); ++i) {
      const std::size_t equals = parts_[i].find('=');
      const std::string_view name = parts_[i].substr(0, equals);
      const auto option = options.find(name);
      if (option == options.end()) {
        std::vector<std::string> forms;
        for (const auto& [unused, known] : options) forms.push_back(known.form);
        return Error(fmt::format("unknown option \"{}\"; the options are {}", parts_[i],
                                 base::Joined(forms, ", ")));
      }
      if (std::find(seen.begin(), seen.end(), name) != seen.end()) {
        return Error(fmt::format("\"{}\" is given twice", name));
      }
      seen.push_back(name);
      if (name == "bias") workload_.requantize.bias = true;
      if (name == "float32") workload_.type = ElementType::kFloat32;
      std::optional<std::string_view> value;
      if (equals != std::string_view::npos) value = parts_[i].substr(equals + 1);
      if (!Set(option->second.targets, value)) {
        return Error(fmt::format("\"{}\" is not {}", parts_[i], option->second.form));
      }
    }
    return {};
  }

  /// One size for all targets, or one for each; false when the value is something else.
  static bool Set(const std::vector<std::int64_t*>& targets,
                  std::optional<std::string_view> value) {
    if (targets.empty() || !value) return targets.empty() && !value;
    const std::optional<std::vector<std::int64_t>> sizes = ParseSizes(*value);
    if (!sizes || sizes->size() > targets.size()) return false;
    for (std::size_t i = 0; i < targets.size(); ++i) {
      *targets[i] = i < sizes->size() ? (*sizes)[i] : sizes->front();
    }
    return true;
  }

  Options TypeOptions() {
    Requantize& requantize = workload_.requantize;
    return {{"bias", {"bias"}},
            {"clip_max", {"clip_max=N", {&requantize.clip_max}}},
            {"clip_min", {"clip_min=N", {&requantize.clip_min}}},
            {"float32", {"float32"}},
            {"shift", {"shift=BITS", {&requantize.shift}}}};
  }

  std::string_view text_;
  std::vector<std::string_view> parts_;
  Workload workload_;
};

}  // namespace

Result<Workload> ParseInlineWorkload(std::string_view text) { return InlineParser(text).Parse(); }

}  // namespace foothold
