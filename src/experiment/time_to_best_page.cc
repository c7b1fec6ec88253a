// The experiment's pictures, and the self-contained page that shows them with the tables.
#include <fmt/format.h>

#include <algorithm>

#include "base/check.h"
#include "base/statistics.h"
#include "chart/line_chart.h"
#include "chart/markup.h"
#include "experiment/time_to_best.h"

namespace foothold {
namespace {

using Curve = std::vector<float> RunSummary::*;

/// Median and quartiles over all runs of an entry, on all workloads or on one.
ChartLine LineOf(const std::vector<const Field*>& fields, std::size_t place, Curve curve,
                 const std::vector<double>& checkpoints) {
  const Entry& first = fields.front()->entries[place];
  ChartLine line;
  line.name = fmt::format("{}, {}", first.contestant, ToString(first.knowledge));
  line.x = checkpoints;
  for (std::size_t i = 0; i < checkpoints.size(); ++i) {
    std::vector<double> speeds;
    for (const Field* field : fields) {
      for (const RunSummary& run : field->entries[place].runs) {
        speeds.push_back(static_cast<double>((run.*curve)[i]));
      }
    }
    line.y.push_back(*Median(speeds));
    line.low.push_back(*Quantile(speeds, 0.25));
    line.high.push_back(*Quantile(speeds, 0.75));
  }
  return line;
}

/// Whether the entry is one of a picture: ablations have a picture of their own.
bool BelongsTo(const Entry& entry, bool ablation) {
  const bool part = entry.contestant.find(':') != std::string::npos;
  if (!ablation) return !part;
  return part || entry.knowledge == Knowledge::kCompiler;
}

LineChart ChartOf(const std::vector<const Field*>& fields, bool ablation, Curve curve,
                  const std::vector<double>& checkpoints) {
  LineChart chart;
  chart.y_label = "speed of the best so far, of the optimum's";
  const std::vector<Entry>& entries = fields.front()->entries;
  for (std::size_t place = 0; place < entries.size(); ++place) {
    if (!BelongsTo(entries[place], ablation)) continue;
    chart.lines.push_back(LineOf(fields, place, curve, checkpoints));
  }
  return chart;
}

std::string FileStem(std::string_view text) {
  std::string stem;
  for (const char c : text) stem += c == ':' || c == '/' || c == ' ' ? '-' : c;
  return stem;
}

void AddPicture(const std::string& target, const std::string& title, const std::string& name,
                LineChart chart, std::vector<Picture>& pictures) {
  if (chart.lines.empty()) return;
  chart.title = title;
  pictures.push_back({target, FileStem(target + "-" + name) + ".svg", title, chart.ToSvg()});
}

std::vector<const Field*> FieldsOf(const Competition& competition) {
  std::vector<const Field*> fields;
  for (const Field& field : competition.fields) fields.push_back(&field);
  return fields;
}

/// One small picture for each workload; only on the page.
std::string WorkloadPictures(const Competition& competition, std::uint64_t budget) {
  std::string html;
  for (const Field& field : competition.fields) {
    LineChart chart = ChartOf({&field}, /*ablation=*/false, &RunSummary::speed_by_measurement,
                              MeasurementCheckpoints(budget));
    if (chart.lines.empty()) continue;
    chart.title = field.workload;
    chart.x_label = "measurements";
    html += chart.ToSvg();
  }
  return html;
}

}  // namespace

std::vector<Picture> ToPictures(const TimeToBest& result) {
  const std::vector<double> measurements = MeasurementCheckpoints(result.options.budget);
  const std::vector<double> seconds = SecondsCheckpoints();
  std::vector<Picture> pictures;
  for (const Competition& competition : result.competitions) {
    const std::string& target = competition.target;
    const std::vector<const Field*> fields = FieldsOf(competition);
    for (const bool ablation : {false, true}) {
      const std::string what = ablation ? "the parts of validity" : "best so far";
      const std::string name = ablation ? "ablation" : "searchers";
      LineChart chart = ChartOf(fields, ablation, &RunSummary::speed_by_measurement, measurements);
      chart.x_label = "measurements";
      AddPicture(target, fmt::format("{}: {} against measurements", target, what),
                 name + "-measurements", std::move(chart), pictures);
      chart = ChartOf(fields, ablation, &RunSummary::speed_by_seconds, seconds);
      chart.x_label = "seconds of tuning";
      AddPicture(target, fmt::format("{}: {} against seconds", target, what), name + "-seconds",
                 std::move(chart), pictures);
    }
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

}  // namespace foothold
