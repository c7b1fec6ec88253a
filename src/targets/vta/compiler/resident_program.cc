#include "targets/vta/compiler/resident_program.h"

#include "targets/vta/compiler/field.h"

namespace foothold::vta {

Instruction MicroOpLoad(const DramLayout& dram) {
  Instruction load;
  load.opcode = Opcode::kLoad;
  load.memory = MemoryId::kUop;
  load.y_size = 1;
  load.dram_base = Field(static_cast<std::int64_t>(dram.uop >> Geometry::log_uop_elem_bytes()));
  return load;
}

DeviceProgram FinishProgram(TokenStream& stream, KernelPool& pool, TokenStream::Position uop_load,
                            const DramLayout& dram) {
  Instruction wait = MicroOpLoad(dram);
  wait.y_size = 0;
  wait.dram_base = 0;
  stream.Emit(wait, stream.last_store());
  stream.Emit(Instruction{});
  DeviceProgram program;
  program.uops = pool.Take();
  Instruction& load = stream.at(uop_load);
  load.x_size = load.x_stride = Field(static_cast<std::int64_t>(program.uops.size()));
  program.instructions = stream.Take();
  program.uop_address = dram.uop;
  program.inp_address = dram.inp;
  program.wgt_address = dram.wgt;
  program.acc_address = dram.bias;
  program.out_address = dram.out;
  return program;
}

}  // namespace foothold::vta
