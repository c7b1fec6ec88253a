// Whatever is read as a log can be written, and what is written reads back and is written the same.

#include <cstdlib>

#include "foothold/record.h"

namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

std::string Written(const foothold::LogContents& contents) {
  std::string text;
  for (const foothold::RunLog& run : contents.runs) {
    const auto& parameters = run.header.parameters;
    text += ToJsonLine(run.header, run.run) + '\n';
    for (const auto& trial : run.trials) text += ToJsonLine(trial, run.run, parameters) + '\n';
    for (const auto& build : run.builds) text += ToJsonLine(build, run.run, parameters) + '\n';
    for (const auto& started : run.unfinished) {
      text += ToJsonLine(started, run.run, parameters) + '\n';
    }
    for (const auto& withdrawn : run.withdrawn) {
      text += ToJsonLine(withdrawn, run.run, parameters) + '\n';
      text += ToJsonLine(foothold::WithdrawnRecord{withdrawn.trial}, run.run) + '\n';
    }
    for (const auto& final : run.finals) text += ToJsonLine(final, run.run) + '\n';
  }
  return text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto contents = foothold::ParseLog(text, "input");
  if (!contents.ok()) return 0;
  Require(contents->intact_bytes <= size);
  Require(contents->repaired.has_value() == (contents->intact_bytes < size));

  const auto prefix = foothold::ParseLog(text.substr(0, contents->intact_bytes), "prefix");
  Require(prefix.ok() && !prefix->repaired && Written(*prefix) == Written(*contents));

  const auto again = foothold::ParseLog(Written(*contents), "again");
  Require(again.ok() && !again->repaired && Written(*again) == Written(*contents));
  return 0;
}
