// Whatever is read as an exploration is intact as far as it says, and its blocks are written as
// they were read. Checksums keep mutated files out, so the input is also taken for the payload of a
// block.

#include <cstdlib>
#include <string>

#include "records/ground_truth/block.h"
#include "records/ground_truth/ground_truth_file.h"

namespace {

constexpr std::uint64_t kConfigs = 4;

void Require(bool condition) {
  if (!condition) std::abort();
}

void ReadFile(std::string_view bytes) {
  const auto contents = foothold::records::ParseGroundTruth(bytes, "input");
  if (!contents.ok() || !*contents) return;
  const std::uint64_t intact = (*contents)->intact_bytes;
  Require(intact <= bytes.size());
  Require((*contents)->repaired.has_value() == (intact < bytes.size()));
  const auto again = foothold::records::ParseGroundTruth(bytes.substr(0, intact), "prefix");
  Require(again.ok() && *again && !(*again)->repaired);
  Require((*again)->exploration.size() == (*contents)->exploration.size());
}

foothold::records::GroundTruth Empty() {
  foothold::records::GroundTruthHeader header;
  header.workload = {"tiny", foothold::Dense{1, 32, 64}, {}};
  header.parameters = {{"a", {0, 1, 2, 3}}};
  return *foothold::records::GroundTruth::Create(header);
}

void ReadBlock(std::string_view payload) {
  foothold::records::GroundTruth read = Empty();
  if (!foothold::records::DecodeBlock(payload, kConfigs, "input", read).ok()) return;
  Require(read.complete());
  // The JSON may have been spaced otherwise, so it is the second writing that must be the same.
  const std::string written = EncodeBlock(read, 0, 0);
  foothold::records::GroundTruth again = Empty();
  Require(foothold::records::DecodeBlock(written, kConfigs, "again", again).ok());
  Require(EncodeBlock(again, 0, 0) == written);
  Require(again.verdicts() == read.verdicts());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  ReadFile(bytes);
  ReadBlock(bytes);
  return 0;
}
