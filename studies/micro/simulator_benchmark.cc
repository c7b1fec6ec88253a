#include "studies/micro/simulator_benchmark.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/check.h"
#include "base/cpu_time.h"
#include "base/json.h"
#include "base/table.h"
#include "base/text.h"
#include "foothold/rng.h"
#include "targets/vta/compiler/tensor_layout.h"
#include "targets/vta/vta_task.h"

namespace foothold::studies {
namespace {

template <typename Body>
double CpuSecondsOf(const Body& body) {
  const double start = base::ThreadCpuSeconds();
  body();
  return base::ThreadCpuSeconds() - start;
}

/// A limit that nothing reaches: slow schedules are part of the work.
constexpr double kNoTimeout = 1e9;

class LayerBenchmark {
 public:
  LayerBenchmark(const vta::VtaTask& task, const SimulatorBenchmarkOptions& options)
      : task_(task), options_(options) {}

  Result<SimulatorBenchmarkRow> Run() {
    row_.workload = task_.workload().name;
    row_.space = task_.space().raw_size();
    const std::int64_t gemm_ops =
        MacCount(task_.workload()) / task_.machine().geometry.macs_per_gemm();
    row_.gemm_ops = static_cast<double>(gemm_ops);
    Explore();
    if (valid_.empty())
      return Status::InvalidArgument(row_.workload +
                                     ": no config of this layer runs on this machine");
    Sample();
    MeasureCompileAndRun();
    MeasureSimulator();
    MeasureLoopNest();
    return row_;
  }

 private:
  /// The whole space, timed without data; finds the valid configs on the way.
  void Explore() {
    const double seconds = CpuSecondsOf([this] {
      for (std::uint64_t index = 0; index < row_.space; ++index) {
        const Config config = task_.space().AtIndex(index);
        if (BuildAndRun(config, false)) valid_.push_back(config);
      }
    });
    row_.explore_per_second = static_cast<double>(row_.space) / seconds;
    row_.valid = valid_.size();
  }

  bool BuildAndRun(const Config& config, bool verify) const {
    const BuildResult build = task_.Build(config);
    if (!build.ok()) return false;
    const RunResult run = task_.Run(*build.program, {.timeout_s = kNoTimeout, .verify = verify});
    FOOTHOLD_CHECK(run.outcome() != Outcome::kCorrectness, ToString(*run.failure));
    return run.outcome() == Outcome::kCorrect;
  }

  void Sample() {
    Rng rng(options_.seed);
    rng.Shuffle(valid_);
    if (valid_.size() > options_.max_configs) valid_.resize(options_.max_configs);
    row_.measured = valid_.size();
  }

  void MeasureCompileAndRun() {
    const auto count = static_cast<double>(valid_.size());
    BuildAndRun(valid_.front(),
                true);  // makes the tensors and the reference output, which every layer needs once
    const auto all = [this](bool verify) {
      for (const Config& config : valid_) BuildAndRun(config, verify);
    };
    row_.verify_per_second = count / CpuSecondsOf([&] { all(true); });
    row_.time_per_second = count / CpuSecondsOf([&] { all(false); });
  }

  /// The simulator alone, on programs compiled beforehand.
  void MeasureSimulator() {
    const vta::Geometry& geometry = task_.machine().geometry;
    const Workload& workload = task_.workload();
    const Result<vta::BlockedShape> shape = task_.machine().schedules->Shape(workload, geometry);
    FOOTHOLD_CHECK(shape.ok(), shape.status().message());
    const vta::PackedTensors tensors =
        vta::Pack(workload, *shape, geometry, RandomTensors(workload, 1));
    std::vector<std::byte> output(
        static_cast<std::size_t>(shape->OutputElements() * geometry.out_elem_bytes()));
    const vta::Dram dram{tensors.input, tensors.weight, tensors.bias, output};
    vta::Simulator simulator(geometry, task_.machine().timing);
    vta::SimulationOptions with_timing;
    with_timing.breakdown = false;
    vta::SimulationOptions functional_only = with_timing;
    functional_only.timing = false;
    double both = 0, functional = 0, timing = 0;
    for (const Config& config : valid_) {
      const BuildResult build = task_.Build(config);
      const vta::DeviceProgram& program =
          *static_cast<const vta::VtaProgram&>(*build.program).device_program();
      row_.instructions += static_cast<double>(program.instructions.size());
      both += CpuSecondsOf([&] { simulator.Run(program, dram, with_timing); });
      functional += CpuSecondsOf([&] { simulator.Run(program, dram, functional_only); });
      timing += CpuSecondsOf([&] { simulator.RunTiming(program, with_timing); });
    }
    const auto count = static_cast<double>(valid_.size());
    row_.ns_per_instruction = 1e9 * timing / row_.instructions;
    row_.instructions /= count;
    row_.ns_per_gemm_op = 1e9 * both / (row_.gemm_ops * count);
    row_.ns_per_gemm_op_functional = 1e9 * functional / (row_.gemm_ops * count);
  }

