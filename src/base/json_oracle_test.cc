// Our JSON beside that of nlohmann/json, which nothing else here uses: on random values, and on
// texts that are almost JSON.
#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "foothold/rng.h"

namespace foothold::base {
namespace {

using Oracle = nlohmann::ordered_json;

constexpr int kRounds = 3'000;

std::string DumpOf(const Oracle& oracle, int indent, bool ascii_only) {
  return oracle.dump(indent, ' ', ascii_only, Oracle::error_handler_t::replace);
}

/// Bytes of every kind: ASCII, escapes, characters of each length, and what is not UTF-8.
std::string RandomString(Rng& rng) {
  constexpr std::array<std::string_view, 14> kPieces = {"a",
                                                        "Z9 ",
                                                        "\"",
                                                        "\\",
                                                        "\n",
                                                        "\x01",
                                                        "\x7f",
                                                        "\xc3\xa9",
                                                        "\xe2\x82\xac",
                                                        "\xf0\x9f\x98\x80",
                                                        "\xed\xa0\x80",
                                                        "\xff",
                                                        "\xe2\x82",
                                                        "/"};
  std::string text;
  for (auto pieces = rng.Below(6); pieces > 0; --pieces) text += kPieces[rng.Below(kPieces.size())];
  return text;
}

double RandomDouble(Rng& rng) {
  if (rng.Below(2) == 0) return std::bit_cast<double>(rng.Next());
  const auto digits = static_cast<double>(rng.Below(1'000'000));
  return digits * std::pow(10.0, static_cast<double>(rng.Below(44)) - 22);
}

/// The same random value twice; doubles only where `has_doubles`.
std::pair<Json, Oracle> RandomValue(Rng& rng, int depth, bool has_doubles) {
  switch (rng.Below(depth > 0 ? 8 : 6)) {
    case 0:
      return {nullptr, nullptr};
    case 1:
      return {true, true};
    case 2: {
      const auto value = static_cast<std::int64_t>(rng.Next() >> rng.Below(64));
      return {value, value};
    }
    case 3: {
      const std::uint64_t value = rng.Next();
      return {value, value};
    }
    case 4: {
      const double value = has_doubles ? RandomDouble(rng) : 0.5;
      return {value, value};
    }
    case 5: {
      const std::string value = RandomString(rng);
      return {value, value};
    }
    case 6: {
      std::pair<Json, Oracle> list = {Json::Array(), Oracle::array()};
      for (auto size = rng.Below(5); size > 0; --size) {
        const auto [ours, theirs] = RandomValue(rng, depth - 1, has_doubles);
        list.first.push_back(ours);
        list.second.push_back(theirs);
      }
      return list;
    }
    default: {
      std::pair<Json, Oracle> object = {Json::Object(), Oracle::object()};
      for (auto size = rng.Below(rng.Below(4) == 0 ? 40 : 5); size > 0; --size) {
        const std::string name = RandomString(rng);
        const auto [ours, theirs] = RandomValue(rng, depth - 1, has_doubles);
        object.first[name] = ours;
        object.second[name] = theirs;
      }
      return object;
    }
  }
}

TEST(JsonOracle, WritesTheSame) {
  for (std::uint64_t seed = 0; seed < kRounds; ++seed) {
    SCOPED_TRACE(seed);
    Rng rng(seed);
    const auto [ours, theirs] = RandomValue(rng, 4, false);
    for (const int indent : {-1, 0, 2}) {
      ASSERT_EQ(ours.Dump(indent), DumpOf(theirs, indent, false));
      ASSERT_EQ(ours.Dump({.indent = indent, .ascii_only = true}), DumpOf(theirs, indent, true));
    }
  }
}

/// Theirs are not always the shortest digits, nor the nearest of these: one double in 700 is
/// written otherwise.
TEST(JsonOracle, WritesDoublesTheSameOrAsShort) {
  int different = 0;
  for (std::uint64_t seed = 0; seed < 20 * kRounds; ++seed) {
    SCOPED_TRACE(seed);
    Rng rng(seed);
    const double value = RandomDouble(rng);
    const std::string ours = Json(value).Dump();
    const std::string theirs = Oracle(value).dump();
    if (!std::isfinite(value)) {
      ASSERT_EQ(ours, theirs);
      continue;
    }
    for (const auto numbers :
         {JsonStyle::Numbers::kJson, JsonStyle::Numbers::kPython, JsonStyle::Numbers::kShort}) {
      const auto read = Json::Parse(Json(value).Dump({.numbers = numbers}));
      ASSERT_TRUE(read.ok()) << ours;
      ASSERT_EQ(std::bit_cast<std::uint64_t>(read->number()), std::bit_cast<std::uint64_t>(value));
    }
    if (ours == theirs) continue;
    ++different;
    ASSERT_LE(ours.size(), theirs.size()) << ours << " " << theirs;
    ASSERT_EQ(Oracle::parse(ours).get<double>(), value) << ours;
  }
  EXPECT_LT(different, 20 * kRounds / 100);
}

TEST(JsonOracle, ReadsTheSame) {
  for (std::uint64_t seed = 0; seed < kRounds; ++seed) {
    SCOPED_TRACE(seed);
    Rng rng(seed);
    const Oracle oracle = RandomValue(rng, 4, true).second;
    const std::string text = DumpOf(oracle, static_cast<int>(rng.Below(3)) - 1, rng.Below(2) == 0);
    const auto read = Json::Parse(text, "random", 1);
    if (!read.ok()) {  // two names that differ only in what is not UTF-8
      ASSERT_NE(read.status().message().find("duplicate key"), std::string::npos)
          << read.status().message();
      continue;
    }
    ASSERT_EQ(Oracle::parse(read->Dump()), Oracle::parse(text)) << text;
  }
}

/// Cuts, doubles or changes a few bytes.
std::string Damaged(std::string text, Rng& rng) {
  constexpr std::string_view kBytes = "{}[]:,\"\\ \n0123456789-+.eEtrufalsn\xc3\xff\x01";
  for (auto changes = 1 + rng.Below(4); changes > 0 && !text.empty(); --changes) {
    const std::size_t at = rng.Below(text.size());
    switch (rng.Below(4)) {
      case 0:
        text.erase(at, 1 + rng.Below(4));
        break;
      case 1:
        text.insert(at, text.substr(rng.Below(text.size()), rng.Below(8)));
        break;
      case 2:
        text[at] = kBytes[rng.Below(kBytes.size())];
        break;
      default:
        text.insert(at, 1, kBytes[rng.Below(kBytes.size())]);
    }
  }
  return text;
}

TEST(JsonOracle, TakesWhatTheOtherTakesButForOurLimits) {
  int taken = 0;
  int refused = 0;
  for (std::uint64_t seed = 0; seed < 10 * kRounds; ++seed) {
    SCOPED_TRACE(seed);
    Rng rng(seed);
    const std::string text =
        Damaged(RandomValue(rng, 3, true).first.Dump(static_cast<int>(rng.Below(3)) - 1), rng);
    const auto ours = Json::Parse(text);
    const Oracle theirs = Oracle::parse(text, nullptr, /*allow_exceptions=*/false);
    if (ours.ok()) {
      ++taken;
      ASSERT_FALSE(theirs.is_discarded()) << text;
      ASSERT_EQ(Oracle::parse(ours->Dump()), theirs) << text;
    } else {
      ++refused;
      const std::string message = ours.status().message();
      ASSERT_TRUE(theirs.is_discarded() || message.find("duplicate key") != std::string::npos)
          << text << "\n"
          << message;
    }
  }
  EXPECT_GT(taken, kRounds);
  EXPECT_GT(refused, kRounds);
}

}  // namespace
}  // namespace foothold::base
