#include "report/page/network.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace foothold::report {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kManifest = R"({"format": "foothold-network", "name": "net",
"target": "vta:pynq", "geometry": "g", "simulated_ms": 3.5, "share_of_macs_on_vta": 1,
"vta": [
 {"name": "a", "operation": "conv", "details": "", "bound": "GEMM", "macs": 8, "ms": 1, "roofline_ms": 0.5},
 {"name": "b", "operation": "dense", "details": "", "bound": "weight loads", "macs": 2, "ms": 2.5,
  "roofline_ms": 2}],
"host": [{"name": "c", "operation": "softmax", "reason": "computes real numbers"}],
"memory": {"tensors": [{"name": "weights", "bytes": 64}],
 "values": [{"name": "x", "bytes": 100, "first": 0, "last": 0}, {"name": "y", "bytes": 20, "first": 0, "last": 1}]},
"accuracy": {"samples": 4, "agree": 3, "layers": [{"name": "a", "signal_to_noise_db": 31.5}, {"name": "b"}]}})";

std::string With(std::string_view from, std::string_view to) {
  std::string text(kManifest);
  text.replace(text.find(from), from.size(), to);
  return text;
}

TEST(NetworkModelTest, PutsLayersOneBehindTheOther) {
  const auto model = NetworkModel(kManifest, "m.json");
  ASSERT_TRUE(model.ok()) << model.status().message();
  const base::Json& second = (*model)["layers"].elements()[1];
  EXPECT_EQ(second["begin_ms"].number(), 1);
  EXPECT_EQ(second["ms"].number(), 2.5);
  EXPECT_EQ((*model)["layers"].elements()[0]["signal_to_noise_db"].number(), 31.5);
  EXPECT_FALSE(second.contains("signal_to_noise_db"));
  EXPECT_EQ((*model)["agree"].Get<int>(), 3);
  EXPECT_EQ((*model)["host"].size(), 1U);
}

TEST(NetworkModelTest, AddsUpTheValuesThatALayerFinds) {
  const auto model = NetworkModel(kManifest, "m.json").value();
  EXPECT_EQ(model["memory"]["values"].Get<std::vector<int>>(), (std::vector<int>{120, 20}));
}

TEST(NetworkModelTest, NamesWhatIsWrong) {
  EXPECT_THAT(NetworkModel(With("foothold-network", "other"), "m.json").status().message(),
              HasSubstr("m.json:1: format: must be foothold-network"));
  EXPECT_THAT(NetworkModel(With("\"ms\": 1,", "\"ms\": -1,"), "m.json").status().message(),
              HasSubstr("m.json:4: vta[0].ms: must be"));
  EXPECT_THAT(NetworkModel(With("\"host\"", "\"guest\""), "m.json").status().message(),
              HasSubstr("host: is missing"));
  EXPECT_FALSE(NetworkModel("[]", "m.json").ok());
}

}  // namespace
}  // namespace foothold::report
