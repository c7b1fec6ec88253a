// The pages that show commands are right: a ```sh block of `foothold` commands runs, and the
// ```text block after it is what it prints, times of this machine aside. FOOTHOLD_APPROVE=1 (./dev
// docs) writes what they print now.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string_view>

#include "measure/fleet/testing/redis_server.h"
#include "tests/cli/process.h"
#include "tests/cli/transcript.h"
#include "tests/docs/markdown.h"

namespace foothold::docs {
namespace {

using testing_cli::Normalise;

bool IsRunnable(const Block& block) {
  return block.language == "sh" &&
         (block.text.starts_with("foothold ") || block.text.starts_with("redis-server "));
}

// The port that pages show for their server. Another one runs, of as many digits, so that two of
// these tests can run at once.
constexpr std::string_view kShownPort = "7399";

std::string FreePort() {
  // Not the same first choice for those that look at the same time.
  for (int port = 7400 + ::getpid() % 2000; port < 9999; ++port) {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const bool is_free =
        ::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    ::close(socket);
    if (is_free) return std::to_string(port);
  }
  return std::string(kShownPort);
}

std::string Replaced(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
  return text;
}

// The page as it would be written today: each output block holds what the commands before it print.
std::string Rerun(std::string page, const std::string& directory) {
  const std::vector<Block> blocks = Blocks(page);
  const std::string port = FreePort();
  std::string fresh;
  std::size_t done = 0;  // bytes of `page` that are in `fresh`
  for (std::size_t i = 0; i + 1 < blocks.size(); ++i) {
    if (!IsRunnable(blocks[i])) continue;
    const std::string output =
        Replaced(testing_cli::RunShell(Replaced(blocks[i].text, kShownPort, port), directory), port,
                 kShownPort);
    const Block& shown = blocks[i + 1];
    if (shown.language != "text") continue;
    fresh.append(page, done, shown.offset - done).append(output);
    done = shown.offset + shown.text.size();
  }
  return fresh.append(page, done);
}

// The README tunes a whole network, which takes minutes in a build that is not for speed.
bool IsSlowBuild() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || !defined(NDEBUG)
  return true;
#else
  return false;
#endif
}

class Pages : public ::testing::TestWithParam<const char*> {};

TEST_P(Pages, ShowWhatTheCommandsPrint) {
  if (GetParam() == std::string("README.md") && IsSlowBuild()) GTEST_SKIP() << "a slow build";
  const std::string path = std::string(FOOTHOLD_SOURCE_DIR) + "/" + GetParam();
  const std::string page = testing_cli::ReadTextFile(path);
  ASSERT_NE(page, "") << "cannot read " << path;
  if (!testing_cli::kHasXgboost && page.find("--searcher validity") != std::string::npos) {
    GTEST_SKIP() << "this build is without the searcher validity";
  }
  if (page.find("```sh\nredis-server ") != std::string::npos &&
      !measure::RedisServer::IsInstalled()) {
    GTEST_SKIP() << "needs redis-server, and a build with hiredis";
  }
  const std::string directory = testing_cli::FreshDirectory();
  std::filesystem::create_directory_symlink(FOOTHOLD_SOURCE_DIR "/examples",
                                            directory + "/examples");
  const std::string fresh = Rerun(page, directory);
  if (std::getenv("FOOTHOLD_APPROVE") != nullptr) {
    if (Normalise(fresh) != Normalise(page)) testing_cli::WriteTextFile(path, fresh);
    return;
  }
  EXPECT_EQ(Normalise(page), Normalise(fresh)) << "if the new output is right, run ./dev docs";
}

INSTANTIATE_TEST_SUITE_P(Generated, Pages,
                         ::testing::Values("README.md", "docs/tutorials/tune-a-layer.md",
                                           "docs/tutorials/bring-up-an-accelerator.md",
                                           "docs/tutorials/tune-a-kernel.md",
                                           "docs/tutorials/network-on-a-board.md",
                                           "docs/tutorials/ten-boards.md",
                                           "docs/tutorials/compare-searchers.md"),
                         [](const auto& test) {
                           std::string name = std::filesystem::path(test.param).stem();
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

}  // namespace
}  // namespace foothold::docs
