#include "base/json_cost.h"

#include <algorithm>
#include <cstddef>

namespace foothold::base {
namespace {

// Of the library's document, by its kinds of nodes; the arrays' share counts growing by doubling.
constexpr std::uint64_t kValueBytes = 48;
constexpr std::uint64_t kMemberBytes = 96;
constexpr std::uint64_t kContainerBytes = 48;

/// Any document may take so much.
constexpr std::uint64_t kAlwaysAllowed = std::uint64_t{160} << 20;
/// Caches of other tuners take about ten times their length.
constexpr std::uint64_t kMostPerByte = 16;

}  // namespace

std::uint64_t EstimateJsonBytes(std::string_view text) {
  std::uint64_t values = 1;
  std::uint64_t members = 0;
  std::uint64_t containers = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    switch (text[at]) {
      case '"':
        for (++at; at < text.size() && text[at] != '"'; ++at) at += text[at] == '\\' ? 1 : 0;
        break;
      case ',':
        ++values;
        break;
      case ':':
        ++members;
        break;
      case '[':
      case '{':
        ++containers;
        ++values;
        break;
      default:
        break;
    }
  }
  return kValueBytes * values + kMemberBytes * members + kContainerBytes * containers + text.size();
}

bool IsTooCostlyToParse(std::string_view text) {
  constexpr std::uint64_t kMostPossiblePerByte = kValueBytes + kContainerBytes + 1;
  if (text.size() <= kAlwaysAllowed / kMostPossiblePerByte) return false;
  return EstimateJsonBytes(text) > std::max(kAlwaysAllowed, kMostPerByte * text.size());
}

}  // namespace foothold::base
