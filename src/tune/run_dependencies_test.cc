#include "tune/run_dependencies.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "base/content_hash.h"
#include "measure/testing/formula_task.h"
#include "tune/testing/tuning.h"

namespace foothold::tune {
namespace {

using ::testing::HasSubstr;

/// A task of which two things are other people's: its space, and whether its times are measured.
class SomeTask : public measure::FormulaTask {
 public:
  SomeTask(Space space, bool is_exact, bool can_harm_host)
      : space_(std::move(space)),
        traits_{.times_are_exact = is_exact, .candidates_can_harm_host = can_harm_host} {}
  const Space& space() const override { return space_; }
  const TaskTraits& traits() const override { return traits_; }

 private:
  Space space_;
  TaskTraits traits_;
};

Space Below(std::int64_t limit) {
  return Space::Create(
             {{"a", {1, 2, 3, 4, 5}}},
             {Constraint::Where("a is small", {"a"}, [limit](auto v) { return v[0] <= limit; })})
      .value();
}

Dependencies Of(const TargetTask& task, const TunerOptions& options = {}) {
  return DependenciesOf(task, options, {{"cpu", "Some CPU"}, {"host", "lab3"}}, *Env::Default())
      .value();
}

TEST(RunDependenciesTest, TheTaskTheConstraintsAndTheHost) {
  const Dependencies simulated = Of(SomeTask(Below(3), true, false));
  EXPECT_EQ(simulated.at("formula"), "1");
  EXPECT_EQ(simulated.at("constraint a is small"), "over a");
  EXPECT_THAT(simulated.at("valid configs"), HasSubstr("3 of 5, sha256 "));
  EXPECT_EQ(simulated.size(), 3u) << "a simulator does not care where it runs";
  EXPECT_EQ(Of(SomeTask(Below(3), false, true)).at("host processor"), "Some CPU");
  EXPECT_EQ(Of(SomeTask(Below(3), true, true)).count("host processor"), 0u);
}

TEST(RunDependenciesTest, APredicateMayChangeBehindItsDescription) {
  const Dependencies three = Of(SomeTask(Below(3), true, false));
  EXPECT_EQ(three, Of(SomeTask(Below(3), true, false)));
  EXPECT_NE(three, Of(SomeTask(Below(4), true, false)));
  const Space other =
      Space::Create({{"a", {1, 2, 3, 4, 5}}},
                    {Constraint::Where("a is small", {"a"}, [](auto v) { return v[0] >= 3; })})
          .value();
  EXPECT_NE(three, Of(SomeTask(other, true, false))) << "as many configs, and others";
}

TEST(RunDependenciesTest, FilesThatTheUserNames) {
  const TempDir dir;
  Env& env = *Env::Default();
  ASSERT_TRUE(env.WriteFileAtomically(dir.File("notes"), "one").ok());
  TunerOptions options;
  options.depends = {dir.File("notes")};
  const measure::FormulaTask task;
  EXPECT_EQ(Of(task, options).at(dir.File("notes")), base::ContentHash("one"));
  options.depends = {dir.File("none")};
  const Status status = DependenciesOf(task, options, {}, env).status();
  EXPECT_EQ(status.code(), StatusCode::kNotFound);
  EXPECT_THAT(status.message(), HasSubstr("depends: " + dir.File("none")));
}

TEST(RunDependenciesTest, NamesThatAreNotUtf8AreWrittenOut) {
  measure::FormulaTask task;
  task.dependencies = Dependencies{{"a\xff", "b\xff"}};
  EXPECT_EQ(Of(task).at("a\\xff"), "b\\xff");
}

}  // namespace
}  // namespace foothold::tune
