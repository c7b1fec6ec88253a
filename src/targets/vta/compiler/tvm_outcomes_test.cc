// What TVM 0.8 itself and a real PYNQ made of every config, against what this compiler says (issue
// 2, bars 5a and 5b).

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>

#include "base/json.h"
#include "base/testing/test_data.h"
#include "targets/vta/compiler/assembler.h"
#include "targets/vta/compiler/tvm_template.h"

namespace foothold::vta {
namespace {

/// "ok", "lower" or "run": the outcome and phase of TVM's records.
struct Verdict {
  std::string phase = "ok";
  std::string reason;
  DeviceProgram program;
};

Verdict Compile(const Workload& workload, const Geometry& geometry,
                const std::vector<std::int64_t>& values) {
  auto lowered = LowerTvmTemplate(workload, geometry, values);
  const auto refuse = [](const Rejection& r) {
    return Verdict{r.phase == Phase::kJit ? "run" : "lower", r.stage + ": " + r.reason, {}};
  };
  if (auto* r = std::get_if<Rejection>(&lowered)) return refuse(*r);
  auto assembled = Assemble(std::get<LoweredProgram>(lowered), geometry,
                            LayOut(*BlockShape(workload, geometry), geometry));
  if (auto* r = std::get_if<Rejection>(&assembled)) return refuse(*r);
  return {"ok", "", std::get<DeviceProgram>(std::move(assembled))};
}

/// The counters of TVM's functional simulator
/// (docs/reference/vta-and-autotvm.md#where-engines-differ), from the instructions.
std::map<std::string, std::int64_t> Count(const DeviceProgram& program, const Geometry& g) {
  std::map<std::string, std::int64_t> counts;
  for (const Instruction& i : program.instructions) {
    const std::int64_t elements = std::int64_t{i.y_size} * i.x_size;
    const std::int64_t operations =
        std::int64_t{i.iter_out} * i.iter_in * (i.uop_end - i.uop_begin);
    switch (i.opcode) {
      case Opcode::kLoad:
        if (i.memory == MemoryId::kInp) counts["inp_load_nbytes"] += elements * g.inp_elem_bytes();
        if (i.memory == MemoryId::kWgt) counts["wgt_load_nbytes"] += elements * g.wgt_elem_bytes();
        if (i.memory == MemoryId::kAcc) counts["acc_load_nbytes"] += elements * g.acc_elem_bytes();
        if (i.memory == MemoryId::kUop) counts["uop_load_nbytes"] += elements * 4;
        break;
      case Opcode::kStore:
        counts["out_store_nbytes"] += elements * g.out_elem_bytes();
        break;
      case Opcode::kGemm:
        if (!i.reset) counts["gemm_counter"] += operations;
        break;
      case Opcode::kAlu:
        counts["alu_counter"] += operations;
        break;
      case Opcode::kFinish:
        break;
    }
  }
  return counts;
}

Workload WorkloadOf(const base::Json& meta) {
  const base::Json& w = meta.at("workload");
  const auto size = [&](const char* name) { return w.at(name).Get<std::int64_t>(); };
  Workload workload;
  workload.name = "recorded";
  workload.op = Conv2d{size("batch"),      size("in_filter"), size("height"),  size("width"),
                       size("out_filter"), size("hkernel"),   size("wkernel"), size("hpad"),
                       size("wpad"),       size("hstride"),   size("wstride")};
  workload.requantize.bias =
      meta.at("stages_after_conv").Get<std::string>().find("bias") != std::string::npos;
  return workload;
}

class TvmOutcomesTest : public ::testing::TestWithParam<std::string> {};

TEST_P(TvmOutcomesTest, EveryConfigAgreesInOutcomePhaseAndCounts) {
  const std::string path = testing::DataDirectory() + "/boards/" + GetParam();
  std::ifstream file(path);
  if (!file) GTEST_SKIP() << "needs " << path << " (set FOOTHOLD_DATA)";
  std::string line;
  std::getline(file, line);
  const base::Json meta = base::Json::Parse(line).value().at("meta");
  const Workload workload = WorkloadOf(meta);
  const Geometry geometry;
  auto space = TvmTemplateSpace(workload, geometry);
  ASSERT_TRUE(space.ok()) << space.status().message();
  EXPECT_EQ(space->raw_size(), meta.at("space_size").Get<std::uint64_t>());

  int ok = 0, disagreements = 0;
  while (std::getline(file, line) && disagreements < 20) {
    const base::Json record = base::Json::Parse(line).value();
    const Config config = space->AtIndex(record.at("index").Get<std::uint64_t>());
    ASSERT_EQ(space->Value(config, "tile_co"), record.at("tile_co").Get<std::int64_t>());
    const Verdict verdict = Compile(workload, geometry, space->Values(config));
    const bool recorded_ok = record.at("outcome") == "ok";
    const std::string recorded = recorded_ok ? "ok" : record.at("phase").Get<std::string>();
    if (verdict.phase != recorded) {
      ++disagreements;
      ADD_FAILURE() << space->ToString(config) << ": recorded " << recorded << " "
                    << (record.contains("message") ? record.at("message").string() : "")
                    << ", ours " << verdict.phase << " " << verdict.reason;
    }
    if (!recorded_ok || verdict.phase != "ok") continue;
    ++ok;
    for (const auto& [counter, value] : Count(verdict.program, geometry)) {
      EXPECT_EQ(value, record.at(counter).Get<std::int64_t>())
          << counter << " of " << space->ToString(config);
    }
  }
  EXPECT_GT(ok, 50);
}

INSTANTIATE_TEST_SUITE_P(WholeSpaces, TvmOutcomesTest,
                         ::testing::Values("tvm_outcomes_resnet18_C8.jsonl",
                                           "tvm_outcomes_resnet18_C4.jsonl",
                                           "tvm_outcomes_deepbench_28x28_192_32_5x5.jsonl"),
                         [](const auto& test) {
                           return test.param.substr(13, test.param.size() - 19);
                         });

TEST(BoardOutcomesTest, EveryTrialOfARealPynqAgreesInOutcome) {
  const std::string path = testing::DataDirectory() + "/boards/pynq_vgg19_trials.csv";
  std::ifstream file(path);
  if (!file) GTEST_SKIP() << "needs " << path << " (set FOOTHOLD_DATA)";
  std::string line;
  std::getline(file, line);
  std::vector<std::string> names;
  for (std::stringstream header(line); std::getline(header, line, ',');) names.push_back(line);

  int ran = 0, ran_rejected = 0, failed = 0, failed_agreeing = 0, failed_accepted = 0;
  while (std::getline(file, line)) {
    std::map<std::string, std::string> row;
    std::stringstream fields(line);
    for (const std::string& name : names) std::getline(fields, row[name], ',');
    const auto number = [&](const char* name) { return std::stoll(row.at(name)); };
    Workload workload;
    workload.op = Conv2d{number("N"),   number("CI"),     number("H"),     number("W"),
                         number("CO"),  number("KH"),     number("KW"),    number("pad"),
                         number("pad"), number("stride"), number("stride")};
    auto space = TvmTemplateSpace(workload, {});
    ASSERT_TRUE(space.ok());
    const auto values =
        space->Values(space->AtIndex(static_cast<std::uint64_t>(number("config_index"))));
    ASSERT_EQ(values[1], number("tile_h"));
    const Verdict verdict = Compile(workload, {}, values);
    const long long error = number("error_no");
    if (error == 0) {
      ++ran;
      ran_rejected += verdict.phase != "ok";
    } else {
      ++failed;
      failed_agreeing += verdict.phase == (error == 2 ? "lower" : "run");
      failed_accepted += verdict.phase == "ok";
    }
  }
  RecordProperty("failed", failed);
  RecordProperty("failed_agreeing", failed_agreeing);
  RecordProperty("failed_accepted", failed_accepted);
  EXPECT_EQ(ran, 161);
  EXPECT_EQ(ran_rejected, 0) << "no config that ran may be rejected";
  EXPECT_GE(failed_agreeing, 0.995 * failed) << failed_accepted << " failing configs were accepted";
}

}  // namespace
}  // namespace foothold::vta
