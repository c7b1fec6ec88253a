#include "targets/vta/simulator/burst_port.h"

#include <gtest/gtest.h>

namespace foothold::vta {
namespace {

// Bursts of at most 16 beats of 8 bytes, 16 of them under way, a latency of 16.
BurstPort::Figures ChiselPort() { return {16, 2, 16, 3, 7}; }

BurstTransfer Of(PortClient client, std::int64_t bytes, std::int64_t address = 0) {
  BurstTransfer transfer;
  transfer.client = client;
  transfer.address = address;
  transfer.row_bytes = transfer.stride_bytes = bytes;
  transfer.cycles_before = 4;
  transfer.cycles_after = 3;
  return transfer;
}

TEST(BurstPortTest, ATransferAlonePaysTheLatencyOnce) {
  EXPECT_EQ(BurstPort::Alone(ChiselPort(), Of(PortClient::kInp, 8)), 4 + 16 + 1 + 3);
  EXPECT_EQ(BurstPort::Alone(ChiselPort(), Of(PortClient::kInp, 1280)), 4 + 16 + 160 + 3);
  // Part of a beat at either end of a row.
  EXPECT_EQ(BurstPort::Alone(ChiselPort(), Of(PortClient::kUop, 8, 4)), 4 + 16 + 2 + 3);
  BurstTransfer rows = Of(PortClient::kInp, 32);
  rows.rows = 5;
  rows.stride_bytes = 1000;
  EXPECT_EQ(BurstPort::Alone(ChiselPort(), rows), 4 + 16 + 5 * 4 + 3);
}

TEST(BurstPortTest, AnInstructionMayTakeLongerThanItsData) {
  BurstTransfer transfer = Of(PortClient::kInp, 8);
  transfer.least_cycles = 100;
  EXPECT_EQ(BurstPort::Alone(ChiselPort(), transfer), 100);
}

// With one burst under way, an urgent client goes ahead of what is left of one that came before.
TEST(BurstPortTest, TheUrgentOvertake) {
  BurstPort::Figures figures = ChiselPort();
  figures.outstanding = 1;
  BurstPort port(figures);
  port.Begin(Unit::kLoad, 0, Of(PortClient::kWgt, 1280));
  ASSERT_FALSE(port.IssueBefore(30).any);
  port.Begin(Unit::kFetch, 30, Of(PortClient::kFetch, 128));
  const BurstPort::Done first = port.IssueBefore(BurstPort::kNever);
  EXPECT_EQ(first.unit, Unit::kFetch);
  const BurstPort::Done second = port.IssueBefore(BurstPort::kNever);
  EXPECT_EQ(second.unit, Unit::kLoad);
  EXPECT_GT(second.end, first.end);
  EXPECT_EQ(port.NextIssue(), BurstPort::kNever);
}

// What has been asked of memory is answered in order: the urgent one waits for that.
TEST(BurstPortTest, MemoryAnswersInTheOrderOfCommands) {
  BurstPort port(ChiselPort());
  port.Begin(Unit::kLoad, 0, Of(PortClient::kWgt, 1280));  // ten bursts, all asked for by cycle 22
  const BurstPort::Done load = port.IssueBefore(23);
  ASSERT_TRUE(load.any);
  EXPECT_EQ(load.end, 4 + 16 + 160 + 3);
  port.Begin(Unit::kFetch, 23, Of(PortClient::kFetch, 128));
  EXPECT_EQ(port.IssueBefore(BurstPort::kNever).end, 4 + 16 + 160 + 16 + 3);
}

// Memory counts the latency while a burst waits, and starts again when none does.
TEST(BurstPortTest, ABurstThatFindsNoneWaitingPaysTheLatency) {
  const auto end_of_second = [](std::int64_t start) {
    BurstPort port(ChiselPort());
    port.Begin(Unit::kLoad, 0, Of(PortClient::kInp, 128));
    EXPECT_EQ(port.IssueBefore(5).end, 4 + 16 + 16 + 3);  // answered from 20 to 36
    port.Begin(Unit::kFetch, start, Of(PortClient::kFetch, 128));
    return port.IssueBefore(BurstPort::kNever).end;
  };
  EXPECT_EQ(end_of_second(10), 36 + 16 + 3);           // the first one waits until 20
  EXPECT_EQ(end_of_second(16), 36 + 16 + 3);           // by 36 its own latency has passed
  EXPECT_EQ(end_of_second(25), 25 + 4 + 16 + 16 + 3);  // 9 cycles of it have not
  EXPECT_EQ(end_of_second(60), 60 + 4 + 16 + 16 + 3);
}

TEST(BurstPortTest, IsEmptyAfterAReset) {
  BurstPort port(ChiselPort());
  port.Begin(Unit::kLoad, 0, Of(PortClient::kWgt, 1280));
  port.IssueBefore(10);
  port.Reset();
  EXPECT_EQ(port.NextIssue(), BurstPort::kNever);
  port.Begin(Unit::kLoad, 0, Of(PortClient::kInp, 8));
  EXPECT_EQ(port.IssueBefore(BurstPort::kNever).end, 4 + 16 + 1 + 3);
}

}  // namespace
}  // namespace foothold::vta
