// A searcher of our own: climbs from the best config to its neighbours, and starts again elsewhere
// when it has seen them all. Compared with `random` on a layer of ResNet-18 and the simulated VTA.
#include <foothold/targets.h>
#include <foothold/tuner.h>

#include <cstdio>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace foothold;

class HillClimber : public Searcher {
 public:
  explicit HillClimber(const SearchProblem& problem) : space_(problem.space), rng_(problem.seed) {}

  std::vector<Config> Propose(std::size_t count) override {
    std::vector<Config> proposals;
    if (top_) {
      for (const Config& neighbour : space_.Neighbours(*top_)) Add(neighbour, count, proposals);
    }
    if (proposals.empty()) top_.reset();  // a summit: another hill
    while (proposals.size() < count && proposed_.size() < space_.valid_count()) {
      Add(space_.Sample(rng_), count, proposals);
    }
    return proposals;
  }

  void Observe(std::span<const Measurement> measurements) override {
    for (const Measurement& measurement : measurements) {
      if (measurement.outcome() != Outcome::kCorrect) continue;
      if (top_ && measurement.MedianSeconds() >= seconds_) continue;
      top_ = measurement.config;
      seconds_ = measurement.MedianSeconds();
    }
  }

 private:
  void Add(const Config& config, std::size_t count, std::vector<Config>& proposals) {
    if (proposals.size() < count && proposed_.insert(config).second) proposals.push_back(config);
  }

  Space space_;
  Rng rng_;
  std::set<Config> proposed_;
  std::optional<Config> top_;
  double seconds_ = 0;
};

void Print(const char* searcher, const TuneResult& result) {
  const auto best = result.best();
  std::printf("%-12s %s\n", searcher,
              best ? (std::to_string(best->MedianSeconds() * 1e3) + " ms").c_str() : "nothing");
}

Status TuneAndPrint(const std::string& log) {
  Env& env = *Env::Default();
  FOOTHOLD_ASSIGN_OR_RETURN(const auto target, MakeTarget(env, "vta:pynq"));
  FOOTHOLD_ASSIGN_OR_RETURN(const auto workloads, FindWorkloads("resnet18.C8"));
  FOOTHOLD_ASSIGN_OR_RETURN(const auto task, target->Prepare(workloads[0]));
  TunerOptions options;
  options.trials = 200;
  // The rules that the target knows are part of the space, so that most of it is worth climbing.
  options.knowledge = Knowledge::kHardware;

  FOOTHOLD_ASSIGN_OR_RETURN(const SearchProblem problem,
                            MakeSearchProblem(*task, options.seed, options.knowledge));
  FOOTHOLD_ASSIGN_OR_RETURN(
      const TuneResult climbed,
      Tune({.task = *task,
            .target = target->name(),
            .searcher = {"hill-climber", std::make_unique<HillClimber>(problem)},
            .options = options,
            .log = log}));
  FOOTHOLD_ASSIGN_OR_RETURN(const TuneResult drawn, Tune({.task = *task,
                                                          .target = target->name(),
                                                          .searcher = {"random"},
                                                          .options = options,
                                                          .log = log}));
  Print("hill-climber", climbed);
  Print("random", drawn);
  return climbed.best() ? Status() : Status::NotFound("no config is correct");
}

}  // namespace

int main(int argc, char** argv) {
  const Status status = TuneAndPrint(argc > 1 ? argv[1] : "own_searcher.jsonl");
  if (!status.ok()) std::fprintf(stderr, "%s\n", status.message().c_str());
  return status.ok() ? 0 : 1;
}
