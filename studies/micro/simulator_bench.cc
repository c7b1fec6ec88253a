// What the simulator costs: nanoseconds per GEMM micro-op with data, and per instruction with
// cycles only. The program is the stream that TVM's template makes for ResNet-18's C8 (14x14, 256
// to 256, 3x3, pad 1), in several tilings: docs/results/micro.md.

#include <fmt/core.h>

#include <algorithm>
#include <ctime>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/table.h"
#include "foothold/rng.h"
#include "studies/micro/bench.h"
#include "targets/vta/simulator/simulator.h"

namespace foothold::vta {
namespace {

struct Tiles {
  std::uint32_t h1 = 14;
  std::uint32_t w1 = 14;
  std::uint32_t c1 = 4;
  std::uint32_t threads = 2;
};

// C8 in blocks of 16 channels.
constexpr std::uint32_t kSize = 14;
constexpr std::uint32_t kChannels = 16;
constexpr std::uint32_t kKernel = 3;
constexpr std::uint64_t kRegion = 1 << 22;

Instruction Sync(Opcode opcode, MemoryId memory) {
  Instruction i;
  i.opcode = opcode;
  i.memory = memory;
  return i;
}

/// The stream of docs/reference/vta-and-autotvm.md#instruction-stream for oc_nthread = threads.
class Stream {
 public:
  explicit Stream(const Tiles& tiles) : t_(tiles) {}

  DeviceProgram Build() {
    program_.inp_address = 1 * kRegion;
    program_.wgt_address = 2 * kRegion;
    program_.out_address = 3 * kRegion;
    program_.uop_address = 4 * kRegion;
    AddKernels();
    for (std::uint32_t t = 0; t < t_.threads; ++t) {
      Instruction free_half = Sync(Opcode::kStore, MemoryId::kOut);
      free_half.push_prev = true;
      Emit(free_half);
    }
    for (std::uint32_t y = 0; y < kSize; y += t_.h1)
      for (std::uint32_t co = 0; co < kChannels; co += t_.c1 * t_.threads)
        for (std::uint32_t x = 0; x < kSize; x += t_.w1) Tile(y, x, co);
    for (std::uint32_t t = 0; t < t_.threads; ++t) {
      Instruction done = Sync(Opcode::kLoad, MemoryId::kUop);
      done.pop_next = true;
      Emit(done);
    }
    Emit(Instruction{});
    return program_;
  }

 private:
  std::uint32_t Rows() const { return t_.h1 + kKernel - 1; }
  std::uint32_t Columns() const { return t_.w1 + kKernel - 1; }
  std::uint32_t Outputs() const { return t_.c1 * t_.h1 * t_.w1; }

  // Per thread: the GEMM kernel [di, co, i] and the reset and ALU kernel [0]; loops over columns
  // outside.
  void AddKernels() {
    for (std::uint32_t t = 0; t < t_.threads; ++t) {
      for (std::uint32_t di = 0; di < kKernel; ++di)
        for (std::uint32_t co = 0; co < t_.c1; ++co)
          for (std::uint32_t i = 0; i < t_.h1; ++i)
            program_.uops.push_back({t * Outputs() + (co * t_.h1 + i) * t_.w1,
                                     t * Rows() * Columns() + (i + di) * Columns(),
                                     t * t_.c1 * 9 + co * 9 + di * kKernel});
      program_.uops.push_back({t * Outputs(), t * Outputs(), 0});
    }
    kernel_ = static_cast<std::uint32_t>(program_.uops.size()) / t_.threads;
    Instruction uops = Transfer(Opcode::kLoad, MemoryId::kUop, 0, program_.uop_address / 4, 1,
                                kernel_ * t_.threads, 0);
    Emit(uops);
  }

  static Instruction Transfer(Opcode opcode, MemoryId memory, std::uint32_t sram,
                              std::uint64_t dram, std::uint32_t rows, std::uint32_t columns,
                              std::uint32_t stride) {
    Instruction i;
    i.opcode = opcode;
    i.memory = memory;
    i.sram_base = sram;
    i.dram_base = static_cast<std::uint32_t>(dram);
    i.y_size = rows;
    i.x_size = columns;
    i.x_stride = stride == 0 ? columns : stride;
    return i;
  }

