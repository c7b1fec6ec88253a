#pragma once

#include <atomic>
#include <functional>

#include "foothold/searcher.h"
#include "foothold/space.h"
#include "foothold/status.h"
#include "foothold/tuner.h"
#include "measure/clock.h"
#include "measure/runner.h"
#include "tune/journal.h"

namespace foothold::tune {

/// What the loop works with. All of it must outlive the loop.
struct LoopParts {
  const Space& space;  ///< of the configs as they are measured and written down
  Searcher& searcher;  ///< has proposed nothing yet
  measure::Runner& runner;
  Journal& journal;
  measure::Clock& clock;
  bool candidates_can_harm_host = false;  ///< TaskTraits::candidates_can_harm_host
  bool times_are_exact = true;            ///< TaskTraits::times_are_exact
};

/// The one loop of Foothold: propose, measure, write down, observe. What Tune says of interrupts,
/// unfinished configs, finals and determinism is done here. Of the result, `start`, `run`,
/// `repaired` and `changed_meanwhile` are left to who opened the journal. Errors are those of the
/// runner and of the journal; DataLoss when the journal holds other configs than the searcher
/// proposes. `on_progress` may be empty. REQUIRES: the options are in range.
Result<TuneResult> RunLoop(const LoopParts& parts, const TunerOptions& options,
                           const std::function<void(const TunerProgress&)>& on_progress = {},
                           const std::atomic<bool>& interrupt = kNeverInterrupted);

}  // namespace foothold::tune
