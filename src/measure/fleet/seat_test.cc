// Leases and fences, against a real server. A worker that is dead is a seat that does nothing.
#include "measure/fleet/seat.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "measure/fleet/keys.h"
#include "measure/fleet/run_queue.h"
#include "measure/fleet/testing/redis_server.h"

namespace foothold::measure {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

void Sleep(double seconds) { std::this_thread::sleep_for(std::chrono::duration<double>(seconds)); }

constexpr double kLease = 1.0;

class FleetSeat : public ::testing::Test {
 protected:
  void SetUp() override { FOOTHOLD_NEEDS_REDIS(); }

  struct Worker {
    std::unique_ptr<Broker> broker;
    std::unique_ptr<Seat> seat;
  };
  Worker Join(const std::string& device, const std::string& salt = "1", double lease = kLease) {
    Worker worker;
    worker.broker = ConnectToBroker(server().address()).value();
    worker.seat = std::make_unique<Seat>(
        *worker.broker, server().address(),
        WorkerIdentity{device, MakeWorkerName(device, salt), "class"}, lease);
    EXPECT_EQ(worker.seat->Join(), Status());
    EXPECT_TRUE(worker.seat->Beat({{"state", "idle"}}, true, nullptr).value());
    return worker;
  }
  /// A tuner of its own.
  RunQueue& queue(const std::string& name = "class") {
    broker_ = ConnectToBroker(server().address()).value();
    queue_ = std::make_unique<RunQueue>(*broker_, server().address(), name);
    EXPECT_EQ(queue_->Begin("log", true), Status());
    return *queue_;
  }
  RedisServer& server() {
    if (server_ == nullptr) server_ = std::make_unique<RedisServer>();
    return *server_;
  }
  /// The server takes no jobs over before it is a lease old.
  void WaitOutRestart() { Sleep(kLease + 1.1); }
  /// Beats for `worker` until `ready`, at most 20 s.
  bool BeatUntil(const Worker& worker, const std::function<bool()>& ready) {
    for (int i = 0; i < 200; ++i) {
      EXPECT_TRUE(worker.seat->Beat({}, true, nullptr).ok());
      if (ready()) return true;
      Sleep(0.1);
    }
    return false;
  }

