#include "formats/autotvm/autotvm_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "foothold/env.h"
#include "records/log/testing.h"

namespace foothold::formats {
namespace {

using ::testing::HasSubstr;

/// The example of docs/reference/vta-and-autotvm.md#log-records.
constexpr std::string_view kLine =
    R"({"input": ["ext_dev -keys=vta,cpu -device=vta -model=pynq_1x16_i8w8a32_15_15_18_17", )"
    R"("conv2d_packed.vta", [["TENSOR", [1, 6, 24, 24, 1, 16], "int8"], )"
    R"(["TENSOR", [10, 6, 3, 3, 16, 16], "int8"], [1, 1], [1, 1, 1, 1], [1, 1], "NCHW1n16c", )"
    R"("int32"], {}], "config": {"index": 1259, "code_hash": null, "entity": )"
    R"([["tile_b", "sp", [-1, 1]], ["tile_h", "sp", [-1, 4]], ["tile_w", "sp", [-1, 8]], )"
    R"(["tile_ci", "sp", [-1, 6]], ["tile_co", "sp", [-1, 1]], ["oc_nthread", "ot", 2], )"
    R"(["h_nthread", "ot", 1]]}, "result": [[1000000000.0], 2, 0.41, 1700000000.5], )"
    R"("version": 0.2, "tvm_version": "0.8.0"})";

/// A row of version 0.1, and kinds of knobs that VTA does not have.
constexpr std::string_view kOldRow = R"({"v": 0.1, "i": ["llvm"], "r": [[1], 0, 2, 3]})";
constexpr std::string_view kCpuLine =
    R"({"input": ["llvm -keys=cpu", "conv2d_nchw_spatial_pack.arm_cpu", [["TENSOR", [1, 3], )"
    R"("float32"], null, true, -0.5, "caf\u00e9 \"x\"\u007f"], {}], "config": {"index": 72880, )"
    R"("code_hash": "e3b0", "entity": [["tile_co", "sp", [-1, 8, 2]], ["reorder_0", "re", [0, 2, 1]], )"
    R"(["ann", "an", ["none", "vec"]], ["auto_unroll", "ot", 1500]]}, "result": [[1e-05, 2], 0, 60, )"
    R"(1e+16], "version": 0.2, "tvm_version": "0.7.dev0"})";

AutotvmLog Parsed(std::string_view text) {
  Result<AutotvmLog> log = ParseAutotvmLog(text, "tune.log");
  EXPECT_TRUE(log.ok()) << log.status().message();
  return *std::move(log);
}

std::string Complaint(const std::string& text) {
  const Result<AutotvmLog> log = ParseAutotvmLog(text, "tune.log");
  EXPECT_FALSE(log.ok()) << text;
  if (log.ok()) return "";
  EXPECT_EQ(log.status().message().find('\n'), std::string::npos);
  return log.status().message();
}

std::string Replaced(std::string_view from, std::string_view to) {
  std::string text = std::string(kLine) + "\n";
  EXPECT_NE(text.find(from), std::string::npos) << from;
  return text.replace(text.find(from), from.size(), to);
}

TEST(AutotvmLog, ReadsTheFields) {
  const AutotvmLog log = Parsed(std::string(kLine) + "\n");
  ASSERT_EQ(log.records.size(), 1U);
  const AutotvmRecord& record = log.records[0];
  EXPECT_EQ(record.line, 1);
  EXPECT_EQ(record.target,
            "ext_dev -keys=vta,cpu -device=vta -model=pynq_1x16_i8w8a32_15_15_18_17");
  EXPECT_EQ(record.task, "conv2d_packed.vta");
  EXPECT_EQ(record.args.size(), 7U);
  EXPECT_EQ(record.index, 1259);
  ASSERT_EQ(record.entities.size(), 7U);
  EXPECT_EQ(record.entities[2].name, "tile_w");
  EXPECT_EQ(record.entities[2].tag, "sp");
  EXPECT_EQ(record.entities[2].value, base::Json::Array({-1, 8}));
  EXPECT_EQ(record.error_no, 2);
  EXPECT_EQ(record.all_cost, 0.41);
  EXPECT_EQ(record.timestamp, 1700000000.5);
  EXPECT_EQ(record.tvm_version, "0.8.0");
}

