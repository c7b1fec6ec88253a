#include "report/live/page_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <stdexcept>
#include <vector>

#include "report/live/testing/http_client.h"

namespace foothold::live {
namespace {

using testing::Ask;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using testing::HttpClient;
using ::testing::Not;
using ::testing::StartsWith;

class PageServerTest : public ::testing::Test {
 protected:
  void SetUp() override {
#ifndef FOOTHOLD_HAS_LIVE_VIEW
    GTEST_SKIP() << "built without libmicrohttpd";
#endif
    Restart();
  }

  void Restart() {
    server_.reset();
    auto started = PageServer::Start({"127.0.0.1", 0}, "<html>page</html>", [this] {
      return std::make_shared<const std::string>(Data());
    });
    ASSERT_TRUE(started.ok()) << started.status().message();
    server_ = std::move(*started);
    port_ = testing::PortOf(server_->url());
  }

  std::string Data() {
    ++asked_;
    if (fails_) throw std::runtime_error("no data");
    return "{\"asked\":" + std::to_string(asked_) + "}";
  }

  std::atomic<int> asked_ = 0;
  std::atomic<bool> fails_ = false;
  std::unique_ptr<PageServer> server_;
  int port_ = 0;
};

TEST_F(PageServerTest, ServesThePageAndItsData) {
  EXPECT_NE(port_, 0);
  const std::string page = Ask(port_, "GET", "/");
  EXPECT_THAT(page, StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(page, HasSubstr("Content-Type: text/html; charset=utf-8\r\n"));
  EXPECT_THAT(page, EndsWith("\r\n\r\n<html>page</html>"));
  EXPECT_EQ(asked_, 0);
  EXPECT_THAT(Ask(port_, "GET", "/data.json"), EndsWith("\r\n\r\n{\"asked\":1}"));
  const std::string again = Ask(port_, "GET", "/data.json?x=1");
  EXPECT_THAT(again, EndsWith("\r\n\r\n{\"asked\":2}"));
  EXPECT_THAT(again, HasSubstr("Cache-Control: no-store\r\n"));
  EXPECT_THAT(Ask(port_, "HEAD", "/"), EndsWith("\r\n\r\n"));
}

TEST_F(PageServerTest, HasNoOtherPaths) {
  for (const char* path : {"/index.html", "/data.json/", "//", "/../etc/passwd", "/%2e%2e/x",
                           "/data.jsonx", "*", "/favicon.ico"}) {
    EXPECT_THAT(Ask(port_, "GET", path), Not(StartsWith("HTTP/1.1 200"))) << path;
  }
  EXPECT_EQ(asked_, 0);
}

TEST_F(PageServerTest, CanOnlyBeRead) {
  for (const char* method : {"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "CONNECT", "NONSENSE"}) {
    EXPECT_THAT(Ask(port_, method, "/data.json"), Not(StartsWith("HTTP/1.1 200"))) << method;
  }
  EXPECT_THAT(Ask(port_, "POST", "/"), StartsWith("HTTP/1.1 405"));
  EXPECT_EQ(asked_, 0);
}

TEST_F(PageServerTest, RefusesNamesThatOthersChose) {
  EXPECT_THAT(Ask(port_, "GET", "/data.json", "evil.example"), StartsWith("HTTP/1.1 403"));
  EXPECT_THAT(Ask(port_, "GET", "/data.json", "127.0.0.1:1"), StartsWith("HTTP/1.1 200"));
  EXPECT_EQ(asked_, 1);
}

TEST_F(PageServerTest, RefusesNamesThatOthersChoseOnTheNetToo) {
  auto open = PageServer::Start({"0.0.0.0", 0}, "<html>page</html>",
                                [this] { return std::make_shared<const std::string>(Data()); });
  ASSERT_TRUE(open.ok()) << open.status().message();
  const int port = testing::PortOf((*open)->url());
  EXPECT_THAT(Ask(port, "GET", "/data.json", "evil.example"), StartsWith("HTTP/1.1 403"));
  EXPECT_THAT(Ask(port, "GET", "/data.json", OwnHostName()), StartsWith("HTTP/1.1 200"));
}

TEST_F(PageServerTest, AnswersWithAnErrorWhenTheDataCannotBeMade) {
  fails_ = true;
  EXPECT_THAT(Ask(port_, "GET", "/data.json"), StartsWith("HTTP/1.1 500"));
  fails_ = false;
  EXPECT_THAT(Ask(port_, "GET", "/data.json"), StartsWith("HTTP/1.1 200"));
}

TEST_F(PageServerTest, IsNotHeldUpByClientsThatSayNothingOrHalfARequest) {
  std::vector<std::unique_ptr<HttpClient>> silent;
  for (int i = 0; i < 300; ++i) {  // more than it keeps
    silent.push_back(std::make_unique<HttpClient>(port_));
    if (i % 2 == 0) silent.back()->Send("GET / HTTP/1.1\r\nHo");
    if (i % 50 == 0) {
      EXPECT_THAT(Ask(port_, "GET", "/"), StartsWith("HTTP/1.1 200"));
    }
  }
  EXPECT_THAT(Ask(port_, "GET", "/"), StartsWith("HTTP/1.1 200"));
  server_.reset();  // and it stops with them still there
  EXPECT_EQ(silent.front()->ReceiveAll(), "");
}

TEST_F(PageServerTest, OutlivesNonsense) {
  const std::string requests[] = {
      "\r\n\r\n",
      std::string(1'000'000, 'a'),
      "GET / HTTP/9.9\r\n\r\n",
      std::string(100, '\0'),
      "GET /" + std::string(100'000, 'x') + " HTTP/1.1\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999999999999\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\n12345",
      "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\n"};
  for (const std::string& request : requests) {
    HttpClient client(port_);
    client.Send(request);
  }
  // More than it keeps at a time.
  std::vector<std::unique_ptr<HttpClient>> many;
  for (int i = 0; i < 100; ++i) many.push_back(std::make_unique<HttpClient>(port_));
  many.clear();
  EXPECT_THAT(Ask(port_, "GET", "/"), StartsWith("HTTP/1.1 200"));
}

TEST_F(PageServerTest, AClientThatGoesAwayEndsNothing) {
  Restart();
  for (int i = 0; i < 50; ++i) {
    HttpClient client(port_);
    client.Send(
        "GET / HTTP/1.1\r\nHost: localhost\r\n\r\nGET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  }
  EXPECT_THAT(Ask(port_, "GET", "/"), StartsWith("HTTP/1.1 200"));
}

TEST_F(PageServerTest, SaysWhenItCannotListen) {
  const auto second = PageServer::Start({"127.0.0.1", static_cast<std::uint16_t>(port_)}, "",
                                        [] { return std::make_shared<const std::string>(); });
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.status().code(), StatusCode::kUnavailable);
  EXPECT_THAT(second.status().message(), HasSubstr("cannot listen on 127.0.0.1:"));
  EXPECT_THAT(second.status().message(), HasSubstr("in use"));
}

TEST_F(PageServerTest, LeavesTheSignalsOfTheProcessAlone) {
  struct sigaction before {};
  struct sigaction after {};
  ::sigaction(SIGPIPE, nullptr, &before);
  Restart();
  ::sigaction(SIGPIPE, nullptr, &after);
  EXPECT_EQ(before.sa_handler, after.sa_handler);
  sigset_t blocked;
  ::pthread_sigmask(SIG_BLOCK, nullptr, &blocked);
  EXPECT_EQ(sigismember(&blocked, SIGINT), 0);
}

}  // namespace
}  // namespace foothold::live
