#include "targets/cpu/toolchain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace foothold::cpu {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(Host, VectorWidthsComeFromTheFlags) {
  EXPECT_THAT(ParseHost("").vectors, ElementsAre(4));
  EXPECT_THAT(ParseHost("flags\t\t: fpu sse avx avx2 fma\n").vectors, ElementsAre(4, 8));
  const Host host =
      ParseHost("processor\t: 0\nmodel name\t: A B 9\nflags\t\t: avx avx512f\n\nprocessor\t: 1\n");
  EXPECT_EQ(host.model, "A B 9");
  EXPECT_THAT(host.vectors, ElementsAre(4, 8, 16));
  EXPECT_THAT(ParseHost("flags: avxish avx512fx\n").vectors, ElementsAre(4));
  EXPECT_THAT(ParseHost("model name: an arm\nFeatures: asimd\n").vectors, ElementsAre(4));
}

TEST(Toolchain, ACompilerThatIsNotThereIsNotFound) {
  const Status status = FindToolchain(*Env::Default(), "no-such-compiler").status();
  EXPECT_EQ(status.code(), StatusCode::kNotFound);
  EXPECT_THAT(status.message(), HasSubstr("no-such-compiler"));
}

TEST(Toolchain, TheVersionIsItsFirstLine) {
  const auto found = FindToolchain(*Env::Default(), "");
  if (!found.ok()) GTEST_SKIP() << found.status().message();
  EXPECT_FALSE(found->version.empty());
  EXPECT_EQ(found->version.find('\n'), std::string::npos);
}

}  // namespace
}  // namespace foothold::cpu
