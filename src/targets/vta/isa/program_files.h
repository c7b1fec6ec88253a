#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "foothold/env.h"
#include "foothold/status.h"
#include "targets/vta/isa/hardware.h"
#include "targets/vta/isa/program.h"

namespace foothold::vta {

/// memory_addresses.csv as it stands. A tensor's 0 means "not recorded", which is how the tools
/// that write these files list inp, wgt and out.
struct ListedAddresses {
  std::uint64_t inp = 0;
  std::uint64_t wgt = 0;
  std::uint64_t out = 0;
  std::uint64_t uop = 0;
  std::uint64_t acc = 0;
  std::optional<std::uint64_t> insn;  ///< of the instructions; few tools list it

  friend bool operator==(const ListedAddresses&, const ListedAddresses&) = default;
};

/// A folder of raw program files, the exchange format of VTA tools (docs/formats/vta-program.md),
/// with tensors as long as their files. In DRAM each goes on with zeros to the end of its 4 KiB
/// page; some programs read those.
struct ProgramFiles {
  /// With the true byte address of the first byte of each file, also where the csv lists 0: then it
  /// is the 4 KiB page of the lowest address at which an instruction uses that tensor (0 if none
  /// does), because the tools that list 0 give each tensor pages of its own.
  DeviceProgram program;
  ListedAddresses listed;

  std::vector<std::byte> input;        ///< input.bin: int8, at program.inp_address
  std::vector<std::byte> weight;       ///< weight.bin: int8, at program.wgt_address
  std::vector<std::byte> accumulator;  ///< accumulator.bin: int32, at program.acc_address
  std::vector<std::byte> out_initial;  ///< out.bin: DRAM at program.out_address before the run

  /// expected_out.bin: DRAM at program.out_address after the run; in a program that stores nothing,
  /// the out scratchpad from element 0 on.
  std::optional<std::vector<std::byte>> expected_out;
  /// expected_out_sram.bin: the out scratchpad from element 0 on after the run: the low 8 bits of
  /// what GEMM and ALU wrote to each accumulator, and 0 for accumulators that neither wrote.
  std::optional<std::vector<std::byte>> expected_out_sram;
};

/// Whether some STORE moves data; decides what expected_out is compared with.
bool StoresData(const DeviceProgram& program);

/// The paths of all files that a program in `directory` may have.
std::vector<std::string> ProgramFileNames(const std::string& directory);

/// Reads `directory`. instructions.bin must be there; any other file may be missing or empty, which
/// means an empty tensor (no expectation, all addresses 0). Errors are one line naming file and
/// byte or line, and what would be right. REQUIRES: Validate(geometry).ok().
Result<ProgramFiles> LoadProgramFiles(Env& env, const std::string& directory,
                                      const Geometry& geometry);

/// Writes all files, the expected ones only if there, and creates the directory. What
/// LoadProgramFiles read from files as the other tools write them comes out again byte for byte;
/// bits that the encoding does not use come out as 0. REQUIRES: Validate(geometry).ok().
Status DumpProgramFiles(Env& env, const std::string& directory, const ProgramFiles& files,
                        const Geometry& geometry);

/// The csv's grammar: lines "key,0xHEX" ending in LF or CRLF, keys inp, wgt, out, uop, acc and insn
/// in either case, each at most once and in any order, empty lines allowed.
Result<ListedAddresses> ParseMemoryAddresses(std::string_view text, std::string_view path,
                                             const Geometry& geometry);
/// The form that the tools write: five or six lines "key,0x0000" with CRLF.
std::string FormatMemoryAddresses(const ListedAddresses& listed);

/// A program of our own as files: the listed addresses are the program's.
ListedAddresses AddressesOf(const DeviceProgram& program);

}  // namespace foothold::vta
