#include "report/page/page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "report/page/assets.h"
#include "report/page/model.h"
#include "report/page/testing.h"

namespace foothold::report {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::size_t Count(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

// The text of the element that holds the model.
std::string ModelIn(const std::string& page) {
  const std::string open = R"(<script type="application/json" id="model">)";
  const std::size_t begin = page.find(open) + open.size();
  return page.substr(begin, page.find("</script>", begin) - begin);
}

TEST(ReportPage, CannotBeBrokenByWhatALogHolds) {
  const std::string evil = "</script><script>alert(1)</script><!-- <script> @STYLE@ @PAGE@ &amp;";
  const base::Json model = {{"name", evil}, {evil, 1}};
  const std::string page = ReportPage(model);
  EXPECT_EQ(base::Json::Parse(ModelIn(page)).value(), model);
  EXPECT_EQ(Count(page, "</script>"), Count(ReportPage({}), "</script>"));
  EXPECT_THAT(page, Not(HasSubstr("alert(1)</script>")));
}

TEST(ReportPage, HoldsNamesOfFilesThatAreNotUtf8) {
  const std::string page = ReportPage({{"name", "caf\xe9"}});
  EXPECT_EQ(base::Json::Parse(ModelIn(page)).value().at("name"), "caf\xef\xbf\xbd");
}

TEST(ReportPage, NeedsNothingFromElsewhere) {
  const std::string page = ReportPage({});
  for (const std::string part : {" src=\"", "<link rel=\"stylesheet\"", "@import", "url("}) {
    std::string own = page;
    own.replace(own.find(kEchartsJs), kEchartsJs.size(), "");
    EXPECT_THAT(own, Not(HasSubstr(part)));
  }
}

TEST(ReportPage, HasEveryPartOnce) {
  const std::string page = ReportPage({});
  for (const std::string_view part :
       {kPageCss, kEchartsJs, kFormatJs, kChartsJs, kSectionsJs, kPageJs}) {
    EXPECT_EQ(Count(page, std::string(part)), 1U);
    EXPECT_GT(part.size(), 1'000U);
  }
}

TEST(DocumentPage, IsTheSamePageWithAnotherScript) {
  const base::Json document = {{"title", "</script>"}, {"page", base::Json::Array()}};
  const std::string page = DocumentPage(document);
  EXPECT_EQ(base::Json::Parse(ModelIn(page)).value(), document);
  EXPECT_EQ(Count(page, std::string(kDocumentJs)), 1U);
  EXPECT_EQ(Count(page, std::string(kPageJs)), 0U);
  EXPECT_EQ(Count(page, "</script>"), Count(ReportPage({}), "</script>"));
}

TEST(ReportPage, IsSmallerThan1500KilobytesWithTheLargestModel) {
  EXPECT_LT(ReportPage({}).size() + ModelOptions{}.max_bytes, 1'500'000U);
}

TEST(LivePage, HoldsNoModelAndSaysThatItIsLive) {
  const std::string page = LivePage();
  EXPECT_EQ(ModelIn(page), "null");
  EXPECT_THAT(page, HasSubstr(R"(data-mode="live")"));
  EXPECT_THAT(ReportPage({}), HasSubstr(R"(data-mode="still")"));
}

}  // namespace
}  // namespace foothold::report
