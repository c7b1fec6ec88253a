#include "measure/replay_runner.h"

#include <fmt/format.h>

#include <utility>

namespace foothold {
namespace {

class ReplayRunner : public Runner {
 public:
  ReplayRunner(const Space& space, std::map<Config, Measurement> recorded)
      : space_(space), recorded_(std::move(recorded)) {}

  std::size_t parallelism() const override { return 1; }

  MeasuredBatch Measure(std::span<const Config> configs, const ShouldStop& should_stop) override {
    MeasuredBatch batch;
    for (const Config& config : configs) {
      if (should_stop()) break;
      const auto found = recorded_.find(config);
      if (found == recorded_.end()) {
        batch.status = Status::NotFound(
            fmt::format("the recorded space has no measurement of {}", space_.ToString(config)));
        break;
      }
      batch.measurements.push_back(found->second);
    }
    return batch;
  }

 private:
  Space space_;
  std::map<Config, Measurement> recorded_;
};

}  // namespace

std::unique_ptr<Runner> MakeReplayRunner(const Space& space,
                                         std::map<Config, Measurement> recorded) {
  return std::make_unique<ReplayRunner>(space, std::move(recorded));
}

}  // namespace foothold
