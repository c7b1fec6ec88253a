#include "studies/networks/network_study.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <memory>

#include "base/parallel.h"
#include "network/compile/run.h"
#include "network/deploy/artefact.h"
#include "network/deploy/deployed.h"
#include "network/deploy/manifest.h"
#include "network/execute/execute.h"
#include "network/load.h"
#include "studies/networks/evaluation_inputs.h"

namespace foothold::studies {
namespace {

using network::CompiledNetwork;
using network::Graph;
using network::Index;
using network::Tensor;

constexpr std::string_view kModel = ".onnx";
constexpr std::string_view kInputs = ".inputs.npy";

std::size_t ClassOf(const Tensor& output) {
  const std::vector<float>& all = output.floats();
  return static_cast<std::size_t>(std::max_element(all.begin(), all.end()) - all.begin());
}

/// The longest family that the network's name begins with; empty when there is none.
std::string FamilyOf(const std::string& name, const std::vector<std::string>& files) {
  std::string family;
  for (const std::string& file : files) {
    if (!file.ends_with(kInputs)) continue;
    const std::string one = file.substr(0, file.size() - kInputs.size());
    if (name.starts_with(one) && one.size() > family.size()) family = one;
  }
  return family;
}

bool IsQuantised(const Graph& graph) {
  return std::any_of(graph.values.begin(), graph.values.end(),
                     [](const network::Value& value) { return value.quantisation.has_value(); });
}

/// What the networks of a family share.
struct Family {
  std::vector<Tensor> calibration;
  EvaluationInputs evaluation;
  std::vector<std::size_t> float_classes;  ///< of evaluation.inputs
};

/// Runs one network after the other; remembers what a family shares.
class Study {
 public:
  Study(Env& env, const NetworkStudyOptions& options,
        const std::function<void(const std::string&)>& progress,
        const std::function<bool()>& cancelled)
      : env_(env),
        options_(options),
        folder_(options.data + "/networks"),
        progress_(progress),
        cancelled_(cancelled) {}

  Result<std::optional<NetworkStudy>> Run() {
    FOOTHOLD_ASSIGN_OR_RETURN(files_, env_.ListDirectory(folder_));
    NetworkStudy study;
    for (const std::string& file : files_) {
      if (!file.ends_with(kModel)) continue;
      const std::string name = file.substr(0, file.size() - kModel.size());
      const auto& wanted = options_.networks;
      if (!wanted.empty() && std::count(wanted.begin(), wanted.end(), name) == 0) continue;
      auto figures = RunOne(name);
      if (cancelled_()) return std::optional<NetworkStudy>();
      FOOTHOLD_RETURN_IF_ERROR(figures.status());
      study.networks.push_back(std::move(figures).value());
    }
    if (study.networks.empty()) return Status::NotFound(folder_ + ": has no such network");
    return std::optional(std::move(study));
  }

 private:
  std::string PathOf(const std::string& name) const {
    return folder_ + "/" + name + std::string(kModel);
  }

  /// What each input gives; on all threads.
  std::vector<Tensor> OutputsOf(const Graph& graph, const std::vector<Tensor>& inputs) const {
    std::vector<std::optional<Tensor>> outputs(inputs.size());
    base::RunInParallel(
        inputs.size(), base::ThreadCount(options_.jobs),
        [&](std::size_t i) {
          outputs[i] = network::Execute(graph, {inputs[i]}).at(0);
          return true;
        },
        cancelled_);
    std::vector<Tensor> all;
    for (const auto& output : outputs) {
      if (output) all.push_back(*output);
    }
    return all;
  }

  std::vector<std::size_t> ClassesOf(const Graph& graph, const std::vector<Tensor>& inputs) const {
    std::vector<std::size_t> classes;
    for (const Tensor& output : OutputsOf(graph, inputs)) classes.push_back(ClassOf(output));
    return classes;
  }

  /// The float network of a family: its first file that holds no quantised values, else
  /// `name` itself, as real numbers.
  Result<Graph> FloatNetworkOf(const std::string& family, const std::string& name) {
    for (const std::string& file : files_) {
      if (!file.ends_with(kModel) || !file.starts_with(family)) continue;
      FOOTHOLD_ASSIGN_OR_RETURN(Graph graph, network::Load(env_, folder_ + "/" + file));
      if (!IsQuantised(graph)) return graph;
    }
    return network::LoadFloat(env_, PathOf(name));
  }

  Result<const Family*> FamilyFor(const std::string& family, const std::string& name) {
    auto& found = families_[family];
    if (found) return found.get();
    progress_(fmt::format("{}: the float network", family));
    FOOTHOLD_ASSIGN_OR_RETURN(const Graph floats, FloatNetworkOf(family, name));
    const network::Shape& shape = floats.at(floats.inputs.at(0)).shape;
    auto made = std::make_unique<Family>();
    FOOTHOLD_ASSIGN_OR_RETURN(made->calibration, CalibrationInputs(env_, folder_, family, shape));
    FOOTHOLD_ASSIGN_OR_RETURN(made->evaluation,
                              FindEvaluationInputs(env_, options_.data, shape, options_.inputs));
    made->float_classes = ClassesOf(floats, made->evaluation.inputs);
    found = std::move(made);
    return found.get();
  }

  Count Right(const Family& family, const std::vector<std::size_t>& classes) const {
    return Same(family.evaluation.labels, classes);
  }
  static Count Same(const std::vector<std::size_t>& a, const std::vector<std::size_t>& b) {
    Count count;
    count.of = std::min(a.size(), b.size());
    for (std::size_t i = 0; i < count.of; ++i) count.yes += a[i] == b[i] ? 1 : 0;
    return count;
  }

