// A target of our own: a small machine that multiplies a matrix and a vector, tile by tile, out of
// a scratchpad of 2 KiB. It has a compiler, which refuses what does not fit, and a run, which
// computes and is compared with the reference.
#include <foothold/function_task.h>
#include <foothold/tuner.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace foothold;

constexpr std::int64_t kScratchpadBytes = 2048;
constexpr double kSecondsPerTransfer = 2e-6;  // to set one up, whatever its size
constexpr double kBytesPerSecond = 200e6;
constexpr double kMacsPerSecond = 1e9;

std::vector<std::int64_t> DivisorsOf(std::int64_t number) {
  std::vector<std::int64_t> divisors;
  for (std::int64_t i = 1; i <= number; ++i) {
    if (number % i == 0) divisors.push_back(i);
  }
  return divisors;
}

/// What our compiler makes of a config: the tiles' shape. Its metrics are features for searchers.
class TiledProgram : public Program {
 public:
  TiledProgram(std::int64_t tile_out, std::int64_t tile_in, std::int64_t tiles)
      : tile_out(tile_out),
        tile_in(tile_in),
        metrics_{{"tiles", static_cast<double>(tiles)},
                 {"tile_bytes", static_cast<double>(tile_out * tile_in)}} {}
  const Metrics& metrics() const override { return metrics_; }

  const std::int64_t tile_out;
  const std::int64_t tile_in;

 private:
  Metrics metrics_;
};

class ScratchpadTask : public TargetTask {
 public:
  ScratchpadTask(Workload workload, const Dense& dense, Space space)
      : workload_(std::move(workload)),
        dense_(dense),
        space_(std::move(space)),
        tensors_(RandomTensors(workload_, 1)),
        reference_(ReferenceOutput(workload_, tensors_)) {}

  const Workload& workload() const override { return workload_; }
  const Space& space() const override { return space_; }
  // A formula below: nothing to repeat, nothing that could take this process down.
  bool TimesAreExact() const override { return true; }
  bool CandidatesCanHarmHost() const override { return false; }

  BuildResult Build(const Config& config) const override {
    const std::int64_t out = space_.Value(config, "tile_out");
    const std::int64_t in = space_.Value(config, "tile_in");
    const std::int64_t bytes = out * in + in + 4 * out;  // weights, input, accumulators
    if (bytes > kScratchpadBytes) {
      return {nullptr, MakeFailure(Outcome::kCompile, "fit",
                                   "scratchpad: needs " + std::to_string(bytes) + " B of " +
                                       std::to_string(kScratchpadBytes) + " B")};
    }
    const std::int64_t tiles = (dense_.out_features / out) * (dense_.in_features / in);
    return {std::make_unique<TiledProgram>(out, in, tiles), {}};
  }

  RunResult Run(const Program& program, const RunOptions& options) const override {
    const auto& tiled = dynamic_cast<const TiledProgram&>(program);
    if (options.verify && Compute(tiled) != reference_) {
      return Failed(Outcome::kCorrectness, "verify", "the output is not the reference's");
    }
    return Took(Seconds(tiled));
  }

  std::string Explain(const Config& config) const override {
    const BuildResult built = Build(config);
    return built.ok() ? space_.ToString(config) : built.failure->reason;
  }
  std::string ExplainJson(const Config&) const override { return "{}"; }

 private:
  double Seconds(const TiledProgram& tiled) const {
    const double tiles = tiled.metrics().at("tiles");
    const double loads =
        tiles * (kSecondsPerTransfer +
                 static_cast<double>(tiled.tile_out * tiled.tile_in) / kBytesPerSecond);
    return loads + static_cast<double>(MacCount(workload_)) / kMacsPerSecond;
  }

  std::vector<std::int8_t> Compute(const TiledProgram& tiled) const {
    std::vector<std::int32_t> sums(static_cast<std::size_t>(dense_.out_features), 0);
    for (std::int64_t i0 = 0; i0 < dense_.in_features; i0 += tiled.tile_in) {
      for (std::int64_t o0 = 0; o0 < dense_.out_features; o0 += tiled.tile_out) {
        for (std::int64_t o = o0; o < o0 + tiled.tile_out; ++o) {
          for (std::int64_t i = i0; i < i0 + tiled.tile_in; ++i) {
            const auto at = static_cast<std::size_t>(o * dense_.in_features + i);
            sums[static_cast<std::size_t>(o)] +=
                tensors_.input[static_cast<std::size_t>(i)] * tensors_.weight[at];
          }
        }
      }
    }
    const Requantize& rule = workload_.requantize;
    std::vector<std::int8_t> output;
    for (const std::int64_t sum : sums) {
      output.push_back(
          static_cast<std::int8_t>(std::clamp(sum >> rule.shift, rule.clip_min, rule.clip_max)));
    }
    return output;
  }

  Workload workload_;
  Dense dense_;
  Space space_;
  Tensors tensors_;
  std::vector<std::int8_t> reference_;
};

class ScratchpadTarget : public Target {
 public:
  std::string name() const override { return "scratchpad"; }
  std::string description() const override { return "tiles in a scratchpad of 2 KiB"; }
  Result<std::unique_ptr<TargetTask>> Prepare(const Workload& workload) const override {
    const auto* dense = std::get_if<Dense>(&workload.op);
    if (dense == nullptr || dense->batch != 1 || workload.requantize.bias) {
      return Status::InvalidArgument("scratchpad takes dense layers of batch 1 without bias");
    }
    FOOTHOLD_ASSIGN_OR_RETURN(Space space,
                              Space::Create({{"tile_out", DivisorsOf(dense->out_features)},
                                             {"tile_in", DivisorsOf(dense->in_features)}}));
    return std::unique_ptr<TargetTask>(
        std::make_unique<ScratchpadTask>(workload, *dense, std::move(space)));
  }
};

Status TuneAndPrint(const std::string& log) {
  FOOTHOLD_ASSIGN_OR_RETURN(const Workload workload, ParseInlineWorkload("dense:1x360,240"));
  const ScratchpadTarget target;
  FOOTHOLD_ASSIGN_OR_RETURN(const auto task, target.Prepare(workload));
  TunerOptions options;
  options.trials = 100;
  FOOTHOLD_ASSIGN_OR_RETURN(
      const TuneResult result,
      Tune({.task = *task, .target = target.name(), .options = options, .log = log}));
  const auto best = result.best();
  if (!best) return Status::NotFound("no config is correct");
  std::printf("best of %llu: %s, %.3f ms\n",
              static_cast<unsigned long long>(result.progress.finished),
              task->space().ToString(best->config).c_str(), best->MedianSeconds() * 1e3);
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  const Status status = TuneAndPrint(argc > 1 ? argv[1] : "own_target.jsonl");
  if (!status.ok()) std::fprintf(stderr, "%s\n", status.message().c_str());
  return status.ok() ? 0 : 1;
}