TEST(AutotvmLog, RoundTripsByteForByte) {
  for (const std::string_view line : {kLine, kCpuLine}) {
    const AutotvmLog log = Parsed(line);
    ASSERT_EQ(log.records.size(), 1U);
    EXPECT_EQ(ToAutotvmLine(log.records[0]), line);
  }
}

TEST(AutotvmLog, SkipsCommentsAndBlanks) {
  const AutotvmLog log = Parsed("# a comment\n\n\n" + std::string(kLine) + "\r\n  \n#\n");
  ASSERT_EQ(log.records.size(), 1U);
  EXPECT_EQ(log.records[0].line, 4);
  EXPECT_FALSE(log.torn.has_value());
}

TEST(AutotvmLog, ReadsRowsOfVersion01InTheWordsOf02) {
  const AutotvmLog log = Parsed(
      R"({"i": ["ext_dev -device=vta -keys=cpu -model=pynq_1x16_i8w8a32_15_15_18_17", "topi_nn_conv2d", )"
      R"([["TENSOR", [1, 4, 56, 56, 1, 16], "int8"], ["TENSOR", [4, 4, 3, 3, 16, 16], "int8"], [1, 1], [1, 1], )"
      R"([1, 1], "NCHW1n16c", "int32"], {}, ["conv2d", [1, 4, 56, 56, 1, 16, "int8"]], )"
      R"({"i": 828, "t": "direct", "c": null, "e": [["tile_b", "sp", [1, 1]], ["tile_h", "sp", [7, 8]]]}], )"
      R"("r": [[0.0057], 0, 8.1, 1551000000.25], "v": 0.1})");
  ASSERT_EQ(log.records.size(), 1U);
  const AutotvmRecord& record = log.records[0];
  EXPECT_TRUE(record.is_old);
  EXPECT_EQ(record.task, "conv2d_packed.vta");
  EXPECT_EQ(record.index, 828);
  EXPECT_EQ(record.entities.size(), 2U);
  EXPECT_EQ(record.costs[0], 0.0057);
  EXPECT_EQ(record.timestamp, 1551000000.25);
  EXPECT_EQ(record.tvm_version, "");
}

TEST(AutotvmLog, BadRecordsAreLeftOutAndListed) {
  std::string changed(kLine);
  changed.replace(changed.find("0.2"), 3, "0.3");
  const std::string text = changed + "\n" + std::string(kLine) + "\n{\"x\": 1}\nnonsense\n";
  EXPECT_THAT(ParseAutotvmLog(text, "tune.log").status().message(),
              HasSubstr("tune.log:1: version"));
  const auto log = ParseAutotvmLog(text, "tune.log", BadRecords::kSkip);
  ASSERT_TRUE(log.ok()) << log.status().message();
  EXPECT_EQ(log->records.size(), 1U);
  ASSERT_EQ(log->bad.size(), 3U);
  EXPECT_THAT(log->bad[0], HasSubstr("tune.log:1: version"));
  EXPECT_THAT(log->bad[1], HasSubstr("tune.log:3:"));
  EXPECT_THAT(log->bad[2], HasSubstr("tune.log:4:"));
  // Nothing good: it is no such log.
  EXPECT_THAT(ParseAutotvmLog("{\"x\": 1}\n", "tune.log", BadRecords::kSkip).status().message(),
              HasSubstr("tune.log:1:"));
}

TEST(AutotvmLog, IsKnownByItsFirstLines) {
  EXPECT_TRUE(LooksLikeAutotvmLog("# best\nnonsense\n" + std::string(kLine) + "\n"));
  EXPECT_TRUE(LooksLikeAutotvmLog(kOldRow));
  EXPECT_FALSE(LooksLikeAutotvmLog(R"({"type": "run", "version": 2})"));
  EXPECT_FALSE(LooksLikeAutotvmLog(R"({"cache": {}})"));
  EXPECT_FALSE(LooksLikeAutotvmLog(""));
}

TEST(AutotvmLog, ATornLastLineIsReported) {
  const std::string text = std::string(kLine) + "\n" + std::string(kLine);
  EXPECT_EQ(Parsed(text).records.size(), 2U);  // whole, only the newline is missing
  const AutotvmLog log = Parsed(text.substr(0, text.size() - 1));
  EXPECT_EQ(log.records.size(), 1U);
  EXPECT_EQ(log.torn,
            "tune.log:2: torn last line (" + std::to_string(kLine.size() - 1) + " bytes) ignored");
  EXPECT_THAT(Complaint("{\n"), HasSubstr("tune.log:1:"));
}

