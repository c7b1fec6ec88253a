#include "targets/vta/isa/program_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "base/testing/test_data.h"
#include "process/testing/fault_env.h"
#include "targets/vta/isa/disassembler.h"
#include "targets/vta/isa/isa_table.h"

namespace foothold::vta {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;

constexpr const char* kGolden = FOOTHOLD_SOURCE_DIR "/src/targets/vta/isa/testdata/add_imm";

std::string ReadText(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::map<std::string, std::string> Contents(const std::filesystem::path& directory) {
  std::map<std::string, std::string> contents;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    contents[entry.path().filename().string()] = ReadText(entry.path());
  }
  return contents;
}

// A directory of its own for each test, removed afterwards.
class ProgramFilesTest : public ::testing::Test {
 protected:
  ProgramFilesTest()
      : directory_(std::filesystem::path(::testing::TempDir()) /
                   (std::string("foothold_program_files_") +
                    ::testing::UnitTest::GetInstance()->current_test_info()->name())) {
    std::filesystem::remove_all(directory_);
    std::filesystem::create_directories(directory_);
  }
  ~ProgramFilesTest() override { std::filesystem::remove_all(directory_); }

  std::string path() const { return directory_.string(); }
  void Write(const std::string& name, const std::string& bytes) const {
    std::ofstream(directory_ / name, std::ios::binary) << bytes;
  }
  void CopyGolden() const {
    std::filesystem::copy(kGolden, directory_, std::filesystem::copy_options::recursive);
  }
  Result<ProgramFiles> Load() const { return LoadProgramFiles(*Env::Default(), path(), {}); }
  std::string LoadMessage() const {
    const auto files = Load();
    return files.ok() ? "loads" : files.status().message().substr(path().size() + 1);
  }

