// Bad input gets exit code 2 and exactly one line on stderr, which names what is wrong: file, line
// and field.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

#include "tests/cli/process.h"

namespace foothold::testing_cli {
namespace {

using ::testing::HasSubstr;

struct Case {
  std::string name;
  std::vector<std::string> arguments;
  std::string complaint;  // part of the line
  std::vector<std::pair<std::string, std::string>> files = {};
};

void PrintTo(const Case& bad, std::ostream* out) { *out << bad.name; }

class BadInput : public ::testing::TestWithParam<Case> {};

TEST_P(BadInput, IsOneLineAndExitCode2) {
  const std::string directory = FreshDirectory();
  for (const auto& [path, text] : GetParam().files) {
    MakeDirectory(directory + "/program");
    WriteTextFile(directory + "/" + path, text);
  }
  const Finished finished = RunFoothold(GetParam().arguments, directory);
  EXPECT_EQ(finished.exit_code, 2);
  EXPECT_EQ(finished.out, "");
  EXPECT_THAT(finished.err, ::testing::StartsWith("foothold: "));
  EXPECT_THAT(finished.err, ::testing::EndsWith("\n"));
  EXPECT_EQ(std::count(finished.err.begin(), finished.err.end(), '\n'), 1) << finished.err;
  EXPECT_THAT(finished.err, HasSubstr(GetParam().complaint));
}

// A good workload but for what the arguments say; `extra` is a field of its own on line 4.
std::string WorkloadFile(const std::string& extra, int kernel_h, int channels) {
  return "{\n  \"name\": \"x\", \"op\": \"conv2d\", \"batch\": 1,\n  \"in_channels\": " +
         std::to_string(channels) + ",\n  " + extra +
         "\n  \"height\": 14, \"width\": 14, \"out_channels\": 16,\n  \"kernel_h\": " +
         std::to_string(kernel_h) +
         ", \"kernel_w\": 3,\n"
         "  \"pad_h\": 1, \"pad_w\": 1, \"stride_h\": 1, \"stride_w\": 1\n}\n";
}

std::string Geometry(const std::string& acc_buff_size) {
  return "{\n  \"TARGET\": \"pynq\", \"HW_VER\": \"0.0.2\",\n"
         "  \"LOG_INP_WIDTH\": 3, \"LOG_WGT_WIDTH\": 3, \"LOG_ACC_WIDTH\": 5,\n"
         "  \"LOG_BATCH\": 0, \"LOG_BLOCK\": 4,\n"
         "  \"LOG_UOP_BUFF_SIZE\": 15, \"LOG_INP_BUFF_SIZE\": 15,\n"
         "  \"LOG_WGT_BUFF_SIZE\": 18,\n  \"LOG_ACC_BUFF_SIZE\": " +
         acc_buff_size + "\n}\n";
}

const char kC8[] = "resnet18.C8";

INSTANTIATE_TEST_SUITE_P(
    Arguments, BadInput,
    ::testing::Values(
        Case{"NoCommand", {}, "a command must follow foothold: one of tune"},
        Case{"UnknownCommand", {"tone"}, "tone"},
        Case{"SimilarCommand", {"tuen"}, "(did you mean tune?)"},
        Case{"UnknownCommandWithHelp",
             {"tuen", "--help"},
             "foothold has no command tuen (did you mean tune?); see foothold --help"},
        Case{"SimilarOption", {"tune", kC8, "--trails", "5"}, "(did you mean --trials?)"},
        Case{"SimilarLayer", {"tune", "resnet18.c8"}, "(did you mean resnet18.C8?)"},
        Case{"SimilarTarget", {"tune", kC8, "--target", "vat:pynq"}, "(did you mean vta:pynq?)"},
        Case{"SimilarSearcher", {"tune", kC8, "--searcher", "footold"}, "(did you mean foothold?)"},
        Case{"TryOutsideTheSpace", {"try", kC8, "tile_q=1"}, "tile_q: no such parameter"},
        Case{"NoLogCommand", {"log"}, "a command must follow foothold log: one of dump, convert"},
        Case{"UnknownLogCommand", {"log", "dmp"}, "dmp"},
        Case{"UnknownOption", {"tune", kC8, "--trails", "5"}, "--trails"},
        Case{"NoWorkload", {"tune"}, "WORKLOAD"},
        Case{"ZeroTrials", {"tune", kC8, "--trials", "0"}, "--trials"},
        Case{"NegativeTrials", {"tune", kC8, "--trials", "-3"}, "--trials"},
        Case{"TrialsNotANumber", {"tune", kC8, "--trials", "many"}, "--trials"},
        Case{"NegativeTime", {"tune", kC8, "--max-time", "-1"}, "--max-time"},
        Case{"UnknownTarget", {"tune", kC8, "--target", "vta:pink"}, "pink"},
        Case{"UnknownSearcher", {"tune", kC8, "--searcher", "luck"}, "luck"},
        Case{"WarmStartGone", {"tune", kC8, "--warm-start", "gone.jsonl"}, "gone.jsonl"},
        Case{"WarmStartOfAnotherSearcher",
             {"tune", kC8, "--searcher", "genetic", "--warm-start", "a.jsonl"},
             "--warm-start: searcher genetic does not learn from earlier runs, foothold does"},
        Case{"UnknownKnowledge",
             {"tune", kC8, "--knowledge", "psychic"},
             "--knowledge: is psychic, must be blind, compiler or hardware"},
        Case{"BenchIsGone",
             {"bench", "cpu", "--trials", "8"},
             "bench cpu: is now foothold-study cpu, a program of its own"},
        Case{"BenchIsGoneAltogether", {"bench", "--help"}, "bench: is now foothold-study, "},
        Case{"NoExploration",
             {"tune", kC8, "--target", "replay:no.explored"},
             "no.explored: cannot open"},
        Case{"NotAnExploration",
             {"tune", kC8, "--target", "replay:program/a.explored"},
             "program/a.explored: is not an exploration",
             {{"program/a.explored", "hello"}}},
        Case{"ExploreOverAnotherFile",
             {"explore", kC8, "-o", "program/a.explored"},
             "program/a.explored: is not an exploration",
             {{"program/a.explored", "hello\n"}}},
        Case{"OneFileForManyExplorations",
             {"explore", "resnet18", "-o", "a.explored"},
             "--output names the file of one workload, there are 10"},
        Case{"UnknownNetwork", {"tune", "resnet19"}, "resnet19"},
        Case{"UnknownLayer", {"tune", "resnet18.C99"}, "resnet18.C99"},
        Case{"BadShape", {"tune", "conv2d:1x256x14,256,3x3"}, "conv2d:1x256x14,256,3x3"},
        Case{"ImpossibleShape", {"tune", "conv2d:1x16x4x4,16,9x9"}, "kernel"},
        Case{"TypeVtaCannotTake", {"tune", "dense:1x16,16,float32"}, "is float32, must be int8"},
        Case{"WorkloadTwice", {"tune", kC8, kC8}, "'resnet18.C8' is given twice"},
        Case{"IndexTooLarge", {"explain", kC8, "index=99999999"}, "index '99999999'"},
        Case{"UnknownParameter", {"explain", kC8, "tile_q=1"}, "tile_q: no such parameter"},
        Case{"SeveralWorkloads", {"explain", "resnet18", "0"}, "stands for 10 workloads"},
        Case{"ZeroTop", {"best", "small.jsonl", "--top", "0"}, "--top"},
        Case{"UnknownFormat", {"log", "convert", "--to", "csv", "a", "b"}, "csv"}),
    [](const auto& test) { return test.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Files, BadInput,
    ::testing::Values(
        Case{"NoWorkloadFile", {"tune", "gone.json"}, "gone.json"},
        Case{"NoLog", {"best", "gone.jsonl"}, "gone.jsonl"},
        Case{"NoLogToReport", {"report"}, "LOG"},
        Case{"NoSuchLogToReport", {"report", "gone.jsonl"}, "gone.jsonl"},
        Case{"EmptyLogToReport",
             {"report", "empty.jsonl"},
             "empty.jsonl: holds no run",
             {{"empty.jsonl", ""}}},
        Case{"ReportGroupedByWhat", {"report", "x.jsonl", "--group", "seed"}, "--group"},
        Case{"ServeNotAnAddress", {"tune", kC8, "--serve=lab3"}, "--serve: is lab3"},
        Case{"NoProgram", {"vta", "run", "gone"}, "gone"},
        Case{"WorkloadIsNotJson", {"tune", "w.json"}, "w.json:2", {{"w.json", "{\n  oops\n}\n"}}},
        Case{"UnknownFieldInWorkload",
             {"tune", "w.json"},
             "w.json:4: kernal_h",
             {{"w.json", WorkloadFile("\"kernal_h\": 3,", 3, 16)}}},
        Case{"ImpossibleShapeInWorkload",
             {"tune", "w.json"},
             "w.json",
             {{"w.json", WorkloadFile("", 99, 16)}}},
        Case{"FileOfATypeVtaCannotTake",
             {"tune", "w.json"},
             "is float32, must be int8",
             {{"w.json", WorkloadFile("\"type\": \"float32\",", 3, 16)}}},
        Case{"LogIsNotALog",
             {"log", "dump", "t.jsonl"},
             "t.jsonl:1",
             {{"t.jsonl", "{\"hello\": 1}\n{\"hello\": 2}\n"}}},
        Case{"BrokenLogLine",
             {"tune", kC8, "--log", "t.jsonl"},
             "t.jsonl:1",
             {{"t.jsonl", "this is not a record\nneither is this\n"}}},
        Case{"GeometryBeyondTheEncoding",
             {"tune", kC8, "--target", "vta:big.json"},
             "LOG_ACC_BUFF_SIZE",
             {{"big.json", Geometry("30")}}},
        Case{"GeometryWithoutAField",
             {"tune", kC8, "--target", "vta:small.json"},
             "LOG_",
             {{"small.json", "{\"TARGET\": \"pynq\"}\n"}}},
        Case{"TruncatedInstructions",
             {"vta", "run", "program"},
             "instructions.bin",
             {{"program/instructions.bin", std::string(17, '\0')}}},
        Case{"TruncatedInstructionsDisassembled",
             {"vta", "disasm", "program"},
             "instructions.bin",
             {{"program/instructions.bin", std::string(17, '\0')}}}),
    [](const auto& test) { return test.param.name; });

TEST(Environment, UnwritableLogIsExitCode3) {
  const std::string directory = FreshDirectory();
  WriteTextFile(directory + "/file", "");
  const Finished finished =
      RunFoothold({"tune", kC8, "--trials", "1", "--log", "file/t.jsonl"}, directory);
  EXPECT_EQ(finished.exit_code, 3) << finished.err;
  EXPECT_THAT(finished.err, HasSubstr("file/t.jsonl"));
}

}  // namespace
}  // namespace foothold::testing_cli
