#include "studies/real_board/fidelity_benchmark.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "base/json.h"
#include "base/statistics.h"
#include "base/table.h"
#include "targets/vta/compiler/assembler.h"
#include "targets/vta/compiler/tvm_template.h"

namespace foothold::studies {
namespace {

constexpr const char* kFateNames[] = {"ok", "compile", "runtime", "timeout"};

void Summarise(Fidelity::Layer& layer) {
  layer.rho = base::SpearmanRho(layer.predicted, layer.measured);
  std::vector<double> errors;
  for (std::size_t i = 0; i < layer.measured.size(); ++i) {
    errors.push_back(std::abs(layer.predicted[i] / layer.measured[i] - 1));
  }
  layer.median_error = base::Median(errors).value_or(0);
  layer.ninetieth_error = base::Quantile(errors, 0.9).value_or(0);
}

base::Json LayerJson(const Fidelity::Layer& layer) {
  return {{"name", layer.name},
          {"trials", layer.measured.size()},
          {"spearman_rho", layer.rho ? base::Json(*layer.rho) : base::Json(nullptr)},
          {"median_error", layer.median_error},
          {"ninetieth_percentile_error", layer.ninetieth_error}};
}

/// The board's table may hold anything; lowering takes what TVM's template has.
Status CheckValues(const vta::VtaMachine& machine, const BoardTrial& trial) {
  const auto space = vta::TvmTemplateSpace(trial.workload, machine.geometry);
  const Status status = space.ok() ? space->FromValues(trial.values).status() : space.status();
  if (status.ok() || trial.where.empty()) return status;
  return {status.code(), fmt::format("{}: {}", trial.where, status.message())};
}

}  // namespace

TrialFate RecordedFate(const BoardTrial& trial, const MeasuringProtocol& protocol) {
  if (trial.error_no == 0) return TrialFate::kOk;
  // AutoTVM 0.7 recorded a session that ran out of time as a device error; its length tells.
  if (trial.error_no >= 6 || trial.wall_seconds >= protocol.timeout_s) return TrialFate::kTimeout;
  return trial.error_no == 4 ? TrialFate::kRuntime : TrialFate::kCompile;
}

Result<TrialPrediction> PredictTrial(const vta::VtaMachine& machine, vta::Simulator& simulator,
                                     const BoardTrial& trial, const MeasuringProtocol& protocol) {
  FOOTHOLD_RETURN_IF_ERROR(CheckValues(machine, trial));
  FOOTHOLD_ASSIGN_OR_RETURN(const vta::BlockedShape shape,
                            vta::TvmTemplateShape(trial.workload, machine.geometry));
  const auto fate_of = [](const vta::Rejection& rejection) {
    return TrialPrediction{
        rejection.phase == vta::Phase::kJit ? TrialFate::kRuntime : TrialFate::kCompile, 0};
  };
  const auto lowered = vta::LowerTvmTemplate(trial.workload, machine.geometry, trial.values);
  if (const auto* rejection = std::get_if<vta::Rejection>(&lowered)) return fate_of(*rejection);
  const auto program = vta::Assemble(std::get<vta::LoweredProgram>(lowered), machine.geometry,
                                     vta::LayOut(shape, machine.geometry));
  if (const auto* rejection = std::get_if<vta::Rejection>(&program)) return fate_of(*rejection);
  vta::SimulationOptions options;
  options.breakdown = false;
  const double seconds =
      simulator.RunTiming(std::get<vta::DeviceProgram>(program), options).seconds;
  const double trial_seconds = protocol.overhead_s + protocol.calls_per_trial * seconds;
  return TrialPrediction{trial_seconds > protocol.timeout_s ? TrialFate::kTimeout : TrialFate::kOk,
                         seconds};
}

Result<Fidelity> MeasureFidelity(const vta::VtaMachine& machine,
                                 const std::vector<BoardTrial>& trials,
                                 const MeasuringProtocol& protocol) {
  Fidelity fidelity;
  fidelity.target = "vta:" + machine.name;
  fidelity.overall.name = "all layers";
  vta::Simulator simulator(machine.geometry, machine.timing);
  std::map<std::string, std::size_t> layers;
  for (const BoardTrial& trial : trials) {
    FOOTHOLD_ASSIGN_OR_RETURN(const TrialPrediction prediction,
                              PredictTrial(machine, simulator, trial, protocol));
    const TrialFate recorded = RecordedFate(trial, protocol);
    ++fidelity
          .confusion[static_cast<std::size_t>(recorded)][static_cast<std::size_t>(prediction.fate)];
    if (recorded != TrialFate::kOk || prediction.seconds <= 0) continue;
    const auto [layer, added] = layers.try_emplace(trial.workload.name, layers.size());
    if (added) fidelity.layers.emplace_back().name = trial.workload.name;
    for (Fidelity::Layer* group : {&fidelity.layers[layer->second], &fidelity.overall}) {
      group->measured.push_back(*trial.seconds);
      group->predicted.push_back(prediction.seconds);
    }
  }
  if (fidelity.layers.empty())
    return Status::InvalidArgument("no trial ran both on the board and in the prediction");
  for (Fidelity::Layer& layer : fidelity.layers) Summarise(layer);
  Summarise(fidelity.overall);
  return fidelity;
}

std::string RhoText(const Fidelity::Layer& layer) {
  return layer.rho ? fmt::format("{:.4f}", *layer.rho) : "-";
}

std::string ToText(const Fidelity& fidelity) {
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
  base::Table times =
      base::Table::OfNumbers({"time", "trials", "Spearman rho", "median error", "90th percentile"});
  const auto add = [&times](const Fidelity::Layer& layer) {
    times.AddRow({layer.name, std::to_string(layer.measured.size()), RhoText(layer),
                  fmt::format("{:.1f} %", 100 * layer.median_error),
                  fmt::format("{:.1f} %", 100 * layer.ninetieth_error)});
  };
  for (const Fidelity::Layer& layer : fidelity.layers) add(layer);
  add(fidelity.overall);
  return fmt::format("outcome, recorded (rows) against {} (columns)\n{}\n{}", fidelity.target,
                     outcomes.ToText(), times.ToText());
}

std::string ToJson(const Fidelity& fidelity) {
  base::Json json = {{"target", fidelity.target}};
  for (std::size_t recorded = 0; recorded < kTrialFates; ++recorded) {
    for (std::size_t predicted = 0; predicted < kTrialFates; ++predicted) {
      json["confusion"][kFateNames[recorded]][kFateNames[predicted]] =
          fidelity.confusion[recorded][predicted];
    }
  }
  for (const Fidelity::Layer& layer : fidelity.layers) json["layers"].push_back(LayerJson(layer));
  json["overall"] = LayerJson(fidelity.overall);
  return json.Dump(2);
}

}  // namespace foothold::studies