  void Tile(std::uint32_t y, std::uint32_t x, std::uint32_t co) {
    for (std::uint32_t t = 0; t < t_.threads; ++t) {
      Instruction reset = Flat(Opcode::kGemm, t);
      reset.reset = reset.pop_next = reset.push_prev = true;
      Emit(reset);
    }
    for (std::uint32_t k = 0; k < kChannels; ++k) {
      for (std::uint32_t t = 0; t < t_.threads; ++t) Load(y, x, co + t * t_.c1, k, t);
      for (std::uint32_t t = 0; t < t_.threads; ++t) Multiply(t);
    }
    for (std::uint32_t t = 0; t < t_.threads; ++t) {
      Instruction drain = Sync(Opcode::kLoad, MemoryId::kInp);
      drain.pop_next = true;
      Emit(drain);
    }
    for (std::uint32_t t = 0; t < t_.threads; ++t) Requantize(t);
    for (std::uint32_t t = 0; t < t_.threads; ++t) Store(y, x, co + t * t_.c1, t);
  }

  Instruction Flat(Opcode opcode, std::uint32_t t) const {
    Instruction i;
    i.opcode = opcode;
    i.uop_begin = t * kernel_ + kernel_ - 1;
    i.uop_end = i.uop_begin + 1;
    i.iter_out = 1;
    i.iter_in = Outputs();
    i.dst_factor_in = i.src_factor_in = 1;
    return i;
  }

  void Load(std::uint32_t y, std::uint32_t x, std::uint32_t co, std::uint32_t k, std::uint32_t t) {
    Instruction inp;
    const std::uint32_t top = y == 0 ? 1 : 0;
    const std::uint32_t bottom = y + t_.h1 == kSize ? 1 : 0;
    const std::uint32_t left = x == 0 ? 1 : 0;
    const std::uint32_t right = x + t_.w1 == kSize ? 1 : 0;
    inp = Transfer(Opcode::kLoad, MemoryId::kInp, t * Rows() * Columns(),
                   program_.inp_address / 16 + (k * kSize + y - 1 + top) * kSize + x - 1 + left,
                   Rows() - top - bottom, Columns() - left - right, kSize);
    inp.y_pad_0 = top;
    inp.y_pad_1 = bottom;
    inp.x_pad_0 = left;
    inp.x_pad_1 = right;
    inp.pop_next = true;
    Emit(inp);
    Instruction wgt =
        Transfer(Opcode::kLoad, MemoryId::kWgt, t * t_.c1 * 9,
                 program_.wgt_address / 256 + (co * kChannels + k) * 9, t_.c1, 9, kChannels * 9);
    wgt.push_next = true;
    Emit(wgt);
  }

  void Multiply(std::uint32_t t) {
    Instruction gemm;
    gemm.opcode = Opcode::kGemm;
    gemm.uop_begin = t * kernel_;
    gemm.uop_end = gemm.uop_begin + kernel_ - 1;
    gemm.iter_out = t_.w1;
    gemm.iter_in = kKernel;
    gemm.dst_factor_out = gemm.src_factor_out = 1;
    gemm.src_factor_in = gemm.wgt_factor_in = 1;
    gemm.pop_prev = gemm.push_prev = true;
    Emit(gemm);
  }

  void Requantize(std::uint32_t t) {
    const AluOpcode opcodes[] = {AluOpcode::kShr, AluOpcode::kMin, AluOpcode::kMax};
    const std::int32_t imms[] = {8, 127, 0};
    for (int n = 0; n < 3; ++n) {
      Instruction alu = Flat(Opcode::kAlu, t);
      alu.alu_opcode = opcodes[n];
      alu.use_imm = true;
      alu.imm = imms[n];
      alu.push_next = n == 2;
      Emit(alu);
    }
  }

  void Store(std::uint32_t y, std::uint32_t x, std::uint32_t co, std::uint32_t t) {
    const bool rows_chain = t_.w1 == kSize;
    Instruction store = Transfer(Opcode::kStore, MemoryId::kOut, t * Outputs(),
                                 program_.out_address / 16 + (co * kSize + y) * kSize + x,
                                 rows_chain ? t_.c1 : t_.h1, rows_chain ? t_.h1 * kSize : t_.w1,
                                 rows_chain ? kSize * kSize : kSize);
    store.pop_prev = store.push_prev = true;
    Emit(store);
  }

