#include "process/testing/fault_env.h"

#include <utility>

#include "base/check.h"

namespace foothold::process {

class FaultEnv::File final : public AppendFile {
 public:
  File(FaultEnv* env, std::unique_ptr<AppendFile> base) : env_(env), base_(std::move(base)) {}

  Status Append(std::string_view data) override {
    const Verdict verdict = env_->Count(Operation::kAppend);
    if (verdict.status.ok()) return base_->Append(data);
    if (verdict.torn_bytes > 0) {
      FOOTHOLD_RETURN_IF_ERROR(base_->Append(data.substr(0, verdict.torn_bytes)));
    }
    return verdict.status;
  }

  Status Sync() override {
    FOOTHOLD_RETURN_IF_ERROR(env_->Count(Operation::kSync).status);
    return base_->Sync();
  }

  Status Truncate(std::uint64_t bytes) override {
    FOOTHOLD_RETURN_IF_ERROR(env_->Count(Operation::kTruncate).status);
    return base_->Truncate(bytes);
  }

  Result<FileInfo> Info() override { return base_->Info(); }

 private:
  FaultEnv* const env_;
  const std::unique_ptr<AppendFile> base_;
};

void FaultEnv::FailNth(Operation operation, int n, Status status) {
  SetFault(operation, {n, false, std::nullopt, std::move(status)});
}

void FaultEnv::FailFrom(Operation operation, int n, Status status) {
  SetFault(operation, {n, true, std::nullopt, std::move(status)});
}

void FaultEnv::TearAppend(int n, std::size_t bytes, Status status) {
  SetFault(Operation::kAppend, {n, true, bytes, std::move(status)});
}

void FaultEnv::SetFault(Operation operation, Fault fault) {
  FOOTHOLD_CHECK(fault.calls_until >= 1 && !fault.status.ok());
  const std::scoped_lock lock(mutex_);
  faults_[static_cast<std::size_t>(operation)] = std::move(fault);
}

void FaultEnv::ClearFaults() {
  const std::scoped_lock lock(mutex_);
  faults_ = {};
}

int FaultEnv::calls(Operation operation) const {
  const std::scoped_lock lock(mutex_);
  return calls_[static_cast<std::size_t>(operation)];
}

FaultEnv::Verdict FaultEnv::Count(Operation operation) {
  const std::scoped_lock lock(mutex_);
  const auto index = static_cast<std::size_t>(operation);
  ++calls_[index];
  std::optional<Fault>& fault = faults_[index];
  if (!fault) return {};
  if (fault->calls_until > 1) {
    --fault->calls_until;
    return {};
  }
  const Verdict verdict{fault->status, std::exchange(fault->torn_bytes, std::nullopt).value_or(0)};
  if (!fault->lasting) fault.reset();
  return verdict;
}

void FaultEnv::StopClocks(double wall_seconds, double monotonic_seconds) {
  const std::scoped_lock lock(mutex_);
  clocks_ = Clocks{wall_seconds, monotonic_seconds};
}

void FaultEnv::AdvanceClocks(double seconds) {
  const std::scoped_lock lock(mutex_);
  FOOTHOLD_CHECK(clocks_.has_value() && seconds >= 0);
  clocks_->wall += seconds;
  clocks_->monotonic += seconds;
}

Result<std::string> FaultEnv::ReadFile(const std::string& path, std::uint64_t most_bytes) {
  FOOTHOLD_RETURN_IF_ERROR(Count(Operation::kRead).status);
  return base_->ReadFile(path, most_bytes);
}

Result<std::unique_ptr<InputFile>> FaultEnv::OpenForRead(const std::string& path) {
  FOOTHOLD_RETURN_IF_ERROR(Count(Operation::kRead).status);
  return base_->OpenForRead(path);
}

bool FaultEnv::FileExists(const std::string& path) { return base_->FileExists(path); }

Result<std::unique_ptr<AppendFile>> FaultEnv::OpenForAppend(const std::string& path) {
  FOOTHOLD_RETURN_IF_ERROR(Count(Operation::kOpenForAppend).status);
  FOOTHOLD_ASSIGN_OR_RETURN(std::unique_ptr<AppendFile> file, base_->OpenForAppend(path));
  return std::unique_ptr<AppendFile>(std::make_unique<File>(this, std::move(file)));
}

Status FaultEnv::WriteFileAtomically(const std::string& path, std::string_view data) {
  FOOTHOLD_RETURN_IF_ERROR(Count(Operation::kWriteAtomically).status);
  return base_->WriteFileAtomically(path, data);
}

Status FaultEnv::CreateDirectories(const std::string& path) {
  FOOTHOLD_RETURN_IF_ERROR(Count(Operation::kCreateDirectories).status);
  return base_->CreateDirectories(path);
}

Result<std::string> FaultEnv::CreateTemporaryDirectory(std::string_view prefix) {
  FOOTHOLD_RETURN_IF_ERROR(Count(Operation::kCreateTemporaryDirectory).status);
  return base_->CreateTemporaryDirectory(prefix);
}

Status FaultEnv::RemoveTree(const std::string& path) {
  FOOTHOLD_RETURN_IF_ERROR(Count(Operation::kRemoveTree).status);
  return base_->RemoveTree(path);
}

Result<ProcessResult> FaultEnv::RunProcess(const ProcessCommand& command,
                                           const Cancelled& cancelled) {
  FOOTHOLD_RETURN_IF_ERROR(Count(Operation::kRunProcess).status);
  return base_->RunProcess(command, cancelled);
}

double FaultEnv::WallClockSeconds() {
  const std::scoped_lock lock(mutex_);
  return clocks_ ? clocks_->wall : base_->WallClockSeconds();
}

double FaultEnv::MonotonicSeconds() {
  const std::scoped_lock lock(mutex_);
  return clocks_ ? clocks_->monotonic : base_->MonotonicSeconds();
}

void FaultEnv::Sleep(double seconds) {
  {
    const std::scoped_lock lock(mutex_);
    if (clocks_) {
      clocks_->wall += seconds;
      clocks_->monotonic += seconds;
      return;
    }
  }
  base_->Sleep(seconds);
}

}  // namespace foothold::process
