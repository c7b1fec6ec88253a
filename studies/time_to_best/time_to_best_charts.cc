// The experiment's charts.
#include "studies/time_to_best/time_to_best_charts.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>
#include <string_view>

#include "base/statistics.h"

namespace foothold::studies {
namespace {

using Curve = std::vector<float> RunSummary::*;

using Fields = std::vector<const Field*>;

/// An entry's curve: its values at each checkpoint, over all runs on all of the fields.
std::vector<std::vector<double>> Values(const Fields& fields, std::size_t place, Curve curve,
                                        std::size_t checkpoints) {
  std::vector<std::vector<double>> values(checkpoints);
  for (std::size_t i = 0; i < checkpoints; ++i) {
    for (const Field* field : fields) {
      for (const RunSummary& run : field->entries[place].runs) {
        values[i].push_back(static_cast<double>((run.*curve)[i]));
      }
    }
  }
  return values;
}

/// Median and quartiles.
void AddSpeeds(const std::vector<std::vector<double>>& values, Series& series) {
  for (const std::vector<double>& speeds : values) {
    series.y.push_back(*base::Median(speeds));
    series.low.push_back(*base::Quantile(speeds, 0.25));
    series.high.push_back(*base::Quantile(speeds, 0.75));
  }
}

/// Share of the runs that are at the optimum.
void AddReached(const std::vector<std::vector<double>>& values, Series& series) {
  for (const std::vector<double>& speeds : values) {
    const auto there = std::count_if(speeds.begin(), speeds.end(), [](double s) { return s >= 1; });
    series.y.push_back(static_cast<double>(there) / static_cast<double>(speeds.size()));
  }
}

bool IsAblation(const Entry& entry) { return entry.entrant.find(':') != std::string::npos; }

/// The entries of one picture, by place.
std::vector<std::size_t> EntriesOf(const Field& field, Knowledge mode, bool ablation) {
  std::vector<std::size_t> places;
  std::set<std::string> in_mode;
  for (const Entry& entry : field.entries) {
    if (entry.knowledge == mode) in_mode.insert(entry.entrant);
  }
  for (std::size_t place = 0; place < field.entries.size(); ++place) {
    const Entry& entry = field.entries[place];
    // What asks for no builds does the same in mode compiler as in mode blind.
    const bool stands_in = mode == Knowledge::kCompiler && entry.knowledge == Knowledge::kBlind &&
                           !in_mode.contains(entry.entrant);
    if (entry.knowledge != mode && !stands_in) continue;
    const bool of_validity = entry.entrant.starts_with("validity");
    if (ablation ? stands_in || !of_validity : IsAblation(entry)) continue;
    places.push_back(place);
  }
  return places;
}

/// What a picture shows.
struct Kind {
  std::string_view name;
  std::string_view y_label;
  double y_min;
  void (*add)(const std::vector<std::vector<double>>& values, Series& series);
};
constexpr Kind kSpeed = {"best so far", "speed of the best so far, of the optimum's", 0.5,
                         &AddSpeeds};
constexpr Kind kReached = {"runs at the optimum", "share of the runs", 0, &AddReached};

Chart ChartOf(const Fields& fields, const std::vector<std::size_t>& places, const Kind& kind,
              Curve curve, const std::vector<double>& checkpoints) {
  Chart chart;
  chart.y_label = kind.y_label;
  chart.y_min = kind.y_min;
  for (const std::size_t place : places) {
    Series& series = chart.series.emplace_back();
    series.name = fields.front()->entries[place].entrant;
    series.x = checkpoints;
    kind.add(Values(fields, place, curve, checkpoints.size()), series);
  }
  return chart;
}

/// All charts of some entries of a competition.
void AddCharts(const TimeToBest& result, const Competition& competition,
               const std::vector<std::size_t>& places, const std::string& what,
               std::vector<Chart>& charts) {
  if (places.empty()) return;
  Fields fields;
  for (const Field& field : competition.fields) fields.push_back(&field);
  const auto add = [&](const Kind& kind, Curve curve, const std::vector<double>& checkpoints,
                       const std::string& x_label) {
    Chart& chart = charts.emplace_back(ChartOf(fields, places, kind, curve, checkpoints));
    chart.title = fmt::format("{}, {}: {} by {}", competition.target, what, kind.name,
                              x_label.substr(0, x_label.find(' ')));
    chart.x_label = x_label;
  };
  const std::vector<double> measurements = MeasurementCheckpoints(result.options.budget);
  add(kSpeed, &RunSummary::speed_by_measurement, measurements, "measurements");
  add(kReached, &RunSummary::speed_by_measurement, measurements, "measurements");
  add(kSpeed, &RunSummary::speed_by_seconds, SecondsCheckpoints(), "seconds of tuning");
}

}  // namespace

std::vector<Chart> ChartsOf(const TimeToBest& result, const Competition& competition) {
  std::vector<Chart> charts;
  if (competition.fields.empty()) return charts;
  const Field& field = competition.fields.front();
  for (const Knowledge mode : {Knowledge::kBlind, Knowledge::kCompiler, Knowledge::kHardware}) {
    AddCharts(result, competition, EntriesOf(field, mode, false),
              fmt::format("mode {}", ToString(mode)), charts);
  }
  AddCharts(result, competition, EntriesOf(field, Knowledge::kCompiler, true), "parts of validity",
            charts);
  return charts;
}

}  // namespace foothold::studies
