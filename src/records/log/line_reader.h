#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "foothold/record.h"

namespace foothold::records {

/// Takes in the lines of one record log, in order.
class LineReader {
 public:
  /// Adds to `runs`, which must outlive it and be changed by nobody else.
  explicit LineReader(std::vector<RunLog>& runs) : runs_(runs) {}

  /// Takes in the next line. After an error nothing of it was taken in.
  Status Read(const base::JsonNode& line, bool has_checksum);
  /// Why what the last line said stands in a run of its own, or was known already; empty when it
  /// did not have to.
  const std::string& misfit() const { return misfit_; }
  /// Whether the last error was that the line is of a version which this reader does not know.
  bool saw_unknown_version() const { return saw_unknown_version_; }

  /// Completes the runs, as if the log ended here; more lines may follow all the same.
  /// `is_damaged`: whether some line was damaged, see LogContents::damaged.
  void Finish(bool is_damaged);

 private:
  /// A run on its way through the file.
  struct OpenRun {
    std::size_t index = 0;  ///< in `runs_`
    std::int64_t version = 1;
    std::map<std::uint64_t, Config> started;    ///< and neither finished nor withdrawn, by trial
    std::map<std::uint64_t, Config> withdrawn;  ///< and not started again, by trial
    std::optional<std::size_t> apart;  ///< index of the run of what did not fit into this one
  };

  Status ReadRun(base::JsonObject& object);
  Status ReadStarted(const base::JsonNode& line, base::JsonObject& object);
  Status ReadWithdrawn(base::JsonObject& object);
  Status ReadTrial(const base::JsonNode& line, base::JsonObject& object);
  Status ReadBuild(base::JsonObject& object);
  Status ReadDemoted(base::JsonObject& object);
  Status ReadFinal(base::JsonObject& object);
  /// The run that a line of another type belongs to.
  Result<OpenRun*> FindRun(base::JsonObject& object);
  RunLog& LogOf(const OpenRun& run) { return runs_[run.index]; }
  RunLog& Apart(OpenRun& run);

  std::vector<RunLog>& runs_;
  std::vector<OpenRun> open_;
  std::map<std::uint64_t, std::size_t> by_number_;  ///< which of `open_` a number now means
  bool has_checksum_ = false;                       ///< the line that is being read
  std::string misfit_;
  bool saw_unknown_version_ = false;
};

}  // namespace foothold::records
