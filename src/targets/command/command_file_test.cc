#include "targets/command/command_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "foothold/env.h"

namespace foothold::command {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string Error(std::string_view json) {
  const Result<CommandFile> file = ParseCommandFile(json, "t.json");
  EXPECT_FALSE(file.ok()) << json;
  return file.status().message();
}

/// A file with these lines between its head and its end.
std::string File(const std::string& parameters, const std::string& rest) {
  return "{\"format\": \"foothold-command-target\", \"version\": 1,\n\"parameters\": " +
         parameters + ",\n" + rest + "}";
}
std::string File(const std::string& rest) {
  return File(R"([{"name": "a", "values": [1, 2]}, {"name": "b", "values": [-1, 3]}])", rest);
}

std::string Expanded(const PlacedText& placed) {
  return placed.text.Expand([](const std::string& name) { return "<" + name + ">"; });
}

TEST(CommandFile, TheSmallestFileHasSafeLimits) {
  const auto file = ParseCommandFile(File(R"("run": {"command": ["./run", "{a}"]})"), "t.json");
  ASSERT_TRUE(file.ok()) << file.status().message();
  EXPECT_FALSE(file->build);
  EXPECT_FALSE(file->workload);
  EXPECT_EQ(file->builds_per_trial, 1);
  ASSERT_EQ(file->parameters.size(), 2U);
  EXPECT_EQ(file->parameters[1], (Parameter{"b", {-1, 3}}));
  EXPECT_EQ(file->run.limits.wall_s, 600);
  EXPECT_EQ(file->run.limits.memory_bytes, 4096ULL << 20);
  EXPECT_EQ(file->run.limits.output_bytes, 64ULL << 20);
  EXPECT_EQ(file->run.limits.processes, 256);
  EXPECT_FALSE(file->run.limits.cpu_s);
  EXPECT_EQ(file->run.outcomes, (std::map<int, std::optional<Outcome>>{{75, std::nullopt}}));
}

TEST(CommandFile, TheLargestFileIsReadWhole) {
  const std::string path = FOOTHOLD_SOURCE_DIR "/src/targets/command/testdata/full.json";
  const auto file = ParseCommandFile(*Env::Default()->ReadFile(path), path);
  ASSERT_TRUE(file.ok()) << file.status().message();
  EXPECT_EQ(file->description, "all fields");
  EXPECT_TRUE(file->exact_times);
  EXPECT_EQ(file->workload->name, "small");
  ASSERT_EQ(file->constraints.size(), 3U);
  EXPECT_EQ(file->constraints[2].description(), "tile % unroll == 0 and flags != '-O0'");
  EXPECT_EQ(file->parameters[2].labels,
            (std::vector<ParameterValue>{std::string("-O0"), std::string("-O3 -ffast-math")}));
  EXPECT_FALSE(file->parameters[2].is_ordered);
  EXPECT_EQ(file->constraints[0].description(), "4 * tile * unroll is at most 256");
  EXPECT_EQ(file->constraints[1].description(), "fits a page");
  const Space space = Space::Create(file->parameters, file->constraints).value();
  EXPECT_EQ(space.raw_size(), 16U);
  EXPECT_EQ(space.valid_count(), 6U);
  ASSERT_EQ(file->depends.size(), 2U);
  EXPECT_EQ(file->depends[1].path, "/opt/board/firmware");
  EXPECT_THAT(file->depends[1].where, HasSubstr("full.json:"));
  EXPECT_THAT(file->depends[1].where, HasSubstr(": depends[1]"));
  EXPECT_EQ(file->outputs, (std::vector<std::string>{"results.csv", "/var/tmp/*.bin"}));
  ASSERT_EQ(file->environment.size(), 1U);
  EXPECT_EQ(Expanded(file->environment.at("OMP_NUM_THREADS")), "<unroll>");
  ASSERT_EQ(file->files.size(), 1U);
  EXPECT_EQ(Expanded(file->files.at("src/params.h")), "#define TILE <tile>\n");
  ASSERT_EQ(file->templates.size(), 1U);
  EXPECT_EQ(file->templates[0].path, "kernel.c");
  EXPECT_EQ(file->templates[0].source, "kernel.c.in");
  EXPECT_EQ(file->build->limits.wall_s, 30);
  EXPECT_EQ(file->builds_per_trial, 16);
  EXPECT_EQ(file->run.limits.wall_s, 5);
  EXPECT_EQ(file->run.limits.cpu_s, 4.5);
  EXPECT_EQ(file->run.limits.memory_bytes, 100ULL << 20);
  EXPECT_EQ(file->run.limits.output_bytes, 1ULL << 20);
  EXPECT_EQ(file->run.limits.file_bytes, 2ULL << 20);
  EXPECT_EQ(file->run.limits.processes, 3);
  EXPECT_EQ(file->run.outcomes, (std::map<int, std::optional<Outcome>>{{3, Outcome::kCorrectness},
                                                                       {75, std::nullopt},
                                                                       {124, Outcome::kTimeout},
                                                                       {255, std::nullopt}}));
  EXPECT_THAT(file->run.command, ::testing::SizeIs(6));
  EXPECT_THAT(file->run.command[1].where, HasSubstr(":28: run.command[1]"));
}

TEST(CommandFile, ErrorsNameFileLineAndField) {
  const std::string run = R"("run": {"command": ["r"]})";
  EXPECT_THAT(Error("{"), ::testing::StartsWith("t.json:1:2: syntax error"));
  EXPECT_EQ(Error("[]"), "t.json:1: is an array of 0 elements, must be an object");
  EXPECT_EQ(Error("{}"), "t.json:1: format: is missing");
  EXPECT_EQ(Error(R"({"format": "x"})"), "t.json:1: format: must be \"foothold-command-target\"");
  EXPECT_EQ(Error(R"({"format": "foothold-command-target", "version": 2})"),
            "t.json:1: version: is 2, must be a whole number from 1 to 1");
  EXPECT_EQ(Error(File("[]", run)),
            "t.json:2: parameters: is empty, must hold at least one parameter");
  EXPECT_EQ(Error(File(R"([{"name": "a b", "values": [1]}])", run)),
            "t.json:2: parameters[0].name: must be a name of letters, digits and \"_\"");
  EXPECT_EQ(Error(File(R"([{"name": "index", "values": [1]}])", run)),
            "t.json:2: parameters[0].name: is taken: {workdir}, {here} and {index} have a meaning "
            "of their own");
  EXPECT_EQ(Error(File(R"([{"name": "a", "values": []}])", run)),
            "t.json:2: parameters[0].values: has 0 values, must have 1 to 100000");
  EXPECT_EQ(
      Error(File(R"([{"name": "a", "values": [1, null]}])", run)),
      "t.json:2: parameters[0].values[1]: is null, must be a number, a truth value or a text");
  EXPECT_EQ(Error(File(R"([{"name": "a", "values": [1, 1]}])", run)),
            "t.json:2: parameters[0].values[1]: is 1 again, values must differ");
  EXPECT_EQ(Error(File(R"([{"name": "a", "values": ["x", "x"]}])", run)),
            "t.json:2: parameters[0].values[1]: is x again, values must differ");
  EXPECT_EQ(Error(File("\"run\": {}")), "t.json:3: run.command: is missing");
  EXPECT_EQ(Error(File("\"build\": {\"command\": [\"b\"]}")), "t.json:1: run: is missing");
  EXPECT_EQ(Error(File(run + ", \"runs\": 1")),
            "t.json:3: runs: is unknown; the fields are format, version, description, exact_times, "
            "workload, "
            "parameters, constraints, environment, files, templates, depends, outputs, build, "
            "builds_per_trial, run");
  const std::string build = R"("build": {"command": ["b"]}, )";
  for (const char* number : {"0", "1025", "2.5", "true"}) {
    EXPECT_THAT(Error(File(build + "\"builds_per_trial\": " + number + ", " + run)),
                ::testing::StartsWith("t.json:3: builds_per_trial: is "))
        << number;
  }
  EXPECT_EQ(Error(File("\"builds_per_trial\": 8, " + run)),
            "t.json:3: builds_per_trial: is 8, must be 1 in a file without \"build\"");
}

TEST(CommandFile, ErrorsOfCommandsNameTheArgument) {
  EXPECT_EQ(Error(File(R"("run": {"command": []})")),
            "t.json:3: run.command: is empty, must begin with a program");
  EXPECT_EQ(Error(File("\"run\": {\"command\": [\"r\",\n\"{c}\"]}")),
            "t.json:4: run.command[1]: has the placeholder {c}; there are {workdir}, {here}, "
            "{index}, {a}, {b} and {workload.FIELD}");
  EXPECT_THAT(Error(File(R"("run": {"command": ["{"]})")),
              HasSubstr("t.json:3: run.command[0]: has a single \"{\""));
  EXPECT_THAT(Error(File(R"("run": {"command": ["\u0000"]})")), HasSubstr("NUL"));
  EXPECT_EQ(Error(File(R"("run": {"command": ["r"], "limits": {"wall_s": 0}})")),
            "t.json:3: run.limits.wall_s: is 0, must be above 0 and at most 1e6 s");
  EXPECT_THAT(Error(File(R"("run": {"command": ["r"], "limits": {"memory": 1}})")),
              HasSubstr("t.json:3: run.limits.memory: is unknown; the fields are wall_s, cpu_s, "
                        "memory_mb, output_mb, file_mb, processes"));
  EXPECT_EQ(Error(File(R"("run": {"command": ["r"], "outcomes": {"0": "runtime"}})")),
            "t.json:3: run.outcomes.0: is no exit code of a failure; those are 1 to 255");
  EXPECT_EQ(Error(File(R"("run": {"command": ["r"], "outcomes": {"3": "correct"}})")),
            "t.json:3: run.outcomes.3: is \"correct\", must be one of infrastructure, runtime, "
            "timeout, correctness");
  EXPECT_EQ(Error(File(R"("build": {"command": ["r"], "outcomes": {"3": "runtime"}})")),
            "t.json:3: build.outcomes.3: is \"runtime\", must be one of infrastructure, compile");
  EXPECT_EQ(Error(File(R"("environment": {"A=B": "x"}, "run": {"command": ["r"]})")),
            "t.json:3: environment[\"A=B\"]: is no name of an environment variable");
  EXPECT_EQ(Error(File(R"("outputs": ["a", ""], "run": {"command": ["r"]})")),
            "t.json:3: outputs[1]: must be the path of a file, or a pattern with * and ?");
  EXPECT_EQ(Error(File(R"("depends": [""], "run": {"command": ["r"]})")),
            "t.json:3: depends[0]: must be the path of a file or a directory");
}

TEST(CommandFile, FilesAreMadeInTheCandidatesFolderAlone) {
  for (const char* path : {"", "/etc/passwd", "../x", "a/../../x", ".", "a/"}) {
    const std::string name = path;
    EXPECT_THAT(Error(File("\"files\": {\"" + name + R"(": "x"}, "run": {"command": ["r"]})")),
                HasSubstr("must be named by a path in {workdir}"))
        << path;
  }
  EXPECT_EQ(Error(File(R"("files": {"x": "{c}"}, "run": {"command": ["r"]})")),
            "t.json:3: files.x: has the placeholder {c}; there are {workdir}, {here}, {index}, "
            "{a}, {b} and {workload.FIELD}");
  EXPECT_EQ(
      Error(File(R"("files": {"x": "1"}, "templates": {"x": "y"}, "run": {"command": ["r"]})")),
      "t.json:3: templates.x: is made twice: \"files\" has it too");
}

TEST(CommandFile, NumbersHaveAnOrderAndTextsHaveNone) {
  const auto file = ParseCommandFile(
      File(R"([{"name": "a", "values": [0.5, 1, 2.5]}, {"name": "b", "values": ["x", "y"]},
               {"name": "c", "values": [true, false]}, {"name": "d", "values": ["s", "m"], "ordered": true},
               {"name": "e", "values": [1, 2], "ordered": false}])",
           R"("run": {"command": ["r"]})"),
      "t.json");
  ASSERT_TRUE(file.ok()) << file.status().message();
  std::vector<bool> ordered;
  for (const Parameter& parameter : file->parameters) ordered.push_back(parameter.is_ordered);
  EXPECT_THAT(ordered, ElementsAre(true, false, false, true, false));
  EXPECT_EQ(file->parameters[0].labels[1], ParameterValue(std::int64_t{1}));
}

