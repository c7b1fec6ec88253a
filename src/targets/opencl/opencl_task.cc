#include "targets/opencl/opencl_task.h"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <utility>

#include "base/json.h"
#include "base/text.h"
#include "core/target/program_of.h"
#include "targets/child/output_line.h"
#include "targets/child/process_failure.h"
#include "targets/child/used_files.h"
#include "targets/opencl/argument_data.h"

namespace foothold::opencl {
namespace {

constexpr const char* kBinary = "program.bin";
constexpr double kBuildTimeout_s = 300;
/// Of all arguments together: beyond it something else than the kernel is measured.
constexpr std::int64_t kMaxBytes = std::int64_t{2} << 30;

std::string ToText(const std::array<std::int64_t, 3>& sizes) { return base::Joined(sizes, " x "); }

const char* ToText(AccessType access) {
  static constexpr const char* kWords[] = {"ReadOnly", "WriteOnly", "ReadWrite"};
  return kWords[static_cast<std::size_t>(access)];
}

/// Elements of the argument; 0 of what has no memory of its own, or depends on the config.
Result<std::int64_t> CountOf(const Argument& argument, const Workload& workload,
                             const Names& names) {
  if (argument.memory != MemoryType::kVector) return 0;
  FOOTHOLD_ASSIGN_OR_RETURN(const std::int64_t count, names.Count(*argument.size));
  const auto element = static_cast<std::int64_t>(argument.type->bytes) * argument.width;
  if (count > kMaxBytes / element) {
    return Status::InvalidArgument(fmt::format("{}: is {}, which is more than {} bytes",
                                               argument.size->where, base::WithThousands(count),
                                               base::WithThousands(kMaxBytes)));
  }
  if (argument.tensor && workload.type != ElementType::kInt8) {
    return Status::InvalidArgument(fmt::format(
        "{}: is a tensor of {}, which is {}; only tensors of int8 workloads are given",
        argument.size->where, foothold::ToString(workload), foothold::ToString(workload.type)));
  }
  if (argument.tensor && TensorByteCount(workload, *argument.tensor) != count * element) {
    return Status::InvalidArgument(
        fmt::format("{}: is {}, but the tensor of {} has {}", argument.size->where,
                    base::WithThousands(count), ToString(workload),
                    base::WithThousands(TensorByteCount(workload, *argument.tensor) / element)));
  }
  return count;
}

RunResult Judge(const RunnerReport& report) {
  if (report.failure) {
    return child::FailedRun(report.failure->outcome, report.failure->stage, report.failure->reason);
  }
  RunResult result;
  result.seconds = report.seconds;
  return result;
}

/// "local memory: needs 2,097,152 B of 1,048,576 B" when a kernel wants more than the device has,
/// else empty: some drivers do not say so, and crash.
std::string LocalMemoryNote(const Metrics& metrics) {
  const auto needed = metrics.find("kernel.local_bytes");
  const auto available = metrics.find("device.local_bytes");
  if (needed == metrics.end() || available == metrics.end() ||
      needed->second <= available->second) {
    return "";
  }
  return fmt::format("local memory: needs {} B of {} B",
                     base::WithThousands(static_cast<std::int64_t>(needed->second)),
                     base::WithThousands(static_cast<std::int64_t>(available->second)));
}

BuildResult NoSize(const Status& status) {
  return child::FailedBuild("size", child::Printable(status.message()));
}

/// Compilers name the file that they copied the source to, in the candidate's folder: it has
/// another name each time, and says less than the source's own.
std::string NamingTheSource(std::string text, const std::string& folder,
                            const std::string& source) {
  const std::string name = std::filesystem::path(source).filename().string();
  for (std::size_t at = text.find(folder); at != std::string::npos; at = text.find(folder, at)) {
    const std::size_t end = std::min(text.find_first_of(":\"' ", at), text.size());
    text.replace(at, end - at, name);
    at += name.size();
  }
  return text;
}

}  // namespace

Result<std::unique_ptr<TargetTask>> OpenclTask::Create(Env& env, const Runner& runner,
                                                       KernelFile file, const Workload& workload,
                                                       Device device) {
  if (file.workload && !ComputeTheSame(*file.workload, workload)) {
    return Status::InvalidArgument(fmt::format("{}: Foothold.Workload: is {}, not {}", file.path,
                                               foothold::ToString(*file.workload),
                                               foothold::ToString(workload)));
  }
  const Names names = Names::WithoutConfig(file, workload);
  std::vector<std::int64_t> counts;
  std::int64_t bytes = 0;
  for (const Argument& argument : file.arguments) {
    if (argument.size) FOOTHOLD_RETURN_IF_ERROR(names.Check(*argument.size));
    if (argument.fill.value) FOOTHOLD_RETURN_IF_ERROR(names.Check(*argument.fill.value));
    FOOTHOLD_ASSIGN_OR_RETURN(counts.emplace_back(), CountOf(argument, workload, names));
    bytes += counts.back() * argument.width * static_cast<std::int64_t>(argument.type->bytes);
  }
  if (bytes > kMaxBytes) {
    return Status::InvalidArgument(fmt::format("{}: the arguments have {} bytes, may have {}",
                                               file.path, base::WithThousands(bytes),
                                               base::WithThousands(kMaxBytes)));
  }
  for (const auto* sizes : {&file.launch.local, &file.launch.global}) {
    for (const Formula& size : *sizes) FOOTHOLD_RETURN_IF_ERROR(names.Check(size));
  }
  FOOTHOLD_RETURN_IF_ERROR(env.ReadFile(file.launch.source).status());
  Result<child::OwnedFolder> data = child::OwnedFolder::Create(env, "foothold-opencl-data-");
  if (!data.ok()) return data.status();
  std::unique_ptr<OpenclTask> task(new OpenclTask(env, runner, std::move(file), workload,
                                                  std::move(device), std::move(counts),
                                                  *std::move(data)));
  return std::unique_ptr<TargetTask>(std::move(task));
}

OpenclTask::OpenclTask(Env& env, const Runner& runner, KernelFile file, Workload workload,
                       Device device, std::vector<std::int64_t> counts, child::OwnedFolder data)
    : env_(env),
      runner_(runner),
      file_(std::move(file)),
      workload_(std::move(workload)),
      device_(std::move(device)),
      traits_{.target = "opencl:" + file_.path},
      counts_(std::move(counts)),
      data_(std::move(data)) {}

std::vector<Constraint> OpenclTask::KnownConstraints() const {
  std::vector<std::string> used;
  for (const Formula& size : file_.launch.local) {
    for (const t1::Expression::Name& name : size.expression.Names()) {
      const auto& parameters = file_.tuning.parameters;
      const bool is_parameter =
          std::any_of(parameters.begin(), parameters.end(),
                      [&](const t1::TuningParameter& known) { return known.name == name.name; });
      const bool is_new = std::find(used.begin(), used.end(), name.name) == used.end();
      if (is_parameter && is_new) used.push_back(name.name);
    }
  }
  if (used.empty()) return {};
  // Owns what it reads: a constraint may outlive its task.
  const auto fits = [file = file_, workload = workload_, device = device_,
                     used](std::span<const std::int64_t> values) {
    // The other parameters do not matter to the local size; any choice will do.
    Config config{std::vector<std::uint32_t>(file.tuning.parameters.size(), 0)};
    for (std::size_t i = 0; i < config.choices.size(); ++i) {
      const Parameter& parameter = file.tuning.space.parameters()[i];
      const auto at = std::find(used.begin(), used.end(), parameter.name);
      if (at == used.end()) continue;
      const std::int64_t value = values[static_cast<std::size_t>(at - used.begin())];
      const auto choice = std::find(parameter.values.begin(), parameter.values.end(), value);
      config.choices[i] = static_cast<std::uint32_t>(choice - parameter.values.begin());
    }
    const auto sizes = SizesOf(file.launch, Names::Of(file, workload, config));
    if (!sizes.ok()) return true;  // what has no size is no matter of the device
    double items = 1;
    for (std::size_t i = 0; i < sizes->local.size(); ++i) {
      if (sizes->local[i] > device.max_work_items[i]) return false;
      items *= static_cast<double>(sizes->local[i]);
    }
    return items <= static_cast<double>(device.max_work_group);
  };
  return {Constraint::Where(fmt::format("a work-group has at most {} work-items, {} by dimension",
                                        device_.max_work_group, ToText(device_.max_work_items)),
                            used, fits)};
}

Result<OpenclTask::LaunchSizes> OpenclTask::SizesOf(const Launchable& launch, const Names& names) {
  LaunchSizes sizes;
  for (std::size_t i = 0; i < sizes.local.size(); ++i) {
    FOOTHOLD_ASSIGN_OR_RETURN(sizes.local[i], names.Count(launch.local[i]));
    FOOTHOLD_ASSIGN_OR_RETURN(sizes.global[i], names.Count(launch.global[i]));
    if (launch.global_counts_groups &&
        __builtin_mul_overflow(sizes.global[i], sizes.local[i], &sizes.global[i])) {
      return Status::InvalidArgument(
          fmt::format("{}: has too many work-items", launch.global[i].where));
    }
  }
  return sizes;
}

std::string OpenclTask::OptionsOf(const Config& config) const {
  std::vector<std::string> options = file_.compiler_options;
  for (std::size_t i = 0; i < file_.tuning.parameters.size(); ++i) {
    const t1::Value& value = file_.tuning.ValueOf(config, i);
    const auto* truth = std::get_if<bool>(&value.held);  // C has no True
    options.push_back(
        fmt::format("-D{}={}", file_.tuning.parameters[i].name,
                    truth != nullptr ? std::string(*truth ? "1" : "0") : t1::ToText(value)));
  }
  return base::Joined(options, " ");
}

bool OpenclTask::IsCompared(const Argument& argument) const {
  if (argument.memory != MemoryType::kVector || argument.access == AccessType::kReadOnly) {
    return false;
  }
  return argument.reference || argument.tensor == Tensor::kOutput || file_.reference_kernel;
}

std::string OpenclTask::InputPath(std::size_t argument) const {
  return fmt::format("{}/input-{}", data_.path(), argument);
}

std::string OpenclTask::ReferencePath(std::size_t argument) const {
  return fmt::format("{}/reference-{}", data_.path(), argument);
}

Result<std::string> OpenclTask::RequestFor(const Launchable& launch, const Names& names,
                                           const std::string& options, bool is_reference) const {
  FOOTHOLD_ASSIGN_OR_RETURN(const LaunchSizes sizes, SizesOf(launch, names));
  base::Json request = {
      {"device", {{"platform", device_.platform}, {"device", device_.device}, {"name", ""}}},
      {"source", launch.source},
      {"kernel", launch.kernel_name},
      {"options", options},
      {"binary", kBinary},
      {"local", sizes.local},
      {"global", sizes.global},
      {"repeats", file_.repeats},
      {"arguments", base::Json::Array()}};
  for (std::size_t i = 0; i < file_.arguments.size(); ++i) {
    const Argument& argument = file_.arguments[i];
    base::Json json = {{"name", argument.name}, {"access", ToText(argument.access)}};
    if (argument.memory == MemoryType::kLocal) {
      FOOTHOLD_ASSIGN_OR_RETURN(const std::int64_t count, names.Count(*argument.size));
      std::int64_t bytes = static_cast<std::int64_t>(argument.type->bytes) * argument.width;
      if (__builtin_mul_overflow(bytes, count, &bytes)) {
        return Status::InvalidArgument(fmt::format("{}: is too large", argument.size->where));
      }
      json["kind"] = "local";
      json["bytes"] = bytes;
    } else {
      json["kind"] = argument.memory == MemoryType::kScalar ? "scalar" : "buffer";
      json["input"] = InputPath(i);
    }
    const bool is_given = argument.reference || argument.tensor == Tensor::kOutput;
    if (is_reference && IsCompared(argument) && !is_given) json["output"] = ReferencePath(i);
    if (!is_reference && IsCompared(argument)) {
      Tolerance tolerance = argument.reference       ? argument.reference->tolerance
                            : file_.reference_kernel ? file_.reference_kernel->tolerance
                                                     : Tolerance{};
      if (argument.tensor == Tensor::kOutput) tolerance = {"SideBySideComparison", 0};
      json["reference"] = {{"path", ReferencePath(i)},
                           {"type", argument.type->name},
                           {"method", tolerance.method},
                           {"threshold", tolerance.threshold}};
    }
    request["arguments"].push_back(std::move(json));
  }
  return request.Dump();
}

Result<Dependencies> OpenclTask::DependsOn(Env& env) const {
  Dependencies dependencies = {
      {"device", fmt::format("{} ({})", device_.name, device_.platform_name)},
      {"driver", fmt::format("{}, {}", device_.version, device_.driver)},
  };
  child::UsedFiles files(env, std::filesystem::absolute(file_.path).parent_path().string());
  for (const std::string& option : file_.compiler_options) files.AddIncludeFolders(option);
  FOOTHOLD_RETURN_IF_ERROR(files.Add(file_.path));
  FOOTHOLD_RETURN_IF_ERROR(files.Add(file_.launch.source));
  if (file_.reference_kernel) {
    FOOTHOLD_RETURN_IF_ERROR(files.Add(file_.reference_kernel->launch.source));
  }
  for (const Argument& argument : file_.arguments) {
    const std::string& input = argument.fill.path;
    if (!input.empty()) FOOTHOLD_RETURN_IF_ERROR(files.Add(input));
    if (argument.reference && !argument.reference->fill.path.empty()) {
      FOOTHOLD_RETURN_IF_ERROR(files.Add(argument.reference->fill.path));
    }
  }
  dependencies.merge(files.Take());
  return dependencies;
}

BuildResult OpenclTask::Build(const Config& config) const {
  const Names names = Names::Of(file_, workload_, config);
  const Result<std::string> request = RequestFor(file_.launch, names, OptionsOf(config), false);
  if (!request.ok()) return NoSize(request.status());
  BuildResult built;
  auto metrics = std::make_shared<Metrics>();  // a build again says the same
  auto folder = child::BuiltFolder::Create(
      env_, "foothold-candidate-", [this, request = *request, metrics](const std::string& path) {
        return BuildIn(path, request, *metrics);
      });
  built.status = folder.status();
  if (!built.status.ok()) return built;
  auto failed = (*folder)->Build(fmt::format("{}/{}", (*folder)->path(), kBinary));
  if (failed) return *std::move(failed);
  return target::Built(*std::move(folder), *metrics);
}

std::optional<BuildResult> OpenclTask::BuildIn(const std::string& folder,
                                               const std::string& request, Metrics& metrics) const {
  BuildResult unknown;
  unknown.status = env_.WriteFileAtomically(folder + "/" + Runner::kRequest, request);
  if (!unknown.status.ok()) return unknown;
  const ProcessLimits limits = child::CandidateLimits(kBuildTimeout_s);
  const Result<ProcessResult> process = runner_.Do("build", folder, limits);
  unknown.status = process.status();
  if (!unknown.status.ok()) return unknown;
  if (!process->succeeded()) {
    return child::FailedBuild(
        child::StepOf(process->end),
        child::ReasonOf(*process, limits, child::LastLine(process->err.text)));
  }
  Result<RunnerReport> report = ParseRunnerReport(process->out.text);
  if (!report.ok())
    return child::FailedBuild("result", child::Printable(report.status().message()));
  if (!report->unavailable.empty()) {
    unknown.status = Status::Unavailable(report->unavailable);
    return unknown;
  }
  if (report->failure) {
    return child::FailedBuild(report->failure->stage, NamingTheSource(report->failure->reason,
                                                                      folder, file_.launch.source));
  }
  metrics = std::move(report->metrics);
  return std::nullopt;
}

RunResult OpenclTask::Run(const Program& program, const RunOptions& options) const {
  const child::BuiltFolder& folder = *target::ValueOf<std::unique_ptr<child::BuiltFolder>>(program);
  if (Status status = EnsureData(); !status.ok()) return child::UnknownRun(std::move(status));
  const ProcessLimits limits = child::CandidateLimits(options.timeout_s);
  const char* what = options.verify ? "run" : "run-unverified";
  return folder.Run([&] { return runner_.Do(what, folder.path(), limits); },
                    [&](const Result<ProcessResult>& process) {
                      return JudgeRun(process, limits, program.metrics());
                    });
}

RunResult OpenclTask::JudgeRun(const Result<ProcessResult>& process, const ProcessLimits& limits,
                               const Metrics& built) const {
  if (!process.ok()) return child::UnknownRun(process.status());
  const std::string note = LocalMemoryNote(built);
  const std::string separator = note.empty() ? "" : "; ";
  RunResult result;
  if (!process->succeeded()) {
    result = child::FailedRun(
        child::IsTimeLimit(process->end) ? Outcome::kTimeout : Outcome::kRuntime,
        child::StepOf(process->end),
        note + separator + child::ReasonOf(*process, limits, child::LastLine(process->err.text)));
  } else if (Result<RunnerReport> report = ParseRunnerReport(process->out.text); !report.ok()) {
    result =
        child::FailedRun(Outcome::kRuntime, "result", child::Printable(report.status().message()));
  } else if (!report->unavailable.empty()) {
    return child::UnknownRun(Status::Unavailable(report->unavailable));
  } else if (report->seconds.empty() && !report->failure) {
    result = child::FailedRun(Outcome::kRuntime, "result", "reported no seconds");
  } else {
    result = Judge(*report);
    if (result.outcome() == Outcome::kRuntime) result.failure->reason += separator + note;
  }
  result.metrics.merge(child::MetricsOf(*process));
  return result;
}

Status OpenclTask::EnsureData() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (data_status_ && data_status_->ok() && !DataIsThere()) {
    FOOTHOLD_RETURN_IF_ERROR(data_.Restore());
    data_status_.reset();
  }
  if (!data_status_ || !data_status_->ok()) data_status_ = MakeData();
  return *data_status_;
}

