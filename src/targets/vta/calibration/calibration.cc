#include "targets/vta/calibration/calibration.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "base/check.h"
#include "base/statistics.h"
#include "targets/vta/simulator/simulator.h"

namespace foothold::vta {
namespace {

constexpr std::size_t kMostConstants = 6;
constexpr double kErrorCap = 0.3;  // of |log(predicted / measured)|
constexpr double kSmallError = 0.02;
constexpr double kFirstStep = 0.5;
constexpr double kLeastStep = 0.002;

struct Sample {
  vta::DeviceProgram program;
  double seconds;
  std::size_t layer;
  std::size_t session;
};

const vta::TimingFigure* FindFigure(const std::string& name) {
  for (const vta::TimingFigure& figure : vta::TimingFigures()) {
    if (figure.name == name) return &figure;
  }
  return nullptr;
}

/// What the search moves: the constants, then the session figures' value in each session after the
/// first.
using Point = std::vector<double>;

class Fit {
 public:
  Fit(const vta::VtaMachine& machine, const CalibrationOptions& options,
      const std::vector<Sample>& samples, std::size_t sessions)
      : machine_(machine),
        options_(options),
        samples_(samples),
        sessions_(options.session_figures.empty() ? 1 : sessions) {}

  Point Start() const {
    Point point;
    for (const FittedConstant& constant : options_.constants) {
      point.push_back(FindFigure(constant.figures.front())->In(machine_.timing));
    }
    for (std::size_t s = 1; s < sessions_; ++s) {
      point.push_back(FindFigure(options_.session_figures.front())->In(machine_.timing));
    }
    return point;
  }

  /// The fitted profile as it is in one session; the first session's is the machine's.
  vta::Timing TimingAt(const Point& point, std::size_t session) const {
    vta::Timing timing = machine_.timing;
    const auto set = [&timing](const std::string& name, double value) {
      const vta::TimingFigure* figure = FindFigure(name);
      figure->In(timing) = std::clamp(value, figure->min, figure->max);
    };
    for (std::size_t c = 0; c < options_.constants.size(); ++c) {
      for (const std::string& name : options_.constants[c].figures) set(name, point[c]);
    }
    if (session > 0) {
      const double value = point[options_.constants.size() + session - 1];
      for (const std::string& name : options_.session_figures) set(name, value);
    }
    return timing;
  }

  /// |predicted / measured - 1| of the samples that `use` selects.
  template <typename Use>
  std::vector<double> Errors(const Point& point, const Use& use) const {
    std::vector<double> errors;
    ForEachPrediction(point, use, [&](double ratio) { errors.push_back(std::abs(ratio - 1)); });
    return errors;
  }

  /// Hooke and Jeeves' pattern search ("Direct Search" Solution of Numerical and Statistical
  /// Problems, 1961): try each coordinate by a factor, then repeat the whole move while it helps;
  /// halve the steps when nothing does.
  template <typename Use>
  Point Search(const Point& start, double step, const Use& use) const {
    Point base = start;
    double base_loss = Loss(base, use);
    for (; step > kLeastStep; step /= 2) {
      while (true) {
        Point moved = base;
        double moved_loss = base_loss;
        Explore(use, step, moved, moved_loss);
        if (!(moved_loss < base_loss * (1 - 1e-6))) break;
        Point pattern = moved;
        for (std::size_t i = 0; i < pattern.size(); ++i)
          pattern[i] = std::max(0.0, 2 * moved[i] - base[i]);
        base = moved;
        base_loss = moved_loss;
        double pattern_loss = Loss(pattern, use);
        Explore(use, step, pattern, pattern_loss);
        if (pattern_loss < base_loss) {
          base = pattern;
          base_loss = pattern_loss;
        }
      }
    }
    return base;
  }

 private:
  /// Moves each coordinate up or down where that lowers the loss.
  template <typename Use>
  void Explore(const Use& use, double step, Point& point, double& loss) const {
    for (std::size_t i = 0; i < point.size(); ++i) {
      const double old = point[i];
      for (const double direction : {1.0, -1.0}) {
        // Additive near zero, so that a constant can leave it.
        point[i] = std::max(0.0, old + direction * step * std::max(old, 0.1));
        const double moved = Loss(point, use);
        if (moved < loss) {
          loss = moved;
          break;
        }
        point[i] = old;
      }
    }
  }

  /// Quadratic for small errors, so that the search finds its way down valleys; linear for larger
  /// ones, and capped.
  template <typename Use>
  double Loss(const Point& point, const Use& use) const {
    double sum = 0;
    ForEachPrediction(point, use, [&](double ratio) {
      const double error = std::min(std::abs(std::log(ratio)), kErrorCap) / kSmallError;
      sum += std::sqrt(1 + error * error) - 1;
    });
    return sum;
  }

  template <typename Use, typename Visit>
  void ForEachPrediction(const Point& point, const Use& use, const Visit& visit) const {
    vta::SimulationOptions no_breakdown;
    no_breakdown.breakdown = false;
    for (std::size_t session = 0; session < sessions_; ++session) {
      vta::Simulator simulator(machine_.geometry, TimingAt(point, session));
      for (const Sample& sample : samples_) {
        if ((sessions_ > 1 && sample.session != session) || !use(sample)) continue;
        visit(simulator.RunTiming(sample.program, no_breakdown).seconds / sample.seconds);
      }
    }
  }

