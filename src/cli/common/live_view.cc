#include "cli/common/live_view.h"

#include <utility>

#include "foothold/record.h"
#include "report/page/model.h"
#include "report/page/page.h"

namespace foothold::cli {
namespace {

constexpr std::size_t kPieceBytes = std::size_t{1} << 20;

std::string ModelOf(const std::string& log, const LogContents& contents, TargetAnswers& answers) {
  return report::ModelText(report::BuildModel(
      {{log, &contents}},
      [&](const RunHeader& header, const Config* best) { return answers.Ask(header, best); }));
}

/// What is shown while a log is too long to be read at once.
std::string ModelWhileReading(const std::string& log) {
  LogContents nothing;
  nothing.repaired = "the log is being read for the first time";
  TargetAnswers none([](const RunHeader&) -> Result<std::shared_ptr<const TargetTask>> {
    return Status::NotFound("there is no run yet");
  });
  return ModelOf(log, nothing, none);
}

}  // namespace

const LogContents& GrowingLog::Read() {
  if (file_ == nullptr || !IsStillTheFile()) {
    file_.reset();
    parser_ = std::make_unique<records::LogParser>(path_);
    bytes_ = 0;
    Result<std::unique_ptr<InputFile>> opened = env_.OpenForRead(path_);
    if (opened.ok()) file_ = *std::move(opened);
  }
  const Status read = file_ == nullptr ? parser_->FinishSoFar() : ReadOn();
  if (read.ok()) return parser_->contents();
  file_.reset();  // from the start next time
  unreadable_ = {};
  unreadable_.repaired = read.message();
  return unreadable_;
}

Status GrowingLog::ReadOn() {
  while (true) {
    FOOTHOLD_ASSIGN_OR_RETURN(const std::string piece, file_->Read(kPieceBytes));
    if (piece.empty()) break;
    bytes_ += piece.size();
    FOOTHOLD_RETURN_IF_ERROR(parser_->Feed(piece));
  }
  return parser_->FinishSoFar();
}

bool GrowingLog::IsStillTheFile() {
  const Result<FileInfo> open = file_->Info();
  const Result<FileInfo> at_path = env_.Inspect(path_);
  return open.ok() && at_path.ok() && open->IsSameFileAs(*at_path) && open->bytes >= bytes_;
}

LiveView::LiveView(std::string log, TargetAnswers::FindTask find, Env& env)
    : log_(std::move(log)),
      env_(env),
      answers_(std::move(find)),
      growing_(env, log_),
      text_(
          env, [this] { return Model(); }, ModelWhileReading(log_)) {}

std::string LiveView::Model() { return ModelOf(log_, growing_.Read(), answers_); }

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
