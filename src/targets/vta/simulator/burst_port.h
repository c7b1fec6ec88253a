#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "targets/vta/simulator/units.h"

namespace foothold::vta {

/// Who asks for bursts, the most urgent first.
enum class PortClient : std::uint8_t { kFetch = 0, kUop = 1, kInp = 2, kWgt = 3, kAcc = 4 };
inline constexpr std::size_t kPortClients = 5;

/// A transfer as the port sees it: rows of bytes, cut into bursts where the address is a multiple
/// of the longest burst.
struct BurstTransfer {
  PortClient client = PortClient::kFetch;
  std::int64_t address = 0;
  std::int64_t row_bytes = 0;  ///< > 0
  std::int64_t stride_bytes = 0;
  std::int64_t rows = 1;           ///< > 0
  std::int64_t cycles_before = 0;  ///< from the start of the instruction to its first command
  std::int64_t cycles_after = 0;   ///< from the last beat to the end of the instruction
  std::int64_t least_cycles = 0;   ///< of the instruction, however early its data are there
};

/// The DRAM read port of the Chisel RTL (docs/reference/vta-and-autotvm.md#chisel-cycles): one
/// burst a command; of the clients that have one ready, the most urgent goes first; a fixed number
/// of bursts may be under way; memory answers in the order of the commands, a beat a cycle. A burst
/// that finds others waiting is answered right behind them. One that finds none waiting, even if
/// the last is being answered, waits for the latency, counted from then on. So a transfer may be
/// overtaken by one that starts later, and its end is known only when its last burst has been
/// issued.
///
/// Times are cycles. Not thread-safe.
class BurstPort {
 public:
  static constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

  struct Figures {
    std::int64_t latency = 0;           ///< of a memory where no burst waits
    std::int64_t command_interval = 1;  ///< between commands of one client
    std::size_t outstanding = 1;        ///< bursts under way, 1 to kMostOutstanding
    int log_beat_bytes = 3;
    int log_burst_bytes = 7;
  };
  static constexpr std::size_t kMostOutstanding = 64;

  explicit BurstPort(const Figures& figures) : figures_(figures) {}

  void Reset();
  /// Appends what decides about bursts that are issued from `now` on; times relative to it.
  void WriteState(std::int64_t now, std::vector<std::int64_t>* state) const;
  /// As if all that has happened had happened so much later.
  void Delay(std::int64_t cycles);

  /// A transfer of `unit` begins. REQUIRES: the unit and the client have none under way; no burst
  /// was issued after `start`.
  void Begin(Unit unit, std::int64_t start, const BurstTransfer& transfer);

  /// When the next burst can be issued; kNever when nothing is left.
  std::int64_t NextIssue() const;

  /// A transfer whose last burst has been issued.
  struct Done {
    bool any = false;
    Unit unit = Unit::kLoad;
    std::int64_t end = 0;
  };
  /// Issues the bursts that can be issued before `until`, up to one that is the last of a transfer.
  Done IssueBefore(std::int64_t until);

  /// The end of the transfer if it had the port to itself, from a start at 0.
  static std::int64_t Alone(const Figures& figures, const BurstTransfer& transfer);

 private:
  struct Client {
    bool active = false;
    Unit unit = Unit::kLoad;
    std::int64_t ready = 0;  // when its next command can be issued
    std::int64_t least_end = 0;
    std::int64_t cycles_after = 0;
    std::int64_t address = 0;  // of the next burst
    std::int64_t row_left = 0;
    std::int64_t row_bytes = 0;
    std::int64_t row_skip = 0;  // from the end of a row to the next
    std::int64_t rows_left = 0;
  };

  std::int64_t Issuable(const Client& client) const;
  /// The beats of the client's next burst; moves on to the one after.
  std::int64_t TakeBurst(Client& client) const;

  Figures figures_;
  std::array<Client, kPortClients> clients_;  // by urgency
  std::int64_t next_command_ = 0;             // of anybody
  std::int64_t memory_free_ = 0;              // when all bursts so far have been answered
  std::int64_t last_begin_ = 0;               // when the last of them begins to be
  std::array<std::int64_t, kMostOutstanding> answered_{};  // ends of the latest bursts, in a ring
  std::size_t oldest_ = 0;
};

}  // namespace foothold::vta
