#include "studies/real_board/fidelity_benchmark.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "base/statistics.h"
#include "targets/vta/compiler/assembler.h"
#include "targets/vta/compiler/tvm_template.h"

namespace foothold::studies {
namespace {

void Summarise(Fidelity::Layer& layer) {
  layer.rho = base::SpearmanRho(layer.predicted, layer.measured);
  std::vector<double> errors;
  for (std::size_t i = 0; i < layer.measured.size(); ++i) {
    errors.push_back(std::abs(layer.predicted[i] / layer.measured[i] - 1));
  }
  layer.median_error = base::Median(errors).value_or(0);
  layer.ninetieth_error = base::Quantile(errors, 0.9).value_or(0);
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

}  // namespace foothold::studies
