#include "report/page/model_text.h"

#include <fmt/core.h>

#include <cstdlib>

#include "base/utf8.h"

namespace foothold::report {

double Rounded(double value) { return std::strtod(fmt::format("{:.5g}", value).c_str(), nullptr); }

base::Json Rounded(std::optional<double> value) {
  if (!value) return nullptr;
  return Rounded(*value);
}

std::string Shortened(std::string_view text, std::size_t limit) {
  return base::Shortened(text, limit);
}

}  // namespace foothold::report
