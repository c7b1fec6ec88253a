#include "cli/common/live_view.h"

#include <utility>

#include "foothold/record.h"
#include "report/page/model.h"
#include "report/page/page.h"

namespace foothold::cli {
namespace {

// No log is a run that has not begun. A last line that is not whole is being written.
LogContents ReadGrowingLog(Env& env, const std::string& path) {
  Result<LogContents> read = ReadLog(env, path);
  LogContents contents;
  if (read.ok()) {
    contents = std::move(*read);
    contents.repaired.reset();
  } else if (read.status().code() != StatusCode::kNotFound) {
    contents.repaired = read.status().message();
  }
  return contents;
}

}  // namespace

LiveView::LiveView(std::string log, TargetAnswers::FindTask find, Env& env)
    : log_(std::move(log)),
      env_(env),
      answers_(std::move(find)),
      text_(env, [this] { return Model(); }) {}

std::string LiveView::Model() {
  const LogContents contents = ReadGrowingLog(env_, log_);
  return report::ModelText(report::BuildModel(
      {{log_, &contents}},
      [&](const RunHeader& header, const Config* best) { return answers_.Ask(header, best); }));
}

Result<std::unique_ptr<LiveView>> LiveView::Start(
    const std::string& address, const std::string& log, const std::string& target,
    const std::vector<std::unique_ptr<TargetTask>>& tasks, Env& env) {
  FOOTHOLD_ASSIGN_OR_RETURN(const live::ServeAddress parsed, live::ParseServeAddress(address));
  // The tuner's own tasks, which any thread may ask: making them again could touch the device.
  const auto find = [target,
                     &tasks](const RunHeader& header) -> Result<std::shared_ptr<const TargetTask>> {
    for (const auto& task : tasks) {
      const bool is_it = header.target == target && header.workload == task->workload();
      if (is_it) return std::shared_ptr<const TargetTask>(std::shared_ptr<void>(), task.get());
    }
    return Status::NotFound("this run is about another target or workload");
  };
  std::unique_ptr<LiveView> view(new LiveView(log, find, env));
  FOOTHOLD_ASSIGN_OR_RETURN(
      view->server_, live::PageServer::Start(parsed, report::LivePage(),
                                             [raw = view.get()] { return raw->text_.Get(); }));
  return view;
}

}  // namespace foothold::cli