 private:
  std::unique_ptr<RedisServer> server_;
  std::unique_ptr<Broker> broker_;
  std::unique_ptr<RunQueue> queue_;
};

std::vector<std::string> Messages(const std::vector<RunQueue::Arrived>& arrived) {
  std::vector<std::string> messages;
  for (const auto& one : arrived) messages.push_back(one.message);
  return messages;
}

TEST_F(FleetSeat, AJobGoesToOneWorkerAndItsResultToTheTuner) {
  RunQueue& tuner = queue();
  const Worker a = Join("a");
  const Worker b = Join("b");
  EXPECT_THAT(tuner.ReadyDevices().value(), ::testing::UnorderedElementsAre("a", "b"));
  ASSERT_EQ(tuner.Submit("m1", "the job"), Status());
  ASSERT_EQ(tuner.Submit("m1", "the job"), Status());  // it is known
  const auto held = a.seat->Take(1).value();
  ASSERT_TRUE(held.has_value());
  EXPECT_EQ(held->message, "the job");
  EXPECT_EQ(held->attempt, 1u);
  EXPECT_FALSE(b.seat->Take(0.05).value().has_value());
  EXPECT_TRUE(a.seat->Finish(*held, tuner.run(), "the result").value());
  const auto results = tuner.Receive(1).value();
  EXPECT_THAT(Messages(results), ElementsAre("the result"));
  EXPECT_TRUE(tuner.Receive(0.05).value().empty());
  // Until it is acknowledged, the same job is no other job.
  ASSERT_EQ(tuner.Submit("m1", "the job"), Status());
  EXPECT_FALSE(b.seat->Take(0.05).value().has_value());
  const std::pair<std::string, std::string> known("m1", results.front().entry);
  ASSERT_EQ(tuner.Acknowledge(std::span(&known, 1)), Status());
  ASSERT_EQ(tuner.Submit("m1", "the job again"), Status());
  EXPECT_EQ(b.seat->Take(1).value()->message, "the job again");
}

TEST_F(FleetSeat, TheDevicesOwnQueueComesFirst) {
  const Worker a = Join("a");
  ASSERT_EQ(queue().Submit("m1", "for the class"), Status());
  ASSERT_EQ(queue(DeviceQueue("a")).Submit("m2", "for a"), Status());
  EXPECT_EQ(a.seat->Take(1).value()->message, "for a");
  EXPECT_EQ(a.seat->Take(1).value()->message, "for the class");
}

TEST_F(FleetSeat, AHeartbeatKeepsAJobForLongerThanTheLease) {
  RunQueue& tuner = queue();
  const Worker a = Join("a");
  const Worker b = Join("b");
  WaitOutRestart();
  EXPECT_TRUE(a.seat->Beat({}, true, nullptr).ok());
  EXPECT_TRUE(b.seat->Beat({}, true, nullptr).ok());
  ASSERT_EQ(tuner.Submit("m1", "long"), Status());
  const auto held = a.seat->Take(1).value();
  ASSERT_TRUE(held.has_value());
  for (int i = 0; i < 10; ++i) {
    EXPECT_TRUE(a.seat->Beat({}, true, &*held).value());
    EXPECT_TRUE(b.seat->Beat({}, true, nullptr).value());
    EXPECT_FALSE(b.seat->Take(kLease / 4).value().has_value());
  }
  EXPECT_TRUE(a.seat->Finish(*held, tuner.run(), "done").value());
}

TEST_F(FleetSeat, AJobOfASilentWorkerGoesToAnotherAndItsLateResultIsPutAside) {
  RunQueue& tuner = queue();
  const Worker dead = Join("a");
  const Worker other = Join("b");
  WaitOutRestart();
  EXPECT_TRUE(dead.seat->Beat({}, true, nullptr).ok());
  ASSERT_EQ(tuner.Submit("m1", "job"), Status());
  const auto held = dead.seat->Take(1).value();
  ASSERT_TRUE(held.has_value());
  std::optional<HeldJob> taken;
  ASSERT_TRUE(BeatUntil(other, [&] {
    taken = other.seat->Take(0.05).value();
    return taken.has_value();
  }));
  EXPECT_EQ(taken->message, "job");
  EXPECT_EQ(taken->attempt, 2u);
  EXPECT_THAT(taken->lost_devices, ElementsAre("a"));

  EXPECT_FALSE(dead.seat->Beat({}, true, &*held).value());  // it comes back
  EXPECT_FALSE(dead.seat->Finish(*held, tuner.run(), "late").value());
  EXPECT_TRUE(other.seat->Finish(*taken, tuner.run(), "result").value());
  EXPECT_FALSE(dead.seat->Finish(*held, tuner.run(), "later").value());
  EXPECT_THAT(Messages(tuner.Receive(1).value()), ElementsAre("result"));
  const auto stale = other.broker->Call({"XLEN", kStaleKey}).value();
  EXPECT_EQ(stale.integer, 2);
}

TEST_F(FleetSeat, AWorkerThatWasAwayForLongKeepsAJobThatNobodyTook) {
  RunQueue& tuner = queue();
  const Worker a = Join("a");
  WaitOutRestart();
  ASSERT_EQ(tuner.Submit("m1", "job"), Status());
  const auto held = a.seat->Take(1).value();
  ASSERT_TRUE(held.has_value());
  Sleep(kLease * 1.5);
  EXPECT_TRUE(a.seat->Beat({}, true, &*held).value());
  EXPECT_TRUE(a.seat->Finish(*held, tuner.run(), "result").value());
  EXPECT_THAT(Messages(tuner.Receive(1).value()), ElementsAre("result"));
}

TEST_F(FleetSeat, TheSecondAttemptIsAnotherDevicesFirst) {
  RunQueue& tuner = queue();
  const Worker dead = Join("a");
  const Worker other = Join("b");
  WaitOutRestart();
  EXPECT_TRUE(dead.seat->Beat({}, true, nullptr).ok());
  ASSERT_EQ(tuner.Submit("m1", "job"), Status());
  ASSERT_TRUE(dead.seat->Take(1).value().has_value());
  Sleep(kLease + 0.2);
  const Worker restarted = Join("a", "2");
  EXPECT_TRUE(other.seat->Beat({}, true, nullptr).ok());
  EXPECT_FALSE(restarted.seat->Take(0.05).value().has_value());
  EXPECT_TRUE(other.seat->Take(0.05).value().has_value());
}

TEST_F(FleetSeat, WithoutAnotherDeviceItIsItsOwn) {
  RunQueue& tuner = queue();
  const Worker dead = Join("a");
  WaitOutRestart();
  EXPECT_TRUE(dead.seat->Beat({}, true, nullptr).ok());
  ASSERT_EQ(tuner.Submit("m1", "job"), Status());
  ASSERT_TRUE(dead.seat->Take(1).value().has_value());
  Sleep(kLease + 0.2);
  const Worker restarted = Join("a", "2");
  EXPECT_TRUE(restarted.seat->Take(0.05).value().has_value());
}

TEST_F(FleetSeat, TwoWorkersOfOneDeviceAreOneTooMany) {
  const Worker a = Join("a");
  const auto broker = ConnectToBroker(server().address()).value();
  Seat second(*broker, server().address(), {"a", MakeWorkerName("a", "2"), "class"}, kLease);
  const Status joined = second.Join();
  EXPECT_EQ(joined.code(), StatusCode::kUnavailable);
  EXPECT_THAT(joined.message(), HasSubstr("a worker for the device a is there already"));
  EXPECT_EQ(a.seat->Leave(), Status());
  EXPECT_EQ(second.Join(), Status());
}

TEST_F(FleetSeat, AJobThatIsGivenBackIsLikeNew) {
  RunQueue& tuner = queue();
  const Worker a = Join("a");
  const Worker b = Join("b");
  ASSERT_EQ(tuner.Submit("m1", "job"), Status());
  const auto held = a.seat->Take(1).value();
  ASSERT_TRUE(held.has_value());
  EXPECT_TRUE(a.seat->GiveBack(*held, tuner.run(), "m1").value());
  EXPECT_FALSE(a.seat->GiveBack(*held, tuner.run(), "m1").value());
  const auto again = b.seat->Take(1).value();
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(again->attempt, 1u);
  EXPECT_FALSE(a.seat->Take(0.05).value().has_value());
  const std::string job = "m1";
  EXPECT_TRUE(tuner.Missing(std::span(&job, 1)).value().empty());
}

TEST_F(FleetSeat, WhatWasGivenOutAndNeverArrivedIsFoundAgain) {
  RunQueue& tuner = queue();
  const Worker a = Join("a");
  ASSERT_EQ(tuner.Submit("m1", "job"), Status());
  ASSERT_TRUE(a.seat->Take(1).value().has_value());  // and the answer gets lost
  Seat same(*a.broker, server().address(), {"a", MakeWorkerName("a", "1"), "class"}, kLease);
  const auto held = same.Take(0.05).value();
  ASSERT_TRUE(held.has_value());
  EXPECT_EQ(held->message, "job");
  EXPECT_TRUE(same.Finish(*held, tuner.run(), "result").value());
  EXPECT_FALSE(same.Take(0.05).value().has_value());
}

TEST_F(FleetSeat, WithdrawnAreOnlyJobsThatNobodyHas) {
  RunQueue& tuner = queue();
  const Worker a = Join("a");
  ASSERT_EQ(tuner.Submit("m1", "one"), Status());
  ASSERT_EQ(tuner.Submit("m2", "two"), Status());
  const auto held = a.seat->Take(1).value();
  ASSERT_TRUE(held.has_value());
  const std::vector<std::string> jobs = {"m1", "m2"};
  ASSERT_EQ(tuner.Withdraw(jobs), Status());
  EXPECT_THAT(tuner.Missing(jobs).value(), ElementsAre("m2"));
  EXPECT_FALSE(a.seat->Take(0.05).value().has_value());
  EXPECT_TRUE(a.seat->Finish(*held, tuner.run(), "result").value());
}

TEST_F(FleetSeat, AServerThatIsKilledForgetsNothing) {
  RunQueue& tuner = queue();
  const Worker a = Join("a");
  ASSERT_EQ(tuner.Submit("m1", "held"), Status());
  ASSERT_EQ(tuner.Submit("m2", "queued"), Status());
  const auto held = a.seat->Take(1).value();
  ASSERT_TRUE(held.has_value());
  Sleep(1.2);  // appendfsync everysec
  server().Kill();
  EXPECT_EQ(a.seat->Take(0.1).status().code(), StatusCode::kUnavailable);
  EXPECT_EQ(tuner.Submit("m3", "x").code(), StatusCode::kUnavailable);
  server().Start();
  EXPECT_TRUE(a.seat->Beat({}, true, &*held).value());
  EXPECT_TRUE(a.seat->Finish(*held, tuner.run(), "result").value());
  EXPECT_EQ(a.seat->Take(1).value()->message, "queued");
  EXPECT_THAT(Messages(tuner.Receive(1).value()), ElementsAre("result"));
}

TEST_F(FleetSeat, WhatALostDiskHadIsMissingAndCanBeSubmittedAgain) {
  RunQueue& tuner = queue();
  const Worker a = Join("a");
  ASSERT_EQ(tuner.Submit("m1", "job"), Status());
  server().Kill();
  server().LoseDisk();
  server().Start();
  const std::vector<std::string> jobs = {"m1"};
  EXPECT_FALSE(tuner.Missing(jobs).ok());  // each notices that its connection is gone
  EXPECT_FALSE(a.seat->Beat({}, true, nullptr).ok());
  EXPECT_THAT(tuner.Missing(jobs).value(), ElementsAre("m1"));
  ASSERT_EQ(tuner.SubmitAgain("m1", "job"), Status());
  EXPECT_TRUE(a.seat->Beat({}, true, nullptr).value());
  auto held = a.seat->Take(0.1).value();  // the first one makes the queue's group again
  if (!held) held = a.seat->Take(1).value();
  ASSERT_TRUE(held.has_value());
  EXPECT_EQ(held->message, "job");
}

TEST_F(FleetSeat, ARunIsFoundAgainByItsLogAndANewOneIsAnother) {
  RunQueue& tuner = queue();
  const std::string first = tuner.run();
  ASSERT_EQ(tuner.Begin("log", false), Status());
  EXPECT_EQ(tuner.run(), first);
  ASSERT_EQ(tuner.Begin("other log", false), Status());
  EXPECT_NE(tuner.run(), first);
  ASSERT_EQ(tuner.Begin("log", true), Status());
  EXPECT_NE(tuner.run(), first);
}

TEST(FleetBroker, SaysWhyItDoesNotServe) {
  FOOTHOLD_NEEDS_REDIS();
  RedisServer locked({"--requirepass", "sesame"});
  FleetAddress address = locked.address();
  Status status = ConnectToBroker(address).status();
  EXPECT_EQ(status.code(), StatusCode::kInvalidArgument);
  EXPECT_THAT(status.message(), HasSubstr("does not let this user in: NOAUTH"));
  address.password = "wrong";
  status = ConnectToBroker(address).status();
  EXPECT_EQ(status.code(), StatusCode::kInvalidArgument);
  EXPECT_THAT(status.message(), HasSubstr("WRONGPASS"));
  address.password = "sesame";
  const auto broker = ConnectToBroker(address);
  ASSERT_TRUE(broker.ok()) << broker.status().message();

  ASSERT_TRUE((*broker)->Call({"SET", "fh:protocol", "99"}).ok());
  status = ConnectToBroker(address).status();
  EXPECT_EQ(status.code(), StatusCode::kInvalidArgument);
  EXPECT_THAT(status.message(),
              HasSubstr("speaks version 99 of the protocol, this foothold version 1"));

  locked.Kill();
  status = ConnectToBroker(address).status();
  EXPECT_EQ(status.code(), StatusCode::kUnavailable);
  EXPECT_THAT(status.message(), HasSubstr("Connection refused"));
}

TEST(FleetBroker, ConnectsAgainAfterTheServerWasStartedAgain) {
  FOOTHOLD_NEEDS_REDIS();
  RedisServer server;
  const auto broker = ConnectToBroker(server.address()).value();
  ASSERT_TRUE(broker->Call({"SET", "k", std::string("\r\n\0$5", 5)}).ok());
  EXPECT_EQ(broker->Call({"GET", "k"}).value().text, std::string("\r\n\0$5", 5));
  server.Kill();
  EXPECT_EQ(broker->Call({"PING"}).status().code(), StatusCode::kUnavailable);
  server.Start();
  EXPECT_EQ(broker->Call({"PING"}).value().text, "PONG");
}

}  // namespace
}  // namespace foothold::measure