  Result<NetworkFigures> RunOne(const std::string& name) {
    NetworkFigures figures;
    figures.name = name;
    figures.family = FamilyOf(name, files_);
    if (figures.family.empty()) {
      return Status::NotFound(
          fmt::format("{}: no FAMILY.inputs.npy that {} begins with", folder_, name));
    }
    FOOTHOLD_ASSIGN_OR_RETURN(const Family* family, FamilyFor(figures.family, name));
    figures.inputs =
        fmt::format("{} {}", family->evaluation.inputs.size(), family->evaluation.what);
    FOOTHOLD_ASSIGN_OR_RETURN(const Graph file, network::Load(env_, PathOf(name)));
    figures.has_ranges = IsQuantised(file);
    progress_(name + ": as the file has it");
    const auto file_classes = ClassesOf(file, family->evaluation.inputs);
    figures.file_agrees = Same(family->float_classes, file_classes);
    if (!family->evaluation.labels.empty()) {
      figures.float_right = Right(*family, family->float_classes);
      figures.file_right = Right(*family, file_classes);
    }
    FOOTHOLD_RETURN_IF_ERROR(OnVta(name, *family, figures));
    return figures;
  }

  Status OnVta(const std::string& name, const Family& family, NetworkFigures& figures) {
    FOOTHOLD_ASSIGN_OR_RETURN(const Graph floats, network::LoadForShifts(env_, PathOf(name)));
    const std::vector<Tensor> samples =
        figures.has_ranges ? std::vector<Tensor>() : family.calibration;
    FOOTHOLD_ASSIGN_OR_RETURN(auto quantised,
                              network::QuantiseForShifts(floats, samples, options_.quantise));
    figures.quality = network::Compare(floats, quantised, family.calibration);
    progress_(name + ": compile");
    FOOTHOLD_ASSIGN_OR_RETURN(const CompiledNetwork compiled,
                              network::Compile(std::move(quantised.graph), options_.machine, {}));
    figures.share_of_macs = network::DeviceShare(compiled);
    figures.simulated_ms = 1e3 * compiled.DeviceSeconds();
    for (const network::HostNode& host : compiled.host) {
      figures.host.emplace_back(OperationName(compiled.graph.nodes[host.node].operation));
    }
    return CompareOutputs(name, family, compiled, figures);
  }

  /// Executor, simulator and the deployed folder over the same inputs.
  Status CompareOutputs(const std::string& name, const Family& family,
                        const CompiledNetwork& compiled, NetworkFigures& figures) {
    const std::vector<Tensor>& inputs = family.evaluation.inputs;
    progress_(name + ": the deployed folder");
    FOOTHOLD_ASSIGN_OR_RETURN(const auto deployed, DeployAndRun(name, family, compiled));
    progress_(name + ": the executor");
    const std::vector<Tensor> wanted = OutputsOf(compiled.graph, inputs);
    std::vector<std::size_t> classes;
    figures.folder_equals_executor.of = wanted.size();
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      classes.push_back(ClassOf(deployed.at(i)));
      if (deployed.at(i) == wanted[i]) ++figures.folder_equals_executor.yes;
    }
    for (std::size_t i = 0; i < std::min(options_.simulated, wanted.size()); ++i) {
      const auto run = network::RunOnSimulator(compiled, {inputs[i]});
      ++figures.simulator_equals_executor.of;
      if (*run.values[Index(compiled.graph.outputs[0])] == wanted[i]) {
        ++figures.simulator_equals_executor.yes;
      }
    }
    figures.vta_agrees = Same(family.float_classes, classes);
    if (!family.evaluation.labels.empty()) figures.vta_right = Right(family, classes);
    return {};
  }

  Result<std::vector<Tensor>> DeployAndRun(const std::string& name, const Family& family,
                                           const CompiledNetwork& compiled) {
    FOOTHOLD_ASSIGN_OR_RETURN(const std::string folder, env_.CreateTemporaryDirectory("networks"));
    const auto run = [&]() -> Result<std::vector<Tensor>> {
      const std::string out = folder + "/out";
      FOOTHOLD_RETURN_IF_ERROR(network::WriteArtefact(
          env_, out, compiled,
          {PathOf(name), "vta:" + options_.machine.name, {family.calibration.at(0)}}));
      FOOTHOLD_ASSIGN_OR_RETURN(const network::Deployed deployed, network::ReadDeployed(env_, out));
      return network::RunDeployed(env_, out, deployed, family.evaluation.inputs, cancelled_);
    };
    auto outputs = run();
    FOOTHOLD_RETURN_IF_ERROR(env_.RemoveTree(folder));
    return outputs;
  }

  Env& env_;
  const NetworkStudyOptions& options_;
  const std::string folder_;
  const std::function<void(const std::string&)>& progress_;
  const std::function<bool()>& cancelled_;
  std::vector<std::string> files_;
  std::map<std::string, std::unique_ptr<Family>> families_;
};

}  // namespace

Result<std::optional<NetworkStudy>> RunNetworkStudy(
    Env& env, const NetworkStudyOptions& options,
    const std::function<void(const std::string&)>& progress,
    const std::function<bool()>& cancelled) {
  auto study = Study(env, options, progress, cancelled).Run();
  if (study.ok() && *study) {
    (*study)->target = "vta:" + options.machine.name;
    (*study)->scales = ToString(options.quantise.scales);
  }
  return study;
}

}  // namespace foothold::studies
