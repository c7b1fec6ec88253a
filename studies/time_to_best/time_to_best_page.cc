// The experiment's pictures, and the self-contained page that shows them with the tables.
#include <fmt/core.h>

#include <algorithm>
#include <set>
#include <string_view>

#include "base/statistics.h"
#include "studies/charts/line_chart.h"
#include "studies/charts/markup.h"
#include "studies/time_to_best/time_to_best.h"

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
void SpeedLine(const std::vector<std::vector<double>>& values, ChartLine& line) {
  for (const std::vector<double>& speeds : values) {
    line.y.push_back(*base::Median(speeds));
    line.low.push_back(*base::Quantile(speeds, 0.25));
    line.high.push_back(*base::Quantile(speeds, 0.75));
  }
}

/// Share of the runs that are at the optimum.
void ReachedLine(const std::vector<std::vector<double>>& values, ChartLine& line) {
  for (const std::vector<double>& speeds : values) {
    const auto there = std::count_if(speeds.begin(), speeds.end(), [](double s) { return s >= 1; });
    line.y.push_back(static_cast<double>(there) / static_cast<double>(speeds.size()));
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
  void (*add)(const std::vector<std::vector<double>>& values, ChartLine& line);
};
constexpr Kind kSpeed = {"best so far", "speed of the best so far, of the optimum's", 0.5,
                         &SpeedLine};
constexpr Kind kReached = {"runs at the optimum", "share of the runs", 0, &ReachedLine};

LineChart ChartOf(const Fields& fields, const std::vector<std::size_t>& places, const Kind& kind,
                  Curve curve, const std::vector<double>& checkpoints) {
  LineChart chart;
  chart.y_label = kind.y_label;
  chart.y_min = kind.y_min;
  for (const std::size_t place : places) {
    ChartLine& line = chart.lines.emplace_back();
    line.name = fields.front()->entries[place].entrant;
    line.x = checkpoints;
    kind.add(Values(fields, place, curve, checkpoints.size()), line);
  }
  return chart;
}

std::string FileStem(std::string_view text) {
  std::string stem;
  for (const char c : text) stem += c == ':' || c == '/' || c == ' ' ? '-' : c;
  return stem;
}

/// All pictures of some entries of a competition.
void AddPictures(const TimeToBest& result, const Competition& competition,
                 const std::vector<std::size_t>& places, const std::string& what,
                 std::vector<Picture>& pictures) {
  if (places.empty()) return;
  Fields fields;
  for (const Field& field : competition.fields) fields.push_back(&field);
  const auto add = [&](const Kind& kind, Curve curve, const std::vector<double>& checkpoints,
                       const std::string& x_label) {
    LineChart chart = ChartOf(fields, places, kind, curve, checkpoints);
    chart.title = fmt::format("{}, {}: {}", competition.target, what, kind.name);
    chart.x_label = x_label;
    const std::string file = FileStem(fmt::format("{}-{}-{}-{}.svg", competition.target, what,
                                                  kind.name, x_label.substr(0, x_label.find(' '))));
    pictures.push_back({competition.target, file, chart.title, chart.ToSvg()});
  };
  const std::vector<double> measurements = MeasurementCheckpoints(result.options.budget);
  add(kSpeed, &RunSummary::speed_by_measurement, measurements, "measurements");
  add(kReached, &RunSummary::speed_by_measurement, measurements, "measurements");
  add(kSpeed, &RunSummary::speed_by_seconds, SecondsCheckpoints(), "seconds of tuning");
}

/// One small picture for each workload; only on the page.
std::string WorkloadPictures(const Competition& competition, std::uint64_t budget) {
  std::string html;
  for (const Field& field : competition.fields) {
    LineChart chart =
        ChartOf({&field}, EntriesOf(field, Knowledge::kCompiler, /*ablation=*/false), kSpeed,
                &RunSummary::speed_by_measurement, MeasurementCheckpoints(budget));
    if (chart.lines.empty()) continue;
    chart.title = field.workload + ", mode compiler";
    chart.x_label = "measurements";
    html += chart.ToSvg();
  }
  return html;
}

}  // namespace

std::vector<Picture> ToPictures(const TimeToBest& result) {
  std::vector<Picture> pictures;
  for (const Competition& competition : result.competitions) {
    if (competition.fields.empty()) continue;
    const Field& field = competition.fields.front();
    for (const Knowledge mode : {Knowledge::kBlind, Knowledge::kCompiler, Knowledge::kHardware}) {
      AddPictures(result, competition, EntriesOf(field, mode, false),
                  fmt::format("mode {}", ToString(mode)), pictures);
    }
    AddPictures(result, competition, EntriesOf(field, Knowledge::kCompiler, true),
                "parts of validity", pictures);
  }
  return pictures;
}

std::string ToHtml(const TimeToBest& result) {
  std::string body =
      "<p>Speed of the best config so far as a share of the optimum's, over all workloads and "
      "seeds: the median, and the band between the quartiles.</p>\n";
  for (const Picture& picture : ToPictures(result)) body += picture.svg;
  for (const Competition& competition : result.competitions) {
    body += fmt::format("<h2>{}: each workload</h2>\n", EscapeMarkup(competition.target)) +
            WorkloadPictures(competition, result.options.budget);
  }
  body += fmt::format("<h2>Tables</h2>\n<pre>{}</pre>\n", EscapeMarkup(ToText(result)));
  return HtmlPage("Time to best", body);
}

}  // namespace foothold::studies