  void Emit(const Instruction& i) { program_.instructions.push_back(i); }

  Tiles t_;
  std::uint32_t kernel_ = 0;  // micro-ops of one thread
  DeviceProgram program_;
};

/// CPU seconds of this thread: other programs on the machine do not count.
double Now() {
  timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// CPU seconds of one call, the least of several batches.
template <typename F>
double Time(int repeats, F f) {
  double best = 1e9;
  for (int batch = 0; batch < 15; ++batch) {
    const double start = Now();
    for (int n = 0; n < repeats; ++n) f();
    best = std::min(best, (Now() - start) / repeats);
  }
  return best;
}

/// The rows of one tiling: each kernel with data, and cycles alone.
void Report(const Tiles& tiles, base::Table& table) {
  const DeviceProgram program = Stream(tiles).Build();
  Rng rng(1);
  std::vector<std::byte> inp(kSize * kSize * kChannels * 16);
  std::vector<std::byte> wgt(kChannels * kChannels * 9 * 256);
  std::vector<std::byte> out(kSize * kSize * kChannels * 16);
  for (auto* bytes : {&inp, &wgt})
    for (std::byte& byte : *bytes) byte = static_cast<std::byte>(rng.Below(256));
  const Dram dram = {inp, wgt, {}, out};
  const Timing timing = FindTiming("pynq").value();
  const std::string name =
      fmt::format("{}, {}, {}, {}", tiles.h1, tiles.w1, tiles.c1, tiles.threads);
  const auto count = static_cast<double>(program.instructions.size());
  const auto add = [&](std::string_view what, double seconds, double ns, const char* of) {
    table.AddRow({name, fmt::format("{:.0f}", count), std::string(what),
                  fmt::format("{:.3f}", 1e3 * seconds), fmt::format("{:.2f} a {}", ns, of)});
  };
  for (const auto kind :
       {GemmKernelKind::kScalar, GemmKernelKind::kAvx2, GemmKernelKind::kAvx512Vnni}) {
    if (!Supports(kind, Geometry{})) continue;
    Simulator simulator(Geometry{}, timing, kind);
    const SimulationResult result = simulator.Run(program, dram);
    FOOTHOLD_CHECK(result.finished() && result.warnings.empty(), "the stream is wrong");
    const auto ops = static_cast<double>(result.work.gemm_ops);
    const int repeats = kind == GemmKernelKind::kScalar ? 1 : 5;
    const double both = Time(repeats, [&] { simulator.Run(program, dram); });
    SimulationOptions data_only;
    data_only.timing = false;
    const double data = Time(repeats, [&] { simulator.Run(program, dram, data_only); });
    add(fmt::format("{}, data and cycles", ToString(kind)), both, both * 1e9 / ops, "micro-op");
    add(fmt::format("{}, data", ToString(kind)), data, data * 1e9 / ops, "micro-op");
  }
  Simulator simulator(Geometry{}, timing);
  for (const bool breakdown : {false, true}) {
    SimulationOptions options;
    options.breakdown = breakdown;
    const double seconds = Time(20, [&] { simulator.RunTiming(program, options); });
    add(breakdown ? "cycles and breakdown" : "cycles", seconds, seconds * 1e9 / count,
        "instruction");
  }
}

int Main(const studies::BenchCall& call) {
  base::Table table =
      base::Table::OfNumbers({"h1, w1, c1, threads", "instructions", "simulated", "CPU ms", "ns"});
  for (const Tiles& tiles : {Tiles{14, 14, 4, 2}, {7, 7, 4, 2}, {1, 14, 4, 2}, {2, 2, 2, 1}}) {
    Report(tiles, table);
  }
  studies::Page page("simulator_bench", "What simulating a program costs",
                     "./dev bench --output-dir");
  page.Text(
      "ResNet-18's C8 on [the simulated board](../../../targets/vta-simulator.md#speed), in four "
      "tilings: CPU time of one thread, the least of 15 batches.");
  page.Add(table);
  return studies::ShowBench(std::move(page), call);
}

}  // namespace
}  // namespace foothold::vta

int main(int argc, char** argv) {
  return foothold::vta::Main(foothold::studies::ParseBenchCall(argc, argv));
}
