// The report in a real browser: it draws all its charts, without an error, whatever the logs hold.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <sstream>

#include "tests/cli/process.h"

namespace foothold::testing_cli {
namespace {

using ::testing::HasSubstr;

// A Chromium: what FOOTHOLD_BROWSER names, or one on the path; empty when there is none.
std::string FindBrowser() {
  if (const char* named = std::getenv("FOOTHOLD_BROWSER")) return named;
  const char* path = std::getenv("PATH");
  std::istringstream folders(path == nullptr ? "" : path);
  for (std::string folder; std::getline(folders, folder, ':');) {
    for (const char* name : {"chromium", "chromium-browser", "google-chrome"}) {
      if (std::filesystem::exists(folder + "/" + name)) return folder + "/" + name;
    }
  }
  return "";
}

class Browser : public ::testing::Test {
 protected:
  void SetUp() override {
    if (FindBrowser().empty()) GTEST_SKIP() << "no chromium: ./dev setup --browser installs it";
  }

  // The page after its scripts have run, as markup. Virtual time: the browser waits for nothing.
  std::string Opened(const std::string& url, const std::string& width) {
    Process browser(
        FindBrowser(),
        {"--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
         "--user-data-dir=" + directory_ + "/profile", "--window-size=" + width + ",900",
         "--virtual-time-budget=5000", "--dump-dom", url},
        directory_, directory_ + "/dom.html", directory_ + "/browser.err");
    return browser.Wait().out;
  }

  std::string Report(const std::vector<std::string>& logs) {
    std::vector<std::string> arguments = {"report", "-o", "r.html"};
    arguments.insert(arguments.end(), logs.begin(), logs.end());
    const Finished finished = RunFoothold(arguments, directory_);
    EXPECT_EQ(finished.exit_code, 0) << finished.err;
    return "file://" + directory_ + "/r.html";
  }

  void Tune(const std::string& searcher, const std::string& seed) {
    const Finished finished = RunFoothold({"tune", "resnet18.C10", "--searcher", searcher, "--seed",
                                           seed, "--trials", "64", "--log", searcher + ".jsonl"},
                                          directory_);
    EXPECT_EQ(finished.exit_code, 0) << finished.err;
  }

  const std::string directory_ = FreshDirectory();
};

// Of the tag <html ...>.
std::string Attribute(const std::string& dom, const std::string& name) {
  const std::string begin = " data-" + name + "=\"";
  const std::size_t at = dom.find(begin);
  if (at == std::string::npos) return "";
  return dom.substr(at + begin.size(), dom.find('"', at + begin.size()) - at - begin.size());
}

// What the scripts made of the model, without the scripts.
std::string Body(const std::string& dom) {
  const std::size_t begin = dom.find("<main");
  const std::size_t end = dom.find("</main>");
  return begin == std::string::npos || end < begin ? "" : dom.substr(begin, end - begin);
}

TEST_F(Browser, DrawsAllChartsOfSeveralLogsWithoutAnError) {
  if (!kHasXgboost) GTEST_SKIP() << "this build is without the searcher validity";
  for (const char* seed : {"1", "2", "3"}) Tune("random", seed);
  Tune("validity", "1");
  const std::string url = Report({"random.jsonl", "validity.jsonl"});
  EXPECT_LT(std::filesystem::file_size(directory_ + "/r.html"), 1'500'000U);
  for (const char* width : {"1280", "390"}) {
    const std::string dom = Opened(url, width);
    EXPECT_EQ(Attribute(dom, "state"), "ready") << ReadTextFile(directory_ + "/browser.err");
    EXPECT_EQ(Attribute(dom, "errors"), "0") << Attribute(dom, "error");
    // Best so far twice, outcomes, tiers, space, prediction, utilisation, timeline.
    EXPECT_EQ(Attribute(dom, "charts"), "8") << width;
    EXPECT_TRUE(Body(dom).find("<svg") != std::string::npos);
    EXPECT_TRUE(Body(dom).find("<code>tile_h / h_nthread &lt; 1</code>") != std::string::npos);
  }
}

TEST_F(Browser, ShowsMarkupInALogAsText) {
  const std::string evil = "</script><img src=x onerror=alert(1)>{b}<b>bold</b>";
  Tune("random", "1");
  std::string log = ReadTextFile(directory_ + "/random.jsonl");
  for (const std::string name : {"resnet18.C10", "tile_ci", "lower.dma", "\"searcher\":\"random"}) {
    for (std::size_t at = log.find(name); at != std::string::npos;
         at = log.find(name, at + name.size() + evil.size())) {
      log.insert(at + name.size(), evil);
    }
  }
  WriteTextFile(directory_ + "/evil.jsonl", log);
  const std::string dom = Opened(Report({"evil.jsonl"}), "1280");
  EXPECT_EQ(Attribute(dom, "state"), "ready");
  EXPECT_EQ(Attribute(dom, "errors"), "0") << Attribute(dom, "error");
  const std::string body = Body(dom);
  EXPECT_TRUE(body.find("<img") == std::string::npos);
  EXPECT_TRUE(body.find("<b>") == std::string::npos);
  EXPECT_TRUE(body.find("&lt;img src=x onerror=alert(1)&gt;") != std::string::npos);
}

TEST_F(Browser, OpensALogWithoutAnyTrial) {
  const std::string golden = FOOTHOLD_SOURCE_DIR "/tests/golden/inputs/small.jsonl";
  const std::string log = ReadTextFile(golden);
  WriteTextFile(directory_ + "/empty.jsonl", log.substr(0, log.find('\n') + 1));
  const std::string dom = Opened(Report({"empty.jsonl"}), "1280");
  EXPECT_EQ(Attribute(dom, "state"), "ready");
  EXPECT_EQ(Attribute(dom, "errors"), "0") << Attribute(dom, "error");
  EXPECT_THAT(Body(dom), HasSubstr("Nothing correct was found."));
}

TEST_F(Browser, FollowsALiveRun) {
  // Runs until it is told to end: its one candidate waits.
  WriteTextFile(directory_ + "/t.json",
                R"({"format": "foothold-command-target", "version": 1, "exact_times": true,
  "parameters": [{"name": "p", "values": [1, 2]}],
  "run": {"command": ["/bin/sh", "-c", "while true; do sleep 0.05; done"]}})");
  Process tune(
      {"tune", "dense:1x8,4", "--target", "command:t.json", "--log", "t.jsonl", "--serve=0"},
      directory_);
  std::string err;
  ASSERT_TRUE(tune.WaitUntil([&] {
    err = ReadTextFile(directory_ + "/.err");
    return err.find(" until this command ends\n") != std::string::npos &&
           CountLines(directory_ + "/t.jsonl") > 0;
  })) << err;
  const std::size_t at = err.find("http://");
  const std::string dom = Opened(err.substr(at, err.find(' ', at) - at), "1280");
  EXPECT_EQ(Attribute(dom, "mode"), "live");
  EXPECT_EQ(Attribute(dom, "state"), "ready");
  EXPECT_EQ(Attribute(dom, "errors"), "0") << Attribute(dom, "error");
  EXPECT_TRUE(dom.find(">Live: this page follows the tuning run.") != std::string::npos);
}

}  // namespace
}  // namespace foothold::testing_cli
