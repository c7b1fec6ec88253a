#include "studies/page/page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace foothold::studies {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Page Example() {
  Page page("example", "An example", "foothold-study example --output-dir");
  page.Text("What *this* is.\n");
  page.Text("");
  page.Heading("Figures", 3);
  base::Table table = base::Table::OfNumbers({"name", "worst", "worst"});
  table.AddRow({"a|b", "1", "2"});
  page.Add(table);
  page.Add(base::Table(std::vector<base::Table::Column>{{"left"}, {"too"}}));
  Chart chart;
  chart.title = "vta:pynq, all: speed";
  chart.series = {{"one", {1, 10}, {0.123456789, 1}, {0, 0.5}, {1, 1}}};
  page.Add(chart);
  page.SetMachine({{"cores", "2"}, {"host", "vm"}});
  page.SetData({{"rows", {{"a", 0.123456789}}}});
  return page;
}

TEST(Page, IsTheSameWhenItIsReadBack) {
  const Page page = Example();
  const Result<Page> again = Page::Parse(page.ToJson(), "example.json");
  ASSERT_TRUE(again.ok()) << again.status().message();
  EXPECT_EQ(again->name(), "example");
  EXPECT_EQ(again->ToMarkdown(), page.ToMarkdown());
  EXPECT_EQ(again->ToText(), page.ToText());
  EXPECT_EQ(again->ToHtml(), page.ToHtml());
  EXPECT_EQ(again->ToJson(), page.ToJson());
}

TEST(Page, SaysWhoWroteItAndWhere) {
  const std::string text = Example().ToMarkdown();
  EXPECT_THAT(text,
              HasSubstr("# An example\n\n<!-- Written by foothold-study example --output-dir, "
                        "with example.json beside it: do not edit. -->\n\n"
                        "Machine: cores 2, host vm.\n\nWhat *this* is.\n\n### Figures\n\n|"));
  EXPECT_THAT(text, HasSubstr("| a\\|b "));
  EXPECT_THAT(text, HasSubstr("\n![vta:pynq, all: speed](vta-pynq-all-speed.svg)\n"));
  EXPECT_THAT(Example().ToText(), Not(HasSubstr(".svg")));
}

TEST(Page, HoldsTheFiguresExactlyAndTheCurvesAsFarAsTheyCanBeSeen) {
  const base::Json json = base::Json::Parse(Example().ToJson()).value();
  EXPECT_EQ(json["data"]["rows"]["a"], 0.123456789);
  EXPECT_EQ(json["page"][4]["chart"]["series"][0]["y"][0], 0.12346);
}

TEST(Page, HasARowOfATableOnALine) {
  EXPECT_THAT(Example().ToJson(), HasSubstr("\n     [\"a|b\",\"1\",\"2\"]\n"));
}

TEST(Page, IsOnePageOfHtmlThatHoldsItsCharts) {
  const std::string page = Example().ToHtml();
  EXPECT_THAT(page, HasSubstr("vta:pynq, all: speed"));
  EXPECT_THAT(page, HasSubstr("curvesChart"));
  EXPECT_THAT(page, HasSubstr("</html>"));
}

TEST(Page, SaysWhatIsWrongInItsJson) {
  const auto with = [](const std::string& blocks) {
    const std::string json = R"({"version": 1, "name": "n", "title": "t", "command": "c",
      "machine": null, "page": [)" +
                             blocks + R"(], "data": {}})";
    return Page::Parse(json, "p.json").status().message();
  };
  EXPECT_EQ(with(R"({"text": "fine"})"), "");
  EXPECT_THAT(Page::Parse("{}", "p.json").status().message(),
              HasSubstr("p.json:1: version: is missing"));
  EXPECT_THAT(with(R"({"heading": "h", "level": 7})"), HasSubstr("p.json:2: page[0].level: is 7"));
  EXPECT_THAT(with(R"({"table": {"columns": ["a"], "align": "c", "rows": []}})"),
              HasSubstr("page[0].table.align: must have an l or an r"));
  EXPECT_THAT(with(R"({"table": {"columns": ["a"], "align": "l", "rows": [["b", "c"]]}})"),
              HasSubstr("page[0].table.rows[0]: has 2 texts, must have 1"));
  EXPECT_THAT(with(R"({"chart": {}})"), HasSubstr("page[0].chart.title: is missing"));
  EXPECT_THAT(with(R"({"picture": 1})"), HasSubstr("page[0].text: is missing"));
}

}  // namespace
}  // namespace foothold::studies
