// What is wrong with a model is said in one line: file, node, operator, attribute, what is right.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "foothold/rng.h"
#include "formats/onnx/testing/encoder.h"
#include "network/import/import.h"

namespace foothold::network {
namespace {

using onnx::testing::Attributes;
using onnx::testing::Encoder;
using ::testing::HasSubstr;
using Ints = std::vector<std::int64_t>;

std::string ErrorOf(const Encoder& encoder, const ImportOptions& options = {}) {
  const auto graph = Import(encoder.Parse().value(), options);
  return graph.ok() ? "no error" : graph.status().message();
}

Encoder ConvModel(const Attributes& attributes) {
  Encoder encoder;
  encoder.Input("x", {1, 4, 5, 5})
      .Floats("w", {2, 4, 3, 3}, std::vector<float>(72))
      .Node("Conv", {"x", "w"}, {"y"}, attributes)
      .Output("y");
  return encoder;
}

TEST(ImportErrors, NameAllUnknownOperators) {
  EXPECT_EQ(ErrorOf(Encoder()
                        .Input("x", {1})
                        .Node("HardSwish", {"x"}, {"a"})
                        .Node("Mish", {"a"}, {"b"}, {}, "com.example")
                        .Node("HardSwish", {"b"}, {"c"})
                        .Output("c")),
            "test.onnx: has operators that are not known here: HardSwish (node 'the_a'), "
            "com.example.Mish (node 'the_b'); docs/concepts/network.md lists those that are");
}

TEST(ImportErrors, NameTheAttribute) {
  EXPECT_EQ(
      ErrorOf(ConvModel({{"group", std::int64_t{3}}})),
      "test.onnx: node 'the_y' (Conv): attribute 'group': is 3, must divide the 4 input and 2 "
      "output channels");
  EXPECT_EQ(
      ErrorOf(ConvModel({{"strides", Ints{1}}})),
      "test.onnx: node 'the_y' (Conv): attribute 'strides': is 1, must be 2 numbers from 1 to "
      "1048576");
  EXPECT_EQ(ErrorOf(ConvModel({{"kernel_shape", Ints{5, 5}}})),
            "test.onnx: node 'the_y' (Conv): attribute 'kernel_shape': is 5,5, must be that of the "
            "weight, 3,3");
  EXPECT_EQ(ErrorOf(ConvModel({{"group", 1.0F}})),
            "test.onnx: node 'the_y' (Conv): attribute 'group': is a number, must be an integer");
  EXPECT_EQ(ErrorOf(ConvModel({{"auto_pad", std::string("SAME")}})),
            "test.onnx: node 'the_y' (Conv): attribute 'auto_pad': is 'SAME', must be NOTSET, "
            "VALID, SAME_UPPER or SAME_LOWER");
  EXPECT_THAT(ErrorOf(ConvModel({{"colour", std::string("red")}})),
              HasSubstr("attribute 'colour': is not known; known are group, "));
}

TEST(ImportErrors, NameTheInput) {
  EXPECT_EQ(ErrorOf(Encoder()
                        .Input("x", {1, 3, 5, 5})
                        .Floats("w", {2, 4, 3, 3}, std::vector<float>(72))
                        .Node("Conv", {"x", "w"}, {"y"})
                        .Output("y")),
            "test.onnx: node 'the_y' (Conv): input 1 'w': has the shape 2x4x3x3, must have 3 input "
            "channels (3 of the input, group 1)");
  EXPECT_THAT(ErrorOf(Encoder().Input("x", {1, 3}).Node("Relu", {"z"}, {"y"}).Output("y")),
              HasSubstr("(Relu): input 0 'z': no input, constant or earlier node has this name"));
  EXPECT_THAT(ErrorOf(Encoder().Input("x", {1, 3}).Node("Reshape", {"x"}, {"y"}).Output("y")),
              HasSubstr("(Reshape): input 1: is missing"));
  EXPECT_THAT(ErrorOf(Encoder()
                          .Input("x", {1, 3})
                          .Integers("to", {2, -1})
                          .Node("Reshape", {"x", "to"}, {"y"})
                          .Output("y")),
              HasSubstr("input 1: is 2,-1, must be a shape of the 3 elements of 1x3"));
  EXPECT_THAT(ErrorOf(Encoder()
                          .Input("x", {2, 3})
                          .Input("z", {2, 4})
                          .Node("Add", {"x", "z"}, {"y"})
                          .Output("y")),
              HasSubstr("the inputs have the shapes 2x3 and 2x4, must have sizes that are equal"));
}

TEST(ImportErrors, NameOpenSizes) {
  const Encoder model = Encoder().Input("x", {-1, 3, -2}).Node("Relu", {"x"}, {"y"}).Output("y");
  EXPECT_EQ(ErrorOf(model),
            "test.onnx: input 'x': size 2 ('N2') is open in the file; give the "
            "shape with --shape");
  EXPECT_EQ(ErrorOf(model, {{{"x", {1, 4, 8}}}}),
            "test.onnx: input 'x': is given 4 as size 1, must be 3 as in the file");
  EXPECT_EQ(ErrorOf(model, {{{"x", {1, 3}}}}),
            "test.onnx: input 'x': is given the shape 1x3, must have 3 dimensions");
  EXPECT_EQ(ErrorOf(model, {{{"z", {1, 3}}, {"x", {1, 3, 8}}}}),
            "test.onnx: has no input 'z'; it has x");
}

TEST(ImportErrors, RefuseWhatWouldBeTooLarge) {
  EXPECT_THAT(ErrorOf(Encoder()
                          .Integers("s", {1 << 20, 1 << 20, 1 << 20})
                          .Node("ConstantOfShape", {"s"}, {"y"})
                          .Output("y")),
              HasSubstr("would make constants of more than 268435456 elements in all"));
  EXPECT_THAT(ErrorOf(Encoder(10)
                          .Input("x", {1000, 1000})
                          .Node("Pad", {"x"}, {"y"}, {{"pads", Ints{0, 0, 1 << 20, 1 << 20}}})
                          .Output("y")),
              HasSubstr("must have at most 2147483647 elements"));
}

TEST(ImportErrors, RefuseDynamicQuantisation) {
  EXPECT_THAT(ErrorOf(Encoder()
                          .Input("x", {4})
                          .Input("s", {})
                          .Node("QuantizeLinear", {"x", "s"}, {"y"})
                          .Output("y")),
              HasSubstr("input 1 's': must be a constant, whose value the file has"));
  EXPECT_THAT(ErrorOf(Encoder()
                          .Input("x", {4})
                          .Floats("s", {}, {0})
                          .Node("QuantizeLinear", {"x", "s"}, {"y"})
                          .Output("y")),
              HasSubstr("input 1 's': must be scales above 0"));
}

// Whatever is changed in a model that is fine, there is a graph or one line.
TEST(ImportErrors, SurviveManyChanges) {
  const std::string good = ConvModel({{"pads", Ints{1, 1, 1, 1}}, {"group", std::int64_t{1}}})
                               .Integers("to", {-1, 2})
                               .Node("Reshape", {"y", "to"}, {"r"})
                               .Node("Softmax", {"r"}, {"p"})
                               .Bytes();
  constexpr std::uint64_t kSeed = 11;
  SCOPED_TRACE("seed 11");
  Rng rng(kSeed);
  for (int i = 0; i < 10'000; ++i) {
    std::string changed = good;
    changed[rng.Below(changed.size())] = static_cast<char>(rng.Below(256));
    const auto model = onnx::ParseModel(
        std::make_shared<const std::string>(changed), "m.onnx", [](const std::string& location) {
          return Result<std::shared_ptr<const std::string>>(Status::NotFound(location));
        });
    if (!model.ok()) continue;
    const auto graph = Import(*model);
    if (graph.ok()) continue;
    EXPECT_THAT(graph.status().message(), ::testing::StartsWith("m.onnx: "));
    EXPECT_EQ(graph.status().message().find('\n'), std::string::npos);
  }
}

}  // namespace
}  // namespace foothold::network
