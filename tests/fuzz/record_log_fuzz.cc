// Whatever is read as a log, damaged or not, is written as a log without damage that says the same;
// and it is read the same in pieces of any size. The lines' checksums are those of the seeds, which
// no fuzzer finds; so the seeds are of version 1, which does without.

#include <cstdlib>

#include "foothold/record.h"
#include "records/log/log_parser.h"

namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

void RequireTheSameInPieces(std::string_view text, const foothold::LogContents& contents) {
  const std::size_t size = 1 + text.size() % 64;
  foothold::records::LogParser parser("input");
  for (std::size_t at = 0; at < text.size(); at += size) {
    Require(parser.Feed(text.substr(at, size)).ok());
  }
  Require(parser.Finish().ok());
  Require(parser.contents().intact_bytes == contents.intact_bytes);
  Require(parser.contents().damaged.size() == contents.damaged.size());
  Require(ToJsonLines(parser.contents()) == ToJsonLines(contents));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto contents = foothold::ParseLog(text, "input");
  if (!contents.ok()) return 0;
  Require(contents->intact_bytes <= size);
  Require(contents->repaired.has_value() == (contents->intact_bytes < size));
  const std::string written = ToJsonLines(*contents);

  const auto prefix = foothold::ParseLog(text.substr(0, contents->intact_bytes), "prefix");
  Require(prefix.ok());
  // A damaged line in front of the torn one is the last one now, and so a torn one itself: of a log
  // without damage, whose unfinished trials say something else.
  if (prefix->repaired) Require(!contents->damaged.empty());
  if (!prefix->repaired) Require(ToJsonLines(*prefix) == written);

  const auto again = foothold::ParseLog(written, "again");
  Require(again.ok() && !again->repaired && again->damaged.empty());
  Require(ToJsonLines(*again) == written);
  RequireTheSameInPieces(text, *contents);
  return 0;
}
