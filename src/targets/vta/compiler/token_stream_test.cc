#include "targets/vta/compiler/token_stream.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <deque>
#include <utility>
#include <vector>

#include "foothold/rng.h"

namespace foothold::vta {
namespace {

Instruction Load() {
  Instruction i;
  i.opcode = Opcode::kLoad;
  i.memory = MemoryId::kInp;
  return i;
}
Instruction Compute() {
  Instruction i;
  i.opcode = Opcode::kGemm;
  return i;
}
Instruction Store() {
  Instruction i;
  i.opcode = Opcode::kStore;
  i.memory = MemoryId::kOut;
  return i;
}

int UnitOf(const Instruction& i) {
  return i.opcode == Opcode::kLoad ? 0 : i.opcode == Opcode::kGemm ? 1 : 2;
}

/// For each instruction, those that the tokens and the units' order make it come after, directly:
/// the n-th pop of a queue waits for its n-th push.
std::vector<std::vector<std::size_t>> DirectOrder(const std::vector<Instruction>& program) {
  std::vector<std::vector<std::size_t>> before(program.size());
  std::array<std::deque<std::size_t>, 4> tokens;  // load->compute, back, compute->store, back
  std::array<std::int64_t, 3> last = {-1, -1, -1};
  const auto pop = [&](std::size_t queue, std::size_t i) {
    ASSERT_FALSE(tokens[queue].empty()) << "instruction " << i << " waits for a later one";
    before[i].push_back(tokens[queue].front());
    tokens[queue].pop_front();
  };
  for (std::size_t i = 0; i < program.size(); ++i) {
    const auto unit = static_cast<std::size_t>(UnitOf(program[i]));
    if (last[unit] >= 0) before[i].push_back(static_cast<std::size_t>(last[unit]));
    last[unit] = static_cast<std::int64_t>(i);
    if (program[i].pop_prev) pop(unit == 1 ? 0 : 2, i);
    if (program[i].pop_next) pop(unit == 0 ? 1 : 3, i);
    if (program[i].push_prev) tokens[unit == 1 ? 1 : 3].push_back(i);
    if (program[i].push_next) tokens[unit == 0 ? 0 : 2].push_back(i);
  }
  for (const auto& queue : tokens) EXPECT_TRUE(queue.empty());
  return before;
}

bool ComesBefore(const std::vector<std::vector<std::size_t>>& before, std::size_t first,
                 std::size_t second) {
  std::vector<bool> seen(before.size(), false);
  std::vector<std::size_t> open = {second};
  while (!open.empty()) {
    const std::size_t at = open.back();
    open.pop_back();
    for (const std::size_t earlier : before[at]) {
      if (earlier == first) return true;
      if (!seen[earlier]) open.push_back(earlier);
      seen[earlier] = true;
    }
  }
  return false;
}

// Random streams with random waits: the tokens keep every one of them, none is left over, and no
// instruction waits for a later one.
TEST(TokenStreamTest, TokensKeepEveryWait) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    Rng rng(seed);
    TokenStream stream;
    std::vector<int> units;
    std::vector<std::pair<std::size_t, std::size_t>> waits;
    for (std::size_t i = 0; i < 60; ++i) {
      const int unit = static_cast<int>(rng.Below(3));
      std::array<TokenStream::Position, 2> after = {TokenStream::kNone, TokenStream::kNone};
      for (TokenStream::Position& position : after) {
        if (i == 0 || rng.Below(3) == 0) continue;
        const std::size_t candidate = rng.Below(i);
        if (std::abs(units[candidate] - unit) > 1) continue;  // load and store share no tokens
        position = static_cast<TokenStream::Position>(candidate);
        waits.push_back({candidate, i});
      }
      units.push_back(unit);
      stream.Emit(unit == 0 ? Load() : unit == 1 ? Compute() : Store(), after[0], after[1]);
    }
    const std::vector<Instruction> program = stream.Take();
    const auto before = DirectOrder(program);
    for (const auto& [first, second] : waits)
      ASSERT_TRUE(ComesBefore(before, first, second))
          << "seed " << seed << ": " << second << " must come after " << first;
  }
}

TEST(TokenStreamTest, AWaitThatAnEarlierOneImpliesCostsNoToken) {
  TokenStream stream;
  const auto first = stream.Emit(Load());
  const auto second = stream.Emit(Load());
  stream.Emit(Compute(), second);
  stream.Emit(Compute(), first);
  const std::vector<Instruction> program = stream.Take();
  EXPECT_FALSE(program[0].push_next);
  EXPECT_TRUE(program[1].push_next);
  EXPECT_TRUE(program[2].pop_prev);
  EXPECT_FALSE(program[3].pop_prev);
}

TEST(TokenStreamTest, KnowsTheLastStore) {
  TokenStream stream;
  EXPECT_EQ(stream.last_store(), TokenStream::kNone);
  const auto compute = stream.Emit(Compute());
  const auto store = stream.Emit(Store(), compute);
  stream.Emit(Load());
  EXPECT_EQ(stream.last_store(), store);
}

}  // namespace
}  // namespace foothold::vta
