// The simulated Chisel machine against the RTL itself. Prints the errors:
//   build/dev/src/targets/vta/targets_vta_test --gtest_filter='RtlTest.*'
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "base/statistics.h"
#include "base/testing/test_data.h"
#include "base/text.h"
#include "foothold/env.h"
#include "targets/vta/vta_target.h"
#include "targets/vta/vta_task.h"

namespace foothold::vta {
namespace {

/// One program that the RTL ran.
struct RtlRun {
  std::string schedules;  ///< "tvm" or "extended"
  std::string workload;
  std::vector<std::int64_t> values;  ///< of the template's parameters
  double latency = 0;                ///< of memory, in cycles
  double cycles = 0;
  bool output_is_right = false;
};

/// The fields of a line of CSV; a field may stand in double quotes.
std::vector<std::string> Fields(const std::string& line) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (const char c : line) {
    if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      fields.emplace_back();
    } else {
      fields.back() += c;
    }
  }
  return fields;
}

std::vector<std::int64_t> Numbers(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::int64_t> numbers;
  for (std::int64_t number = 0; in >> number;) numbers.push_back(number);
  return numbers;
}

std::vector<RtlRun> ReadRuns(const std::string& csv) {
  std::vector<RtlRun> runs;
  std::map<std::string, std::size_t> columns;
  std::istringstream lines(csv);
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line[0] == '#') continue;
    const std::vector<std::string> fields = Fields(line);
    if (columns.empty()) {
      for (std::size_t i = 0; i < fields.size(); ++i) columns[fields[i]] = i;
      continue;
    }
    const auto field = [&](const char* name) { return fields.at(columns.at(name)); };
    runs.push_back({field("template"), field("workload"), Numbers(field("values")),
                    std::stod(field("memory_latency")), std::stod(field("rtl_cycles")),
                    field("rtl_output_equals_reference") == "1"});
  }
  return runs;
}

Workload WorkloadOf(const std::string& name) {
  if (name.find(':') != std::string::npos) return ParseInlineWorkload(name).value();
  return FindWorkloads(name)->front();
}

class RtlTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const std::string path = testing::DataDirectory() + "/boards/rtl_chisel_de10_cycles.csv";
    if (!std::filesystem::exists(path)) GTEST_SKIP() << "needs " << path << " (FOOTHOLD_DATA)";
    runs_ = ReadRuns(Env::Default()->ReadFile(path).value());
  }

  std::vector<RtlRun> runs_;
};

TEST_F(RtlTest, CyclesAndOutputsAreThoseOfTheRtl) {
  std::map<double, std::vector<double>> errors;  // by latency
  for (const RtlRun& run : runs_) {
    SCOPED_TRACE(run.workload + " " + base::Joined(run.values, " "));
    VtaMachine machine =
        *FindMachine(*Env::Default(), run.schedules == "tvm" ? "tsim" : "tsim:extended");
    machine.geometry.log_uop_memory = Geometry::kAsConfigured;  // what the compiler believes
    machine.timing.port_latency_ns = run.latency * 1e3 / machine.timing.clock_mhz;
    const auto task = VtaTask::Create(machine, WorkloadOf(run.workload)).value();
    const BuildResult build = task->Build(task->space().FromValues(run.values).value());
    ASSERT_TRUE(build.ok()) << build.failure->reason;
    machine.geometry.log_uop_memory = 11;  // what the RTL has
    const auto rtl = VtaTask::Create(machine, WorkloadOf(run.workload)).value();
    const RunResult result = rtl->Run(*build.program, {.timeout_s = 1e6});
    ASSERT_EQ(result.outcome(), run.output_is_right ? Outcome::kCorrect : Outcome::kCorrectness)
        << result.failure->reason;
    if (!run.output_is_right) continue;
    errors[run.latency].push_back(std::abs(result.metrics.at("cycles") / run.cycles - 1));
  }
  for (const auto& [latency, e] : errors) {
    fmt::print(
        "latency {}: {} programs, median {:.2f} %, 90th percentile {:.2f} %, worst {:.2f} %\n",
        latency, e.size(), 100 * *base::Median(e), 100 * *base::Quantile(e, 0.9),
        100 * *base::Quantile(e, 1));
    EXPECT_LE(*base::Median(e), 0.003);
    EXPECT_LE(*base::Quantile(e, 0.9), 0.01);
    EXPECT_LE(*base::Quantile(e, 1), 0.03);
  }
}

}  // namespace
}  // namespace foothold::vta
