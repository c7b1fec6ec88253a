#include "targets/vta/simulator/testing/naive_machine.h"

#include <cstring>
#include <map>

namespace foothold::vta {
namespace {

class NaiveMachine {
 public:
  NaiveMachine(const Geometry& g, const DeviceProgram& program, const Dram& dram)
      : batch_(static_cast<std::size_t>(g.batch())),
        block_(static_cast<std::size_t>(g.block())),
        program_(program),
        dram_(dram),
        inp_(static_cast<std::size_t>(g.inp_depth()) * batch_ * block_),
        wgt_(static_cast<std::size_t>(g.wgt_depth()) * block_ * block_),
        uops_(static_cast<std::size_t>(g.uop_depth())) {
    result_.acc.resize(static_cast<std::size_t>(g.acc_depth()) * batch_ * block_);
    result_.out_scratchpad.resize(result_.acc.size());
    result_.out.assign(dram.out.begin(), dram.out.end());
  }

  NaiveResult Run() {
    for (const Instruction& i : program_.instructions) {
      if (i.opcode == Opcode::kLoad && i.x_size > 0) Load(i);
      if (i.opcode == Opcode::kStore && i.x_size > 0) Store(i);
      if (i.opcode == Opcode::kGemm || i.opcode == Opcode::kAlu) Loop(i);
      if (i.opcode == Opcode::kFinish) break;
    }
    return result_;
  }

 private:
  void Load(const Instruction& i) {
    std::size_t to = i.sram_base;
    const std::int64_t width = i.x_size;
    const std::int64_t height = i.y_size;
    for (std::int64_t y = -std::int64_t{i.y_pad_0}; y < height + i.y_pad_1; ++y)
      for (std::int64_t x = -std::int64_t{i.x_pad_0}; x < width + i.x_pad_1; ++x) {
        const bool padding = y < 0 || y >= height || x < 0 || x >= width;
        LoadElement(i.memory, to++, padding,
                    static_cast<std::size_t>(i.dram_base + y * i.x_stride + x));
      }
  }

  void LoadElement(MemoryId memory, std::size_t to, bool padding, std::size_t from) {
    const std::size_t lanes = batch_ * block_;
    switch (memory) {
      case MemoryId::kUop:
        uops_[to] = padding ? MicroOp{} : program_.uops[from - program_.uop_address / 4];
        break;
      case MemoryId::kInp:
        for (std::size_t k = 0; k < lanes; ++k)
          inp_[to * lanes + k] =
              padding ? std::int8_t{0} : Byte(dram_.inp, from * lanes + k - program_.inp_address);
        break;
      case MemoryId::kWgt:
        for (std::size_t k = 0; k < block_ * block_; ++k)
          wgt_[to * block_ * block_ + k] =
              padding ? std::int8_t{0}
                      : Byte(dram_.wgt, from * block_ * block_ + k - program_.wgt_address);
        break;
      case MemoryId::kAcc:
        for (std::size_t k = 0; k < lanes; ++k) {
          std::int32_t value = 0;
          if (!padding)
            std::memcpy(&value, dram_.acc.data() + (from * lanes + k) * 4 - program_.acc_address,
                        4);
          result_.acc[to * lanes + k] = value;
        }
        break;
      case MemoryId::kAcc8:
        for (std::size_t k = 0; k < lanes; ++k)
          result_.acc[to * lanes + k] =
              padding ? 0 : Byte(dram_.acc, from * lanes + k - program_.acc_address);
        break;
      case MemoryId::kOut:
        break;
    }
  }

  void Store(const Instruction& i) {
    const std::size_t lanes = batch_ * block_;
    std::size_t from = i.sram_base;
    for (std::size_t y = 0; y < i.y_size; ++y)
      for (std::size_t x = 0; x < i.x_size; ++x, ++from)
        for (std::size_t k = 0; k < lanes; ++k)
          result_.out[(i.dram_base + y * i.x_stride + x) * lanes + k - program_.out_address] =
              static_cast<std::byte>(result_.acc[from * lanes + k] & 0xff);
  }

  void Loop(const Instruction& i) {
    for (std::size_t y = 0; y < i.iter_out; ++y)
      for (std::size_t x = 0; x < i.iter_in; ++x)
        for (std::size_t k = i.uop_begin; k < i.uop_end; ++k) {
          const std::size_t dst = uops_[k].dst + y * i.dst_factor_out + x * i.dst_factor_in;
          const std::size_t src = uops_[k].src + y * i.src_factor_out + x * i.src_factor_in;
          const std::size_t wgt = uops_[k].wgt + y * i.wgt_factor_out + x * i.wgt_factor_in;
          if (i.opcode == Opcode::kAlu) {
            Alu(i, dst, src);
          } else {
            Gemm(i, dst, src, wgt);
          }
        }
  }

  void Gemm(const Instruction& i, std::size_t dst, std::size_t src, std::size_t wgt) {
    for (std::size_t row = 0; row < batch_; ++row)
      for (std::size_t j = 0; j < block_; ++j) {
        const std::size_t lane = (dst * batch_ + row) * block_ + j;
        std::int64_t sum = i.reset ? 0 : result_.acc[lane];
        for (std::size_t k = 0; k < block_ && !i.reset; ++k)
          sum += std::int64_t{inp_[(src * batch_ + row) * block_ + k]} *
                 wgt_[(wgt * block_ + j) * block_ + k];
        Write(lane, sum, !i.reset);
      }
  }

  void Alu(const Instruction& i, std::size_t dst, std::size_t src) {
    const std::size_t lanes = batch_ * block_;
    for (std::size_t k = 0; k < lanes; ++k) {
      const std::int64_t a = result_.acc[dst * lanes + k];
      const std::int64_t b = i.use_imm ? i.imm : result_.acc[src * lanes + k];
      std::int64_t value = 0;
      switch (i.alu_opcode) {
        case AluOpcode::kMin:
          value = a < b ? a : b;
          break;
        case AluOpcode::kMax:
          value = a > b ? a : b;
          break;
        case AluOpcode::kAdd:
          value = a + b;
          break;
        case AluOpcode::kMul:
          value = a * b;
          break;
        case AluOpcode::kShr:
          value = a;
          for (std::int64_t n = 0; n < b && n < 64; ++n) value = (value - (value & 1)) / 2;
          for (std::int64_t n = 0; n > b && n > -64; --n)
            value = (value * 2) % (std::int64_t{1} << 32);
          break;
      }
      Write(dst * lanes + k, value, true);
    }
  }

  void Write(std::size_t lane, std::int64_t value, bool mirrored) {
    result_.acc[lane] = static_cast<std::int32_t>(static_cast<std::uint32_t>(value & 0xffffffff));
    if (mirrored) result_.out_scratchpad[lane] = static_cast<std::int8_t>(result_.acc[lane] & 0xff);
  }

  static std::int8_t Byte(std::span<const std::byte> bytes, std::size_t index) {
    return static_cast<std::int8_t>(bytes[index]);
  }

  std::size_t batch_;
  std::size_t block_;
  const DeviceProgram& program_;
  const Dram& dram_;
  std::vector<std::int8_t> inp_;
  std::vector<std::int8_t> wgt_;
  std::vector<MicroOp> uops_;
  NaiveResult result_;
};

}  // namespace

NaiveResult RunNaively(const Geometry& geometry, const DeviceProgram& program, const Dram& dram) {
  return NaiveMachine(geometry, program, dram).Run();
}

}  // namespace foothold::vta
