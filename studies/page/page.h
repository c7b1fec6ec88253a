#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/table.h"
#include "foothold/env.h"

namespace foothold::studies {

/// A curve, or points, of a chart. The vectors are as long as `x`, or empty.
struct Series {
  std::string name;
  std::vector<double> x;
  std::vector<double> y;
  /// Of the band around a curve.
  std::vector<double> low;
  std::vector<double> high;
};

/// What the report's curvesChart or pointsChart draws (src/report/page/assets/charts.js).
struct Chart {
  enum class Kind {
    kCurves,  ///< x is logarithmic, y goes from y_min to y_max
    kPoints,  ///< both are logarithmic, and a diagonal shows where they are equal
  };

  Kind kind = Kind::kCurves;
  std::string title;
  std::string x_label;
  std::string y_label;
  double y_min = 0;
  double y_max = 1;
  std::vector<Series> series;

  /// "vta-pynq-best-so-far.svg", from the title.
  std::string FileName() const;
};

/// What a study found: paragraphs, tables and charts in reading order, and the figures that they
/// were made of. All forms in which a study is shown come from this one.
class Page {
 public:
  /// `name` is that of the page's files; `command` is what writes them.
  Page(std::string name, std::string title, std::string command);

  /// What ToJson wrote. Errors name file, line and field.
  static Result<Page> Parse(std::string_view json, std::string_view path);

  /// REQUIRES: 2 <= level <= 4.
  void Heading(std::string_view text, int level = 2);
  /// Paragraphs of Markdown; none when empty.
  void Text(std::string_view markdown);
  void Add(const base::Table& table);
  void Add(const Chart& chart);
  /// What the study ran on, for the page's first lines.
  void SetMachine(const std::map<std::string, std::string>& machine);
  /// Every figure, for who wants to make another page of them.
  void SetData(base::Json data) { data_ = std::move(data); }

  const std::string& name() const { return name_; }
  bool has_machine() const { return !machine_.is_null(); }

  /// For a terminal: without the title and the charts.
  std::string ToText() const;
  /// Charts are pictures beside the page, which docs/pictures/draw.js makes of ToJson.
  std::string ToMarkdown() const;
  /// The whole page, with the data; reads back to the same page.
  std::string ToJson() const;
  /// Self-contained: the report's page, with its charts.
  std::string ToHtml() const;
  /// NAME.md and NAME.json in a folder, which is made where there is none.
  Status Write(Env& env, const std::string& folder) const;

 private:
  Page() = default;
  base::Json AsJson() const;

  std::string name_;
  std::string title_;
  std::string command_;
  base::Json machine_;                       // null: not said
  base::Json blocks_ = base::Json::Array();  // each with one field: text, heading, table or chart
  base::Json data_;
};

}  // namespace foothold::studies