TEST(CommandFile, ErrorsOfConstraintsNameTheElement) {
  const auto error = [](const std::string& constraint) {
    return Error(File("\"constraints\": [" + constraint + "], \"run\": {\"command\": [\"r\"]}"));
  };
  EXPECT_EQ(error(R"({"product_of": ["a", "c"], "at_most": 1})"),
            "t.json:3: constraints[0].product_of[1]: is no parameter");
  EXPECT_EQ(error(R"({"product_of": ["a", "a"], "at_most": 1})"),
            "t.json:3: constraints[0].product_of[1]: is named twice");
  EXPECT_EQ(error(R"({"product_of": ["b"], "at_most": 1})"),
            "t.json:3: constraints[0].product_of[0]: has negative values; a product is bounded "
            "only without");
  EXPECT_EQ(error(R"({"product_of": [], "at_most": 1})"),
            "t.json:3: constraints[0].product_of: is empty, must name at least one parameter");
  EXPECT_EQ(error(R"("a +")").substr(0, 34), "t.json:3: constraints[0]: column 4");
  EXPECT_EQ(error(R"("a < z")"), "t.json:3: constraints[0]: column 5: \"z\" is no parameter");
  EXPECT_EQ(error(R"({"product_of": ["a"]})"), "t.json:3: constraints[0].at_most: is missing");
}

}  // namespace
}  // namespace foothold::command
