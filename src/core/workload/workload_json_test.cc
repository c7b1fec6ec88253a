#include "core/workload/workload_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/testing/test_data.h"
#include "foothold/env.h"

namespace foothold::workload {
namespace {

using ::testing::HasSubstr;

std::string FileComplaint(std::string_view json) {
  const auto workloads = ParseWorkloads(json, "w.json");
  EXPECT_FALSE(workloads.ok()) << json;
  if (workloads.ok()) return "";
  EXPECT_EQ(workloads.status().message().find('\n'), std::string::npos);
  return workloads.status().message();
}

constexpr std::string_view kSmall = R"({
  "name": "small",
  "op": "conv2d",
  "in_channels": 16, "height": 9, "width": 8,
  "out_channels": 32,
  "kernel_h": 3, "kernel_w": 1
})";

TEST(WorkloadJson, OneObjectWithDefaults) {
  const auto workloads = ParseWorkloads(kSmall, "w.json");
  ASSERT_TRUE(workloads.ok()) << workloads.status().message();
  ASSERT_EQ(workloads->size(), 1U);
  EXPECT_EQ(workloads->front().name, "small");
  EXPECT_EQ(ToString(workloads->front()), "conv2d 1x16x9x8 -> 32, 3x1, pad 0, stride 1");
}

TEST(WorkloadJson, AList) {
  const auto workloads = ParseWorkloads(
      R"({"workloads": [{"name": "a", "op": "dense", "in_features": 2, "out_features": 3},
                        {"name": "b", "op": "dense", "in_features": 2, "out_features": 3,
                         "batch": 4, "bias": true, "shift": 3, "clip_max": 9, "clip_min": -9}],
          "source": "nowhere", "repeats": {"a": 2}})",
      "w.json");
  ASSERT_TRUE(workloads.ok()) << workloads.status().message();
  ASSERT_EQ(workloads->size(), 2U);
  EXPECT_EQ(ToString((*workloads)[0]), "dense 1x2 -> 3");
  EXPECT_EQ(ToString((*workloads)[1]), "dense 4x2 -> 3, bias, shift 3, clip -9..9");
}

TEST(WorkloadJson, FileFormIsGolden) {
  std::string text;
  for (const char* name : {"resnet18.C8", "resnet18.C10", "lstm.dense"}) {
    text += ToJson(FindWorkloads(name)->front()) + "\n";
  }
  Workload odd = FindWorkloads("deepbench.11")->front();
  odd.name = "a \"quoted\" \xc3\xa9";
  odd.requantize = {5, true, 100, -100};
  text += ToJson(odd) + "\n";
  const std::string golden = FOOTHOLD_SOURCE_DIR "/src/core/workload/testdata/workloads.golden";
  EXPECT_EQ(text, Env::Default()->ReadFile(golden).value());
}

TEST(WorkloadJson, RoundTrips) {
  for (const std::string& network : BuiltinNetworks()) {
    const std::vector<Workload> layers = *FindWorkloads(network);
    for (Workload workload : layers) {
      if (workload.type == ElementType::kInt8) workload.requantize = {7, true, 50, -3};
      const auto read = ParseWorkloads(ToJson(workload), "w.json");
      ASSERT_TRUE(read.ok()) << read.status().message();
      EXPECT_EQ(*read, std::vector<Workload>{workload});
    }
  }
}

TEST(WorkloadJson, AKernelHasItsNameAndNothingElse) {
  const auto parsed =
      ParseWorkloads(R"({"name": "k", "op": "kernel", "kernel": "blur"})", "w.json");
  ASSERT_TRUE(parsed.ok()) << parsed.status().message();
  EXPECT_EQ(ToJson(parsed->front()), R"({"name":"k","op":"kernel","kernel":"blur"})");
  EXPECT_EQ(FileComplaint(R"({"name": "k", "op": "kernel", "kernel": ""})"),
            "w.json:1: kernel: is empty, must be a name");
  EXPECT_THAT(FileComplaint(R"({"name": "k", "op": "kernel", "kernel": "blur", "shift": 3})"),
              HasSubstr("shift: is unknown; the fields are name, op, kernel"));
  EXPECT_THAT(
      FileComplaint(R"({"name": "k", "op": "kernel", "kernel": "blur", "type": "float32"})"),
      HasSubstr("type: is unknown; the fields are name, op, kernel"));
}

