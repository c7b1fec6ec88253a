#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "formats/onnx/model.h"
#include "formats/onnx/testing/encoder.h"

namespace foothold::onnx {
namespace {

using testing::Encoder;
using ::testing::HasSubstr;

class ReadModelTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = Env::Default()->CreateTemporaryDirectory("onnx").value();
    Write("weights.bin", std::string("....") + "abcdefgh");
  }
  void TearDown() override { ASSERT_TRUE(Env::Default()->RemoveTree(folder_).ok()); }

  void Write(const std::string& name, const std::string& bytes) {
    ASSERT_TRUE(Env::Default()->WriteFileAtomically(folder_ + "/" + name, bytes).ok());
  }
  Result<Model> ReadWith(const std::map<std::string, std::string>& entries) {
    Write(
        "model.onnx",
        Encoder().Initializer(Encoder::ExternalTensor("w", DataType::kInt8, {4}, entries)).Bytes());
    return ReadModel(*Env::Default(), folder_ + "/model.onnx");
  }
  std::string ErrorWith(const std::map<std::string, std::string>& entries) {
    return ReadWith(entries).status().message();
  }

  std::string folder_;
};

TEST_F(ReadModelTest, FindsExternalDataBesideTheModel) {
  const Model model =
      ReadWith({{"location", "weights.bin"}, {"offset", "4"}, {"length", "4"}}).value();
  EXPECT_EQ(model.graph.initializers.at(0).bytes, "abcd");
  EXPECT_EQ(ReadWith({{"location", "./weights.bin"}}).value().graph.initializers.at(0).bytes,
            "....");
}

TEST_F(ReadModelTest, ReadsNothingOutsideOfTheModelsFolder) {
  for (const char* location : {"/etc/passwd", "../weights.bin", "a/../../b", "", "..", "a\\b"}) {
    EXPECT_THAT(ErrorWith({{"location", location}}),
                HasSubstr("model.onnx: tensor 'w': external data: location: is '" +
                          std::string(location) + "', must be a file in the model's folder"));
  }
}

TEST_F(ReadModelTest, SaysWhichExternalDataIsMissingOrShort) {
  EXPECT_THAT(ErrorWith({{"location", "gone.bin"}}), HasSubstr("gone.bin"));
  EXPECT_THAT(ErrorWith({{"location", "weights.bin"}, {"offset", "10"}}),
              HasSubstr("'weights.bin' holds 12 bytes, must hold 4 from byte 10 on"));
  EXPECT_THAT(ErrorWith({{"location", "weights.bin"}, {"offset", "18446744073709551615"}}),
              HasSubstr("holds 12 bytes"));
  EXPECT_THAT(ErrorWith({{"location", "weights.bin"}, {"offset", "-1"}}),
              HasSubstr("offset: is '-1', must be a number of bytes"));
  EXPECT_THAT(ErrorWith({{"location", "weights.bin"}, {"length", "5"}}),
              HasSubstr("length: is 5, must be 4 for 4 elements of int8"));
}

TEST_F(ReadModelTest, TakesRegularFilesOnly) {
  EXPECT_THAT(ReadModel(*Env::Default(), folder_).status().message(),
              HasSubstr("must be a regular file"));
  EXPECT_THAT(ErrorWith({{"location", "."}}), HasSubstr("must be a regular file"));
}

TEST_F(ReadModelTest, SaysThatThereIsNoFile) {
  EXPECT_EQ(ReadModel(*Env::Default(), folder_ + "/none.onnx").status().code(),
            StatusCode::kNotFound);
}

}  // namespace
}  // namespace foothold::onnx
