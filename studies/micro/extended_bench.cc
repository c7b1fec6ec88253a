// What VTA's extended template is worth, and a long check of it.
//
//     extended_bench [explore [NETWORK|LAYER|SHAPE ...]] [--machine pynq]
//
// builds and times every config of both templates' spaces (resnet18's and deepbench's when none are
// named: about half a minute of CPU): docs/results/micro.md.
//
//     extended_bench sweep VALID SEED [NETWORK|LAYER|SHAPE ...] [--machine pynq]
//
// runs VALID random valid configs of each layer with data and reports wrong results and races.

#include <fmt/core.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/table.h"
#include "foothold/rng.h"
#include "studies/micro/bench.h"
#include "targets/vta/roofline.h"
#include "targets/vta/vta_task.h"

namespace foothold::vta {
namespace {

constexpr double kNever = std::numeric_limits<double>::infinity();
// Times that differ by less are the same.
constexpr double kRounding = 1e-9;

struct Arguments {
  std::string command = "explore";
  std::int64_t valid = 0;
  std::uint64_t seed = 1;
  std::string machine = "pynq";
  std::vector<std::string> layers = {"resnet18", "deepbench"};
  studies::BenchCall call;
};

template <typename T>
T OrDie(Result<T> result) {
  if (!result.ok()) {
    fmt::print(stderr, "{}\n", result.status().message());
    std::exit(2);
  }
  return *std::move(result);
}

std::unique_ptr<TargetTask> Prepare(const VtaMachine& machine, const Workload& layer) {
  return OrDie(VtaTask::Create(machine, layer));
}

/// A config that runs.
struct Timed {
  double seconds = kNever;
  std::uint64_t index = 0;

  friend bool operator<(const Timed& a, const Timed& b) {
    return std::pair(a.seconds, a.index) < std::pair(b.seconds, b.index);
  }
};

/// Everything there is to know about a space.
struct Explored {
  std::uint64_t configs = 0;
  std::vector<Timed> valid;                      // the fastest first, once all is explored
  std::map<std::string, std::uint64_t> refused;  // by stage

  double BestSeconds() const { return valid.empty() ? kNever : valid.front().seconds; }

  /// Configs that take at most 1 + `slack` times as long as the best.
  std::ptrdiff_t Within(double slack) const {
    const double limit = BestSeconds() * (1 + slack);
    return std::count_if(valid.begin(), valid.end(),
                         [limit](const Timed& timed) { return timed.seconds <= limit; });
  }

  void Add(const Explored& other) {
    configs += other.configs;
    valid.insert(valid.end(), other.valid.begin(), other.valid.end());
    for (const auto& [stage, count] : other.refused) refused[stage] += count;
  }
};

void ExploreOne(const VtaTask& task, std::uint64_t index, Explored& result) {
  ++result.configs;
  const BuildResult build = task.Build(task.space().AtIndex(index));
  if (!build.ok()) {
    ++result.refused[build.failure->stage];
    return;
  }
  const auto& program = static_cast<const VtaProgram&>(*build.program);
  if (program.device_program() == nullptr) {
    ++result.refused[program.jit_rejection().stage];
    return;
  }
  SimulationOptions options;
  options.breakdown = false;
  const SimulationResult run = task.Time(*program.device_program(), options);
  result.valid.push_back({run.finished() ? run.seconds : kNever, index});
}

Explored Explore(const VtaTask& task) {
  constexpr std::uint64_t kChunk = 1024;
  const std::uint64_t size = task.space().raw_size();
  std::vector<Explored> parts(std::max(1U, std::thread::hardware_concurrency()));
  std::atomic<std::uint64_t> next = 0;
  {
    std::vector<std::jthread> threads;
    for (Explored& part : parts) {
      threads.emplace_back([&] {
        for (std::uint64_t begin; (begin = next.fetch_add(kChunk)) < size;)
          for (std::uint64_t i = begin; i < std::min(begin + kChunk, size); ++i)
            ExploreOne(task, i, part);
      });
    }
  }
  Explored all;
  for (const Explored& part : parts) all.Add(part);
  std::sort(all.valid.begin(), all.valid.end());
  return all;
}

double Share(std::uint64_t part, std::uint64_t whole) {
  return static_cast<double>(part) / static_cast<double>(whole);
}

std::string Percent(double share) { return fmt::format("{:.1f} %", 100 * share); }

/// Geometric mean of what is added.
class Mean {
 public:
  void Add(double value) {
    sum_ += std::log(value);
    ++count_;
  }
  double Value() const { return std::exp(sum_ / count_); }