  void MeasureLoopNest() {
    const Tensors tensors = RandomTensors(task_.workload(), 1);
    const double seconds = CpuSecondsOf([&] { ReferenceOutput(task_.workload(), tensors); });
    row_.ns_per_gemm_op_loop_nest = 1e9 * seconds / row_.gemm_ops;
  }

  const vta::VtaTask& task_;
  const SimulatorBenchmarkOptions& options_;
  std::vector<Config> valid_;
  SimulatorBenchmarkRow row_;
};

base::Json DataOf(const std::vector<SimulatorBenchmarkRow>& rows) {
  auto json = base::Json::Array();
  for (const SimulatorBenchmarkRow& row : rows) {
    json.push_back({{"workload", row.workload},
                    {"space", row.space},
                    {"valid", row.valid},
                    {"measured", row.measured},
                    {"instructions_per_config", row.instructions},
                    {"gemm_ops", row.gemm_ops},
                    {"verify_per_second", row.verify_per_second},
                    {"time_per_second", row.time_per_second},
                    {"explore_per_second", row.explore_per_second},
                    {"ns_per_gemm_op", row.ns_per_gemm_op},
                    {"ns_per_gemm_op_functional", row.ns_per_gemm_op_functional},
                    {"ns_per_gemm_op_loop_nest", row.ns_per_gemm_op_loop_nest},
                    {"ns_per_instruction", row.ns_per_instruction}});
  }
  return json;
}

}  // namespace

Result<std::vector<SimulatorBenchmarkRow>> RunSimulatorBenchmark(
    const vta::VtaMachine& machine, const std::vector<Workload>& workloads,
    const SimulatorBenchmarkOptions& options) {
  std::vector<SimulatorBenchmarkRow> rows;
  for (const Workload& workload : workloads) {
    FOOTHOLD_ASSIGN_OR_RETURN(const std::unique_ptr<TargetTask> task,
                              vta::VtaTask::Create(machine, workload));
    FOOTHOLD_ASSIGN_OR_RETURN(
        SimulatorBenchmarkRow row,
        LayerBenchmark(static_cast<const vta::VtaTask&>(*task), options).Run());
    rows.push_back(std::move(row));
  }
  return rows;
}

Page ToPage(const std::vector<SimulatorBenchmarkRow>& rows) {
  base::Table table =
      base::Table::OfNumbers({"layer", "space", "valid", "instr.", "verified/s", "timed/s",
                              "explored/s", "ns/GEMM", "no timing", "loop nest", "ns/instr"});
  for (const SimulatorBenchmarkRow& row : rows) {
    std::vector<std::string> cells = {row.workload, std::to_string(row.space),
                                      std::to_string(row.valid)};
    for (const double whole :
         {row.instructions, row.verify_per_second, row.time_per_second, row.explore_per_second}) {
      cells.push_back(fmt::format("{:.0f}", whole));
    }
    for (const double ns : {row.ns_per_gemm_op, row.ns_per_gemm_op_functional,
                            row.ns_per_gemm_op_loop_nest, row.ns_per_instruction}) {
      cells.push_back(fmt::format("{:.2f}", ns));
    }
    table.AddRow(std::move(cells));
  }
  Page page("simulator", "Speed of the simulated board", "foothold-study simulator --output-dir");
  page.Text(
      "Configs per second of CPU time of one thread that are compiled, simulated with data and "
      "compared with the reference (*verified*), compiled and timed without data (*timed*), and "
      "the same of all configs, valid or not (*explored*). *GEMM*: a micro-op, simulated with data "
      "and timing; *no timing*: with data alone; *loop nest*: the reference operator, which is the "
      "floor.");
  page.Add(table);
  page.SetData(DataOf(rows));
  return page;
}

}  // namespace foothold::studies