  const std::filesystem::path directory_;
};

std::vector<std::string> Listing(const DeviceProgram& program) {
  std::vector<std::string> lines;
  for (const Instruction& instruction : program.instructions) {
    lines.push_back(Disassemble(instruction));
  }
  return lines;
}

TEST_F(ProgramFilesTest, LoadsTheGoldenProgram) {
  const auto files = LoadProgramFiles(*Env::Default(), kGolden, Geometry{});
  ASSERT_TRUE(files.ok()) << files.status().message();
  EXPECT_THAT(Listing(files->program),
              ElementsAre("load.uop        sram=0 dram=0x1000 y=1 x=1 stride=1",
                          "load.acc        sram=0 dram=0x140 y=1 x=2 stride=2",
                          "alu.add.imm     uop=0:1 loop=1x2 dst=0,1 src=0,1 imm=-3  push_next",
                          "store.out       sram=0 dram=0x300 y=1 x=2 stride=2  pop_prev push_prev",
                          "load.uop        sram=0 dram=0x0 y=0 x=0 stride=0  pop_next", "finish"));
  EXPECT_THAT(files->program.uops, ElementsAre(MicroOp{}));
  EXPECT_EQ(files->accumulator.size(), 128U);
  EXPECT_EQ(files->accumulator[0], std::byte{0xf0});  // -16, little-endian
  EXPECT_EQ(files->expected_out->size(), 32U);
  EXPECT_EQ(files->expected_out->front(), std::byte{0xed});  // -19
  EXPECT_TRUE(files->expected_out_sram.has_value());
  EXPECT_TRUE(StoresData(files->program));
}

TEST_F(ProgramFilesTest, ResolvesAddressesThatAreNotListed) {
  const auto files = LoadProgramFiles(*Env::Default(), kGolden, Geometry{});
  ASSERT_TRUE(files.ok()) << files.status().message();
  EXPECT_EQ(files->listed, (ListedAddresses{0, 0, 0, 0x4000, 0x5000, std::nullopt}));
  EXPECT_EQ(files->program.out_address, 0x3000U);  // dram 0x300 of 16 bytes
  EXPECT_EQ(files->program.uop_address, 0x4000U);
  EXPECT_EQ(files->program.acc_address, 0x5000U);
  EXPECT_EQ(files->program.inp_address, 0U);  // no instruction uses it
}

TEST_F(ProgramFilesTest, AnUnlistedTensorBeginsAtItsPage) {
  Instruction load;
  load.opcode = Opcode::kLoad;
  load.memory = MemoryId::kInp;
  load.x_size = load.y_size = load.x_stride = 1;
  ProgramFiles files;
  load.dram_base = 0x2345;  // byte 0x23450
  files.program.instructions.push_back(load);
  load.dram_base = 0x2301;  // byte 0x23010
  files.program.instructions.push_back(load);
  load.dram_base = 0;
  load.x_size = 0;  // moves nothing, so it says nothing
  files.program.instructions.push_back(load);
  load.memory = MemoryId::kAcc8;  // 16 bytes an element, of the accumulator tensor
  load.x_size = 1;
  load.dram_base = 0x600;
  files.program.instructions.push_back(load);
  ASSERT_TRUE(DumpProgramFiles(*Env::Default(), path(), files, {}).ok());
  const auto loaded = Load();
  ASSERT_TRUE(loaded.ok()) << loaded.status().message();
  EXPECT_EQ(loaded->program.inp_address, 0x23000U);
  EXPECT_EQ(loaded->program.acc_address, 0x6000U);
  EXPECT_FALSE(StoresData(loaded->program));
}

TEST_F(ProgramFilesTest, DumpRoundTripsByteForByte) {
  const auto files = LoadProgramFiles(*Env::Default(), kGolden, Geometry{});
  ASSERT_TRUE(files.ok()) << files.status().message();
  const Status status = DumpProgramFiles(*Env::Default(), path() + "/new/sub", *files, {});
  ASSERT_TRUE(status.ok()) << status.message();
  EXPECT_EQ(Contents(path() + "/new/sub"), Contents(kGolden));
}

TEST_F(ProgramFilesTest, OnlyInstructionsAreNeeded) {
  EXPECT_THAT(LoadMessage(), HasSubstr("instructions.bin"));
  EXPECT_EQ(Load().status().code(), StatusCode::kNotFound);
  Write("instructions.bin", "");
  const auto files = Load();
  ASSERT_TRUE(files.ok()) << files.status().message();
  EXPECT_TRUE(files->program.instructions.empty());
  EXPECT_TRUE(files->accumulator.empty());
  EXPECT_FALSE(files->expected_out.has_value());
}

TEST_F(ProgramFilesTest, TruncatedFilesAreNamedWithByteAndSize) {
  struct Case {
    const char* file;
    std::size_t size;
    const char* message;
  };
  const Case cases[] = {
      {"instructions.bin", 95,
       "byte 80: an instruction of 16 bytes is cut off after 15; the size "
       "must be a multiple of 16, it is 95"},
      {"uop.bin", 3,
       "byte 0: a micro-op of 4 bytes is cut off after 3; the size must be a multiple "
       "of 4, it is 3"},
      {"input.bin", 17,
       "byte 16: an element of 16 bytes is cut off after 1; the size must be a "
       "multiple of 16, it is 17"},
      {"weight.bin", 255,
       "byte 0: an element of 256 bytes is cut off after 255; the size must be a "
       "multiple of 256, it is 255"},
      {"accumulator.bin", 100,
       "byte 64: an element of 64 bytes is cut off after 36; the size must "
       "be a multiple of 64, it is 100"},
      {"out.bin", 31,
       "byte 16: an element of 16 bytes is cut off after 15; the size must be a "
       "multiple of 16, it is 31"},
      {"expected_out.bin", 1,
       "byte 0: an element of 16 bytes is cut off after 1; the size must be "
       "a multiple of 16, it is 1"},
      {"expected_out_sram.bin", 33,
       "byte 32: an element of 16 bytes is cut off after 1; the size "
       "must be a multiple of 16, it is 33"},
  };
  for (const Case& c : cases) {
    std::filesystem::remove_all(directory_);
    CopyGolden();
    Write(c.file, std::string(c.size, '\0'));
    EXPECT_EQ(LoadMessage(), std::string(c.file) + ": " + c.message);
    EXPECT_EQ(Load().status().code(), StatusCode::kDataLoss);
  }
}

TEST_F(ProgramFilesTest, BadInstructionsAreNamedWithByteAndNumber) {
  CopyGolden();
  std::string code = ReadText(directory_ / "instructions.bin");
  code[32] = 6;
  Write("instructions.bin", code);
  EXPECT_EQ(LoadMessage(), "instructions.bin: byte 32 (instruction 2): opcode is 6, must be 0..4");
}

TEST_F(ProgramFilesTest, AFailingDiskIsReported) {
  const auto files = LoadProgramFiles(*Env::Default(), kGolden, Geometry{});
  ASSERT_TRUE(files.ok());
  process::FaultEnv env(Env::Default());
  for (int n = 1; n <= 9; ++n) {
    env.FailNth(process::FaultEnv::Operation::kWriteAtomically, n, Status::IoError("disk full"));
    EXPECT_EQ(DumpProgramFiles(env, path(), *files, {}).message(), "disk full") << n;
    EXPECT_TRUE(std::filesystem::is_empty(directory_)) << n << ": a part is left";
    env.FailNth(process::FaultEnv::Operation::kWriteAtomically, n, Status::IoError("disk full"));
    const std::string fresh = path() + "/new";
    EXPECT_EQ(DumpProgramFiles(env, fresh, *files, {}).message(), "disk full") << n;
    EXPECT_FALSE(std::filesystem::exists(fresh)) << n;
    env.FailNth(process::FaultEnv::Operation::kRead, n, Status::IoError("bad sector"));
    EXPECT_EQ(LoadProgramFiles(env, kGolden, {}).status().message(), "bad sector") << n;
  }
}

TEST_F(ProgramFilesTest, DumpRefusesWhatCannotBeEncoded) {
  ProgramFiles files;
  files.program.instructions.push_back(Instruction{});
  files.program.instructions.back().imm = 4;
  EXPECT_THAT(DumpProgramFiles(*Env::Default(), path(), files, {}).message(),
              HasSubstr("instruction 0: finish: imm is 4"));
  EXPECT_TRUE(std::filesystem::is_empty(directory_));
}

TEST_F(ProgramFilesTest, AProgramOfOurOwnKeepsItsAddresses) {
  ProgramFiles files;
  files.program.inp_address = 0x1000;
  files.program.acc_address = 0x123400;
  files.listed = AddressesOf(files.program);
  ASSERT_TRUE(DumpProgramFiles(*Env::Default(), path(), files, {}).ok());
  const auto loaded = Load();
  ASSERT_TRUE(loaded.ok()) << loaded.status().message();
  EXPECT_EQ(loaded->program.inp_address, 0x1000U);
  EXPECT_EQ(loaded->program.acc_address, 0x123400U);
}

// memory_addresses.csv.

Result<ListedAddresses> Parse(const std::string& text) {
  return ParseMemoryAddresses(text, "a.csv", Geometry{});
}

TEST(MemoryAddressesTest, ReadsEitherLineEndingCaseAndOrder) {
  const ListedAddresses expected = {0x1000, 0x8000, 0x9000, 0xd000, 0xe000, 0xf000};
  const auto unix =
      Parse("INP,0x1000\nWGT,0x8000\nOUT,0x9000\nUOP,0xd000\nACC,0xe000\nINSN,0xf000");
  ASSERT_TRUE(unix.ok()) << unix.status().message();
  EXPECT_EQ(*unix, expected);
  const auto shuffled = Parse(
      "acc,0xE000\r\n\r\ninsn,0xf000\r\nuop,0XD000\r\nout,0x9000\r\nwgt,0x8000\r\ninp,0x1000\r\n");
  ASSERT_TRUE(shuffled.ok()) << shuffled.status().message();
  EXPECT_EQ(*shuffled, expected);
}

TEST(MemoryAddressesTest, WhatIsNotListedIsZero) {
  EXPECT_EQ(Parse("").value(), ListedAddresses{});
  EXPECT_EQ(Parse("uop,0x4000").value(), (ListedAddresses{0, 0, 0, 0x4000, 0, std::nullopt}));
}

TEST(MemoryAddressesTest, FormatRoundTrips) {
  const ListedAddresses listed = {0, 0x100, 0x123450, 4, 0x5000, std::nullopt};
  EXPECT_EQ(FormatMemoryAddresses(listed),
            "inp,0x0000\r\nwgt,0x0100\r\nout,0x123450\r\nuop,0x0004\r\nacc,0x5000\r\n");
  EXPECT_EQ(Parse(FormatMemoryAddresses(listed)).value(), listed);
  ListedAddresses with_insn = listed;
  with_insn.insn = 0x6000;
  EXPECT_THAT(FormatMemoryAddresses(with_insn), EndsWith("insn,0x6000\r\n"));
  EXPECT_EQ(Parse(FormatMemoryAddresses(with_insn)).value(), with_insn);
}

TEST(MemoryAddressesTest, ErrorsNameLineKeyAndWhatWouldBeRight) {
  const auto message = [](const std::string& text) {
    const auto listed = Parse(text);
    EXPECT_FALSE(listed.ok()) << text;
    return listed.status().message();
  };
  EXPECT_EQ(message("inp,0x0\nweight,0x10\n"),
            "a.csv:2: key is 'weight', must be inp, wgt, out, uop, acc or insn");
  EXPECT_EQ(message("inp,0x0\r\nINP,0x0\r\n"), "a.csv:2: inp is listed twice, must be listed once");
  const std::string wanted = ", must be an address in hexadecimal below 2^48 such as 0x4000";
  EXPECT_EQ(message("acc"), "a.csv:1: acc is ''" + wanted);
  EXPECT_EQ(message("acc,"), "a.csv:1: acc is ''" + wanted);
  EXPECT_EQ(message("acc,0x"), "a.csv:1: acc is '0x'" + wanted);
  EXPECT_EQ(message("acc,4000"), "a.csv:1: acc is '4000'" + wanted);
  EXPECT_EQ(message("acc,0x40 "), "a.csv:1: acc is '0x40 '" + wanted);
  EXPECT_EQ(message("acc,0x-40"), "a.csv:1: acc is '0x-40'" + wanted);
  EXPECT_EQ(message("acc,0x40,0x1"), "a.csv:1: acc is '0x40,0x1'" + wanted);
  EXPECT_EQ(message("acc,0x1000000000000"), "a.csv:1: acc is '0x1000000000000'" + wanted);
  EXPECT_EQ(message("acc,0x10000000000000000"), "a.csv:1: acc is '0x10000000000000000'" + wanted);
  EXPECT_EQ(message("acc,0x5004"),
            "a.csv:1: acc is 0x5004, must be a multiple of 64, the bytes of one element");
  EXPECT_EQ(message("acc,\x01\n"), "a.csv:1: acc is '?'" + wanted) << "stays on one line";
  EXPECT_THAT(message(std::string(1000, 'x')), HasSubstr("xxx...'"));
}

// The programs of another compiler.

TEST_F(ProgramFilesTest, RealProgramsLoadDisassembleAndRoundTrip) {
  const std::filesystem::path programs = testing::DataDirectory() + "/vta_programs";
  if (!std::filesystem::is_directory(programs)) {
    GTEST_SKIP() << "no " << programs << "; set FOOTHOLD_DATA";
  }
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(programs)) {
    SCOPED_TRACE(entry.path().string());
    const auto files = LoadProgramFiles(*Env::Default(), entry.path().string(), Geometry{});
    ASSERT_TRUE(files.ok()) << files.status().message();
    for (const Instruction& instruction : files->program.instructions) {
      EXPECT_TRUE(Validate(instruction, Geometry{}).ok());
      EXPECT_FALSE(Disassemble(instruction).empty());
    }
    EXPECT_EQ(Disassemble(files->program.instructions.back()), "finish");
    const std::string copy = path() + "/" + entry.path().filename().string();
    const Status status = DumpProgramFiles(*Env::Default(), copy, *files, Geometry{});
    ASSERT_TRUE(status.ok()) << status.message();
    EXPECT_EQ(Contents(copy), Contents(entry.path()));
    ++count;
  }
  EXPECT_GT(count, 0);
}

TEST_F(ProgramFilesTest, ARealProgramsAddresses) {
  const std::filesystem::path program = testing::DataDirectory() + "/vta_programs/32x32_relu";
  if (!std::filesystem::is_directory(program)) {
    GTEST_SKIP() << "no " << program << "; set FOOTHOLD_DATA";
  }
  const auto files = LoadProgramFiles(*Env::Default(), program.string(), Geometry{});
  ASSERT_TRUE(files.ok()) << files.status().message();
  EXPECT_EQ(files->program.inp_address, 0x1000U);
  EXPECT_EQ(files->program.wgt_address, 0x2000U);
  EXPECT_EQ(files->program.out_address, 0x3000U);
  EXPECT_EQ(files->program.uop_address, 0x4000U);
  EXPECT_EQ(files->program.acc_address, 0x5000U);
  EXPECT_THAT(files->program.uops,
              ElementsAre(MicroOp{0, 0, 0}, MicroOp{0, 0, 0}, MicroOp{16, 0, 1}, MicroOp{32, 32, 0},
                          MicroOp{48, 32, 1}, MicroOp{0, 0, 0}));
}

}  // namespace
}  // namespace foothold::vta
