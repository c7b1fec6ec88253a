// What `foothold-study fidelity` shows.
#include <fmt/core.h>

#include <string>

#include "base/table.h"
#include "studies/real_board/fidelity_benchmark.h"

namespace foothold::studies {
namespace {

constexpr const char* kFateNames[] = {"ok", "compile", "runtime", "timeout"};

base::Json LayerJson(const Fidelity::Layer& layer) {
  return {{"name", layer.name},
          {"trials", layer.measured.size()},
          {"spearman_rho", layer.rho ? base::Json(*layer.rho) : base::Json(nullptr)},
          {"median_error", layer.median_error},
          {"ninetieth_percentile_error", layer.ninetieth_error}};
}

base::Json DataOf(const Fidelity& fidelity) {
  base::Json json = {{"target", fidelity.target}};
  for (std::size_t recorded = 0; recorded < kTrialFates; ++recorded) {
    for (std::size_t predicted = 0; predicted < kTrialFates; ++predicted) {
      json["confusion"][kFateNames[recorded]][kFateNames[predicted]] =
          fidelity.confusion[recorded][predicted];
    }
  }
  for (const Fidelity::Layer& layer : fidelity.layers) json["layers"].push_back(LayerJson(layer));
  json["overall"] = LayerJson(fidelity.overall);
  return json;
}

base::Table OutcomesTable(const Fidelity& fidelity) {
  std::vector<std::string> titles = {"recorded"};
  for (const char* name : kFateNames) titles.emplace_back(name);
  base::Table outcomes = base::Table::OfNumbers(titles);
  for (std::size_t recorded = 0; recorded < kTrialFates; ++recorded) {
    std::vector<std::string> row = {kFateNames[recorded]};
    for (const std::uint64_t count : fidelity.confusion[recorded]) {
      row.push_back(std::to_string(count));
    }
    outcomes.AddRow(std::move(row));
  }
  return outcomes;
}

base::Table TimesTable(const Fidelity& fidelity) {
  base::Table times =
      base::Table::OfNumbers({"time", "trials", "Spearman rho", "median error", "90th percentile"});
  const auto add = [&times](const Fidelity::Layer& layer) {
    times.AddRow({layer.name, std::to_string(layer.measured.size()),
                  layer.rho ? fmt::format("{:.4f}", *layer.rho) : "-",
                  fmt::format("{:.1f} %", 100 * layer.median_error),
                  fmt::format("{:.1f} %", 100 * layer.ninetieth_error)});
  };
  for (const Fidelity::Layer& layer : fidelity.layers) add(layer);
  add(fidelity.overall);
  return times;
}

Chart TimesChart(const Fidelity& fidelity) {
  Chart chart;
  chart.kind = Chart::Kind::kPoints;
  chart.title = "Predicted against measured times";
  chart.x_label = "measured, s";
  chart.y_label = "predicted, s";
  for (const Fidelity::Layer& layer : fidelity.layers) {
    chart.series.push_back({layer.name, layer.measured, layer.predicted, {}, {}});
  }
  return chart;
}

}  // namespace

Page ToPage(const Fidelity& fidelity) {
  Page page("fidelity", fidelity.target + " against a real board",
            "foothold-study fidelity --output-dir");
  page.Text(fmt::format("Outcomes, recorded (rows) against {} (columns).", fidelity.target));
  page.Add(OutcomesTable(fidelity));
  page.Text(
      "Each point is a schedule that ran on the board: its measured time and the time the "
      "simulator predicts. The dashed line is a perfect prediction. No trial was used to fit "
      "anything.");
  page.Add(TimesChart(fidelity));
  page.Add(TimesTable(fidelity));
  page.SetData(DataOf(fidelity));
  return page;
}

}  // namespace foothold::studies
