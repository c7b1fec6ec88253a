#include "targets/opencl/kernel_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/testing/test_data.h"
#include "foothold/env.h"
#include "targets/opencl/names.h"
#include "targets/opencl/testing.h"

namespace foothold::opencl {
namespace {

using ::foothold::opencl::testing::kFile;
using ::foothold::opencl::testing::Replaced;
using ::foothold::opencl::testing::SmallDense;
using ::testing::EndsWith;
using ::testing::HasSubstr;

TEST(KernelFile, HoldsWhatTheFileSays) {
  const auto file = ParseKernelFile(kFile, "kernels/scale.json");
  ASSERT_TRUE(file.ok()) << file.status().message();
  EXPECT_EQ(file->tuning.space.valid_count(), 26u);
  EXPECT_EQ(file->launch.kernel_name, "scale");
  EXPECT_THAT(file->launch.source, EndsWith("/kernels/scale.cl"));
  EXPECT_FALSE(file->launch.global_counts_groups);
  EXPECT_EQ(file->repeats, 2);
  ASSERT_EQ(file->arguments.size(), 4u);
  EXPECT_EQ(file->arguments[0].type->name, "float");
  EXPECT_EQ(file->arguments[0].width, 2);
  EXPECT_EQ(file->arguments[0].fill.type, FillType::kRandom);
  EXPECT_EQ(file->arguments[1].access, AccessType::kWriteOnly);
  ASSERT_TRUE(file->arguments[1].reference);
  EXPECT_THAT(file->arguments[1].reference->fill.path, EndsWith("/kernels/reference.bin"));
  EXPECT_EQ(file->arguments[1].reference->tolerance.threshold, 1e-6);
  EXPECT_EQ(file->arguments[2].memory, MemoryType::kLocal);
  EXPECT_EQ(file->arguments[3].memory, MemoryType::kScalar);
}

TEST(KernelFile, NamesStandForListsWithoutAConfigAndForValuesWithOne) {
  const auto file = ParseKernelFile(kFile, "scale.json").value();
  const Names none = Names::WithoutConfig(file, SmallDense());
  EXPECT_EQ(t1::ToText(none.Evaluate(*file.arguments[3].fill.value).value()), "2.0");
  EXPECT_EQ(none.Count(*file.arguments[0].size).value(), 32);
  EXPECT_EQ(none.Evaluate(file.launch.local[0]).status().message(), "");
  EXPECT_EQ(none.Count(file.launch.local[0]).status().message(),
            "scale.json:10: KernelSpecification.LocalSize.X: is [4, 5, 8192], must be a whole "
            "number of at least 1");
  const Names of_one = Names::Of(file, SmallDense(), {{0, 1, 0}});
  EXPECT_EQ(of_one.Count(file.launch.local[0]).value(), 5);
  const Formula field{t1::Expression::Parse("workload.in_features / 2").value(), "here"};
  EXPECT_EQ(of_one.Count(field).value(), 32);  // 32.0 is a whole number, too
  const Formula unknown{t1::Expression::Parse("1 + nobody").value(), "here"};
  EXPECT_EQ(of_one.Count(unknown).status().message(),
            "here: column 5: \"nobody\" has no value here");
}

std::string MessageWith(std::string_view from, std::string_view to) {
  return ParseKernelFile(Replaced(std::string(kFile), from, to), "scale.json").status().message();
}

TEST(KernelFile, WhatIsWrongIsSaidWithLineAndField) {
  EXPECT_EQ(
      MessageWith("\"Language\": \"OpenCL\"", "\"Language\": \"CUDA\""),
      "scale.json:9: KernelSpecification.Language: is \"CUDA\"; only OpenCL kernels can be run");
  EXPECT_EQ(MessageWith("\"X\": \"width\"", "\"X\": \"width +\""),
            "scale.json:10: KernelSpecification.LocalSize.X: column 8: found the end, expected a "
            "value");
  EXPECT_THAT(MessageWith("\"X\": \"width\"", "\"Y\": \"width\""),
              HasSubstr("KernelSpecification.LocalSize.X: is missing"));
  EXPECT_THAT(MessageWith("float2", "half"),
              HasSubstr("Arguments[0].Type: is \"half\", must be one of bool, int8"));
  EXPECT_THAT(MessageWith("\"Type\": \"float2\"", "\"Type\": \"int322\""),
              HasSubstr("is \"int322\""));
  EXPECT_THAT(MessageWith("\"FillType\": \"Random\"", "\"FillType\": \"Script\""),
              HasSubstr("FillType: is \"Script\", must be one of Constant, Random, BinaryRaw"));
  EXPECT_THAT(MessageWith(", \"DataSource\": \"reference.bin\"", ""),
              HasSubstr("ReferenceArguments[0].DataSource: is missing"));
  EXPECT_THAT(MessageWith("\"TargetName\": \"out\"", "\"TargetName\": \"in\""),
              HasSubstr("\"in\" is no Vector that the kernel may write"));
  EXPECT_THAT(MessageWith("\"TargetName\": \"out\"", "\"TargetName\": \"it\""),
              HasSubstr("\"it\" is no argument"));
  EXPECT_THAT(MessageWith("SideBySideRelativeComparison", "Equality"),
              HasSubstr("ValidationMethod: is \"Equality\", must be one of AbsoluteDifference"));
  EXPECT_THAT(MessageWith("\"Repeats\"", "\"repeats\""), HasSubstr("repeats: is unknown"));
  EXPECT_THAT(MessageWith("\"ReferenceArguments\"", "\"Later\""),
              HasSubstr("says nothing to compare the outputs with"));
  EXPECT_THAT(MessageWith(R"({"Repeats": 2})", R"({"Tensors": {"in": "input"}})"),
              HasSubstr("Foothold.Tensors.in: its Type must be int8"));
}

/// The shared T1 files are of CUDA kernels: their spaces can be read, and they cannot be run.
TEST(KernelFile, TheHubsFilesAreOfAnotherLanguage) {
  const std::string folder = foothold::testing::DataDirectory() + "/t1/";
  if (!Env::Default()->FileExists(folder + "convolution_milo.json")) {
    GTEST_SKIP() << "no recorded data: set FOOTHOLD_DATA";
  }
  for (const char* name : {"convolution_milo.json", "dedispersion_milo.json"}) {
    const std::string text = Env::Default()->ReadFile(folder + name).value();
    EXPECT_THAT(ParseKernelFile(text, name).status().message(), HasSubstr("is \"CUDA\""));
    // All else in them is understood, but for a reference.
    EXPECT_THAT(ParseKernelFile(Replaced(text, "\"CUDA\"", "\"OpenCL\""), name).status().message(),
                HasSubstr("says nothing to compare the outputs with"));
  }
}

}  // namespace
}  // namespace foothold::opencl
