// foothold run: a deployed network on inputs, on the simulated VTA.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/common/output.h"
#include "cli/common/samples.h"
#include "formats/npy.h"
#include "network/deploy/deployed.h"

namespace foothold::cli {
namespace {

constexpr const char* kRunNetworkFooter =
    R"(Builds the folder's program in a temporary copy of it, with make and cc, and
runs it on the VTA that the folder simulates. Without -o, prints for each input
which output is the largest.

Example: the outputs of a compiled network
  foothold run out images.npy -o logits.npy)";

struct RunArguments {
  std::string folder;
  std::string inputs;
  std::string output;
};

formats::NpyArray ToArray(const std::vector<network::Tensor>& outputs,
                          const network::Shape& shape) {
  formats::NpyArray array;
  array.shape = shape;
  const auto count = static_cast<std::int64_t>(outputs.size());
  // A batch of 1 becomes the batch.
  if (!shape.empty() && shape.front() == 1) {
    array.shape.front() = count;
  } else {
    array.shape.insert(array.shape.begin(), count);
  }
  for (const network::Tensor& output : outputs) {
    array.values.insert(array.values.end(), output.floats().begin(), output.floats().end());
  }
  return array;
}

void PrintLargest(const std::vector<network::Tensor>& outputs) {
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const std::vector<float>& numbers = outputs[i].floats();
    std::size_t largest = 0;
    for (std::size_t j = 1; j < numbers.size(); ++j) {
      if (numbers[j] > numbers[largest]) largest = j;
    }
    PrintOut("input {}: output {} is the largest, {:g}\n", i, largest, numbers[largest]);
  }
}

Result<ExitCode> RunNetworkFolder(const RunArguments& arguments, const Session& session) {
  FOOTHOLD_ASSIGN_OR_RETURN(const network::Deployed deployed,
                            network::ReadDeployed(session.env, arguments.folder));
  FOOTHOLD_ASSIGN_OR_RETURN(const auto inputs,
                            ReadInputs(session.env, arguments.inputs, deployed.input));
  FOOTHOLD_ASSIGN_OR_RETURN(const auto outputs,
                            network::RunDeployed(session.env, arguments.folder, deployed, inputs,
                                                 [&] { return session.interrupt.load(); }));
  if (arguments.output.empty()) {
    PrintLargest(outputs);
    return ExitCode::kOk;
  }
  FOOTHOLD_RETURN_IF_ERROR(session.env.WriteFileAtomically(
      arguments.output, formats::FormatNpy(ToArray(outputs, deployed.output))));
  PrintOut("wrote {}: {} outputs\n", arguments.output, outputs.size());
  return ExitCode::kOk;
}

}  // namespace

void AddRun(CLI::App& app, Command& chosen) {
  auto arguments = std::make_shared<RunArguments>();
  CLI::App* run = app.add_subcommand("run", "Run a compiled network on the simulated VTA");
  run->footer(kRunNetworkFooter);
  run->add_option("FOLDER", arguments->folder, "Folder that foothold compile wrote")->required();
  run->add_option("INPUTS", arguments->inputs,
                  "Inputs as a .npy file, or a folder of such files: one or several")
      ->required();
  run->add_option("-o,--output", arguments->output, "Outputs as a .npy file of float32")
      ->type_name("FILE");
  run->callback([arguments, &chosen] {
    chosen = [arguments](const Session& session) { return RunNetworkFolder(*arguments, session); };
  });
}

}  // namespace foothold::cli
