// Whatever is read as a log can be shown: within its size, as JSON that reads back, and with
// nothing in it that could end the element of the page that holds it.

#include <cstdlib>

#include "base/json.h"
#include "foothold/record.h"
#include "report/page/model.h"
#include "report/page/page.h"

namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

foothold::report::TargetFacts NothingKnown(const foothold::RunHeader&, const foothold::Config*) {
  return {};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto contents = foothold::ParseLog(text, "input");
  if (!contents.ok()) return 0;
  for (const std::size_t max_bytes : {std::size_t{300'000}, std::size_t{0}}) {
    foothold::report::ModelOptions options;
    options.max_bytes = max_bytes;
    options.grouping =
        max_bytes == 0 ? foothold::report::Grouping::kLog : foothold::report::Grouping::kSearcher;
    const auto model = foothold::report::BuildModel({{"input", &*contents}}, NothingKnown, options);
    const std::string shown = foothold::report::ModelText(model);
    Require(shown.size() <= 400'000);
    Require(shown.find('<') == std::string::npos);
    Require(foothold::base::Json::Parse(shown).ok());
  }
  return 0;
}
