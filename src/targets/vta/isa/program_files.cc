#include "targets/vta/isa/program_files.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <span>
#include <utility>

#include "targets/vta/isa/codec.h"
#include "targets/vta/isa/isa_table.h"

namespace foothold::vta {
namespace {

constexpr std::uint64_t kPageBytes = 4096;
/// A million instructions, a hundred times as many as the longest layer's.
constexpr std::uint64_t kMostCodeBytes = std::uint64_t{16} << 20;
constexpr std::uint64_t kMostTensorBytes = std::uint64_t{64} << 20;

constexpr const char* kInstructionsFile = "instructions.bin";
constexpr const char* kUopFile = "uop.bin";
constexpr const char* kAddressesFile = "memory_addresses.csv";
constexpr const char* kExpectedOutFile = "expected_out.bin";
constexpr const char* kExpectedOutSramFile = "expected_out_sram.bin";

struct TensorFile {
  const char* name;
  std::vector<std::byte> ProgramFiles::*bytes;
  MemoryId memory;
};
constexpr std::array<TensorFile, 4> kTensorFiles = {{
    {"input.bin", &ProgramFiles::input, MemoryId::kInp},
    {"weight.bin", &ProgramFiles::weight, MemoryId::kWgt},
    {"accumulator.bin", &ProgramFiles::accumulator, MemoryId::kAcc},
    {"out.bin", &ProgramFiles::out_initial, MemoryId::kOut},
}};

std::vector<std::byte> ToBytes(std::string_view text) {
  std::vector<std::byte> bytes(text.size());
  if (!text.empty()) std::memcpy(bytes.data(), text.data(), text.size());
  return bytes;
}

std::string_view ToText(const std::vector<std::byte>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

bool MovesData(const Instruction& instruction) {
  const bool transfer = instruction.opcode == Opcode::kLoad || instruction.opcode == Opcode::kStore;
  return transfer && instruction.x_size != 0 && instruction.y_size != 0;
}

// ACC_8BIT loads read the accumulator tensor.
MemoryId TensorOf(MemoryId memory) { return memory == MemoryId::kAcc8 ? MemoryId::kAcc : memory; }

std::uint64_t LowestPageUsed(const DeviceProgram& program, MemoryId tensor,
                             const Geometry& geometry) {
  std::optional<std::uint64_t> lowest;
  for (const Instruction& instruction : program.instructions) {
    if (!MovesData(instruction) || TensorOf(instruction.memory) != tensor) continue;
    const auto bytes = static_cast<std::uint64_t>(DramElementBytes(instruction.memory, geometry));
    const std::uint64_t address = instruction.dram_base * bytes;
    lowest = std::min(lowest.value_or(address), address);
  }
  return lowest.value_or(0) / kPageBytes * kPageBytes;
}

void ResolveAddresses(const Geometry& geometry, ProgramFiles& files) {
  DeviceProgram& program = files.program;
  const auto resolve = [&](std::uint64_t listed, MemoryId tensor) {
    return listed != 0 ? listed : LowestPageUsed(program, tensor, geometry);
  };
  program.inp_address = resolve(files.listed.inp, MemoryId::kInp);
  program.wgt_address = resolve(files.listed.wgt, MemoryId::kWgt);
  program.out_address = resolve(files.listed.out, MemoryId::kOut);
  program.uop_address = resolve(files.listed.uop, MemoryId::kUop);
  program.acc_address = resolve(files.listed.acc, MemoryId::kAcc);
}

// A missing file is an empty one.
Result<std::string> ReadOrEmpty(Env& env, const std::string& path, std::uint64_t most_bytes) {
  if (!env.FileExists(path)) return std::string();
  return env.ReadFile(path, most_bytes);
}

Result<std::vector<std::byte>> ReadTensor(Env& env, const std::string& path, MemoryId memory,
                                          const Geometry& geometry) {
  FOOTHOLD_ASSIGN_OR_RETURN(const std::string text, ReadOrEmpty(env, path, kMostTensorBytes));
  const auto element = static_cast<std::size_t>(DramElementBytes(memory, geometry));
  const std::size_t rest = text.size() % element;
  if (rest != 0) {
    return Status(StatusCode::kDataLoss,
                  fmt::format("{}: byte {}: an element of {} bytes is cut off after {}; the size "
                              "must be a multiple of {}, it is {}",
                              path, text.size() - rest, element, rest, element, text.size()));
  }
  return ToBytes(text);
}

Status ReadExpected(Env& env, const std::string& path, const Geometry& geometry,
                    std::optional<std::vector<std::byte>>& expected) {
  if (!env.FileExists(path)) return {};
  FOOTHOLD_ASSIGN_OR_RETURN(expected, ReadTensor(env, path, MemoryId::kOut, geometry));
  return {};
}

/// What was written before an error is removed again: some of the files, or files of two programs,
/// must not look like a program.
Status WriteAllOrNone(Env& env, const std::string& directory,
                      std::span<const std::pair<const char*, std::string_view>> contents) {
  const bool is_new = !env.IsUsableDirectory(directory);
  FOOTHOLD_RETURN_IF_ERROR(env.CreateDirectories(directory));
  for (std::size_t i = 0; i < contents.size(); ++i) {
    const auto path = [&](std::size_t file) {
      return fmt::format("{}/{}", directory, contents[file].first);
    };
    Status written = env.WriteFileAtomically(path(i), contents[i].second);
    if (written.ok()) continue;
    for (std::size_t done = 0; done < i; ++done) (void)env.RemoveTree(path(done));
    if (is_new) (void)env.RemoveTree(directory);
    return written;
  }
  return {};
}

}  // namespace

std::vector<std::string> ProgramFileNames(const std::string& directory) {
  std::vector<std::string> names;
  for (const char* name :
       {kInstructionsFile, kUopFile, kAddressesFile, kExpectedOutFile, kExpectedOutSramFile}) {
    names.push_back(fmt::format("{}/{}", directory, name));
  }
  for (const TensorFile& file : kTensorFiles) {
    names.push_back(fmt::format("{}/{}", directory, file.name));
  }
  return names;
}

bool StoresData(const DeviceProgram& program) {
  return std::any_of(program.instructions.begin(), program.instructions.end(),
                     [](const Instruction& instruction) {
                       return instruction.opcode == Opcode::kStore && MovesData(instruction);
                     });
}

Result<ProgramFiles> LoadProgramFiles(Env& env, const std::string& directory,
                                      const Geometry& geometry) {
  const InstructionCodec codec(geometry);
  const auto path = [&](const char* name) { return fmt::format("{}/{}", directory, name); };
  ProgramFiles files;
  FOOTHOLD_ASSIGN_OR_RETURN(const std::string code,
                            env.ReadFile(path(kInstructionsFile), kMostCodeBytes));
  FOOTHOLD_ASSIGN_OR_RETURN(files.program.instructions,
                            DecodeInstructions(code, path(kInstructionsFile), codec));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::string uops,
                            ReadOrEmpty(env, path(kUopFile), kMostCodeBytes));
  FOOTHOLD_ASSIGN_OR_RETURN(files.program.uops, DecodeMicroOps(uops, path(kUopFile), codec));
  for (const TensorFile& file : kTensorFiles) {
    FOOTHOLD_ASSIGN_OR_RETURN(files.*file.bytes,
                              ReadTensor(env, path(file.name), file.memory, geometry));
  }
  FOOTHOLD_RETURN_IF_ERROR(ReadExpected(env, path(kExpectedOutFile), geometry, files.expected_out));
  FOOTHOLD_RETURN_IF_ERROR(
      ReadExpected(env, path(kExpectedOutSramFile), geometry, files.expected_out_sram));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::string csv,
                            ReadOrEmpty(env, path(kAddressesFile), kMostCodeBytes));
  FOOTHOLD_ASSIGN_OR_RETURN(files.listed,
                            ParseMemoryAddresses(csv, path(kAddressesFile), geometry));
  ResolveAddresses(geometry, files);
  return files;
}

Status DumpProgramFiles(Env& env, const std::string& directory, const ProgramFiles& files,
                        const Geometry& geometry) {
  const InstructionCodec codec(geometry);
  FOOTHOLD_ASSIGN_OR_RETURN(const std::string code,
                            EncodeInstructions(files.program.instructions, codec));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::string uops, EncodeMicroOps(files.program.uops, codec));
  const std::string addresses = FormatMemoryAddresses(files.listed);

  std::vector<std::pair<const char*, std::string_view>> contents = {
      {kInstructionsFile, code}, {kUopFile, uops}, {kAddressesFile, addresses}};
  for (const TensorFile& file : kTensorFiles) {
    contents.emplace_back(file.name, ToText(files.*file.bytes));
  }
  if (files.expected_out) contents.emplace_back(kExpectedOutFile, ToText(*files.expected_out));
  if (files.expected_out_sram) {
    contents.emplace_back(kExpectedOutSramFile, ToText(*files.expected_out_sram));
  }
  return WriteAllOrNone(env, directory, contents);
}

}  // namespace foothold::vta
