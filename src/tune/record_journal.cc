#include "tune/record_journal.h"

#include <algorithm>
#include <utility>

#include "tune/run_identity.h"

namespace foothold::tune {

Result<std::unique_ptr<RecordJournal>> RecordJournal::Begin(std::shared_ptr<records::LogWriter> log,
                                                            const std::string& path,
                                                            const RunHeader& header, Resume resume,
                                                            std::uint64_t planned) {
  std::unique_ptr<RecordJournal> journal(new RecordJournal(std::move(log)));
  records::LogWriter& writer = *journal->log_;
  const LogContents& contents = writer.contents();
  FOOTHOLD_ASSIGN_OR_RETURN(FoundRun found, FindRun(contents, path, header, resume));
  RunStart& start = journal->start_;
  start.log = path;
  start.planned = planned;
  start.resume = resume;
  start.changes = std::move(found.changes);
  if (found.changed_since) start.changed_since = contents.runs[*found.changed_since].run;
  if (!found.index) {
    FOOTHOLD_RETURN_IF_ERROR(writer.BeginRun(header));
    start.run = writer.run();
    return journal;
  }
  const RunLog& run = contents.runs[*found.index];
  writer.ContinueRun(*found.index);
  journal->recorded_ = RecordedTrials(run, path);
  start.run = run.run;
  start.resumed = true;
  start.trials = std::min<std::uint64_t>(run.trials.size(), planned);
  start.dependencies_unknown = !run.header.dependencies;
  return journal;
}

}  // namespace foothold::tune
