// foothold-study time-to-best from end to end, on one small space.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/cli/process.h"

namespace foothold::testing_cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(TimeToBestCommand, ExploresComparesAndWritesItsPages) {
  const std::string directory = FreshDirectory();
  MakeDirectory(directory + "/explored");
  const std::vector<std::string> command = {
      "time-to-best", "resnet18.C10", "--target",   "vta:pynq", "--explorations",
      "explored",     "--seeds",      "2",          "--budget", "40",
      "--searcher",   "autotvm",      "--searcher", "validity", "--html",
      "r.html",       "--output-dir", "results"};
  const Finished first = RunStudy(command, directory);
  ASSERT_EQ(first.exit_code, 0) << first.err;
  EXPECT_THAT(first.out, HasSubstr("### resnet18, vta:pynq: measurements"));
  EXPECT_THAT(first.out, HasSubstr("| resnet18.C10 |     480 | 27.5 % |"));
  EXPECT_THAT(first.err, HasSubstr("10/10 runs")) << "2 seeds of 2 and 3 modes";
  EXPECT_TRUE(std::filesystem::exists(directory + "/explored/resnet18.C10@vta-pynq.explored"));
  EXPECT_THAT(ReadTextFile(directory + "/r.html"), HasSubstr("</html>"));
  const std::string page = ReadTextFile(directory + "/results/time-to-best.md");
  EXPECT_THAT(page, HasSubstr("vta-pynq-mode-compiler-best-so-far-by-measurements.svg"));

  // The JSON beside it holds the same page, which another command writes again.
  std::filesystem::remove(directory + "/results/time-to-best.md");
  const std::string json = "results/time-to-best.json";
  const Finished again = RunStudy({"page", json}, directory);
  ASSERT_EQ(again.exit_code, 0) << again.err;
  EXPECT_EQ(ReadTextFile(directory + "/results/time-to-best.md"), page);
  ASSERT_EQ(RunStudy({"page", json, "--html"}, directory).exit_code, 0);
  EXPECT_EQ(ReadTextFile(directory + "/results/time-to-best.html"),
            ReadTextFile(directory + "/r.html"));

  // What is measured does not depend on the machine: the same standings again.
  const std::string standings =
      page.substr(page.find("### resnet18"),
                  page.find("### resnet18, vta:pynq: what") - page.find("### resnet18"));
  EXPECT_THAT(standings, HasSubstr("| autotvm  |    blind |"));
  const Finished second = RunStudy(command, directory);
  ASSERT_EQ(second.exit_code, 0) << second.err;
  EXPECT_THAT(ReadTextFile(directory + "/results/time-to-best.md"), HasSubstr(standings));
}

TEST(TimeToBestCommand, NamesAnUnknownEntrant) {
  const Finished finished =
      RunStudy({"time-to-best", "resnet18.C10", "--target", "vta:pynq", "--searcher", "luck"},
               FreshDirectory());
  EXPECT_EQ(finished.exit_code, 2);
  EXPECT_THAT(finished.err, HasSubstr("foothold-study: there is no entrant \"luck\""));
}

TEST(PageCommand, SaysWhatIsWrong) {
  const std::string directory = FreshDirectory();
  const Finished none = RunStudy({"page", "none.json"}, directory);
  EXPECT_EQ(none.exit_code, 2);
  EXPECT_THAT(none.err, HasSubstr("none.json"));
  WriteTextFile(directory + "/other.json", "{\n \"version\": 2}");
  const Finished other = RunStudy({"page", "other.json"}, directory);
  EXPECT_EQ(other.exit_code, 2);
  EXPECT_THAT(other.err, HasSubstr("other.json:2: version: is 2, must be"));
  EXPECT_FALSE(std::filesystem::exists(directory + "/other.md"));
}

}  // namespace
}  // namespace foothold::testing_cli
