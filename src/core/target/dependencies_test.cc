#include "core/target/dependencies.h"

#include <gtest/gtest.h>

#include "base/content_hash.h"

namespace foothold::target {
namespace {

TEST(DependenciesTest, ATaskThatDoesNotSayDependsOnTheRunningProgram) {
  const Dependencies program = ProgramDependencies(*Env::Default()).value();
  EXPECT_EQ(program.at("the program"), base::HashFile(*Env::Default(), "/proc/self/exe").value());
  for (const auto& [name, hash] : program) {
    EXPECT_TRUE(name == "the program" || name.starts_with("library ")) << name;
    EXPECT_EQ(name.find("libc."), std::string::npos) << "the system's own do not count";
  }
}

TEST(DependenciesTest, AFileIsItsContent) {
  Env& env = *Env::Default();
  Dependencies dependencies;
  EXPECT_EQ(AddFile(env, "none", "/nowhere/none", dependencies).code(), StatusCode::kNotFound);
  ASSERT_TRUE(AddFile(env, "it", "/proc/self/exe", dependencies).ok());
  EXPECT_EQ(dependencies.at("it"), base::HashFile(env, "/proc/self/exe").value());
}

}  // namespace
}  // namespace foothold::target
