#include "targets/vta/simulator/token_order.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>

#include "targets/vta/simulator/instruction_text.h"

namespace foothold::vta {
namespace {

/// The three units' positions in the program, and the tokens between them.
class TokenOrder {
 public:
  explicit TokenOrder(std::span<const Instruction> program) : program_(program) {
    const auto finish = std::find_if(program.begin(), program.end(), [](const Instruction& i) {
      return i.opcode == Opcode::kFinish;
    });
    if (finish != program.end())
      program_ = program.first(static_cast<std::size_t>(finish - program.begin()) + 1);
    for (std::size_t u = 0; u < next_.size(); ++u) Advance(u, 0);
  }

  /// The unit whose next instruction comes first among those that need not wait; -1 if there is
  /// none.
  int Choose() const {
    int chosen = -1;
    for (std::size_t u = 0; u < next_.size(); ++u) {
      if (next_[u] == program_.size() || MissingTokens(u) != 0) continue;
      if (chosen < 0 || next_[u] < next_[static_cast<std::size_t>(chosen)])
        chosen = static_cast<int>(u);
    }
    return chosen;
  }

  std::size_t next(int unit) const { return next_[static_cast<std::size_t>(unit)]; }

  void Complete(int unit) {
    const auto u = static_cast<std::size_t>(unit);
    const Instruction& instruction = program_[next_[u]];
    for (std::size_t q = 0; q < tokens_.size(); ++q) {
      if ((PopMask(static_cast<Unit>(unit), instruction) >> q & 1) != 0) --tokens_[q];
      if ((PushMask(static_cast<Unit>(unit), instruction) >> q & 1) != 0) ++tokens_[q];
    }
    Advance(u, next_[u] + 1);
  }

  void Conclude(TokenOrderEnd* end) const {
    end->program_end = program_.size();
    end->tokens = tokens_;
    for (std::size_t u = 0; u < next_.size(); ++u) {
      if (next_[u] == program_.size()) continue;
      const auto queue = static_cast<TokenQueue>(std::countr_zero(MissingTokens(u)));
      if (end->first_stuck < 0) end->first_stuck = static_cast<std::int64_t>(next_[u]);
      end->stuck += fmt::format("{}{} waits at instruction {} ({}) for a {} token",
                                end->stuck.empty() ? "" : "; ", ToString(static_cast<Unit>(u)),
                                next_[u], Describe(program_[next_[u]]), ToString(queue));
    }
  }

 private:
  void Advance(std::size_t unit, std::size_t from) {
    while (from < program_.size() && Route(program_[from]) != static_cast<Unit>(unit)) ++from;
    next_[unit] = from;
  }

  TokenMask MissingTokens(std::size_t unit) const {
    unsigned missing = PopMask(static_cast<Unit>(unit), program_[next_[unit]]);
    for (std::size_t q = 0; q < tokens_.size(); ++q)
      if (tokens_[q] > 0) missing &= ~(1U << q);
    return static_cast<TokenMask>(missing);
  }

  std::span<const Instruction> program_;
  std::array<std::size_t, kExecutingUnits> next_{};
  std::array<std::int64_t, kTokenQueues> tokens_{};
};

}  // namespace

TokenOrderEnd RunInTokenOrder(
    std::span<const Instruction> program,
    const std::function<bool(std::uint32_t, const Instruction&)>& execute) {
  TokenOrder order(program);
  TokenOrderEnd end;
  for (int unit = order.Choose(); unit >= 0; unit = order.Choose()) {
    const std::size_t index = order.next(unit);
    if (!execute(static_cast<std::uint32_t>(index), program[index])) return end;
    end.finished |= program[index].opcode == Opcode::kFinish;
    order.Complete(unit);
  }
  order.Conclude(&end);
  return end;
}

}  // namespace foothold::vta
