#include "report/page/model_text.h"

#include <fmt/format.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

namespace foothold::report {

double Rounded(double value) { return std::strtod(fmt::format("{:.5g}", value).c_str(), nullptr); }

nlohmann::ordered_json Rounded(std::optional<double> value) {
  if (!value) return nullptr;
  return Rounded(*value);
}

std::string Shortened(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) return std::string(text);
  while (limit > 0 && (static_cast<unsigned char>(text[limit]) & 0xC0) == 0x80) --limit;
  return std::string(text.substr(0, limit)) + "...";
}

}  // namespace foothold::report
