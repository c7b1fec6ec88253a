#include "records/log/changes.h"

#include <gtest/gtest.h>

#include "core/target/dependencies.h"

namespace foothold::records {
namespace {

const std::string kHashA = "sha256 ab12cd34" + std::string(56, 'a');
const std::string kHashB = "sha256 56ef7890" + std::string(56, 'b');

RunHeader Header(Dependencies dependencies, std::vector<Parameter> parameters = {}) {
  RunHeader header;
  header.dependencies = std::move(dependencies);
  header.parameters = std::move(parameters);
  return header;
}

std::string Said(const RunHeader& before, const RunHeader& after) {
  return ListOf(ChangesBetween(before, after));
}

TEST(ChangesTest, SaysWhatChangedAndHow) {
  EXPECT_EQ(Said(Header({{"k.cl", kHashA}}), Header({{"k.cl", kHashA}})), "");
  EXPECT_EQ(Said(Header({{"k.cl", kHashA}}), Header({{"k.cl", kHashB}})),
            "k.cl (sha256 ab12cd34 -> sha256 56ef7890)");
  EXPECT_EQ(Said(Header({{"compiler version", "gcc 12.2.0"}}),
                 Header({{"compiler version", "gcc 13.1.0"}})),
            "compiler version (gcc 12.2.0 -> gcc 13.1.0)");
  EXPECT_EQ(Said(Header({{"a.h", kHashA}}), Header({{"b.h", kHashA}})), "a.h (gone), b.h (new)");
}

TEST(ChangesTest, SaysWhichParameterOrConstraint) {
  const Parameter tile{"tile", {8, 16}}, more{"tile", {8, 16, 32}}, unroll{"unroll", {1}};
  EXPECT_EQ(Said(Header({}, {tile}), Header({}, {more})), "parameter tile (8, 16 -> 8, 16, 32)");
  EXPECT_EQ(Said(Header({}, {tile}), Header({}, {tile, unroll})), "parameter unroll (new)");
  EXPECT_EQ(Said(Header({}, {tile, unroll}), Header({}, {tile})), "parameter unroll (gone)");
  EXPECT_EQ(Said(Header({}, {tile, unroll}), Header({}, {unroll, tile})),
            "parameter order (as it was -> another)");
  EXPECT_EQ(Said(Header({{"constraint a is at most 4", "over a"}, {"valid configs", "4 of 9"}}),
                 Header({{"constraint a is at most 5", "over a"}, {"valid configs", "5 of 9"}})),
            "constraint a is at most 4 (gone), constraint a is at most 5 (new)");
  EXPECT_EQ(Said(Header({{"constraint c", "over a"}, {"valid configs", "4 of 9"}}),
                 Header({{"constraint c", "over a"}, {"valid configs", "5 of 9"}})),
            "valid configs (4 of 9 -> 5 of 9)")
      << "the same description over another predicate";
}

TEST(ChangesTest, AFileThatWasNotThereIsMadeByCandidates) {
  const RunHeader without = Header({{"out", target::kAbsentFile}}),
                  with = Header({{"out", kHashA}});
  EXPECT_EQ(Said(without, with), "");
  EXPECT_EQ(Said(without, Header({})), "");
  EXPECT_EQ(Said(Header({}), without), "");
  EXPECT_EQ(Said(with, without), "out (gone)");
  EXPECT_EQ(Said(Header({}), with), "out (new)");
  EXPECT_EQ(ListOf(AppearedSince(without, with)), "out (new)");
  EXPECT_EQ(ListOf(AppearedSince(with, with)), "");
  EXPECT_EQ(ListOf(AppearedSince(without, without)), "");
}

TEST(ChangesTest, OfManyTheFirstAreNamed) {
  Dependencies before, after;
  for (const char* name : {"a", "b", "c", "d", "e"}) before[name] = "1", after[name] = "2";
  EXPECT_EQ(Said(Header(before), Header(after)), "a (1 -> 2), b (1 -> 2), c (1 -> 2) and 2 more");
}

TEST(ChangesTest, WhatIsUnknownIsNotCompared) {
  RunHeader old;
  EXPECT_TRUE(ChangesBetween(old, Header({{"k.cl", kHashA}})).empty());
}

TEST(ChangesTest, LongValuesAreCut) {
  EXPECT_EQ(Abbreviated("4 of 9, " + kHashA), "4 of 9, sha256 ab12cd34");
  EXPECT_EQ(Abbreviated("0xdeadbeef stays"), "0xdeadbeef stays");
  EXPECT_EQ(Abbreviated(std::string(70, 'x')), std::string(60, 'x') + "...");
  const std::string accents = std::string(59, 'x') + "\xc3\xa9\xc3\xa9";
  EXPECT_EQ(Abbreviated(accents), std::string(59, 'x') + "...") << "no character is cut in two";
}

}  // namespace
}  // namespace foothold::records
