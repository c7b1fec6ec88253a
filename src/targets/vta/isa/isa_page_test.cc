#include "targets/vta/isa/isa_page.h"

#include <gtest/gtest.h>

#include "foothold/env.h"

namespace foothold::vta {
namespace {

TEST(IsaPageTest, CommittedPageIsUpToDate) {
  const auto page = Env::Default()->ReadFile(FOOTHOLD_SOURCE_DIR "/docs/targets/vta-isa.md");
  ASSERT_TRUE(page.ok()) << page.status().message();
  EXPECT_EQ(*page, IsaMarkdown()) << "run generate_isa_page > docs/targets/vta-isa.md";
}

}  // namespace
}  // namespace foothold::vta
