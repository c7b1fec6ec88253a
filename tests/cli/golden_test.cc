// What the command prints, word for word, times of this machine aside. ./dev approve accepts new
// output.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "network/testing/small_network.h"
#include "tests/cli/process.h"
#include "tests/cli/small_program.h"
#include "tests/cli/transcript.h"

namespace foothold::testing_cli {
namespace {

struct Case {
  std::string name;
  std::vector<std::vector<std::string>> commands;
};

// So that a failing case is shown by its name.
void PrintTo(const Case& golden, std::ostream* out) { *out << golden.name; }

/// Whether a build without XGBoost cannot run the case as its file has it.
bool NeedsXgboost(const Case& golden) {
  for (const auto& command : golden.commands) {
    if (std::find(command.begin(), command.end(), "validity") != command.end()) return true;
  }
  return golden.name == "list_searchers";
}

class Golden : public ::testing::TestWithParam<Case> {};

TEST_P(Golden, MatchesItsFile) {
  if (!kHasXgboost && NeedsXgboost(GetParam())) {
    GTEST_SKIP() << "this build is without some searchers";
  }
  const std::string directory = FreshDirectory();
  std::filesystem::copy(FOOTHOLD_SOURCE_DIR "/tests/golden/inputs", directory,
                        std::filesystem::copy_options::recursive);
  WriteSmallProgram(directory + "/relu");
  WriteSmallProgram(directory + "/wrong");
  WriteTextFile(directory + "/wrong/expected_out.bin", "something else!!");
  WriteDeadlockedProgram(directory + "/deadlock");
  WriteTextFile(directory + "/small.onnx", network::testing::SmallNetwork().Bytes());
  WriteTextFile(directory + "/small.npy", network::testing::SmallSamples());
  std::string text;
  for (const auto& command : GetParam().commands) text += Transcript(command, directory);
  ExpectGolden(GetParam().name, text);
}

const std::vector<std::string> kTune = {"tune",     "resnet18.C10", "--target", "vta:pynq",
                                        "--trials", "24",           "--seed",   "1",
                                        "--log",    "t.jsonl",      "--jobs",   "1"};

const std::vector<std::string> kTuneValidity = {
    "tune", "resnet18.C10", "--searcher", "validity", "--trials", "24", "--seed",
    "1",    "--log",        "t.jsonl",    "--jobs",   "1"};

const std::vector<std::string> kExplore = {"explore",  "resnet18.C10", "dense:1x64,64",
                                           "--target", "vta:pynq",     "--output-dir",
                                           "truth",    "--jobs",       "1"};
const std::vector<std::string> kTuneReplayed = {
    "tune",     "resnet18.C10",
    "--target", "replay:truth/resnet18.C10@vta-pynq.explored",
    "--trials", "24",
    "--seed",   "1",
    "--log",    "replayed.jsonl",
    "--jobs",   "1"};
const std::vector<std::string> kExploreJson = {"explore", "dense:1x64,64", "-o", "d.explored",
                                               "--json"};

const std::vector<std::string> kTuneRules = {"tune",       "resnet18.C10",
                                             "--target",   "vta:pynq:extended",
                                             "--searcher", "validity",
                                             "--trials",   "64",
                                             "--seed",     "1",
                                             "--log",      "rules.jsonl",
                                             "--jobs",     "1"};

std::vector<std::string> Tune(const std::string& extra) {
  std::vector<std::string> arguments = kTune;
  arguments.push_back(extra);
  return arguments;
}

INSTANTIATE_TEST_SUITE_P(
    Command, Golden,
    ::testing::Values(
        Case{"version", {{"--version"}}}, Case{"list_targets", {{"list", "targets"}}},
        Case{"list_searchers", {{"list", "searchers"}}},
        Case{"list_workloads", {{"list", "workloads"}}},
        Case{"list_workloads_json", {{"list", "workloads", "--json"}}},
        Case{"tune_and_resume", {kTune, kTune, Tune("--no-stop-early")}},
        Case{"tune_json", {Tune("--json")}}, Case{"tune_validity", {kTuneValidity, kTuneValidity}},
        Case{"tune_nothing_correct",
             {{"tune", "resnet18.C8", "--searcher", "random", "--trials", "6", "--seed", "2",
               "--log", "t.jsonl"}}},
        Case{"tune_cheap_builds",
             {{"tune", "dense:1x8,4", "--target", "command:cheap_builds.json", "--trials", "6",
               "--log", "t.jsonl", "--jobs", "1", "--json"}}},
        Case{"network", {{"network", "small.onnx"}, {"network", "small.onnx", "--json"}}},
        Case{"network_calibrated", {{"network", "small.onnx", "--calibrate", "small.npy"}}},
        Case{"tune_network",
             {{"tune", "small.onnx", "--trials", "8", "--seed", "1", "--log", "t.jsonl", "--jobs",
               "1"},
              {"tune", "small.onnx", "--trials", "8", "--seed", "1", "--log", "t.jsonl", "--jobs",
               "1", "--json"},
              {"explain", "small.onnx:D1", "index=1"}}},
        Case{"explore_and_replay", {kExplore, kExplore, kTuneReplayed}},
        Case{"explore_json", {kExploreJson}},
        Case{"explain_valid", {{"explain", "resnet18.C8", "index=575"}}},
        Case{"explain_json", {{"explain", "resnet18.C8", "575", "--json"}}},
        Case{"try",
             {{"try", "resnet18.C8", "index=575"},
              {"try", "resnet18.C8", "index=575", "--json"},
              {"try", "resnet18.C2",
               "tile_h=56,tile_w=56,tile_ci=4,tile_co=4,h_nthread=1,oc_nthread=1"},
              {"try", "dense:1x8,4", "a=2", "--target", "command:try.json"}}},
        Case{"explain_invalid",
             {{"explain", "resnet18.C2",
               "tile_h=56,tile_w=56,tile_ci=4,tile_co=4,h_nthread=1,"
               "oc_nthread=1"}}},
        Case{"vta_build",
             {{"vta", "build", "conv2d:1x16x8x8,16,1x1",
               "tile_h=4,tile_w=8,oc_nthread=1,h_nthread=1", "-o", "built"},
              {"vta", "run", "built", "--semantics", "chisel"},
              {"vta", "build", "conv2d:1x16x8x8,16,1x1",
               "tile_h=8,tile_w=8,oc_nthread=1,h_nthread=2", "-o", "b"},
              {"vta", "build", "conv2d:1x32x28x28,32,5x5,pad=2", "2987", "--target",
               "vta:tsim:extended", "-o", "c", "--json"}}},
        Case{"other_tuners_logs",
             {{"best", "autotvm.log"},
              {"best", "autotvm.log", "--strict"},
              {"best", "small_cache.json"},
              {"report", "autotvm.log", "small_cache.json", "-o", "r.html"}}},
        Case{"vta_run", {{"vta", "run", "relu", "--timeline", "20"}}},
        Case{"vta_run_json", {{"vta", "run", "relu", "--timeline", "1", "--json"}}},
        Case{"vta_run_wrong", {{"vta", "run", "wrong"}}},
        Case{"vta_run_deadlock", {{"vta", "run", "deadlock"}}},
        Case{"vta_disasm", {{"vta", "disasm", "relu"}}},
        Case{"vta_disasm_json", {{"vta", "disasm", "relu", "--json"}}},
        Case{"replay_recorded",
             {{"explain", "kernel:blur", "index=1", "--target", "replay:small_cache.json"},
              {"explain", "kernel:blur", "0", "--target", "replay:small_cache.json", "--json"},
              {"tune", "kernel:blur", "--target", "replay:small_cache.json", "--log", "t.jsonl",
               "--trials", "8", "--jobs", "1"}}},
        Case{"explain_log",
             {kTuneRules,
              {"explain", "resnet18.C10", "index=700", "--target", "vta:pynq:extended", "--log",
               "rules.jsonl"},
              {"explain", "resnet18.C10", "index=2000", "--target", "vta:pynq:extended", "--log",
               "rules.jsonl", "--json"},
              {"explain", "resnet18.C9", "index=5", "--target", "vta:pynq:extended", "--log",
               "rules.jsonl"}}},
        Case{"log_rules", {kTuneRules, {"log", "rules", "rules.jsonl"}}},
        Case{"log_rules_json", {{"log", "rules", "small.jsonl", "--json"}}},
        Case{"best", {kTune, {"best", "t.jsonl", "--top", "2"}}},
        Case{"best_json", {kTune, {"best", "t.jsonl", "--json"}}},
        Case{"report",
             {{"report", "small.jsonl", "-o", "r.html"}, {"report", "small.jsonl", "--json"}}},
        Case{"log_dump", {{"log", "dump", "small.jsonl"}}},
        Case{"log_dump_json", {{"log", "dump", "small.jsonl", "--json"}}},
        Case{"log_dump_torn", {{"log", "dump", "torn.jsonl"}}},
        Case{"log_convert",
             {{"log", "convert", "--from", "foothold", "--to", "autotvm", "small.jsonl", "-"}}},
        Case{"log_convert_t4",
             {{"log", "convert", "--from", "foothold", "--to", "t4", "small.jsonl", "-"}}}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace foothold::testing_cli