bool OpenclTask::DataIsThere() const {
  if (!data_.IsUsable()) return false;
  for (std::size_t i = 0; i < file_.arguments.size(); ++i) {
    const Argument& argument = file_.arguments[i];
    if (argument.memory != MemoryType::kLocal && !env_.FileExists(InputPath(i))) return false;
    if (IsCompared(argument) && !env_.FileExists(ReferencePath(i))) return false;
  }
  return true;
}

Status OpenclTask::MakeData() const {
  const Names names = Names::WithoutConfig(file_, workload_);
  for (std::size_t i = 0; i < file_.arguments.size(); ++i) {
    FOOTHOLD_RETURN_IF_ERROR(MakeFile(i, names));
  }
  return file_.reference_kernel ? ComputeReference() : Status();
}

Status OpenclTask::MakeFile(std::size_t index, const Names& names) const {
  const Argument& argument = file_.arguments[index];
  if (argument.memory == MemoryType::kLocal) return {};
  const std::int64_t count = argument.memory == MemoryType::kScalar ? 1 : counts_[index];
  std::string bytes;
  if (argument.tensor && *argument.tensor != Tensor::kOutput) {
    bytes = TensorBytes(workload_, *argument.tensor);
  } else {
    FOOTHOLD_ASSIGN_OR_RETURN(bytes, MakeBytes(env_, argument, argument.fill, count, names));
  }
  FOOTHOLD_RETURN_IF_ERROR(env_.WriteFileAtomically(InputPath(index), bytes));
  if (argument.tensor == Tensor::kOutput) {
    return env_.WriteFileAtomically(ReferencePath(index), TensorBytes(workload_, Tensor::kOutput));
  }
  if (!argument.reference) return {};
  FOOTHOLD_ASSIGN_OR_RETURN(bytes,
                            MakeBytes(env_, argument, argument.reference->fill, count, names));
  return env_.WriteFileAtomically(ReferencePath(index), bytes);
}

