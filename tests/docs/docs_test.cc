// The pages are up to date, reachable, and their links lead somewhere. `./dev docs` regenerates
// what is generated.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "cli/commands.h"
#include "cli/common/program.h"
#ifdef FOOTHOLD_HAS_STUDIES
#include "studies/cli/commands.h"
#endif
#include "tests/docs/markdown.h"
#include "tests/rules/source_tree.h"

namespace foothold::docs {
namespace {

namespace fs = std::filesystem;
using rules::SourceFile;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<SourceFile> AllPages() {
  return rules::Select(rules::ReadProject(FOOTHOLD_SOURCE_DIR), "", {".md"});
}

const SourceFile* Find(const std::vector<SourceFile>& files, const std::string& path) {
  const auto found = std::find_if(files.begin(), files.end(),
                                  [&](const SourceFile& file) { return file.path == path; });
  return found == files.end() ? nullptr : &*found;
}

std::string Resolve(const std::string& page, const std::string& target) {
  return (fs::path(page).parent_path() / target).lexically_normal().generic_string();
}

TEST(Docs, LinksLeadSomewhere) {
  const auto pages = AllPages();
  std::vector<std::string> broken;
  for (const SourceFile& page : pages) {
    for (const Link& link : RelativeLinks(page.text)) {
      const std::string path = link.file.empty() ? page.path : Resolve(page.path, link.file);
      const SourceFile* target = Find(pages, path);
      const bool exists = fs::exists(fs::path(FOOTHOLD_SOURCE_DIR) / path);
      const auto anchors = target == nullptr ? std::vector<std::string>() : Anchors(target->text);
      const bool anchored = link.anchor.empty() ||
                            std::find(anchors.begin(), anchors.end(), link.anchor) != anchors.end();
      if (exists && anchored) continue;
      broken.push_back(
          rules::Complaint(page.path, link.line, "broken link " + link.file + "#" + link.anchor));
    }
  }
  EXPECT_THAT(broken, IsEmpty());
}

// Comments and messages name pages, and sections as page#anchor.
TEST(Docs, PagesThatSourcesNameExist) {
  const auto project = rules::ReadProject(FOOTHOLD_SOURCE_DIR);
  std::vector<std::string> broken;
  for (const SourceFile& file : rules::Select(project, "", {".cc", ".h", ".py", ".txt", "dev"})) {
    if (file.path.starts_with("tests/rules/") || file.path.starts_with("tests/docs/")) continue;
    for (const Link& named : NamedPages(file.text)) {
      const SourceFile* page = Find(project, named.file);
      const auto anchors = page == nullptr ? std::vector<std::string>() : Anchors(page->text);
      const bool anchored = named.anchor.empty() || std::find(anchors.begin(), anchors.end(),
                                                              named.anchor) != anchors.end();
      if (page != nullptr && anchored) continue;
      broken.push_back(rules::Complaint(file.path, named.line,
                                        "no such page: " + named.file + "#" + named.anchor));
    }
  }
  EXPECT_THAT(broken, IsEmpty());
}

// A linked folder stands for the pages in it: those that one command writes.
TEST(Docs, IndexNamesEveryPage) {
  const auto pages = AllPages();
  const SourceFile* index = Find(pages, "docs/README.md");
  ASSERT_NE(index, nullptr);
  std::vector<std::string> linked;
  for (const Link& link : RelativeLinks(index->text)) {
    linked.push_back(Resolve(index->path, link.file));
  }
  for (const SourceFile& page : pages) {
    if (!page.path.starts_with("docs/") || page.path == index->path) continue;
    const std::string folder = page.path.substr(0, page.path.rfind('/'));
    EXPECT_THAT(linked, ::testing::Contains(::testing::AnyOf(page.path, folder)));
  }
}

TEST(Docs, ReadmeSaysWhatContinuousIntegrationRuns) {
  const auto project = rules::ReadProject(FOOTHOLD_SOURCE_DIR);
  const SourceFile* readme = Find(project, "README.md");
  const SourceFile* ci = Find(project, ".ci/run");
  ASSERT_NE(readme, nullptr);
  ASSERT_NE(ci, nullptr);
  EXPECT_THAT(readme->text, HasSubstr("./dev test"));
  EXPECT_THAT(readme->text, HasSubstr("./dev demo"));
  EXPECT_THAT(ci->text, HasSubstr("\n./dev test\n"));
}

// A generated page equals what its source says now; FOOTHOLD_APPROVE=1 writes it instead.
void ExpectGenerated(const std::string& path, const std::string& expected) {
  const fs::path file = fs::path(FOOTHOLD_SOURCE_DIR) / path;
  if (std::getenv("FOOTHOLD_APPROVE") != nullptr) std::ofstream(file) << expected;
  const auto project = rules::ReadProject(FOOTHOLD_SOURCE_DIR);
  const SourceFile* page = Find(project, path);
  ASSERT_NE(page, nullptr) << path << " is missing: run ./dev docs";
  EXPECT_EQ(page->text, expected) << path << " is out of date: run ./dev docs";
}

TEST(Generated, CommandLinePage) {
  ExpectGenerated("docs/cli.md", cli::HelpPage(cli::FootholdProgram(), "The command line"));
}

#ifdef FOOTHOLD_HAS_STUDIES
TEST(Generated, StudiesPage) {
  ExpectGenerated("docs/studies.md",
                  cli::HelpPage(cli::StudyProgram(), "The studies' command line"));
}
#endif

TEST(Markdown, FindsRelativeLinksOutsideCode) {
  const auto links = RelativeLinks(
      "[a](b.md#c) `[no](code.md)` [web](https://example.org)\n"
      "```\n[no](fenced.md)\n```\n"
      "![picture](d.svg)\n"
      "<source srcset=\"e.svg\"><img src=\"f.svg\">\n");
  ASSERT_EQ(links.size(), 4u);
  EXPECT_EQ(links[0].file, "b.md");
  EXPECT_EQ(links[0].anchor, "c");
  EXPECT_EQ(links[1].file, "d.svg");
  EXPECT_EQ(links[1].line, 5u);
  EXPECT_EQ(links[2].file, "f.svg");
  EXPECT_EQ(links[3].file, "e.svg");
}

TEST(Markdown, FindsPagesThatSourcesName) {
  const auto pages = NamedPages(
      "/// The cost model (docs/a/b.md#c-d): see docs/e.md.\n"
      "// docs/folder and include/docs.h are no pages\n");
  ASSERT_EQ(pages.size(), 2u);
  EXPECT_EQ(pages[0].file, "docs/a/b.md");
  EXPECT_EQ(pages[0].anchor, "c-d");
  EXPECT_EQ(pages[1].file, "docs/e.md");
  EXPECT_EQ(pages[1].anchor, "");
  EXPECT_EQ(pages[1].line, 1u);
}

TEST(Markdown, MakesAnchorsLikeGitHub) {
  EXPECT_THAT(Anchors("# The `foothold vta` command: 1, 2\n```\n# not a heading\n```\n"),
              ::testing::ElementsAre("the-foothold-vta-command-1-2"));
}

TEST(Markdown, FindsBlocks) {
  const auto blocks = Blocks("text\n```sh\nls\n```\n```text\nout\nput\n```\n");
  ASSERT_EQ(blocks.size(), 2u);
  EXPECT_EQ(blocks[0].language, "sh");
  EXPECT_EQ(blocks[0].offset, 11u);
  EXPECT_EQ(blocks[1].text, "out\nput\n");
}

}  // namespace
}  // namespace foothold::docs
