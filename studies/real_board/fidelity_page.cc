#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "studies/charts/markup.h"
#include "studies/real_board/fidelity_benchmark.h"

namespace foothold::studies {
namespace {

constexpr double kSize = 560;
constexpr double kMargin = 64;

/// Both axes: the same logarithmic scale in seconds, so that the diagonal is a perfect prediction.
class LogAxis {
 public:
  LogAxis(double least, double most)
      : low_(std::floor(std::log10(least))), high_(std::ceil(std::log10(most))) {
    if (high_ <= low_) high_ = low_ + 1;
  }
  double X(double seconds) const { return kMargin + (kSize - 2 * kMargin) * Share(seconds); }
  double Y(double seconds) const { return kSize - X(seconds); }
  int low() const { return static_cast<int>(low_); }
  int high() const { return static_cast<int>(high_); }

 private:
  double Share(double seconds) const { return (std::log10(seconds) - low_) / (high_ - low_); }
  double low_;
  double high_;
};

std::string TickText(int exponent) {
  const double seconds = std::pow(10.0, exponent);
  return exponent < 0 ? fmt::format("{:g} ms", seconds * 1e3) : fmt::format("{:g} s", seconds);
}

std::string Axes(const LogAxis& axis) {
  const double low = axis.X(std::pow(10.0, axis.low()));
  const double high = axis.X(std::pow(10.0, axis.high()));
  std::string svg = fmt::format(
      "<line class=\"ideal\" x1=\"{0:.1f}\" y1=\"{1:.1f}\" x2=\"{1:.1f}\" y2=\"{0:.1f}\"/>\n", low,
      high);
  for (int exponent = axis.low(); exponent <= axis.high(); ++exponent) {
    const double at = axis.X(std::pow(10.0, exponent));
    svg += fmt::format(
        "<line x1=\"{0:.1f}\" y1=\"{1:.1f}\" x2=\"{0:.1f}\" y2=\"{2:.1f}\"/><line x1=\"{1:.1f}\" "
        "y1=\"{3:.1f}\" x2=\"{2:.1f}\" "
        "y2=\"{3:.1f}\"/><text x=\"{0:.1f}\" y=\"{4:.1f}\" text-anchor=\"middle\">{5}</text><text "
        "x=\"{6:.1f}\" y=\"{3:.1f}\" "
        "text-anchor=\"end\" dominant-baseline=\"middle\">{5}</text>\n",
        at, low, high, kSize - at, high + 20, TickText(exponent), low - 8);
  }
  return svg + fmt::format(
                   "<text x=\"{0:.0f}\" y=\"{1:.0f}\" text-anchor=\"middle\">measured</text>"
                   "<text x=\"{2:.0f}\" y=\"{3:.0f}\">predicted</text>\n",
                   kSize / 2, kSize - 16, 12.0, kMargin - 24);
}

std::string Scatter(const Fidelity& fidelity) {
  const Fidelity::Layer& all = fidelity.overall;
  const auto [low_m, high_m] = std::minmax_element(all.measured.begin(), all.measured.end());
  const auto [low_p, high_p] = std::minmax_element(all.predicted.begin(), all.predicted.end());
  const LogAxis axis(std::min(*low_m, *low_p), std::max(*high_m, *high_p));
  std::string svg = fmt::format(
      "<svg viewBox=\"0 0 {0} {0}\" role=\"img\" aria-label=\"predicted against measured time\">\n",
      kSize);
  svg += Axes(axis);
  for (std::size_t l = 0; l < fidelity.layers.size(); ++l) {
    const Fidelity::Layer& layer = fidelity.layers[l];
    svg += fmt::format("<g fill=\"{}\">", PaletteColour(l));
    for (std::size_t i = 0; i < layer.measured.size(); ++i) {
      svg += fmt::format(
          "<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"3\"><title>{:.2f} ms measured, {:.2f} ms "
          "predicted</title></circle>",
          axis.X(layer.measured[i]), axis.Y(layer.predicted[i]), layer.measured[i] * 1e3,
          layer.predicted[i] * 1e3);
    }
    svg += "</g>\n";
  }
  return svg + "</svg>\n";
}

std::string Legend(const Fidelity& fidelity) {
  std::string html =
      "<table><tr><th>layer</th><th>trials</th><th>Spearman rho</th><th>median error</th><th>90th "
      "percentile</th></tr>\n";
  const auto row = [&html](const Fidelity::Layer& layer, std::string_view colour) {
    html += fmt::format(
        "<tr><td><span style=\"background:{}\"></span>{}</td><td>{}</td><td>{}</td><td>{:.1f} "
        "%</td><td>{:.1f} %</td></tr>\n",
        colour, layer.name, layer.measured.size(), RhoText(layer), 100 * layer.median_error,
        100 * layer.ninetieth_error);
  };
  for (std::size_t l = 0; l < fidelity.layers.size(); ++l)
    row(fidelity.layers[l], PaletteColour(l));
  row(fidelity.overall, "transparent");
  return html + "</table>\n";
}

constexpr const char* kStyle =
    "body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 "
    "1rem;color:#222}"
    "svg{width:100%;max-width:42rem}svg line{stroke:#ddd}svg .ideal{stroke:#888;stroke-dasharray:4}"
    "svg text{font-size:12px;fill:#444}table{border-collapse:collapse}td,th{padding:.2rem "
    ".8rem;text-align:right}"
    "td:first-child,th:first-child{text-align:left}td "
    "span{display:inline-block;width:.8em;height:.8em;margin-right:.5em}"
    "pre{overflow-x:auto}";

}  // namespace

std::string ToHtml(const Fidelity& fidelity) {
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
      "content=\"width=device-width\"><title>{0} against a real "
      "board</title><style>{1}</style></head><body>\n"
      "<h1>{0} against a real board</h1>\n<p>Each point is a schedule that ran on the board: its "
      "measured time and the time the "
      "simulator predicts. The dashed line is a perfect prediction. No trial was used to fit "
      "anything.</p>\n"
      "{2}{3}<h2>Outcomes</h2>\n<pre>{4}</pre>\n</body></html>\n",
      fidelity.target, kStyle, Scatter(fidelity), Legend(fidelity), EscapeMarkup(ToText(fidelity)));
}

}  // namespace foothold::studies
