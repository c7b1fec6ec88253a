#include "targets/opencl/argument_data.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "process/testing/temporary_folder.h"
#include "targets/opencl/testing.h"

namespace foothold::opencl {
namespace {

using ::foothold::opencl::testing::kFile;
using ::foothold::opencl::testing::SmallDense;

Fill FillWith(FillType type, const char* value) {
  Fill fill;
  fill.type = type;
  fill.seed = 7;
  fill.value = Formula{t1::Expression::Parse(value).value(), "here"};
  return fill;
}

Result<std::string> Make(const char* type, const Fill& fill, std::int64_t count) {
  const KernelFile file = ParseKernelFile(kFile, "scale.json").value();
  Argument argument;
  argument.where = "there";
  argument.type = FindScalarType(type);
  return MakeBytes(*Env::Default(), argument, fill, count,
                   Names::WithoutConfig(file, SmallDense()));
}

template <typename T>
std::vector<T> Elements(const std::string& bytes) {
  std::vector<T> elements(bytes.size() / sizeof(T));
  std::memcpy(elements.data(), bytes.data(), bytes.size());
  return elements;
}

TEST(ArgumentData, ConstantsOfEveryType) {
  const Fill fill = FillWith(FillType::kConstant, "3");
  EXPECT_EQ(Elements<std::int16_t>(*Make("int16", fill, 2)), (std::vector<std::int16_t>{3, 3}));
  EXPECT_EQ(Elements<float>(*Make("float", fill, 2)), (std::vector<float>{3, 3}));
  EXPECT_EQ(Elements<double>(*Make("double", FillWith(FillType::kConstant, "0.1"), 1))[0], 0.1);
  EXPECT_EQ(
      Elements<std::uint64_t>(*Make("uint64", FillWith(FillType::kConstant, "2**62 + 1"), 1))[0],
      4611686018427387905u);
  for (const char* type : {"bool", "int8", "uint8", "uint16", "int32", "uint32", "int64"}) {
    const auto bytes = Make(type, fill, 5);
    ASSERT_TRUE(bytes.ok()) << type;
    EXPECT_EQ(bytes->size(), 5 * FindScalarType(type)->bytes);
    EXPECT_EQ((*bytes)[0], 3);
  }
}

TEST(ArgumentData, WhatTheTypeCannotHoldIsSaid) {
  const auto message = [](const char* type, const char* value, FillType fill) {
    return Make(type, FillWith(fill, value), 1).status().message();
  };
  EXPECT_EQ(message("int8", "128", FillType::kConstant),
            "here: is 128, which the type cannot hold");
  EXPECT_EQ(message("uint8", "-1", FillType::kConstant), "here: is -1, which the type cannot hold");
  EXPECT_EQ(message("int32", "0.5", FillType::kConstant),
            "here: is 0.5, which the type cannot hold");
  EXPECT_EQ(message("float", "'x'", FillType::kConstant), "here: is a text, must be a number");
  EXPECT_EQ(message("float", "-1", FillType::kRandom), "here: is -1, must be above 0");
}

TEST(ArgumentData, RandomNumbersAreAFunctionOfTheSeed) {
  const Fill fill = FillWith(FillType::kRandom, "8");
  const std::string bytes = Make("float", fill, 1000).value();
  EXPECT_EQ(bytes, Make("float", fill, 1000).value());
  double sum = 0;
  for (const float element : Elements<float>(bytes)) {
    ASSERT_TRUE(element >= 0 && element < 8) << element;
    sum += element;
  }
  EXPECT_NEAR(sum / 1000, 4, 0.4);  // five standard deviations of the mean
  Fill other = fill;
  other.seed = 8;
  EXPECT_NE(bytes, Make("float", other, 1000).value());
  const auto whole = Elements<std::uint8_t>(*Make("uint8", FillWith(FillType::kRandom, "2"), 100));
  EXPECT_THAT(whole, ::testing::Contains(2));
  EXPECT_THAT(whole, ::testing::Each(::testing::Le(2)));
}

TEST(ArgumentData, AFileMustHaveTheRightSize) {
  const foothold::testing::TemporaryFolder folder;
  Fill fill;
  fill.type = FillType::kBinaryRaw;
  fill.path = folder.File("data.bin");
  ASSERT_TRUE(Env::Default()->WriteFileAtomically(fill.path, "12345678").ok());
  EXPECT_EQ(Make("int32", fill, 2).value(), "12345678");
  EXPECT_EQ(Make("int32", fill, 3).status().message(), fill.path + ": has 8 bytes, there needs 12");
}

TEST(ArgumentData, TensorsAreThoseOfTheReference) {
  const Workload workload = ParseInlineWorkload("dense:2x16,4").value();
  const Tensors tensors = RandomTensors(workload, 1);
  EXPECT_EQ(Elements<std::int8_t>(TensorBytes(workload, Tensor::kInput)), tensors.input);
  EXPECT_EQ(Elements<std::int8_t>(TensorBytes(workload, Tensor::kWeight)), tensors.weight);
  EXPECT_EQ(Elements<std::int8_t>(TensorBytes(workload, Tensor::kOutput)),
            ReferenceOutput(workload, tensors));
  EXPECT_EQ(TensorBytes(workload, Tensor::kBias), std::string(16, '\0'));
  for (const Tensor tensor : {Tensor::kInput, Tensor::kWeight, Tensor::kBias, Tensor::kOutput}) {
    EXPECT_EQ(TensorBytes(workload, tensor).size(),
              static_cast<std::size_t>(TensorByteCount(workload, tensor)));
  }
}

}  // namespace
}  // namespace foothold::opencl
