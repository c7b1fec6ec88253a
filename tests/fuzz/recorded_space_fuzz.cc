// Whatever is read as a recorded space is written as a T4 file that reads back equal, and as a
// Kernel Tuner cache that reads back. The input's first byte chooses the format.

#include <cstdlib>

#include "foothold/recorded_space.h"
#include "foothold/replayed_space.h"
#include "formats/gzip.h"

namespace {

using foothold::RecordedSpace;
using foothold::Result;

void Require(bool condition) {
  if (!condition) std::abort();
}

Result<RecordedSpace> Parsed(char format, std::string_view text) {
  if (format == 'k') return foothold::ParseKernelTunerCache(text, "input");
  if (format == 't') return foothold::ParseT4(text, "input");
  if (format == 'g') {
    if (!foothold::formats::IsGzip(text)) return foothold::Status::InvalidArgument("is not gzip");
    FOOTHOLD_ASSIGN_OR_RETURN(const std::string unpacked, foothold::formats::Gunzip(text, "input"));
    return foothold::ParseKernelTunerCache(unpacked, "input");
  }
  return foothold::ParseKtt(text, "input");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (text.empty()) return 0;
  const Result<RecordedSpace> space = Parsed(text[0], text.substr(1));
  if (!space.ok()) {
    Require(space.status().message().find('\n') == std::string::npos);
    return 0;
  }
  const Result<RecordedSpace> again = foothold::ParseT4(WriteT4(*space).text, "t4");
  Require(again.ok() && again->parameters == space->parameters && again->trials == space->trials);
  const Result<RecordedSpace> cache =
      foothold::ParseKernelTunerCache(WriteKernelTunerCache(*space).text, "cache");
  Require(cache.ok() && cache->trials.size() <= space->trials.size());
  const auto replayed = foothold::ReplayedSpace::Create(*space, "input");
  if (!replayed.ok()) return 0;
  for (const foothold::RecordedTrial& trial : space->trials) {
    Require(replayed->space().IsValid(trial.config));
  }
  return 0;
}
