#include "studies/charts/line_chart.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/check.h"
#include "studies/charts/markup.h"

namespace foothold::studies {
namespace {

constexpr double kWidth = 840;
constexpr double kHeight = 420;
constexpr double kLeft = 64;
constexpr double kRight = 290;  // holds the legend
constexpr double kTop = 40;
constexpr double kBottom = 52;
constexpr double kLegendLine = 20;

/// From data to picture.
class Axes {
 public:
  explicit Axes(const LineChart& chart) : y_min_(chart.y_min), y_max_(chart.y_max) {
    double least = std::numeric_limits<double>::infinity();
    double most = 0;
    for (const ChartLine& line : chart.lines) {
      for (const double x : line.x) {
        FOOTHOLD_CHECK(x > 0 && std::isfinite(x));
        least = std::min(least, x);
        most = std::max(most, x);
      }
    }
    FOOTHOLD_CHECK(most > 0 && y_min_ < y_max_);
    low_ = std::log10(least);
    high_ = most > least ? std::log10(most) : low_ + 1;
  }

  double X(double x) const {
    return kLeft + (kWidth - kLeft - kRight) * (std::log10(x) - low_) / (high_ - low_);
  }
  double Y(double y) const {
    const double share = (std::clamp(y, y_min_, y_max_) - y_min_) / (y_max_ - y_min_);
    return kHeight - kBottom - (kHeight - kTop - kBottom) * share;
  }

  /// 1, 2 and 5 times the powers of ten that are on the axis.
  std::vector<double> XTicks() const {
    std::vector<double> ticks;
    for (int exponent = static_cast<int>(std::floor(low_)); exponent <= high_; ++exponent) {
      for (const double step : {1.0, 2.0, 5.0}) {
        const double tick = step * std::pow(10.0, exponent);
        const double at = std::log10(tick);
        if (at >= low_ - 1e-9 && at <= high_ + 1e-9) ticks.push_back(tick);
      }
    }
    return ticks;
  }
  std::vector<double> YTicks() const {
    std::vector<double> ticks;
    constexpr int kSteps = 5;
    for (int i = 0; i <= kSteps; ++i) ticks.push_back(y_min_ + (y_max_ - y_min_) * i / kSteps);
    return ticks;
  }

 private:
  double y_min_;
  double y_max_;
  double low_ = 0;
  double high_ = 1;
};

std::string Grid(const LineChart& chart, const Axes& axes) {
  std::string svg = "<g stroke=\"#ddd\" fill=\"#444\" font-size=\"12\">\n";
  const double bottom = kHeight - kBottom;
  for (const double x : axes.XTicks()) {
    svg += fmt::format(
        "<line x1=\"{0:.1f}\" y1=\"{1}\" x2=\"{0:.1f}\" y2=\"{2}\"/><text stroke=\"none\" "
        "x=\"{0:.1f}\" y=\"{3}\" text-anchor=\"middle\">{4:g}</text>\n",
        axes.X(x), kTop, bottom, bottom + 18, x);
  }
  for (const double y : axes.YTicks()) {
    svg += fmt::format(
        "<line x1=\"{0}\" y1=\"{1:.1f}\" x2=\"{2}\" y2=\"{1:.1f}\"/><text stroke=\"none\" "
        "x=\"{3}\" y=\"{1:.1f}\" text-anchor=\"end\" dominant-baseline=\"middle\">{4:.3g}</text>\n",
        kLeft, axes.Y(y), kWidth - kRight, kLeft - 8, y);
  }
  const double middle = (kLeft + kWidth - kRight) / 2;
  svg += fmt::format(
      "<text stroke=\"none\" x=\"{0}\" y=\"{1}\" text-anchor=\"middle\">{2}</text>"
      "<text stroke=\"none\" x=\"16\" y=\"{3}\" text-anchor=\"middle\" transform=\"rotate(-90 16 "
      "{3})\">{4}</text>\n",
      middle, kHeight - 12, EscapeMarkup(chart.x_label), (kTop + bottom) / 2,
      EscapeMarkup(chart.y_label));
  return svg + "</g>\n";
}

std::string Band(const ChartLine& line, const Axes& axes, std::string_view colour) {
  if (line.low.empty() && line.high.empty()) return "";
  FOOTHOLD_CHECK(line.low.size() == line.x.size() && line.high.size() == line.x.size());
  std::string points;
  for (std::size_t i = 0; i < line.x.size(); ++i) {
    points += fmt::format("{:.1f},{:.1f} ", axes.X(line.x[i]), axes.Y(line.high[i]));
  }
  for (std::size_t i = line.x.size(); i > 0; --i) {
    points += fmt::format("{:.1f},{:.1f} ", axes.X(line.x[i - 1]), axes.Y(line.low[i - 1]));
  }
  return fmt::format("<polygon fill=\"{}\" fill-opacity=\"0.15\" points=\"{}\"/>\n", colour,
                     points);
}

std::string Curve(const ChartLine& line, const Axes& axes, std::string_view colour) {
  FOOTHOLD_CHECK(line.y.size() == line.x.size());
  std::string points;
  for (std::size_t i = 0; i < line.x.size(); ++i) {
    points += fmt::format("{:.1f},{:.1f} ", axes.X(line.x[i]), axes.Y(line.y[i]));
  }
  return fmt::format(
      "<polyline fill=\"none\" stroke=\"{}\" stroke-width=\"2\" points=\"{}\"><title>{}</title>"
      "</polyline>\n",
      colour, points, EscapeMarkup(line.name));
}

std::string LegendEntry(const std::string& name, std::size_t place, std::string_view colour) {
  const double y = kTop + 8 + kLegendLine * static_cast<double>(place);
  return fmt::format(
      "<line x1=\"{0}\" y1=\"{1}\" x2=\"{2}\" y2=\"{1}\" stroke=\"{3}\" stroke-width=\"3\"/><text "
      "x=\"{4}\" y=\"{1}\" dominant-baseline=\"middle\" font-size=\"12\" "
      "fill=\"#222\">{5}</text>\n",
      kWidth - kRight + 12, y, kWidth - kRight + 36, colour, kWidth - kRight + 42,
      EscapeMarkup(name));
}

}  // namespace

std::string LineChart::ToSvg() const {
  const Axes axes(*this);
  std::string svg = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" role=\"img\" "
      "aria-label=\"{2}\" font-family=\"system-ui,sans-serif\">\n"
      "<rect width=\"{0}\" height=\"{1}\" fill=\"#fff\"/>\n"
      "<text x=\"{3}\" y=\"22\" font-size=\"15\" fill=\"#222\">{2}</text>\n",
      kWidth, kHeight, EscapeMarkup(title), kLeft);
  svg += Grid(*this, axes);
  for (std::size_t i = 0; i < lines.size(); ++i) svg += Band(lines[i], axes, PaletteColour(i));
  for (std::size_t i = 0; i < lines.size(); ++i) {
    svg += Curve(lines[i], axes, PaletteColour(i));
    svg += LegendEntry(lines[i].name, i, PaletteColour(i));
  }
  return svg + "</svg>\n";
}

}  // namespace foothold::studies
