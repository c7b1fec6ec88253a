#include "cli/echo_env.h"

#include <algorithm>
#include <string>

#include "base/env_over_env.h"
#include "cli/common/output.h"

namespace foothold::cli {
namespace {

constexpr std::size_t kShownBytes = 1 << 20;

/// As one would type it: quoted where a shell would read it otherwise.
std::string Quoted(const std::string& word) {
  const bool is_plain = !word.empty() && std::all_of(word.begin(), word.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
           std::string_view("_-./=:,+%@").find(c) != std::string_view::npos;
  });
  if (is_plain) return word;
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

void ShowStart(const ProcessCommand& command) {
  std::string line = "$";
  for (const std::string& word : command.argv) line += " " + Quoted(word);
  PrintErr("{}\n", line);
}

void ShowOutput(const CapturedOutput& output) {
  WriteErr(output.text);
  if (!output.text.empty() && !output.text.ends_with('\n')) WriteErr("\n");
}

class EchoEnv final : public base::EnvOverEnv {
 public:
  explicit EchoEnv(Env& base) : EnvOverEnv(base) {}

  Result<ProcessResult> RunProcess(const ProcessCommand& command,
                                   const Cancelled& cancelled) override {
    ShowStart(command);
    ProcessCommand kept = command;
    kept.kept_output_bytes = std::max(kept.kept_output_bytes, kShownBytes);
    Result<ProcessResult> result = base_.RunProcess(kept, cancelled);
    if (!result.ok()) return result;
    ShowOutput(result->out);
    ShowOutput(result->err);
    if (!result->succeeded()) PrintErr("({})\n", Describe(*result, command.limits));
    return result;
  }
};

}  // namespace

std::unique_ptr<Env> MakeEchoEnv(Env& base) { return std::make_unique<EchoEnv>(base); }

}  // namespace foothold::cli