  const vta::VtaMachine& machine_;
  const CalibrationOptions& options_;
  const std::vector<Sample>& samples_;
  const std::size_t sessions_;
};

Status CheckOptions(const CalibrationOptions& options) {
  if (options.constants.empty() || options.constants.size() > kMostConstants) {
    return Status::InvalidArgument(fmt::format("{} constants to fit, must be 1 to {}",
                                               options.constants.size(), kMostConstants));
  }
  std::vector<std::string> names = options.session_figures;
  for (const FittedConstant& constant : options.constants) {
    names.insert(names.end(), constant.figures.begin(), constant.figures.end());
  }
  for (const std::string& name : names) {
    if (FindFigure(name) == nullptr) {
      return Status::InvalidArgument(fmt::format("there is no timing figure \"{}\"", name));
    }
  }
  return {};
}

/// Numbers sessions by time: a pause longer than the gap starts a new one.
std::vector<std::size_t> Sessions(const std::vector<MeasuredSchedule>& schedules, double gap_s,
                                  std::size_t& count) {
  std::vector<std::size_t> order(schedules.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return schedules[a].wall_clock < schedules[b].wall_clock;
  });
  std::vector<std::size_t> session(schedules.size(), 0);
  count = schedules.empty() ? 0 : 1;
  for (std::size_t i = 1; i < order.size(); ++i) {
    count += schedules[order[i]].wall_clock - schedules[order[i - 1]].wall_clock > gap_s;
    session[order[i]] = count - 1;
  }
  return session;
}

CalibrationError Summarise(const std::vector<double>& errors) {
  return {base::Median(errors).value_or(0), base::Quantile(errors, 0.9).value_or(0)};
}

}  // namespace

CalibrationOptions HlsCalibration() {
  return {{{"host us per call", {"host_us_per_call"}},
           {"host us per instruction", {"host_us_per_instruction"}},
           {"cycles per DMA row", {"load_inp.per_row", "load_wgt.per_row", "load_acc.per_row"}},
           {"cycles per weight burst", {"load_wgt.per_burst"}}},
          {"alu_imm.per_uop"}};
}

Result<Calibration> Calibrate(const vta::VtaMachine& machine,
                              const std::vector<MeasuredSchedule>& schedules,
                              const CalibrationOptions& options) {
  FOOTHOLD_RETURN_IF_ERROR(CheckOptions(options));
  std::size_t sessions = 0;
  const std::vector<std::size_t> session = Sessions(schedules, options.session_gap_s, sessions);
  Calibration result;
  std::vector<Sample> samples;
  std::map<std::string, std::size_t> layers;
  for (std::size_t i = 0; i < schedules.size(); ++i) {
    FOOTHOLD_ASSIGN_OR_RETURN(auto program,
                              CompileSchedule(machine, schedules[i].workload, schedules[i].values));
    if (!program) {
      ++result.rejected;
      continue;
    }
    const std::size_t layer =
        layers.try_emplace(ToString(schedules[i].workload), layers.size()).first->second;
    samples.push_back({*std::move(program), schedules[i].seconds, layer, session[i]});
  }
  if (layers.size() < 2) {
    return Status::InvalidArgument(
        fmt::format("the log has valid schedules of {} layer{}, calibration needs at least 2",
                    layers.size(), layers.size() == 1 ? "" : "s"));
  }

  const Fit fit(machine, options, samples, sessions);
  const auto all = [](const Sample&) { return true; };
  const Point point = fit.Search(fit.Start(), kFirstStep, all);
  result.schedules = samples.size();
  result.timing = fit.TimingAt(point, 0);
  const auto constants = static_cast<std::ptrdiff_t>(options.constants.size());
  result.values.assign(point.begin(), point.begin() + constants);
  result.session_values.assign(point.begin() + constants, point.end());
  result.fit = Summarise(fit.Errors(point, all));

  std::vector<double> left_out;
  for (std::size_t layer = 0; layer < layers.size(); ++layer) {
    const Point others = fit.Search(
        point, kFirstStep / 4, [layer](const Sample& sample) { return sample.layer != layer; });
    const auto errors =
        fit.Errors(others, [layer](const Sample& sample) { return sample.layer == layer; });
    left_out.insert(left_out.end(), errors.begin(), errors.end());
  }
  result.leave_one_layer_out = Summarise(left_out);
  return result;
}

std::string ToText(const Calibration& calibration, const CalibrationOptions& options) {
  std::string text = fmt::format("{} schedules used, {} not valid on this machine\n\n",
                                 calibration.schedules, calibration.rejected);
  for (std::size_t c = 0; c < options.constants.size(); ++c) {
    text += fmt::format("  {:30} {:10.3f}\n", options.constants[c].name, calibration.values[c]);
  }
  for (std::size_t s = 0; s < calibration.session_values.size(); ++s) {
    text += fmt::format("  {:30} {:10.3f}  (session {} of the log only)\n",
                        options.session_figures.front(), calibration.session_values[s], s + 2);
  }
  const auto line = [&text](const char* name, const CalibrationError& error) {
    text += fmt::format("  {:30} median {:5.1f} %, 90th percentile {:5.1f} %\n", name,
                        100 * error.median, 100 * error.ninetieth);
  };
  text += "\n";
  line("error on the log", calibration.fit);
  line("error, one layer left out", calibration.leave_one_layer_out);
  return text;
}

}  // namespace foothold::vta