/// Runs the reference kernel once. What the file gives a reference of its own keeps it.
Status OpenclTask::ComputeReference() const {
  const auto wrong = [&](const std::string& what) {
    return Status::InvalidArgument(
        fmt::format("{}: Foothold.ReferenceKernel: {}", file_.path, what));
  };
  const Names names = Names::WithoutConfig(file_, workload_);
  const Result<std::string> request = RequestFor(file_.reference_kernel->launch, names,
                                                 base::Joined(file_.compiler_options, " "), true);
  if (!request.ok()) return request.status();
  FOOTHOLD_ASSIGN_OR_RETURN(const child::OwnedFolder folder,
                            child::OwnedFolder::Create(env_, "foothold-reference-"));
  FOOTHOLD_RETURN_IF_ERROR(
      env_.WriteFileAtomically(folder.path() + "/" + Runner::kRequest, *request));
  const ProcessLimits limits = child::CandidateLimits(kBuildTimeout_s);
  FOOTHOLD_ASSIGN_OR_RETURN(const ProcessResult process,
                            runner_.Do("reference", folder.path(), limits));
  if (!process.succeeded()) {
    return wrong(child::ReasonOf(process, limits, child::LastLine(process.err.text)));
  }
  FOOTHOLD_ASSIGN_OR_RETURN(const RunnerReport report, ParseRunnerReport(process.out.text));
  if (!report.unavailable.empty()) return Status::Unavailable(report.unavailable);
  if (report.failure) {
    return wrong(foothold::ToString(*report.failure));
  }
  return {};
}

Explanation OpenclTask::Explain(const Config& config) const {
  Explanation e = TargetTask::Explain(config);
  e.config = file_.tuning.ToString(config);
  e.facts = {{"device", device_.name},
             {"platform", device_.platform_name},
             {"options", OptionsOf(config)}};
  const auto sizes = SizesOf(file_.launch, Names::Of(file_, workload_, config));
  if (!sizes.ok()) {
    if (!e.failure) e.failure = NoSize(sizes.status()).failure;
    return e;
  }
  const auto& [local, global] = *sizes;
  e.facts.push_back({"global", std::vector(global.begin(), global.end())});
  e.facts.push_back({"local", std::vector(local.begin(), local.end())});
  e.facts.push_back({"group", local[0] * local[1] * local[2], "items"});
  e.facts.push_back({"max group", device_.max_work_group, "items"});
  return e;
}

}  // namespace foothold::opencl
