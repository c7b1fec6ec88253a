// The inline form of a workload: "conv2d:1x256x14x14,256,3x3,pad=1,stride=1,bias".

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <functional>
#include <map>
#include <optional>

#include "base/text.h"
#include "foothold/workload.h"

namespace foothold {
namespace {

std::vector<std::string_view> Split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

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
  for (const std::string_view part : Split(text, 'x')) {
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
    const std::string_view name = text_.substr(0, colon);
    const bool is_kernel = name == "kernel";
    if (colon == std::string_view::npos || (name != "conv2d" && name != "dense" && !is_kernel)) {
      return Error("must begin with \"conv2d:\", \"dense:\" or \"kernel:\"");
    }
    workload_.name = std::string(text_);
    if (is_kernel) {
      workload_.op = Kernel{std::string(text_.substr(colon + 1))};
    } else {
      parts_ = Split(text_.substr(colon + 1), ',');
      FOOTHOLD_RETURN_IF_ERROR(name == "conv2d" ? ParseConv2d() : ParseDense());
    }
    if (const Status valid = Validate(workload_); !valid.ok()) return Error(valid.message());
    return workload_;
  }

 private:
  /// What to do with the value of an option; false when the value is not of its form.
  using Setter = std::function<bool(std::string_view value)>;
  struct Option {
    std::string form;  ///< for messages: "pad=ROWS[xCOLUMNS]"
    Setter set;
  };
  using Options = std::map<std::string, Option, std::less<>>;

  Status Error(std::string_view problem) const {
    return Status::InvalidArgument(OneLine(fmt::format("\"{}\": {}", text_, problem)));
  }

  Status ParseConv2d() {
    Conv2d conv;
    FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<std::int64_t> input,
                              Sizes(0, "the input shape, BATCHxCHANNELSxHEIGHTxWIDTH", 4));
    FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<std::int64_t> channels,
                              Sizes(1, "the number of output channels", 1));
    FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<std::int64_t> kernel,
                              Sizes(2, "the kernel, HEIGHTxWIDTH", 2));
    conv.batch = input[0];
    conv.in_channels = input[1];
    conv.height = input[2];
    conv.width = input[3];
    conv.out_channels = channels[0];
    conv.kernel_h = kernel[0];
    conv.kernel_w = kernel[1];
    Options options = TypeOptions();
    options["pad"] = {"pad=ROWS[xCOLUMNS]", SetPair(conv.pad_h, conv.pad_w)};
    options["stride"] = {"stride=ROWS[xCOLUMNS]", SetPair(conv.stride_h, conv.stride_w)};
    FOOTHOLD_RETURN_IF_ERROR(ParseOptions(3, options));
    workload_.op = conv;
    return {};
  }

  Status ParseDense() {
    FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<std::int64_t> input,
                              Sizes(0, "the input shape, BATCHxFEATURES", 2));
    FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<std::int64_t> features,
                              Sizes(1, "the number of output features", 1));
    FOOTHOLD_RETURN_IF_ERROR(ParseOptions(2, TypeOptions()));
    Dense dense;
    dense.batch = input[0];
    dense.in_features = input[1];
    dense.out_features = features[0];
    workload_.op = dense;
    return {};
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

  Status ParseOptions(std::size_t first, const Options& options) const {
    std::vector<std::string_view> seen;
    for (std::size_t i = first; i < parts_.size(); ++i) {
      const std::size_t equals = parts_[i].find('=');
      const std::string_view name = parts_[i].substr(0, equals);
      const auto option = options.find(name);
      if (option == options.end()) {
        std::vector<std::string> forms;
        for (const auto& [unused, known] : options) forms.push_back(known.form);
        return Error(fmt::format("unknown option \"{}\"; the options are {}", parts_[i],
                                 Joined(forms, ", ")));
      }
      if (std::find(seen.begin(), seen.end(), name) != seen.end()) {
        return Error(fmt::format("\"{}\" is given twice", name));
      }
      seen.push_back(name);
      const bool has_value = equals != std::string_view::npos;
      const bool wants_value = option->second.form != name;
      if (has_value != wants_value ||
          !option->second.set(has_value ? parts_[i].substr(equals + 1) : "")) {
        return Error(fmt::format("\"{}\" is not {}", parts_[i], option->second.form));
      }
    }
    return {};
  }

  static Setter SetPair(std::int64_t& vertical, std::int64_t& horizontal) {
    return [&vertical, &horizontal](std::string_view value) {
      const std::optional<std::vector<std::int64_t>> sizes = ParseSizes(value);
      if (!sizes || sizes->size() > 2) return false;
      vertical = sizes->front();
      horizontal = sizes->back();
      return true;
    };
  }

  static Setter SetInteger(std::int64_t& target) {
    return [&target](std::string_view value) {
      const std::optional<std::int64_t> parsed = ParseInteger(value);
      if (parsed) target = *parsed;
      return parsed.has_value();
    };
  }

  Options TypeOptions() {
    Requantize& requantize = workload_.requantize;
    Options options;
    options["bias"] = {"bias", [&requantize](std::string_view) { return requantize.bias = true; }};
    options["float32"] = {"float32", [this](std::string_view) {
                            workload_.type = ElementType::kFloat32;
                            return true;
                          }};
    options["clip_max"] = {"clip_max=N", SetInteger(requantize.clip_max)};
    options["clip_min"] = {"clip_min=N", SetInteger(requantize.clip_min)};
    options["shift"] = {"shift=BITS", SetInteger(requantize.shift)};
    return options;
  }

  std::string_view text_;
  std::vector<std::string_view> parts_;
  Workload workload_;
};

/// ",pad=1", ",pad=1x2", or nothing when both are at their default.
std::string PairOption(std::string_view name, std::int64_t vertical, std::int64_t horizontal,
                       std::int64_t usual) {
  if (vertical == usual && horizontal == usual) return "";
  if (vertical == horizontal) return fmt::format(",{}={}", name, vertical);
  return fmt::format(",{}={}x{}", name, vertical, horizontal);
}

std::string Inline(const Conv2d& conv) {
  return fmt::format("conv2d:{}x{}x{}x{},{},{}x{}", conv.batch, conv.in_channels, conv.height,
                     conv.width, conv.out_channels, conv.kernel_h, conv.kernel_w) +
         PairOption("pad", conv.pad_h, conv.pad_w, 0) +
         PairOption("stride", conv.stride_h, conv.stride_w, 1);
}

std::string Inline(const Dense& dense) {
  return fmt::format("dense:{}x{},{}", dense.batch, dense.in_features, dense.out_features);
}

std::string Inline(const Kernel& kernel) { return "kernel:" + kernel.name; }

}  // namespace

std::string ToInline(const Workload& workload) {
  std::string text = std::visit([](const auto& op) { return Inline(op); }, workload.op);
  const Requantize usual;
  const Requantize& requantize = workload.requantize;
  if (workload.type != ElementType::kInt8) text += fmt::format(",{}", ToString(workload.type));
  if (requantize.bias) text += ",bias";
  if (requantize.shift != usual.shift) text += fmt::format(",shift={}", requantize.shift);
  if (requantize.clip_max != usual.clip_max) {
    text += fmt::format(",clip_max={}", requantize.clip_max);
  }
  if (requantize.clip_min != usual.clip_min) {
    text += fmt::format(",clip_min={}", requantize.clip_min);
  }
  return text;
}

Result<Workload> ParseInlineWorkload(std::string_view text) { return InlineParser(text).Parse(); }

}  // namespace foothold
