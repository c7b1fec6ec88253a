#include "native/run_report.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "base/json.h"

namespace foothold::native {
namespace {

constexpr std::size_t kMaxLine = 200;
constexpr std::size_t kMaxRepeats = 100'000;

bool IsBlank(std::string_view line) {
  return line.find_first_not_of(" \t\r") == std::string_view::npos;
}

std::string_view RawLastLine(std::string_view text) {
  while (!text.empty()) {
    const std::size_t start = text.rfind('\n') + 1;  // npos + 1 == 0
    const std::string_view line = text.substr(start);
    if (!IsBlank(line)) return line;
    text = text.substr(0, start == 0 ? 0 : start - 1);
  }
  return {};
}

/// In ASCII, because what a program prints need not be UTF-8, and goes into JSON.
std::string Printable(std::string_view line) {
  const std::size_t start = std::min(line.find_first_not_of(" \t\r"), line.size());
  line.remove_prefix(start);
  std::string text;
  for (const char c : line.substr(0, kMaxLine)) {
    text += c >= ' ' && c < '\x7f' ? c : (static_cast<unsigned char>(c) < ' ' ? ' ' : '?');
  }
  while (text.ends_with(' ')) text.pop_back();
  if (line.size() > kMaxLine) text += "...";
  return text;
}

Result<double> Seconds(const JsonNode& node) {
  FOOTHOLD_ASSIGN_OR_RETURN(const double seconds, node.Number());
  if (!(std::isfinite(seconds) && seconds > 0)) return node.Error("must be above 0");
  return seconds;
}

Status ReadSeconds(const JsonNode& node, RunReport& report) {
  if (!node.raw().is_array()) {
    FOOTHOLD_ASSIGN_OR_RETURN(const double seconds, Seconds(node));
    report.seconds = {seconds};
    return {};
  }
  FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<JsonNode> elements, node.Array());
  if (elements.empty() || elements.size() > kMaxRepeats) {
    return node.Error(fmt::format("has {} times, must have 1 to {}", elements.size(), kMaxRepeats));
  }
  for (const JsonNode& element : elements) {
    FOOTHOLD_ASSIGN_OR_RETURN(const double seconds, Seconds(element));
    report.seconds.push_back(seconds);
  }
  return {};
}

Status ReadObject(JsonObject object, RunReport& report) {
  if (const auto correct = object.Find("correct")) {
    FOOTHOLD_ASSIGN_OR_RETURN(report.correct, correct->Bool());
  }
  if (const auto seconds = object.Find("seconds")) {
    FOOTHOLD_RETURN_IF_ERROR(ReadSeconds(*seconds, report));
  } else if (report.correct) {
    return object.Require("seconds").status();
  }
  if (const auto metrics = object.Find("metrics")) {
    FOOTHOLD_ASSIGN_OR_RETURN(JsonObject named, metrics->Object());
    for (const auto& [name, unused] : metrics->raw().items()) {
      FOOTHOLD_ASSIGN_OR_RETURN(report.metrics[name], named.Find(name)->Number());
    }
  }
  return object.RejectUnknown();
}

}  // namespace

Result<RunReport> ParseRunReport(std::string_view out) {
  const std::string_view line = RawLastLine(out);
  if (line.empty()) return Status::InvalidArgument("printed nothing, must print its seconds");
  Result<JsonNode> root = JsonNode::Parse(line, "stdout");
  if (!root.ok() || !(root->raw().is_number() || root->raw().is_object())) {
    return Status::InvalidArgument(fmt::format(
        "printed \"{}\", must end with a number of seconds or a JSON object", Printable(line)));
  }
  RunReport report;
  if (root->raw().is_number()) {
    FOOTHOLD_RETURN_IF_ERROR(ReadSeconds(*root, report));
  } else {
    FOOTHOLD_RETURN_IF_ERROR(ReadObject(*root->Object(), report));
  }
  return report;
}

std::string LastLine(std::string_view text) { return Printable(RawLastLine(text)); }

std::string FirstErrorLine(std::string_view text) {
  for (std::string_view rest = text; !rest.empty();) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    if (line.find("error") != std::string_view::npos) return Printable(line);
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
  }
  return LastLine(text);
}

}  // namespace foothold::native