TEST(WorkloadJson, ComplaintsNameFileLineAndField) {
  const auto with = [](std::string_view from, std::string_view to) {
    std::string text(kSmall);
    return text.replace(text.find(from), from.size(), to);
  };
  EXPECT_EQ(FileComplaint(with("\"out_channels\": 32", "\"out_chanels\": 32")),
            "w.json:1: out_channels: is missing");
  EXPECT_THAT(FileComplaint(with("\"op\"", "\"dilation\": 2,\n\"op\"")),
              HasSubstr("w.json:3: dilation: is unknown; the fields are name, op, batch"));
  EXPECT_EQ(FileComplaint(with("\"conv2d\"", "\"pool\"")),
            "w.json:3: op: is \"pool\", must be \"conv2d\", \"dense\", "
            "\"conv2d_transpose\" or \"kernel\"");
  EXPECT_EQ(FileComplaint(with("\"out_channels\": 32", "\"out_channels\": \"32\"")),
            "w.json:5: out_channels: is \"32\", must be a whole number of 64 bits");
  EXPECT_EQ(FileComplaint(with("\"out_channels\": 32", "\"out_channels\": 0")),
            "w.json:5: out_channels: is 0, must be from 1 to 1048576");
  EXPECT_EQ(FileComplaint(with("\"kernel_h\": 3", "\"kernel_h\": 10")),
            "w.json:6: kernel_h: is 10, must be at most 9 (height 9 + 2 x padding 0), or the "
            "output is empty");
  EXPECT_EQ(FileComplaint(with("\"small\"", "\"\"")), "w.json:2: name: is empty, must be a name");
  EXPECT_EQ(FileComplaint(with("\"small\"", R"("a\nb")")),
            "w.json:2: name: holds a control character, must be one line of text");
  EXPECT_EQ(FileComplaint(with("\"small\"", '"' + std::string(201, 'x') + '"')),
            "w.json:2: name: has 201 bytes, must have at most 200");
}

TEST(WorkloadJson, Float32IsWrittenOutAndHasNoRequantisation) {
  EXPECT_EQ(ToJson(FindWorkloads("gemm.256")->front()),
            R"({"name":"gemm.256","op":"dense","batch":256,"in_features":256,)"
            R"("out_features":256,"type":"float32"})");
  const std::string dense = R"({"name": "a", "op": "dense", "in_features": 2, "out_features": 3, )";
  EXPECT_EQ(FileComplaint(dense + R"("type": "bfloat16"})"),
            "w.json:1: type: is \"bfloat16\", must be \"int8\" or \"float32\"");
  EXPECT_EQ(FileComplaint(dense + R"("type": "float32", "shift": 3})"),
            "w.json:1: shift: is for int8 workloads; a float32 one has none");
}

TEST(WorkloadJson, ComplaintsInAListNameTheElement) {
  EXPECT_EQ(FileComplaint("{\"workloads\": [\n"
                          "{\"name\": \"a\", \"op\": \"dense\", \"in_features\": 2,\n"
                          "\"out_features\": 3},\n"
                          "{\"name\": \"b\", \"op\": \"dense\",\n"
                          "\"in_features\": 2, \"out_features\": -3}]}"),
            "w.json:5: workloads[1].out_features: is -3, must be from 1 to 1048576");
  EXPECT_EQ(FileComplaint("{\"workloads\": [\n"
                          "{\"name\": \"a\", \"op\": \"dense\", \"in_features\": 2, "
                          "\"out_features\": 3},\n"
                          "{\"name\": \"a\", \"op\": \"dense\", \"in_features\": 2, "
                          "\"out_features\": 3}]}"),
            "w.json:3: workloads[1]: name: \"a\" is taken by an earlier workload, must be unique");
  EXPECT_EQ(FileComplaint(R"({"workloads": []})"),
            "w.json:1: workloads: is empty, must hold at least one workload");
  EXPECT_THAT(FileComplaint(R"({"workloads": {}})"), HasSubstr("must be an array"));
  EXPECT_THAT(FileComplaint(R"({"workloads": [], "repeats": {"C2": 0}})"),
              HasSubstr("w.json:1: repeats.C2: is 0, must be"));
  EXPECT_THAT(FileComplaint(R"({"workloads": [], "source": 3})"),
              HasSubstr("w.json:1: source: is 3"));
  EXPECT_THAT(FileComplaint("[]"), HasSubstr("w.json:1: is an array of 0 elements"));
}

TEST(WorkloadJson, ReadsTheDataFiles) {
  if (!Env::Default()->FileExists(testing::DataDirectory() + "/workloads/resnet18.json")) {
    GTEST_SKIP() << "no test data in " << testing::DataDirectory();
  }
  const auto read = [](const std::string& name) {
    const std::string path = testing::DataDirectory() + "/workloads/" + name;
    auto workloads = ParseWorkloads(Env::Default()->ReadFile(path).value(), path);
    EXPECT_TRUE(workloads.ok()) << workloads.status().message();
    return *workloads;
  };
  EXPECT_EQ(read("resnet18.json"), *FindWorkloads("resnet18"));
  EXPECT_EQ(read("deepbench_inference.json"), *FindWorkloads("deepbench"));
}

}  // namespace
}  // namespace foothold::workload
