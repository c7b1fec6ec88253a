// Any text as a command-target file, and as what a run prints: a usable file or report comes out,
// or one line that says why not.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "targets/child/output_line.h"
#include "targets/child/run_report.h"
#include "targets/command/command_file.h"

namespace {

using foothold::Status;

void Require(bool condition) {
  if (!condition) std::abort();
}

void RequireOneLine(const Status& status) { Require(!status.ok() && !status.message().empty()); }

void RequireLogLine(const std::string& line) {
  Require(line.size() <= 203);
  for (const char c : line) Require(c >= ' ' && c < '\x7f');
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto file = foothold::command::ParseCommandFile(text, "fuzz");
  if (file.ok()) {
    Require(!file->run.command.empty());
    for (const auto* placed : foothold::command::TextsOf(*file)) Require(!placed->where.empty());
    Require(foothold::Space::Create(file->parameters, file->constraints).ok());
  } else {
    RequireOneLine(file.status());
  }
  const auto report = foothold::child::ParseRunReport(text);
  if (report.ok()) {
    Require(!report->correct || !report->seconds.empty());
    for (const double seconds : report->seconds) Require(seconds > 0);
  } else {
    RequireOneLine(report.status());
  }
  RequireLogLine(foothold::child::LastLine(text));
  RequireLogLine(foothold::child::FirstErrorLine(text));
  return 0;
}
