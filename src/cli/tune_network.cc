#include "cli/tune_network.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "base/table.h"
#include "cli/common/figures.h"
#include "cli/common/machine_argument.h"
#include "cli/common/progress.h"
#include "network/compile/schedules.h"

namespace foothold::cli {
namespace {

/// Seconds until the first budget is spent, at this session's pace.
std::optional<double> SecondsLeft(const tune::NetworkProgress& progress) {
  if (progress.measured == 0 || progress.finished >= progress.planned) return std::nullopt;
  const double pace = progress.elapsed_s / static_cast<double>(progress.measured);
  const double left_s = pace * static_cast<double>(progress.planned - progress.finished);
  if (!progress.max_seconds) return left_s;
  return std::min(left_s, std::max(0.0, *progress.max_seconds - progress.elapsed_s));
}

std::string TimeText(std::optional<double> seconds) {
  return seconds ? Milliseconds(*seconds) : "-";
}

}  // namespace

std::string ProgressLine(std::span<const CountedWorkload> layers,
                         const tune::NetworkProgress& progress) {
  std::string text = fmt::format("{:<13} {:>4}/{} trials  {} ms in {} of {} layers",
                                 layers.front().network, progress.finished, progress.planned,
                                 Milliseconds(progress.seconds), progress.tuned, progress.tasks);
  if (progress.finished < progress.planned && progress.ended < progress.tasks) {
    text += ", now " + layers[progress.current].workload.name;
  }
  text += "  " + Duration(progress.elapsed_s);
  if (const auto left_s = SecondsLeft(progress)) text += ", " + Duration(*left_s) + " left";
  return text;
}

Result<tune::NetworkResult> TuneLayers(std::span<const CountedWorkload> layers,
                                       tune::NetworkRequest request, LiveLine::Mode mode) {
  for (const CountedWorkload& layer : layers) {
    request.weights.push_back(static_cast<double>(layer.count));
  }
  LiveLine line(mode, stderr, request.env);
  line.Begin();
  request.on_progress = [&](const tune::NetworkProgress& progress) {
    line.Update([&] { return ProgressLine(layers, progress); });
  };
  FOOTHOLD_ASSIGN_OR_RETURN(tune::NetworkResult result, tune::TuneNetwork(request));
  tune::NetworkProgress last = result.progress;
  last.ended = last.tasks;
  line.End(ProgressLine(layers, last));
  return result;
}

std::string TimesTable(const std::vector<LayerTime>& layers) {
  using Align = base::Table::Align;
  base::Table table({{"layer"},
                     {"count", Align::kRight},
                     {"default ms", Align::kRight},
                     {"tuned ms", Align::kRight},
                     {"default / tuned", Align::kRight}});
  const auto add = [&](const std::string& name, std::int64_t count, std::optional<double> before,
                       std::optional<double> after) {
    const std::string ratio =
        before && after ? fmt::format("{:.2f}", *before / *after) : std::string();
    table.AddRow({name, std::to_string(count), TimeText(before), TimeText(after), ratio});
  };
  std::optional<double> before = 0;
  std::optional<double> after = 0;
  std::int64_t count = 0;
  for (const LayerTime& layer : layers) {
    add(layer.name, layer.count, layer.default_s, layer.tuned_s);
    const auto times = static_cast<double>(layer.count);
    before = before && layer.default_s ? std::optional(*before + times * *layer.default_s)
                                       : std::nullopt;
    after = after && layer.tuned_s ? std::optional(*after + times * *layer.tuned_s) : std::nullopt;
    count += layer.count;
  }
  add("in all", count, before, after);
  return table.ToText();
}

std::optional<double> DefaultSeconds(const Workload& workload, const std::string& target,
                                     Env& env) {
  if (!target.starts_with("vta:")) return std::nullopt;
  const Result<vta::VtaMachine> machine = FindVtaMachine(env, target);
  if (!machine.ok()) return std::nullopt;
  return network::DefaultSeconds(workload, *machine);
}

}  // namespace foothold::cli
