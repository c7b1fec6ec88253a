#include "formats/autotvm/autotvm_convert.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "formats/autotvm/autotvm_error.h"
#include "formats/autotvm/autotvm_task.h"
#include "records/log/line_checksum.h"
#include "records/log/testing.h"

namespace foothold::formats {
namespace {

using testing::CorrectTrial;
using testing::FailedTrial;
using ::testing::HasSubstr;

constexpr std::string_view kPynq =
    "ext_dev -keys=vta,cpu -device=vta -model=pynq_1x16_i8w8a32_15_15_18_17";

RunHeader RunOf(const std::string& layer, const VtaPacking& packing = {}) {
  RunHeader run = testing::SomeRun();
  run.workload = FindWorkloads(layer)->front();
  run.parameters = AutotvmParameters(run.workload, packing).value();
  return run;
}

AutotvmRecord Exported(const RunHeader& run, const TrialRecord& trial) {
  const auto record = ToAutotvm(run, trial, kPynq);
  EXPECT_TRUE(record.ok()) << record.status().message();
  return *record;
}

AutotvmImport Imported(const AutotvmLog& log) {
  auto import = FromAutotvm(log, "tune.log");
  EXPECT_TRUE(import.ok()) << import.status().message();
  return *std::move(import);
}

std::string ImportComplaint(const AutotvmRecord& record) {
  AutotvmLog log;
  log.records = {record};
  log.records[0].line = 7;
  const auto import = FromAutotvm(log, "tune.log");
  EXPECT_FALSE(import.ok());
  if (import.ok()) return "";
  EXPECT_EQ(import.status().code(), StatusCode::kInvalidArgument);
  return import.status().message();
}

TEST(AutotvmConvert, PackingIsThatOfTheModel) {
  EXPECT_EQ(PackingOf(kPynq).value(), (VtaPacking{1, 16, 16}));
  EXPECT_EQ(PackingOf("ext_dev -model=zcu104_4x8_i8w8a32_15_16_16_18 -keys=cpu").value(),
            (VtaPacking{4, 8, 8}));
  for (const char* target :
       {"", "llvm", "ext_dev -model=", "ext_dev -model=pynq", "ext_dev -model=pynq_1x",
        "ext_dev -model=pynq_x16", "ext_dev -model=pynq_0x16", "ext_dev -model=pynq_1x16y"}) {
    EXPECT_EQ(PackingOf(target).status().code(), StatusCode::kInvalidArgument) << target;
  }
}

TEST(AutotvmConvert, ParametersAreThoseOfTheTask) {
  const auto parameters = AutotvmParameters(FindWorkloads("resnet18.C8")->front(), {1, 16, 16});
  EXPECT_EQ(*parameters, (std::vector<Parameter>{{"tile_b", {1}},
                                                 {"tile_h", {1, 2, 7, 14}},
                                                 {"tile_w", {1, 2, 7, 14}},
                                                 {"tile_ci", {1, 2, 4, 8, 16}},
                                                 {"tile_co", {1, 2, 4, 8, 16}},
                                                 {"oc_nthread", {1, 2}},
                                                 {"h_nthread", {1, 2}}}));
  EXPECT_EQ(*AutotvmParameters(FindWorkloads("lstm.dense")->front(), {1, 16, 16}),
            (std::vector<Parameter>{{"tile_b", {1}},
                                    {"tile_ci", {1, 2, 4, 8, 16}},
                                    {"tile_co", {1, 2, 4, 8}},
                                    {"oc_nthread", {1, 2}}}));
  EXPECT_EQ(AutotvmParameters(FindWorkloads("lstm.dense")->front(), {4, 8, 8}).status().message(),
            "batch: is 1, must be a multiple of 4 to be packed for VTA");
}

RunHeader RunOfShape(const std::string& shape, const VtaPacking& packing = {}) {
  RunHeader run = testing::SomeRun();
  run.workload = ParseInlineWorkload(shape).value();
  run.parameters = AutotvmParameters(run.workload, packing).value();
  return run;
}

TEST(AutotvmConvert, GroupsHaveTheirOwnInputChannels) {
  const RunHeader run = RunOfShape("conv2d:1x128x8x8,256,3x3,pad=1,groups=4");
  EXPECT_EQ(run.parameters[3], (Parameter{"tile_ci", {1, 2}}));
  EXPECT_EQ(run.parameters[4], (Parameter{"tile_co", {1, 2, 4, 8, 16}}));
  const Workload depthwise = ParseInlineWorkload("conv2d:1x128x8x8,128,3x3,groups=128").value();
  EXPECT_EQ(AutotvmParameters(depthwise, {1, 16, 16}).status().message(),
            "in_channels / groups: is 1, must be a multiple of 16 to be packed for VTA");
}

TEST(AutotvmConvert, EveryOperatorComesBack) {
  for (const char* shape :
       {"conv2d:1x128x8x8,256,3x3,pad=1,groups=4", "conv2d:1x64x7x7,64,3x3,stride=2,pad_end=1x2",
        "conv2d:1x64x7x7,64,3x3,pad=1,pad_end=0", "dense:1x64,32",
        "conv2d_transpose:1x64x5x4,32,4x3,pad=1x0,stride=2x1"}) {
    const RunHeader run = RunOfShape(shape);
    Config config;
    for (const Parameter& parameter : run.parameters)
      config.choices.push_back(static_cast<std::uint32_t>(parameter.values.size() - 1));
    AutotvmLog log;
    log.records = {Exported(run, CorrectTrial(0, config))};
    const AutotvmImport import = Imported(log);
    ASSERT_EQ(import.runs.size(), 1U) << shape;
    EXPECT_EQ(import.runs[0].header.workload, run.workload);
    EXPECT_EQ(import.runs[0].header.parameters, run.parameters) << shape;
    EXPECT_EQ(import.runs[0].trials.at(0).measurement.config, config) << shape;
    // What stands in the file is what was exported.
    const std::string line = ToAutotvmLine(log.records[0]);
    const auto again = ParseAutotvmLog(line + "\n", "tune.log");
    ASSERT_TRUE(again.ok()) << again.status().message();
    EXPECT_EQ(ToAutotvmLine(again->records.at(0)), line);
  }
}

TEST(AutotvmConvert, ArgumentsOfTheOtherConvolutionsAreChecked) {
  const auto complaint = [](const std::string& shape, const auto& change) {
    const RunHeader run = RunOfShape(shape);
    AutotvmRecord record = Exported(
        run, CorrectTrial(0, Config{std::vector<std::uint32_t>(run.parameters.size(), 0)}));
    change(record);
    return ImportComplaint(record);
  };
  const std::string grouped = "conv2d:1x128x8x8,256,3x3,pad=1,groups=4";
  EXPECT_THAT(complaint(grouped, [](AutotvmRecord& record) { record.args[5] = 3; }),
              HasSubstr("input[2][5]: is 3, must be a number of groups that divides the input"));
  EXPECT_THAT(complaint(grouped, [](AutotvmRecord& record) { record.args[5] = 2; }),
              HasSubstr("must be of 4 input blocks of 16"));
  EXPECT_THAT(complaint(grouped, [](AutotvmRecord& record) { record.args[1][1][0] = 6; }),
              HasSubstr("input[2][5]: is 4, must be a number of groups that divides the output"));
  const std::string transposed = "conv2d_transpose:1x64x5x4,32,4x4,pad=1,stride=2";
  EXPECT_THAT(complaint(transposed, [](AutotvmRecord& record) { record.args[5][0] = 1; }),
              HasSubstr("input[2][5]: is [1,0], must be [0, 0]: no output padding"));
  EXPECT_THAT(complaint(transposed, [](AutotvmRecord& record) { record.args[3][2] = 2; }),
              HasSubstr("input[2][3]: is [1,1,2,1], must be the same padding on opposite sides"));
}

/// Trials of all tasks and of every outcome, as AutoTVM would have logged them.
TEST(AutotvmConvert, ExportIsGolden) {
  const RunHeader conv = RunOf("resnet18.C9");
  std::string text = ToAutotvmLine(Exported(conv, CorrectTrial(0, {{0, 1, 1, 0, 4, 1, 0}}))) + "\n";
  int i = 0;
  for (const Outcome outcome : {Outcome::kConstraints, Outcome::kCompile, Outcome::kRuntime,
                                Outcome::kTimeout, Outcome::kCorrectness}) {
    TrialRecord trial = FailedTrial(1, {{0, 0, 0, 0, 0, 0, 0}}, outcome);
    trial.measurement.build_seconds = 0.25 * ++i;
    text += ToAutotvmLine(Exported(conv, trial)) + "\n";
  }
  const RunHeader dense = RunOf("lstm.dense");
  text += ToAutotvmLine(Exported(dense, CorrectTrial(0, {{0, 4, 3, 1}}))) + "\n";
  const RunHeader grouped = RunOfShape("conv2d:1x128x8x8,128,3x3,pad=1,groups=8");
  text += ToAutotvmLine(Exported(grouped, CorrectTrial(0, {{0, 2, 3, 0, 0, 1, 0}}))) + "\n";
  const RunHeader transposed = RunOfShape("conv2d_transpose:1x64x4x4,32,4x4,pad=1,stride=2");
  text += ToAutotvmLine(Exported(transposed, CorrectTrial(0, {{0, 3, 3, 0, 1, 0, 0}}))) + "\n";
  EXPECT_EQ(text,
            Env::Default()
                ->ReadFile(FOOTHOLD_SOURCE_DIR "/src/formats/autotvm/testdata/autotvm_log.golden")
                .value());
}

TEST(AutotvmConvert, ExportNeedsTheSpaceOfTheTask) {
  RunHeader run = RunOf("resnet18.C9");
  run.parameters.pop_back();
  const auto record = ToAutotvm(run, CorrectTrial(0, {{0, 0, 0, 0, 0, 0}}), kPynq);
  EXPECT_THAT(record.status().message(), HasSubstr("are not AutoTVM's for conv2d 1x256x14x14"));
  EXPECT_EQ(record.status().code(), StatusCode::kInvalidArgument);

  const auto other = ToAutotvm(RunOf("resnet18.C9"), CorrectTrial(0, {{0, 0, 0, 0, 0, 0, 0}}),
                               "ext_dev -model=sim_1x32_i8w8a32_15_15_18_17");
  EXPECT_FALSE(other.ok());
}

TEST(AutotvmConvert, SlowIsARunTimeout) {
  const RunHeader header = RunOf("resnet18.C4");
  TrialRecord slow =
      CorrectTrial(0, Config{std::vector<std::uint32_t>(header.parameters.size(), 0)});
  slow.measurement.seconds.clear();
  slow.measurement.slower_than_s = 2;
  const AutotvmRecord record = Exported(header, slow);
  EXPECT_EQ(record.error_no, 7);
  EXPECT_EQ(record.costs, (std::vector<PythonNumber>{1e9}));
}

TEST(AutotvmConvert, WhatIsExportedImportsTheSame) {
  const RunHeader header = RunOf("resnet18.C4");
  AutotvmLog log;
  Rng rng(1);
  for (std::uint64_t trial = 0; trial < 50; ++trial) {
    Config config;
    for (const Parameter& parameter : header.parameters) {
      config.choices.push_back(static_cast<std::uint32_t>(rng.Below(parameter.values.size())));
    }
    const auto outcome = static_cast<Outcome>(rng.Below(6));
    log.records.push_back(Exported(header, outcome == Outcome::kCorrect
                                               ? CorrectTrial(trial, config)
                                               : FailedTrial(trial, config, Outcome::kCompile)));
  }
  const AutotvmImport import = Imported(log);
  ASSERT_EQ(import.runs.size(), 1U);
  const RunLog& run = import.runs[0];
  EXPECT_EQ(run.header.target, kPynq);
  EXPECT_EQ(run.header.workload.op, header.workload.op);
  EXPECT_EQ(run.header.workload.name, "conv2d:1x64x56x56,128,1x1,stride=2");
  EXPECT_EQ(run.header.parameters, header.parameters);
  ASSERT_EQ(run.trials.size(), log.records.size());
  for (std::size_t i = 0; i < run.trials.size(); ++i) {
    EXPECT_EQ(run.trials[i].trial, i);
    EXPECT_EQ(ToAutotvmLine(Exported(run.header, run.trials[i])), ToAutotvmLine(log.records[i]));
  }
}

TEST(AutotvmConvert, DenseImports) {
  const RunHeader header = RunOf("lstm.dense");
  AutotvmLog log;
  log.records = {Exported(header, CorrectTrial(0, {{0, 4, 3, 1}}))};
  const AutotvmImport import = Imported(log);
  EXPECT_EQ(import.runs.at(0).header.workload.op, header.workload.op);
  EXPECT_EQ(import.runs.at(0).trials.at(0).measurement.config, (Config{{0, 4, 3, 1}}));
}

TEST(AutotvmConvert, ErrorNumbersBecomeOutcomes) {
  AutotvmRecord record = Exported(RunOf("resnet18.C9"), CorrectTrial(0, {{0, 0, 0, 0, 0, 0, 0}}));
  const Outcome expected[] = {Outcome::kCorrect, Outcome::kCompile, Outcome::kCompile,
                              Outcome::kCompile, Outcome::kRuntime, Outcome::kCorrectness,
                              Outcome::kCompile, Outcome::kTimeout, Outcome::kRuntime};
  for (int error = 0; error <= 8; ++error) {
    record.error_no = error;
    AutotvmLog log;
    log.records = {record};
    const RunLog run = Imported(log).runs.at(0);
    const Measurement& measurement = run.trials.at(0).measurement;
    EXPECT_EQ(measurement.outcome(), expected[error]) << error;
    EXPECT_EQ(measurement.seconds.empty(), error != 0);
    EXPECT_EQ(measurement.failure.has_value(), error != 0);
  }
}

/// By way of a record log, also of one that an earlier Foothold wrote.
TEST(AutotvmConvert, AnImportedNumberIsExportedAgain) {
  AutotvmRecord record = Exported(RunOf("resnet18.C9"), CorrectTrial(0, {{0, 0, 0, 0, 0, 0, 0}}));
  for (int error = 0; error <= kMaxAutotvmError; ++error) {
    record.error_no = error;
    AutotvmLog log;
    log.records = {record};
    const RunLog run = Imported(log).runs.at(0);
    const std::string header = ToJsonLine(run.header, 1) + "\n";
    std::string line = ToJsonLine(run.trials.at(0), 1, run.header.parameters) + "\n";
    const auto exported = [&] {
      const auto contents = ParseLog(header + line, "tune.jsonl");
      EXPECT_TRUE(contents.ok()) << contents.status().message();
      return Exported(contents->runs.at(0).header, contents->runs.at(0).trials.at(0)).error_no;
    };
    EXPECT_EQ(exported(), error);
    if (error == 0) continue;
    line = line.substr(0, line.find(",\"crc\""));
    line.insert(line.find(",\"build_s\""), fmt::format(",\"autotvm_error\":{}", error));
    line = records::WithChecksum(line + "}") + "\n";
    EXPECT_EQ(exported(), error);
  }
}

TEST(AutotvmConvert, OtherTasksAreCounted) {
  AutotvmRecord record = Exported(RunOf("resnet18.C9"), CorrectTrial(0, {{0, 0, 0, 0, 0, 0, 0}}));
  record.task = "dense_nopack.x86";
  AutotvmLog log;
  log.records = {record, record};
  const AutotvmImport import = Imported(log);
  EXPECT_TRUE(import.runs.empty());
  EXPECT_EQ(import.other_tasks, 2U);
}

TEST(AutotvmConvert, ComplaintsNameFileLineAndField) {
  const AutotvmRecord good =
      Exported(RunOf("resnet18.C9"), CorrectTrial(0, {{0, 1, 1, 0, 4, 1, 0}}));
  const auto complaint = [&](const std::function<void(AutotvmRecord&)>& change) {
    AutotvmRecord record = good;
    change(record);
    return ImportComplaint(record);
  };
  EXPECT_EQ(complaint([](AutotvmRecord& record) { record.index = 12; }),
            "tune.log:7: config.index: is 12, but the entities give 203; one of them is wrong");
  EXPECT_EQ(complaint([](AutotvmRecord& record) { record.costs[1] = -1; }),
            "tune.log:7: result[0]: holds -1, must be a finite number above 0");
  EXPECT_EQ(complaint([](AutotvmRecord& record) { record.all_cost = -0.5; }),
            "tune.log:7: result[2]: is -0.5, must not be negative");
  EXPECT_EQ(complaint([](AutotvmRecord& record) { record.entities.pop_back(); }),
            "tune.log:7: config.entity: has 6 knobs, must have 7: tile_b={1} tile_h={1,7} "
            "tile_w={1,7} tile_ci={1,2,4,8,16} tile_co={1,2,4,8,16,32} oc_nthread={1,2} "
            "h_nthread={1,2}");
  EXPECT_EQ(complaint([](AutotvmRecord& record) { record.entities[1].value[1] = 3; }),
            "tune.log:7: config.entity[1]: is [\"tile_h\", \"sp\", [-1,3]], must set tile_h to one "
            "of 1, 7");
  EXPECT_THAT(complaint([](AutotvmRecord& record) { record.entities[1].value[0] = 2; }),
              HasSubstr("config.entity[1]: is [\"tile_h\", \"sp\", [2,7]]"));
  EXPECT_THAT(complaint([](AutotvmRecord& record) { record.entities[1].value[1] = 0; }),
              HasSubstr("config.entity[1]"));
  EXPECT_THAT(complaint([](AutotvmRecord& record) { record.entities[5].value = "2"; }),
              HasSubstr("config.entity[5]: is [\"oc_nthread\", \"ot\", \"2\"]"));
  EXPECT_EQ(complaint([](AutotvmRecord& record) { record.args[0][1][4] = 2; }),
            "tune.log:7: input[2][5]: is \"NCHW1n16c\", must be \"NCHW2n16c\", as the data tensor "
            "has");
  EXPECT_THAT(complaint([](AutotvmRecord& record) { record.args[3].push_back(1); }),
              HasSubstr("input[2][3]: is [1,1,1,1,1], must be 4 whole numbers of at least 0"));
  EXPECT_EQ(complaint([](AutotvmRecord& record) { record.args[4][0] = 2; }),
            "tune.log:7: input[2][4]: is [2,1], must be [1, 1]: no dilation");
  EXPECT_EQ(complaint([](AutotvmRecord& record) { record.args[1][1][1] = 2; }),
            "tune.log:7: input[2][1][1]: is [32,2,3,3,16,16], must be of 16 input blocks of 16, as "
            "the data tensor is");
  EXPECT_THAT(complaint([](AutotvmRecord& record) { record.args[0][2] = "float32"; }),
              HasSubstr("input[2][0]: is [\"TENSOR\",[1,16,14,14,1,16],\"float32\"], must be "));
  EXPECT_THAT(complaint([](AutotvmRecord& record) { record.args[0][1][2] = 0; }),
              HasSubstr("input[2][0][1]: is [1,16,0,14,1,16], must be sizes of at least 1"));
  EXPECT_EQ(complaint([](AutotvmRecord& record) { record.args[2][0] = 0; }),
            "tune.log:7: stride_h: is 0, must be from 1 to 1048576");
  EXPECT_EQ(complaint([](AutotvmRecord& record) {
              std::vector<base::Json> args = record.args.elements();
              args.pop_back();
              record.args = args;
            }),
            "tune.log:7: input[2]: has 6 arguments, must have 7");
  EXPECT_THAT(complaint([](AutotvmRecord& record) {
                record.target = "ext_dev -model=sim_1x32_i8w8a32_15_15_18_17";
              }),
              HasSubstr("input[0]: the model is packed for 1x32, but the tensors for 1x16 inputs"));
  EXPECT_THAT(complaint([](AutotvmRecord& record) { record.target = "llvm"; }),
              HasSubstr("tune.log:7: the AutoTVM target \"llvm\" names no VTA model"));
}

TEST(AutotvmConvert, OldRecordsHaveTwoLayoutsAndOuterSizes) {
  AutotvmRecord record = Exported(RunOf("resnet18.C9"), CorrectTrial(0, {{0, 1, 1, 0, 4, 1, 0}}));
  std::vector<base::Json> args = record.args.elements();
  args.insert(args.begin() + 5, "NCHW1n16c");
  record.args = args;
  record.entities[3].value = base::Json::Array({16, 1});
  AutotvmLog log;
  log.records = {record};
  EXPECT_EQ(Imported(log).runs.at(0).trials.at(0).measurement.config,
            (Config{{0, 1, 1, 0, 4, 1, 0}}));
}

TEST(AutotvmConvert, TheTophubLogConvertsThereAndBack) {
  const std::string path = testing::DataDirectory() + "/boards/tophub_vta_v0.10_pynq_1x16.log";
  const Result<std::string> text = Env::Default()->ReadFile(path);
  if (!text.ok()) GTEST_SKIP() << "no test data: " << text.status().message();
  const AutotvmLog log = ParseAutotvmLog(*text, path).value();
  ASSERT_EQ(log.records.size(), 43U);
  const AutotvmImport import = Imported(log);
  EXPECT_EQ(import.other_tasks, 0U);
  std::size_t compared = 0;
  for (const RunLog& run : import.runs) {
    for (const TrialRecord& trial : run.trials) {
      const auto again = ToAutotvm(run.header, trial, run.header.target);
      ASSERT_TRUE(again.ok()) << again.status().message();
      for (const AutotvmRecord& original : log.records) {
        if (original.timestamp != again->timestamp) continue;
        ++compared;
        EXPECT_EQ(again->target, original.target);
        EXPECT_EQ(again->args, original.args);
        EXPECT_EQ(again->index, original.index);
        EXPECT_EQ(again->costs, original.costs);
        EXPECT_EQ(again->all_cost, original.all_cost);
      }
    }
  }
  EXPECT_EQ(compared, 43U);
}

/// One field of a CSV line by the name of its column.
std::string Cell(const std::vector<std::string>& columns, const std::string& line,
                 const std::string& name) {
  std::istringstream cells(line);
  std::string cell;
  for (const std::string& column : columns) {
    std::getline(cells, cell, ',');
    if (column == name) return cell;
  }
  ADD_FAILURE() << "no column " << name;
  return "";
}

TEST(AutotvmConvert, IndicesOfABoardsTrialsFitTheirKnobs) {
  const std::string path = testing::DataDirectory() + "/boards/pynq_vgg19_trials.csv";
  std::ifstream file(path);
  if (!file) GTEST_SKIP() << "no test data: " << path;
  std::string line;
  std::getline(file, line);
  std::vector<std::string> columns;
  std::istringstream header(line);
  for (std::string column; std::getline(header, column, ',');) columns.push_back(column);

  std::size_t trials = 0;
  while (std::getline(file, line)) {
    const auto number = [&](const std::string& name) {
      return std::stoll(Cell(columns, line, name));
    };
    Conv2d conv;
    conv.in_channels = number("CI");
    conv.height = number("H");
    conv.width = number("W");
    conv.out_channels = number("CO");
    conv.kernel_h = number("KH");
    conv.kernel_w = number("KW");
    conv.stride_h = conv.stride_w = number("stride");
    conv.pad_h = conv.pad_w = number("pad");
    const VtaPacking packing;
    AutotvmRecord record;
    record.target = kPynq;
    record.task = "conv2d_packed.vta";
    record.args = TaskArguments({{"layer", conv, {}}, packing});
    record.index = number("config_index");
    const auto parameters = AutotvmParameters({"layer", conv, {}}, packing);
    for (const Parameter& parameter : *parameters) {
      const auto value = number(parameter.name);
      const bool is_split = parameter.name.rfind("tile_", 0) == 0;
      record.entities.push_back({parameter.name, is_split ? "sp" : "ot",
                                 is_split ? base::Json::Array({-1, value}) : base::Json(value)});
    }
    record.costs = {1e9};
    record.error_no = 2;
    record.all_cost = 0.5;
    record.timestamp = 0.0;
    AutotvmLog log;
    log.records = {record};
    const auto import = FromAutotvm(log, path);
    ASSERT_TRUE(import.ok()) << import.status().message();
    ++trials;
  }
  EXPECT_EQ(trials, 3000U);
}

TEST(AutotvmConvert, BadRecordsAreLeftOutAndListed) {
  const RunHeader run = RunOf("resnet18.C8");
  AutotvmLog log;
  log.bad = {"tune.log:1: nonsense"};
  for (int i = 0; i < 3; ++i) {
    log.records.push_back(Exported(run, CorrectTrial(0, {{0, 1, 1, 0, 4, 1, 0}})));
    log.records.back().line = i + 2;
  }
  log.records[0].index += 1;                     // the first of its run
  log.records[2].args = base::Json::Array({1});  // no workload
  const auto import = FromAutotvm(log, "tune.log", BadRecords::kSkip);
  ASSERT_TRUE(import.ok()) << import.status().message();
  ASSERT_EQ(import->runs.size(), 1U);
  EXPECT_EQ(import->runs[0].run, 1U);
  EXPECT_EQ(import->runs[0].trials.size(), 1U);
  ASSERT_EQ(import->bad.size(), 3U);
  EXPECT_EQ(import->bad[0], "tune.log:1: nonsense");
  EXPECT_THAT(import->bad[1], HasSubstr("tune.log:2: config.index"));
  EXPECT_THAT(import->bad[2], HasSubstr("tune.log:4: input[2]"));
  EXPECT_FALSE(FromAutotvm(log, "tune.log").ok());
  log.records.erase(log.records.begin() + 1);
  EXPECT_EQ(FromAutotvm(log, "tune.log", BadRecords::kSkip).status().message(),
            "tune.log:1: nonsense");
}

TEST(AutotvmConvert, OnePaddingForEachAxisIsTakenForBothSides) {
  AutotvmRecord record = Exported(RunOf("resnet18.C8"), CorrectTrial(0, {{0, 1, 1, 0, 4, 1, 0}}));
  record.args[3] = base::Json::Array({1, 1});
  AutotvmLog log;
  log.records = {record};
  EXPECT_TRUE(
      ComputeTheSame(Imported(log).runs[0].header.workload, FindWorkloads("resnet18.C8")->front()));
}

}  // namespace
}  // namespace foothold::formats
