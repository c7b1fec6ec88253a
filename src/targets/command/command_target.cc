#include "targets/command/command_target.h"

#include <utility>

#include "base/file_limits.h"
#include "targets/command/command_file.h"
#include "targets/command/command_task.h"

namespace foothold::command {
namespace {

class CommandTarget : public Target {
 public:
  CommandTarget(Env& env, CommandFile file) : env_(env), file_(std::move(file)) {}

  std::string name() const override { return "command:" + file_.path; }

  std::string description() const override {
    return file_.description.empty() ? "commands of " + file_.path : file_.description;
  }

  Result<std::unique_ptr<TargetTask>> Prepare(const Workload& workload) const override {
    return CommandTask::Create(env_, file_, workload);
  }

 private:
  Env& env_;
  const CommandFile file_;
};

}  // namespace

Result<std::unique_ptr<Target>> MakeCommandTarget(Env& env, const std::string& path) {
  FOOTHOLD_ASSIGN_OR_RETURN(const std::string json,
                            env.ReadFile(path, base::kMostDescriptionBytes));
  FOOTHOLD_ASSIGN_OR_RETURN(CommandFile file, ParseCommandFile(json, path));
  return std::unique_ptr<Target>(std::make_unique<CommandTarget>(env, std::move(file)));
}

}  // namespace foothold::command