/// Python's repr of a float, for values that its rules treat differently.
TEST(AutotvmLog, WritesFloatsAsPythonDoes) {
  const std::pair<double, const char*> cases[] = {
      {0.0, "0.0"},
      {-0.0, "-0.0"},
      {1.0, "1.0"},
      {-150.0, "-150.0"},
      {1e9, "1000000000.0"},
      {0.1, "0.1"},
      {1.0 / 3, "0.3333333333333333"},
      {2.0 / 3 * 100, "66.66666666666666"},
      {0.0001, "0.0001"},
      {0.00012345, "0.00012345"},
      {0.00001, "1e-05"},
      {0.000012345, "1.2345e-05"},
      {0.0026690964000000003, "0.0026690964000000003"},
      {1565388398.486243, "1565388398.486243"},
      {123456789012345.0, "123456789012345.0"},
      {9999999999999998.0, "9999999999999998.0"},
      {1e15, "1000000000000000.0"},
      {1e16, "1e+16"},
      {1.5e22, "1.5e+22"},
      {1e100, "1e+100"},
      {5e-324, "5e-324"},
      {1.7976931348623157e308, "1.7976931348623157e+308"},
  };
  AutotvmRecord record = Parsed(kLine).records[0];
  for (const auto& [value, text] : cases) {
    record.all_cost = value;
    EXPECT_THAT(ToAutotvmLine(record), HasSubstr(std::string(", 2, ") + text + ", 1700000000.5]"));
  }
}

TEST(AutotvmLog, ComplaintsNameFileLineAndField) {
  EXPECT_EQ(Complaint(Replaced("\"version\": 0.2", "\"version\": 0.3")),
            "tune.log:1: version: is 0.3, must be 0.2");
  EXPECT_EQ(Complaint("{\"v\": 0.2}\n"),
            "tune.log:1: v: is 0.2, must be 0.1 (later rows have \"version\")");
  EXPECT_EQ(Complaint("#\n" + Replaced(", {}]", "]")),
            "tune.log:2: input: has 3 elements, must be [target, task, args, kwargs]");
  EXPECT_EQ(Complaint(Replaced("{}]", "{\"a\": 1}]")),
            "tune.log:1: input[3].a: is unknown; no field may stand here");
  EXPECT_EQ(Complaint(Replaced("[1, 1, 1, 1]", "[1, {}, 1, 1]")),
            "tune.log:1: input[2][3][1]: is an object, must be a plain value or a list");
  EXPECT_EQ(Complaint(Replaced("1259", "-1")),
            "tune.log:1: config.index: is -1, must be a whole number of at least 0");
  EXPECT_EQ(Complaint(Replaced("\"sp\"", "\"xx\"")),
            "tune.log:1: config.entity[0][1]: is \"xx\", must be \"sp\", \"re\", \"an\" or \"ot\"");
  EXPECT_THAT(Complaint(Replaced("[-1, 1]", "1")),
              HasSubstr("tune.log:1: config.entity[0][2]: is 1, must be an array"));
  EXPECT_EQ(Complaint(Replaced("[1000000000.0], 2", "[], 2")),
            "tune.log:1: result[0]: is empty, must hold at least one cost");
  EXPECT_EQ(Complaint(Replaced("[1000000000.0], 2", "[1000000000.0], 9")),
            "tune.log:1: result[1]: is 9, must be a whole number from 0 to 8");
  EXPECT_THAT(Complaint(Replaced("\"tvm_version\"", "\"extra\": 1, \"tvm_version\"")),
              HasSubstr("tune.log:1: extra: is unknown"));
}

TEST(AutotvmLog, RoundTripsTheTophubLogByteForByte) {
  const std::string path = testing::DataDirectory() + "/boards/tophub_vta_v0.10_pynq_1x16.log";
  const Result<std::string> text = Env::Default()->ReadFile(path);
  if (!text.ok()) GTEST_SKIP() << "no test data: " << text.status().message();
  std::string again;
  for (const AutotvmRecord& record : Parsed(*text).records) again += ToAutotvmLine(record) + "\n";
  EXPECT_EQ(again, *text);
}

}  // namespace
}  // namespace foothold::formats
