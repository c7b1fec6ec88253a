#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "foothold/rng.h"
#include "formats/onnx/model.h"
#include "formats/onnx/testing/encoder.h"

namespace foothold::onnx {
namespace {

using ::testing::ElementsAre;
using testing::Encoder;
using ::testing::HasSubstr;
using ::testing::StartsWith;

Result<Model> Parse(std::string bytes) {
  return ParseModel(std::make_shared<const std::string>(std::move(bytes)), "m.onnx",
                    [](const std::string& location) {
                      return Result<std::shared_ptr<const std::string>>(
                          Status::NotFound(location + ": there is no such file"));
                    });
}

Encoder SmallModel() {
  Encoder encoder;
  encoder.Input("x", {-1, 2})
      .Floats("w", {3, 2}, {1, 2, 3, 4, 5, 6})
      .Node("Gemm", {"x", "w"}, {"y"}, {{"transB", std::int64_t{1}}, {"alpha", 0.5F}})
      .Node("Reshape", {"y", "s"}, {"z"},
            {{"pads", std::vector<std::int64_t>{1, -2}},
             {"mode", std::string("same")},
             {"scales", std::vector<float>{1.5F, 2}}})
      .Output("z");
  return encoder;
}

TEST(ParseModel, ReadsAllThatAGraphHas) {
  const Model model = SmallModel().Parse().value();
  EXPECT_EQ(model.ir_version, 8);
  EXPECT_EQ(model.opsets.at(""), 13);
  ASSERT_EQ(model.graph.inputs.size(), 1U);
  EXPECT_EQ(model.graph.inputs[0].name, "x");
  EXPECT_EQ(model.graph.inputs[0].type, DataType::kFloat);
  EXPECT_FALSE(model.graph.inputs[0].shape[0].size);
  EXPECT_EQ(model.graph.inputs[0].shape[0].symbol, "N1");
  EXPECT_EQ(model.graph.inputs[0].shape[1].size, 2);
  EXPECT_EQ(model.graph.outputs.at(0).name, "z");
  ASSERT_EQ(model.graph.initializers.size(), 1U);
  EXPECT_THAT(model.graph.initializers[0].dims, ElementsAre(3, 2));
  EXPECT_EQ(model.graph.initializers[0].bytes.size(), 24U);
  ASSERT_EQ(model.graph.nodes.size(), 2U);
  const Node& gemm = model.graph.nodes[0];
  EXPECT_EQ(gemm.op_type, "Gemm");
  EXPECT_EQ(gemm.name, "the_y");
  EXPECT_THAT(gemm.inputs, ElementsAre("x", "w"));
  EXPECT_EQ(gemm.Find("transB")->i, 1);
  EXPECT_EQ(gemm.Find("alpha")->f, 0.5F);
  EXPECT_EQ(gemm.Find("beta"), nullptr);
  const Node& reshape = model.graph.nodes[1];
  EXPECT_THAT(reshape.Find("pads")->ints, ElementsAre(1, -2));
  EXPECT_EQ(reshape.Find("mode")->s, "same");
  EXPECT_THAT(reshape.Find("scales")->floats, ElementsAre(1.5F, 2.0F));
}

TEST(ParseModel, KeepsViewsValidWhenTheModelMoves) {
  Model first = SmallModel().Parse().value();
  const Model second = std::move(first);
  EXPECT_EQ(second.graph.nodes[0].op_type, "Gemm");
}

/// A tensor whose elements stand in a field of their own, one by one or packed.
TEST(ParseModel, ReadsEveryWayToWriteATensor) {
  const std::array<float, 2> values = {1.5F, -2.0F};
  std::string floats = Encoder::TensorHead("floats", DataType::kFloat, {2});
  protozero::pbf_writer(floats).add_packed_float(4, values.begin(), values.end());
  std::string one_by_one = Encoder::TensorHead("one_by_one", DataType::kFloat, {2});
  for (const float value : values) protozero::pbf_writer(one_by_one).add_float(4, value);
  std::string bytes = Encoder::TensorHead("bytes", DataType::kInt8, {3});
  const std::array<std::int32_t, 3> small = {-128, 5, 127};
  protozero::pbf_writer(bytes).add_packed_int32(5, small.begin(), small.end());
  std::string longs = Encoder::TensorHead("longs", DataType::kInt64, {});
  protozero::pbf_writer(longs).add_int64(7, -7);

  const Model model = Encoder()
                          .Initializer(floats)
                          .Initializer(one_by_one)
                          .Initializer(bytes)
                          .Initializer(longs)
                          .Parse()
                          .value();
  const std::string two(reinterpret_cast<const char*>(values.data()), sizeof values);
  EXPECT_EQ(model.graph.initializers[0].bytes, two);
  EXPECT_EQ(model.graph.initializers[1].bytes, two);
  EXPECT_EQ(model.graph.initializers[2].bytes, "\x80\x05\x7f");
  EXPECT_EQ(model.graph.initializers[3].bytes, std::string("\xf9") + std::string(7, '\xff'));
  EXPECT_EQ(model.graph.initializers[3].elements, 1);
}

std::string ErrorOf(const Encoder& encoder) { return encoder.Parse().status().message(); }

TEST(ParseModel, NamesTheTensorThatContradictsItself) {
  EXPECT_EQ(ErrorOf(Encoder().Floats("w", {2, 2}, {1, 2, 3})),
            "test.onnx: tensor 'w': holds 12 bytes, must hold 16 for 4 elements of float32");
  EXPECT_EQ(ErrorOf(Encoder().Floats("w", {-1}, {1})),
            "test.onnx: tensor 'w': has the dims -1, must have at most 64 of them, none negative");
  EXPECT_THAT(ErrorOf(Encoder().Floats("w", {1 << 30, 1 << 30, 1 << 30, 0}, {})),
              HasSubstr("has the dims"));
  std::string bytes = Encoder::TensorHead("q", DataType::kUint8, {1});
  protozero::pbf_writer(bytes).add_int32(5, 256);
  EXPECT_EQ(ErrorOf(Encoder().Initializer(bytes)),
            "test.onnx: tensor 'q': has the element 256, must be 0 to 255 for uint8");
}

TEST(ParseModel, RefusesOldOperatorSets) {
  EXPECT_EQ(ErrorOf(Encoder(6)),
            "test.onnx: opset_import: is 6, must be 7 or newer; "
            "onnx.version_converter.convert_version converts it");
}

TEST(ParseModel, RefusesWhatIsNoModel) {
  EXPECT_THAT(Parse("").status().message(), HasSubstr("m.onnx: has no graph"));
  EXPECT_THAT(Parse("hello, world\n").status().message(), StartsWith("m.onnx: "));
  // A graph that is a number.
  EXPECT_THAT(Parse("\x38\x01").status().message(),
              HasSubstr("a field of another type: must be an ONNX model"));
}

TEST(ParseModel, KeepsMemorySmallHoweverManyNodesAFileHas) {
  std::string graph;
  for (int i = 0; i < 3'000'000; ++i) graph.append("\x0a\x00", 2);
  std::string bytes;
  protozero::pbf_writer(bytes).add_message(7, graph);
  EXPECT_THAT(Parse(bytes).status().message(), HasSubstr("too many parts"));
}

// Whatever is cut off or changed, there is a model or one line.
TEST(ParseModel, SurvivesEveryTruncationAndManyChanges) {
  const std::string good = SmallModel().Bytes();
  const auto require_line = [](const Result<Model>& result) {
    if (result.ok()) return;
    EXPECT_THAT(result.status().message(), StartsWith("m.onnx: "));
    EXPECT_EQ(result.status().message().find('\n'), std::string::npos);
  };
  for (std::size_t length = 0; length < good.size(); ++length) {
    require_line(Parse(good.substr(0, length)));
  }
  constexpr std::uint64_t kSeed = 7;
  SCOPED_TRACE("seed 7");
  Rng rng(kSeed);
  for (int i = 0; i < 20'000; ++i) {
    std::string changed = good;
    for (int flips = 0; flips < 3; ++flips) {
      changed[rng.Below(changed.size())] = static_cast<char>(rng.Below(256));
    }
    require_line(Parse(changed));
  }
}

}  // namespace
}  // namespace foothold::onnx