 private:
  double sum_ = 0;
  int count_ = 0;
};

struct Layer {
  Workload workload;
  Space space;
  Explored tvm;
  Explored extended;
  UnitBounds bounds;
  double roofline_seconds = 0;
  double host_seconds = 0;  // of the best extended schedule

  Config Best() const { return space.AtIndex(extended.valid.front().index); }
};

Layer ExploreLayer(const Workload& workload, const VtaMachine& tvm, const VtaMachine& extended) {
  const auto task = Prepare(extended, workload);
  const BlockedShape shape = OrDie(BlockShape(workload, extended.geometry));
  Layer layer{workload,
              task->space(),
              Explore(static_cast<const VtaTask&>(*Prepare(tvm, workload))),
              Explore(static_cast<const VtaTask&>(*task)),
              ComputeUnitBounds(shape, workload.requantize, extended.geometry, extended.timing),
              task->traits().roofline_seconds,
              0};
  if (layer.extended.valid.empty()) {
    fmt::print(stderr, "{}: no config is valid\n", workload.name);
    std::exit(1);
  }
  const BuildResult build = task->Build(layer.Best());
  const auto& program = *static_cast<const VtaProgram&>(*build.program).device_program();
  layer.host_seconds =
      extended.timing.HostSeconds(program.instructions.size(), program.uops.size());
  return layer;
}

base::Table TimesTable(const std::vector<Layer>& layers) {
  base::Table table = base::Table::OfNumbers({"layer", "best of TVM's, ms", "best extended, ms",
                                              "faster by", "bound, ms", "bound by",
                                              "share of the bound", "of the roofline", "host, ms"});
  Mean faster, of_bound, of_roofline;
  for (const Layer& l : layers) {
    const double seconds = l.extended.BestSeconds();
    faster.Add(l.tvm.BestSeconds() / seconds);
    of_bound.Add(l.bounds.Seconds() / seconds);
    of_roofline.Add(l.roofline_seconds / seconds);
    table.AddRow(
        {l.workload.name, fmt::format("{:.3f}", 1e3 * l.tvm.BestSeconds()),
         fmt::format("{:.3f}", 1e3 * seconds), fmt::format("{:.2f}", l.tvm.BestSeconds() / seconds),
         fmt::format("{:.3f}", 1e3 * l.bounds.Seconds()), std::string(l.bounds.Bottleneck()),
         Percent(l.bounds.Seconds() / seconds), Percent(l.roofline_seconds / seconds),
         fmt::format("{:.3f}", 1e3 * l.host_seconds)});
  }
  table.AddRow({"geometric mean", "", "", fmt::format("{:.3f}", faster.Value()), "", "",
                Percent(of_bound.Value()), Percent(of_roofline.Value()), ""});
  return table;
}

base::Table ValidityTable(const std::vector<Layer>& layers) {
  const std::vector<std::string> stages = {"lower.threads",  "lower.capacity", "lower.dma",
                                           "lower.micro-op", "lower.hazard",   "encode"};
  std::vector<std::string> titles = {"layer", "configs", "valid"};
  for (const std::string& stage : stages) titles.push_back("`" + stage + "`");
  base::Table table = base::Table::OfNumbers(titles);
  double sum = 0;
  for (const Layer& l : layers) {
    const Explored& e = l.extended;
    base::Table::Cells row = {l.workload.name, std::to_string(e.configs),
                              Percent(Share(e.valid.size(), e.configs))};
    for (const std::string& stage : stages) {
      const auto found = e.refused.find(stage);
      row.push_back(Percent(Share(found == e.refused.end() ? 0 : found->second, e.configs)));
    }
    table.AddRow(std::move(row));
    sum += Share(e.valid.size(), e.configs);
  }
  base::Table::Cells mean(titles.size());
  mean[0] = "mean";
  mean[2] = Percent(sum / static_cast<double>(layers.size()));
  table.AddRow(std::move(mean));
  return table;
}

base::Table NearBestTable(const std::vector<Layer>& layers) {
  base::Table table =
      base::Table::OfNumbers({"layer", "configs", "valid", "best", "within 1 %", "within 5 %"});
  for (const Layer& l : layers) {
    const Explored& e = l.extended;
    table.AddRow({l.workload.name, std::to_string(e.configs), std::to_string(e.valid.size()),
                  std::to_string(e.Within(kRounding)), std::to_string(e.Within(0.01)),
                  std::to_string(e.Within(0.05))});
  }
  return table;
}

/// What one value of a parameter is worth.
struct Worth {
  int offered = 0;     // layers whose space has it and others
  int best = 0;        // of these, layers with it in a best config
  double without = 1;  // the most that the best time of a layer grows by when it is left out
};

/// What each value of parameter `p` does for a layer's best time.
void AddWorth(const Layer& layer, std::size_t p, std::map<std::int64_t, Worth>& worth) {
  const Parameter& parameter = layer.space.parameters()[p];
  if (parameter.values.size() == 1) return;
  const double best = layer.extended.BestSeconds();
  for (const std::int64_t value : parameter.values) {
    double with = kNever, without = kNever;
    for (const Timed& timed : layer.extended.valid) {
      const Config config = layer.space.AtIndex(timed.index);
      double& least = parameter.values[config.choices[p]] == value ? with : without;
      least = std::min(least, timed.seconds);
      if (with < kNever && without < kNever) break;  // the fastest come first
    }
    Worth& own = worth[value];
    ++own.offered;
    own.best += with <= best * (1 + kRounding) ? 1 : 0;
    if (without < kNever) own.without = std::max(own.without, without / best);
  }
}

base::Table WorthTable(const std::vector<Layer>& layers) {
  base::Table table = base::Table::OfNumbers(
      {"parameter", "value", "layers that offer it", "best with it", "slower without it"});
  const std::vector<Parameter>& parameters = layers.front().space.parameters();
  for (std::size_t p = 0; p < parameters.size(); ++p) {
    if (parameters[p].name.starts_with("tile_")) continue;  // another layer, other values
    std::map<std::int64_t, Worth> worth;
    for (const Layer& layer : layers) AddWorth(layer, p, worth);
    for (const auto& [value, w] : worth) {
      table.AddRow({"`" + parameters[p].name + "`", std::to_string(value),
                    std::to_string(w.offered), std::to_string(w.best),
                    fmt::format("{:.2f} %", 100 * (w.without - 1))});
    }
  }
  return table;
}

base::Table BestTable(const std::vector<Layer>& layers) {
  base::Table table(std::vector<base::Table::Column>{{"layer"}, {"best config"}});
  for (const Layer& l : layers) {
    table.AddRow({l.workload.name, "`" + l.space.ToString(l.Best()) + "`"});
  }
  return table;
}

int RunExplore(const Arguments& arguments, const std::vector<Workload>& workloads) {
  const VtaMachine tvm = OrDie(FindMachine(*Env::Default(), arguments.machine));
  const VtaMachine extended = OrDie(FindMachine(*Env::Default(), arguments.machine + ":extended"));
  std::vector<Layer> layers;
  for (const Workload& workload : workloads) {
    layers.push_back(ExploreLayer(workload, tvm, extended));
    fmt::print(stderr, "{}: {:.3f} ms against {:.3f} ms\n", workload.name,
               1e3 * layers.back().extended.BestSeconds(), 1e3 * layers.back().tvm.BestSeconds());
  }
  studies::Page page("extended_bench", "The extended template of VTA", "./dev bench --output-dir");
  page.Text(
      "Every config of [both templates](../../../targets/vta-extended.md) of each layer was built "
      "and timed.");
  page.Heading("The best times, and what bounds them");
  page.Add(TimesTable(layers));
  page.Heading("What is valid, and what refuses the others");
  page.Add(ValidityTable(layers));
  page.Heading("How many configs are best, or nearly so");
  page.Add(NearBestTable(layers));
  page.Heading("Which values the best ones need");
  page.Add(WorthTable(layers));
  page.Heading("The best configs");
  page.Add(BestTable(layers));
  return studies::ShowBench(std::move(page), arguments.call);
}

/// Runs random valid configs with data; returns how many were wrong.
int Sweep(const Workload& workload, const Arguments& arguments, const VtaMachine& machine) {
  const auto task = Prepare(machine, workload);
  const Tensors tensors = RandomTensors(workload, arguments.seed);
  const BlockedShape shape = OrDie(machine.schedules->Shape(workload, machine.geometry));
  const PackedTensors packed = Pack(workload, shape, machine.geometry, tensors);
  const std::vector<std::byte> expected =
      PackOutput(workload, machine.geometry, ReferenceOutput(workload, tensors), tensors.bias);
  std::vector<std::byte> output(expected.size());
  Simulator simulator(machine.geometry, machine.timing);
  SimulationOptions options;
  options.poison = 0x77;
  Rng rng(arguments.seed);
  std::int64_t valid = 0, races = 0, wrong = 0, other = 0, tries = 0;
  for (; valid < arguments.valid && tries < 1000 * arguments.valid; ++tries) {
    const Config config = task->space().Sample(rng);
    const BuildResult build = task->Build(config);
    if (!build.ok()) continue;
    ++valid;
    std::fill(output.begin(), output.end(), std::byte{0x55});
    const SimulationResult run =
        simulator.Run(*static_cast<const VtaProgram&>(*build.program).device_program(),
                      {packed.input, packed.weight, packed.bias, output}, options);
    const bool bad = !run.finished() || !run.warnings.empty() || output != expected;
    races += run.races > 0 ? 1 : 0;
    wrong += run.finished() && output != expected ? 1 : 0;
    other += !run.finished() || (run.races == 0 && !run.warnings.empty()) ? 1 : 0;
    if (bad) fmt::print("  {}: {}\n", task->space().ToString(config), run.message);
  }
  fmt::print("{:13} {} valid of {}: {} wrong, {} with races, {} with other faults\n", workload.name,
             valid, tries, wrong, races, other);
  return static_cast<int>(races + wrong + other);
}

int RunSweep(const Arguments& arguments, const std::vector<Workload>& workloads) {
  const VtaMachine machine = OrDie(FindMachine(*Env::Default(), arguments.machine + ":extended"));
  int bad = 0;
  for (const Workload& workload : workloads) bad += Sweep(workload, arguments, machine);
  return bad == 0 ? 0 : 1;
}

std::optional<Arguments> Parse(int argc, char** argv) {
  Arguments arguments;
  arguments.call = studies::ParseBenchCall(argc, argv);
  std::vector<std::string> words = arguments.call.words;
  if (const auto option = std::find(words.begin(), words.end(), "--machine");
      words.end() - option >= 2) {
    arguments.machine = *(option + 1);
    words.erase(option, option + 2);
  }
  std::size_t used = 0;
  if (!words.empty()) arguments.command = words[used++];
  if (arguments.command == "sweep" && words.size() >= 3) {
    arguments.valid = std::atoll(words[used++].c_str());
    arguments.seed = static_cast<std::uint64_t>(std::atoll(words[used++].c_str()));
  } else if (arguments.command != "explore") {
    return std::nullopt;
  }
  if (used < words.size())
    arguments.layers.assign(words.begin() + static_cast<std::ptrdiff_t>(used), words.end());
  return arguments;
}

int Run(int argc, char** argv) {
  const std::optional<Arguments> arguments = Parse(argc, argv);
  if (!arguments) {
    fmt::print(stderr,
               "usage: extended_bench [explore|sweep VALID SEED] [NETWORK|LAYER|SHAPE ...] "
               "[--machine M] [--output-dir DIR]\n");
    return 2;
  }
  std::vector<Workload> workloads;
  for (const std::string& name : arguments->layers) {
    const std::vector<Workload> found = name.find(':') == std::string::npos
                                            ? OrDie(FindWorkloads(name))
                                            : std::vector{OrDie(ParseInlineWorkload(name))};
    workloads.insert(workloads.end(), found.begin(), found.end());
  }
  return arguments->command == "sweep" ? RunSweep(*arguments, workloads)
                                       : RunExplore(*arguments, workloads);
}

}  // namespace
}  // namespace foothold::vta

int main(int argc, char** argv) { return foothold::vta::Run(argc, argv); }
