#pragma once

#include <string_view>

namespace foothold::report {

/// The files of src/report/page/assets, put into the program by foothold_embed.
extern const std::string_view kPageHtml;
extern const std::string_view kPageCss;
extern const std::string_view kEchartsJs;
extern const std::string_view kFormatJs;
extern const std::string_view kChartsJs;
extern const std::string_view kSectionsJs;
extern const std::string_view kPageJs;
extern const std::string_view kDocumentJs;

}  // namespace foothold::report
