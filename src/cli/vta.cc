// foothold vta: runs and disassembles raw VTA program files, the exchange format of VTA tools.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "base/json.h"
#include "cli/commands.h"
#include "cli/common/machine_argument.h"
#include "cli/common/output.h"
#include "cli/vta_build.h"
#include "cli/vta_run.h"
#include "targets/vta/isa/disassembler.h"
#include "targets/vta/isa/program_files.h"
#include "targets/vta/vta_target.h"

namespace foothold::cli {
namespace {

constexpr const char* kRunFooter =
    R"(DIR holds instructions.bin and, where they are not empty, uop.bin, input.bin, weight.bin, accumulator.bin, out.bin
(the output memory before the run) and memory_addresses.csv. expected_out.bin and expected_out_sram.bin hold the expected
results. The exit code is 1 when the program does not finish or computes something else.

Example: run a program, compare its output, and see what the first 20 instructions waited for
  foothold vta run programs/16x16_relu --timeline 20)";

void AddRunProgram(CLI::App& vta, Command& chosen) {
  auto arguments = std::make_shared<VtaRunArguments>();
  CLI::App* run = vta.add_subcommand("run", "Run a program on the simulated machine");
  run->footer(kRunFooter);
  run->add_option("DIR", arguments->directory, "Folder of raw program files")->required();
  run->add_option("--target", arguments->target, "Machine: vta:MACHINE or vta:FILE.json")
      ->capture_default_str();
  run->add_option("--semantics", arguments->semantics,
                  "Whose answer data get where implementations of VTA differ: fsim or chisel; "
                  "default: as the machine's RTL")
      ->check(CLI::IsMember({"fsim", "chisel"}));
  run->add_option("--timeline", arguments->timeline, "Show when the first N instructions ran")
      ->type_name("N");
  run->add_option("--output", arguments->output, "Write the output memory to FILE")
      ->type_name("FILE");
  run->add_flag("--json", arguments->json, "Print one JSON object");
  run->callback([arguments, &chosen] {
    chosen = [arguments](const Session& session) { return RunVtaProgram(*arguments, session); };
  });
}

constexpr const char* kBuildFooter =
    R"(Writes instructions.bin, uop.bin, the tensors that foothold verifies with, memory_addresses.csv and expected_out.bin:
what foothold vta run and other VTA tools read. The exit code is 1 when the config cannot be built.

Example: the best schedule of ResNet-18's C8 on TVM's PYNQ board, as files, and run
  foothold vta build resnet18.C8 index=575 --target vta:pynq -o c8
  foothold vta run c8)";

void AddBuild(CLI::App& vta, Command& chosen) {
  auto arguments = std::make_shared<VtaBuildArguments>();
  CLI::App* build = vta.add_subcommand("build", "Write a config's program as files");
  build->footer(kBuildFooter);
  build->add_option("LAYER", arguments->workload, "Workload: a layer, a file or an inline shape")
      ->required();
  build->add_option("CONFIG", arguments->config, "index=N, or values by name")->required();
  build->add_option("--target", arguments->target, "Machine: vta:MACHINE or vta:FILE.json")
      ->capture_default_str();
  build->add_option("-o,--output", arguments->directory, "Folder to write; created")
      ->type_name("DIR")
      ->required();
  build->add_flag("--json", arguments->json, "Print one JSON object");
  build->callback([arguments, &chosen] {
    chosen = [arguments](const Session& session) { return BuildVtaProgram(*arguments, session); };
  });
}

struct DisassembleArguments {
  std::string directory;
  std::string target = "vta:pynq";
  bool json = false;
};

void PrintText(const vta::DeviceProgram& program) {
  for (std::size_t i = 0; i < program.instructions.size(); ++i) {
    PrintOut("{:>6}  {}\n", i, vta::Disassemble(program.instructions[i]));
  }
  if (!program.uops.empty()) PrintOut("micro-ops\n");
  for (std::size_t i = 0; i < program.uops.size(); ++i) {
    PrintOut("{:>6}  {}\n", i, vta::Disassemble(program.uops[i]));
  }
}

void PrintJson(const vta::DeviceProgram& program) {
  base::Json json = {{"instructions", base::Json::Array()}, {"uops", base::Json::Array()}};
  for (const auto& instruction : program.instructions) {
    json["instructions"].push_back(vta::Disassemble(instruction));
  }
  for (const auto& uop : program.uops) json["uops"].push_back(vta::Disassemble(uop));
  PrintOut("{}\n", json.Dump(2));
}

Result<ExitCode> RunDisassemble(const DisassembleArguments& arguments, const Session& session) {
  FOOTHOLD_ASSIGN_OR_RETURN(const vta::VtaMachine machine,
                            FindVtaMachine(session.env, arguments.target));
  FOOTHOLD_ASSIGN_OR_RETURN(
      const vta::ProgramFiles files,
      vta::LoadProgramFiles(session.env, arguments.directory, machine.geometry));
  arguments.json ? PrintJson(files.program) : PrintText(files.program);
  return ExitCode::kOk;
}

void AddDisassemble(CLI::App& vta, Command& chosen) {
  auto arguments = std::make_shared<DisassembleArguments>();
  CLI::App* disassemble = vta.add_subcommand("disasm", "Show a program's instructions");
  disassemble->footer("Example:\n  foothold vta disasm programs/16x16_relu");
  disassemble->add_option("DIR", arguments->directory, "Folder of raw program files")->required();
  disassemble
      ->add_option("--target", arguments->target, "Machine whose geometry the encoding follows")
      ->capture_default_str();
  disassemble->add_flag("--json", arguments->json, "Print one JSON object");
  disassemble->callback([arguments, &chosen] {
    chosen = [arguments](const Session& session) { return RunDisassemble(*arguments, session); };
  });
}

}  // namespace

void AddVta(CLI::App& app, Command& chosen) {
  CLI::App* vta =
      app.add_subcommand("vta", "Build, run or disassemble VTA programs, show a machine");
  vta->footer("Example: run a program and compare its output\n  foothold vta run programs/16x16");
  AddBuild(*vta, chosen);
  AddRunProgram(*vta, chosen);
  AddDisassemble(*vta, chosen);
  AddVtaMachine(*vta, chosen);
}

}  // namespace foothold::cli
