#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "targets/vta/simulator/listener.h"

namespace foothold::vta {

/// What an instruction does, in a word or two: "GEMM", "input loads", ...
const char* WorkName(const Instruction& instruction);

/// How busy each unit is, as a run goes on: its cycles are cut into equal pieces, and each kind of
/// work of each unit has its busy cycles in each piece. Memory does not grow with the run: when the
/// pieces do not reach its end, each two become one.
class Activity : public SimulationListener {
 public:
  struct Row {
    Unit unit = Unit::kLoad;
    std::string work;
    std::vector<std::int64_t> cycles;  ///< busy, in each piece
  };

  /// REQUIRES: pieces is even and > 0.
  explicit Activity(std::size_t pieces) : pieces_(pieces) {}

  void OnInstruction(const InstructionEvent& event) override;

  /// Cycles of a piece; a power of two.
  std::int64_t piece_cycles() const { return piece_cycles_; }
  /// By unit and work, each with as many pieces as the run has, the last one maybe in part.
  std::vector<Row> Rows() const;

 private:
  void Halve();

  std::size_t pieces_;
  std::int64_t piece_cycles_ = 1;
  std::int64_t end_ = 0;
  std::map<std::pair<Unit, std::string>, std::vector<std::int64_t>> rows_;
};

}  // namespace foothold::vta
