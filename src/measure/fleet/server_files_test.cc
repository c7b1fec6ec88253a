// The users of `foothold fleet init` on a real server.
#include "measure/fleet/server_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "measure/fleet/keys.h"
#include "measure/fleet/run_queue.h"
#include "measure/fleet/seat.h"
#include "measure/fleet/testing/redis_server.h"

namespace foothold::measure {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class FleetUsers : public ::testing::Test {
 protected:
  void SetUp() override {
    FOOTHOLD_NEEDS_REDIS();
    std::string name = (std::filesystem::temp_directory_path() / "foothold_acl.XXXXXX").string();
    directory_ = mkdtemp(name.data());
    set_up_.directory = directory_;
    set_up_.classes = {"board"};
    std::ofstream(directory_ + "/users.acl") << UsersAcl(set_up_, "tuner's", "worker's");
    server_ = std::make_unique<RedisServer>(
        std::vector<std::string>{"--aclfile", directory_ + "/users.acl"});
  }
  void TearDown() override {
    if (!directory_.empty()) std::filesystem::remove_all(directory_);
  }
  std::unique_ptr<Broker> As(const std::string& user) {
    address_ = server_->address();
    address_.user = user;
    address_.password = user + "'s";
    return ConnectToBroker(address_).value();
  }

  ServerSetUp set_up_;
  std::string directory_;
  std::unique_ptr<RedisServer> server_;
  FleetAddress address_;
};

TEST_F(FleetUsers, MayDoAllThatAFleetNeeds) {
  const auto tuner = As("tuner");
  RunQueue queue(*tuner, address_, "board");
  ASSERT_EQ(queue.Begin("log", true), Status());
  ASSERT_EQ(queue.Submit("m1", "job"), Status());
  ASSERT_EQ(queue.Submit("m2", "job"), Status());
  const auto worker = As("worker");
  Seat seat(*worker, address_, {"a", MakeWorkerName("a", "1"), "board"}, 1);
  ASSERT_EQ(seat.Join(), Status());
  ASSERT_TRUE(seat.Beat({{"state", "idle"}}, true, nullptr).ok());
  const auto held = seat.Take(1).value();
  ASSERT_TRUE(held.has_value());
  EXPECT_TRUE(seat.GiveBack(*held, queue.run(), "m1").value());
  for (int i = 0; i < 2; ++i) {
    const auto next = seat.Take(1).value();
    ASSERT_TRUE(next.has_value());
    EXPECT_TRUE(seat.Beat({}, true, &*next).value());
    EXPECT_TRUE(seat.Finish(*next, queue.run(), "result").value());
  }
  EXPECT_EQ(seat.Leave(), Status());
  EXPECT_EQ(queue.Receive(1).value().size(), 2u);
  EXPECT_EQ(queue.ReadyDevices().value().size(), 0u);
}

TEST_F(FleetUsers, AWorkerMayDoNothingElse) {
  const auto worker = As("worker");
  for (const Broker::Words& words :
       std::vector<Broker::Words>{{"FLUSHALL"},
                                  {"KEYS", "*"},
                                  {"CONFIG", "GET", "dir"},
                                  {"GET", "other"},
                                  {"XRANGE", "fh:r:1", "-", "+"},
                                  {"XREAD", "STREAMS", "fh:r:1", "0"},
                                  {"XADD", "fh:q:another", "*", "m", "x"},
                                  {"SET", "fh:run:log", "x"},
                                  {"EVAL", "return 1", "0"},
                                  {"SHUTDOWN"}}) {
    const Reply reply = worker->Call(words).value();
    EXPECT_TRUE(reply.IsError("NOPERM")) << words[0] << ": " << reply.text;
    EXPECT_EQ(StatusOf(reply, address_).code(), StatusCode::kInvalidArgument);
  }
  Seat seat(*worker, address_, {"a", MakeWorkerName("a", "1"), "another"}, 1);
  EXPECT_EQ(seat.Join().code(), StatusCode::kInvalidArgument);
}

TEST_F(FleetUsers, NobodyComesInWithoutAPassword) {
  EXPECT_EQ(ConnectToBroker(server_->address()).status().code(), StatusCode::kInvalidArgument);
}

TEST(FleetServerFiles, HoldNoPasswordAndBindToWhatIsNamed) {
  ServerSetUp set_up;
  set_up.directory = "/srv/fleet";
  set_up.bind = {"10.0.0.1", "127.0.0.1"};
  set_up.port = 7000;
  EXPECT_THAT(UsersAcl(set_up, "sesame", "open"), Not(HasSubstr("sesame")));
  const std::string conf = RedisConf(set_up);
  EXPECT_THAT(conf, HasSubstr("bind 10.0.0.1 127.0.0.1\n"));
  EXPECT_THAT(conf, HasSubstr("\nport 7000\n"));
  EXPECT_THAT(conf, Not(HasSubstr("tls")));
  set_up.tls = true;
  EXPECT_THAT(RedisConf(set_up), HasSubstr("port 0\ntls-port 7000\n"));
}

}  // namespace
}  // namespace foothold::measure
