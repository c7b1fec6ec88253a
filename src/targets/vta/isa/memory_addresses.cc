#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "targets/vta/isa/isa_table.h"
#include "targets/vta/isa/program_files.h"

namespace foothold::vta {
namespace {

// DRAM is addressed by 32-bit element numbers, elements being at most some KiB.
constexpr std::uint64_t kMaxAddress = std::uint64_t{1} << 48;

struct Row {
  std::string_view key;
  std::uint64_t ListedAddresses::*address;
  MemoryId memory;
};
constexpr std::array<Row, 5> kRows = {{
    {"inp", &ListedAddresses::inp, MemoryId::kInp},
    {"wgt", &ListedAddresses::wgt, MemoryId::kWgt},
    {"out", &ListedAddresses::out, MemoryId::kOut},
    {"uop", &ListedAddresses::uop, MemoryId::kUop},
    {"acc", &ListedAddresses::acc, MemoryId::kAcc},
}};
constexpr std::string_view kInsnKey = "insn";

std::string LowerCase(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

// "0x5000", or nothing.
std::optional<std::uint64_t> ParseHex(std::string_view text) {
  if (!text.starts_with("0x") && !text.starts_with("0X")) return std::nullopt;
  text.remove_prefix(2);
  std::uint64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value, 16);
  if (text.empty() || error != std::errc() || stop != end) return std::nullopt;
  return value;
}

// Quotes what a file holds so that it stays on one line of a message.
std::string Quoted(std::string_view text) {
  constexpr std::size_t kMost = 40;
  std::string quoted = "'";
  for (const char c : text.substr(0, kMost)) quoted += c >= ' ' && c <= '~' ? c : '?';
  return quoted + (text.size() > kMost ? "...'" : "'");
}

std::int64_t ElementBytes(std::string_view key, const Geometry& geometry) {
  for (const Row& row : kRows) {
    if (row.key == key) return DramElementBytes(row.memory, geometry);
  }
  return kInstructionBytes;
}

// One line of the file; the message of a failure is without path and line.
Status ParseLine(std::string_view line, const Geometry& geometry, std::vector<std::string>& seen,
                 ListedAddresses& listed) {
  const std::size_t comma = line.find(',');
  const std::string key = LowerCase(line.substr(0, comma));
  const auto row =
      std::find_if(kRows.begin(), kRows.end(), [&](const Row& r) { return r.key == key; });
  if (row == kRows.end() && key != kInsnKey) {
    return Status::InvalidArgument(fmt::format("key is {}, must be inp, wgt, out, uop, acc or insn",
                                               Quoted(line.substr(0, comma))));
  }
  if (std::find(seen.begin(), seen.end(), key) != seen.end()) {
    return Status::InvalidArgument(fmt::format("{} is listed twice, must be listed once", key));
  }
  seen.push_back(key);
  const std::string_view cell =
      comma == std::string_view::npos ? std::string_view() : line.substr(comma + 1);
  const auto address = ParseHex(cell);
  if (!address || *address >= kMaxAddress) {
    return Status::InvalidArgument(
        fmt::format("{} is {}, must be an address in hexadecimal below 2^48 such as 0x4000", key,
                    Quoted(cell)));
  }
  const std::int64_t bytes = ElementBytes(key, geometry);
  if (*address % static_cast<std::uint64_t>(bytes) != 0) {
    return Status::InvalidArgument(fmt::format(
        "{} is {:#x}, must be a multiple of {}, the bytes of one element", key, *address, bytes));
  }
  if (row != kRows.end()) {
    listed.*row->address = *address;
  } else {
    listed.insn = *address;
  }
  return {};
}

}  // namespace

Result<ListedAddresses> ParseMemoryAddresses(std::string_view text, std::string_view path,
                                             const Geometry& geometry) {
  ListedAddresses listed;
  std::vector<std::string> seen;
  for (int number = 1; !text.empty(); ++number) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) continue;
    if (const Status status = ParseLine(line, geometry, seen, listed); !status.ok()) {
      return Status::InvalidArgument(fmt::format("{}:{}: {}", path, number, status.message()));
    }
  }
  return listed;
}

std::string FormatMemoryAddresses(const ListedAddresses& listed) {
  std::string text;
  for (const Row& row : kRows) {
    text += fmt::format("{},0x{:04x}\r\n", row.key, listed.*row.address);
  }
  if (listed.insn) text += fmt::format("{},0x{:04x}\r\n", kInsnKey, *listed.insn);
  return text;
}

ListedAddresses AddressesOf(const DeviceProgram& program) {
  return {program.inp_address, program.wgt_address, program.out_address,
          program.uop_address, program.acc_address, std::nullopt};
}

}  // namespace foothold::vta
