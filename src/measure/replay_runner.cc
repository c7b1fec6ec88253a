#include "measure/replay_runner.h"

#include <utility>

namespace foothold::measure {
namespace {

class ReplayRunner : public Runner {
 public:
  ReplayRunner(Replay replay, VirtualClock& clock) : replay_(std::move(replay)), clock_(clock) {}

  std::size_t parallelism() const override { return 1; }

  MeasuredBatch Measure(std::span<const Config> configs, const ShouldStop& should_stop) override {
    MeasuredBatch batch;
    for (const Config& config : configs) {
      if (should_stop()) break;
      const Measurement& measurement = batch.measurements.emplace_back(replay_.measure(config));
      clock_.Advance(measurement.build_seconds + measurement.run_seconds);
    }
    return batch;
  }

  BuiltBatch Build(std::span<const Config> configs, const ShouldStop& should_stop) override {
    BuiltBatch batch;
    for (const Config& config : configs) {
      if (should_stop()) break;
      clock_.Advance(batch.reports.emplace_back(replay_.build(config)).seconds);
    }
    return batch;
  }

  Result<Comparison> Compare(std::span<const Config>, const RepeatOptions&, double, std::uint64_t,
                             const ShouldStop&, const OnRound&) override {
    return Status::Unavailable("what is replayed cannot run in turns: its times are exact");
  }

 private:
  Replay replay_;
  VirtualClock& clock_;
};

}  // namespace

std::unique_ptr<Runner> MakeReplayRunner(Replay replay, VirtualClock& clock) {
  return std::make_unique<ReplayRunner>(std::move(replay), clock);
}

}  // namespace foothold::measure
