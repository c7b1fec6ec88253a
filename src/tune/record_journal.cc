#include "tune/record_journal.h"

#include <algorithm>
#include <utility>

#include "tune/run_identity.h"

namespace foothold::tune {

Result<std::unique_ptr<RecordJournal>> RecordJournal::Open(Env& env, const std::string& path,
                                                           const RunHeader& header, Resume resume,
                                                           std::uint64_t planned) {
  FOOTHOLD_ASSIGN_OR_RETURN(auto log, records::LogWriter::Open(env, path));
  std::unique_ptr<RecordJournal> journal(new RecordJournal(std::move(log)));
  const LogContents& contents = journal->log_->contents();
  FOOTHOLD_ASSIGN_OR_RETURN(FoundRun found, FindRun(contents, path, header, resume));
  RunStart& start = journal->start_;
  start.log = path;
  start.planned = planned;
  start.resume = resume;
  start.changes = std::move(found.changes);
  if (found.changed_since) start.changed_since = contents.runs[*found.changed_since].run;
  if (!found.index) {
    start.run = contents.runs.empty() ? 1 : contents.runs.back().run + 1;
    FOOTHOLD_RETURN_IF_ERROR(journal->log_->BeginRun(header));
    return journal;
  }
  const RunLog& run = contents.runs[*found.index];
  journal->log_->ContinueRun(*found.index);
  journal->recorded_ = RecordedTrials(run, path);
  start.run = run.run;
  start.resumed = true;
  start.trials = std::min<std::uint64_t>(run.trials.size(), planned);
  start.dependencies_unknown = !run.header.dependencies;
  return journal;
}

}  // namespace foothold::tune
