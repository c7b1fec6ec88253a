#include "report/page/page.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/json.h"
#include "report/page/assets.h"

namespace foothold::report {
namespace {

// JSON has '<' only inside its strings, where it may be written like this. So nothing in a log can
// end the script element that the model stands in, or begin another.
std::string WithoutMarkup(const std::string& json) {
  std::string text;
  text.reserve(json.size());
  for (const char c : json) {
    if (c == '<') text += "\\u003c";
    if (c != '<') text += c;
  }
  return text;
}

// The skeleton names the places where the other files go, each once.
std::string Fill(std::string_view model, std::string_view mode, std::string_view script) {
  const std::pair<std::string_view, std::string_view> places[] = {
      {"@STYLE@", kPageCss}, {"@ECHARTS@", kEchartsJs},   {"@MODE@", mode},
      {"@MODEL@", model},    {"@FORMAT@", kFormatJs},     {"@CHARTS@", kChartsJs},
      {"@PAGE@", script},    {"@SECTIONS@", kSectionsJs},
  };
  std::string page;
  std::string_view rest = kPageHtml;
  while (!rest.empty()) {
    std::size_t next = rest.size();
    std::pair<std::string_view, std::string_view> found;
    for (const auto& place : places) {
      const std::size_t at = rest.find(place.first);
      if (at >= next) continue;
      next = at;
      found = place;
    }
    page.append(rest.substr(0, next)).append(found.second);
    rest.remove_prefix(next + found.first.size());
  }
  return page;
}

}  // namespace

std::string ModelText(const base::Json& model) {
  // Names of files need not be UTF-8.
  return WithoutMarkup(model.Dump());
}

std::string ReportPage(const base::Json& model) { return Fill(ModelText(model), "still", kPageJs); }

std::string LivePage() { return Fill("null", "live", kPageJs); }

std::string DocumentPage(const base::Json& document) {
  return Fill(ModelText(document), "still", kDocumentJs);
}

}  // namespace foothold::report
