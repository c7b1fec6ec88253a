#include "formats/t1/expression.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <sstream>

#include "foothold/env.h"
#include "foothold/rng.h"
#include "process/testing/temporary_folder.h"

namespace foothold::t1 {
namespace {

using ::testing::ElementsAre;

const std::map<std::string, Value, std::less<>> kNames = {
    {"a", {std::int64_t{7}}},
    {"b", {std::int64_t{-3}}},
    {"half", {0.5}},
    {"word", {std::string("left")}},
    {"yes", {true}},
    {"sizes", {Value::List{{std::int64_t{4}}, {std::int64_t{6}}}}},
    {"workload.height", {std::int64_t{14}}}};

const Value* Lookup(std::string_view name) {
  const auto found = kNames.find(name);
  return found == kNames.end() ? nullptr : &found->second;
}

/// The value as Python would print it, or the message.
std::string Of(std::string_view text) {
  const auto expression = Expression::Parse(text);
  if (!expression.ok()) return expression.status().message();
  const auto value = expression->Evaluate(Lookup);
  return value.ok() ? ToText(*value) : value.status().message();
}

TEST(Expression, NumbersAndOperators) {
  EXPECT_EQ(Of("1 + 2 * 3"), "7");
  EXPECT_EQ(Of("(1 + 2) * 3"), "9");
  EXPECT_EQ(Of("7 / 2"), "3.5");
  EXPECT_EQ(Of("8 / 2"), "4.0");
  EXPECT_EQ(Of("-7 // 2"), "-4");
  EXPECT_EQ(Of("-7 % 3"), "2");
  EXPECT_EQ(Of("7 % -3"), "-2");
  EXPECT_EQ(Of("-7.5 % 2"), "0.5");
  EXPECT_EQ(Of("7.5 // 2"), "3.0");
  EXPECT_EQ(Of("2 ** 3 ** 2"), "512");
  EXPECT_EQ(Of("-2 ** 2"), "-4");
  EXPECT_EQ(Of("2 ** -1"), "0.5");
  EXPECT_EQ(Of("1 << 4 | 3 & 2 ^ 1"), "19");
  EXPECT_EQ(Of("~5 >> 1"), "-3");
  EXPECT_EQ(Of("1e3 + .5"), "1000.5");
  EXPECT_EQ(Of("True + True"), "2");
  EXPECT_EQ(Of("True & (1 < 2)"), "True");  // of two truth values a truth value
}

TEST(Expression, ComparisonsAndLogic) {
  EXPECT_EQ(Of("32 <= a * 8 <= 64"), "True");
  EXPECT_EQ(Of("1 < a < 5"), "False");
  EXPECT_EQ(Of("not a == 7 or b < 0 and half > 0.25"), "True");
  EXPECT_EQ(Of("0 or word"), "left");  // the operand itself, as in Python
  EXPECT_EQ(Of("a and 0.0"), "0.0");
  EXPECT_EQ(Of("1 == 1.0 and 1 == True and '1' != 1"), "True");
  EXPECT_EQ(Of("a in [1, 7] and a not in (1, 2)"), "True");
  EXPECT_EQ(Of("word == \"left\""), "True");
  EXPECT_EQ(Of("4611686018427387905 == 4611686018427387904.0"), "False");  // exact, as in Python
  EXPECT_EQ(Of("1 if a > 3 else 2"), "1");
  EXPECT_EQ(Of("a == 7 or 1 // 0"), "True");  // what decides ends it
}

TEST(Expression, ListsAndFunctions) {
  EXPECT_EQ(Of("[1, 2] + list(range(32, 128+1, 32))"), "[1, 2, 32, 64, 96, 128]");
  EXPECT_EQ(Of("[2**i for i in range(0, 6)]"), "[1, 2, 4, 8, 16, 32]");
  EXPECT_EQ(Of("[i for i in range(10) if i % 3 == 0]"), "[0, 3, 6, 9]");
  EXPECT_EQ(Of("[[i * j for j in range(2)] for i in range(3)]"), "[[0, 0], [0, 1], [0, 2]]");
  EXPECT_EQ(Of("[i for i in [j + 1 for j in range(2)]] + [[1]]"), "[1, 2, [1]]");
  EXPECT_EQ(Of("range(5, 0, -2)"), "[5, 3, 1]");
  EXPECT_EQ(Of("sizes[0] * sizes[-1]"), "24");
  EXPECT_EQ(Of("max(sizes) - min(a, b, 2)"), "9");
  EXPECT_EQ(Of("sum(i for i in range(4)) + len(sizes) + abs(b)"), "11");
  EXPECT_EQ(Of("ceil(7 / 2) + math.floor(-0.5) + int(-1.5) + round(2.5)"), "4");
  EXPECT_EQ(Of("sorted([3, 1, 2.5])"), "[1, 2.5, 3]");
  EXPECT_EQ(Of("all([1, a]) and not any([0, ''])"), "True");
  EXPECT_EQ(Of("log2(8) + sqrt(4) + float(1)"), "6.0");
  EXPECT_EQ(Of("workload.height // 2"), "7");
  EXPECT_EQ(Of("(1, 2,)"), "[1, 2]");
  EXPECT_EQ(Of("()"), "[]");
}

TEST(Expression, WhatDoesNotParseSaysWhereAndWhatWouldBeRight) {
  EXPECT_EQ(Of(""), "column 1: found the end, expected a value");
  EXPECT_EQ(Of("1 +"), "column 4: found the end, expected a value");
  EXPECT_EQ(Of("a b"), "column 3: found \"b\", expected an operator or the end");
  EXPECT_EQ(Of("(1"), "column 3: found the end, expected \",\" or \")\"");
  EXPECT_EQ(Of("[1 2]"), "column 4: found \"2\", expected \",\" or \"]\"");
  EXPECT_EQ(Of("1 = 1"), "column 3: unexpected \"=\"");
  EXPECT_EQ(Of("'left"), "column 1: the quote is never closed");
  EXPECT_EQ(Of("3x"), "column 1: \"3x\" is no number");
  EXPECT_EQ(Of("012"), "column 1: 012 begins with 0");
  EXPECT_EQ(Of("99999999999999999999"),
            "column 1: 99999999999999999999 leaves the whole numbers of 64 bits");
  EXPECT_THAT(Of("exec('x')"), ::testing::StartsWith("column 1: there is no function \"exec\"; "
                                                     "there are abs, all, "));
  EXPECT_EQ(Of("abs(1, 2)"), "column 1: abs takes 1 to 1 arguments, not 2");
  EXPECT_EQ(Of("1 if 2"), "column 7: found the end, expected \"else\"");
  EXPECT_EQ(Of("a not 3"), "column 3: found \"not\", expected an operator or the end");
  EXPECT_EQ(Of("lambda"), "column 1: found \"lambda\", expected a value");
}

TEST(Expression, WhatCannotBeComputedSaysWhereAndWhy) {
  EXPECT_EQ(Of("1 + 2 // 0"), "column 7: divides by zero");
  EXPECT_EQ(Of("1.0 % 0"), "column 5: divides by zero");
  EXPECT_EQ(Of("9223372036854775807 + 1"), "column 21: leaves the whole numbers of 64 bits");
  EXPECT_EQ(Of("(-9223372036854775807 - 1) // -1"),
            "column 28: leaves the whole numbers of 64 bits");
  EXPECT_EQ(Of("2 ** 63"), "column 3: leaves the whole numbers of 64 bits");
  EXPECT_EQ(Of("1e308 * 10"), "column 7: is no finite number");
  EXPECT_EQ(Of("(-8) ** 0.5"), "column 6: is no finite number");
  EXPECT_EQ(Of("nobody + 1"), "column 1: \"nobody\" has no value here");
  EXPECT_EQ(Of("word < 3"), "column 6: < takes no text and whole number");
  EXPECT_EQ(Of("sizes * 2"), "column 7: * takes no list and whole number");
  EXPECT_EQ(Of("max(a)"), "column 1: max takes a list, not a whole number");
  EXPECT_EQ(Of("max([])"), "column 1: max of nothing");
  EXPECT_EQ(Of("sizes[2]"), "column 6: has no element 2 of 2");
  EXPECT_EQ(Of("half & 1"), "column 6: & takes whole numbers only");
  EXPECT_EQ(Of("[i for i in 3]"), "column 4: goes over a whole number, not a list");
}

TEST(Expression, NothingTakesLongOrRunsOutOfMemory) {
  EXPECT_THAT(Of("range(1000000000000)"), ::testing::HasSubstr("more than 100000 elements"));
  EXPECT_THAT(Of("[[j for j in range(10000)] for i in range(10000)]"),
              ::testing::HasSubstr("takes more than 1000000 steps"));
  EXPECT_THAT(Of(std::string(10'000, '(')), ::testing::HasSubstr("is nested more than 200 deep"));
  EXPECT_THAT(Of(std::string(10'000, '-') + "1"),
              ::testing::HasSubstr("is nested more than 200 deep"));
  EXPECT_THAT(Of(std::string(10'000, '[')), ::testing::HasSubstr("is nested more than 200 deep"));
  std::string chain = "1";
  for (int i = 0; i < 5'000; ++i) chain += "+1";
  EXPECT_THAT(Of(chain), ::testing::HasSubstr("is nested more than 200 deep"));
  EXPECT_THAT(Of(std::string(100'000, ' ')),
              ::testing::HasSubstr("is longer than 65536 characters"));
}

TEST(Expression, NamesAreThoseLeftOpen) {
  const auto names = Expression::Parse("b + [i * a for i in sizes][a] + max(b)")->Names();
  std::vector<std::string> found;
  for (const auto& name : names) found.push_back(fmt::format("{}@{}", name.name, name.column));
  EXPECT_THAT(found, ElementsAre("b@1", "a@10", "sizes@21"));
}

/// Random expressions of T1's part of Python, small enough that few leave 64 bits.
class Generator {
 public:
  explicit Generator(std::uint64_t seed) : rng_(seed) {}

  std::string Any(int depth) {
    if (depth == 0) return Leaf();
    switch (rng_.Below(12)) {
      case 0:
        return fmt::format("{} and {}", Any(depth - 1), Any(depth - 1));
      case 1:
        return fmt::format("{} or not {}", Any(depth - 1), Any(depth - 1));
      case 2:
        return fmt::format("({} if {} else {})", Any(depth - 1), Any(depth - 1), Any(depth - 1));
      case 3:
        return fmt::format("{}({}, {})", Pick({"max", "min"}), Any(depth - 1), Any(depth - 1));
      case 4:
        return fmt::format("{}({})", Pick({"abs", "ceil", "floor", "int", "round", "float"}),
                           Any(depth - 1));
      case 5:
        return fmt::format("sum([i * {} for i in range({}) if i != {}])", Leaf(), rng_.Below(6),
                           Leaf());
      case 6:
        return fmt::format("{} {} {} {} {}", Leaf(), Comparison(), Any(depth - 1), Comparison(),
                           Leaf());
      case 7:
        return fmt::format("{} {} [{}, {}]", Any(depth - 1), Pick({"in", "not in"}), Leaf(),
                           Leaf());
      default:
        return fmt::format("{}{} {} {}", Pick({"", "", "-", "~", "+"}), Group(depth - 1),
                           Pick({"+", "-", "*", "/", "//", "%", "**", "&", "|", "^", "<<", ">>"}),
                           Group(depth - 1));
    }
  }

 private:
  // Often without parentheses, so that precedence shows.
  std::string Group(int depth) {
    return rng_.Below(3) == 0 ? fmt::format("({})", Any(depth)) : Any(depth);
  }
  std::string Leaf() {
    switch (rng_.Below(6)) {
      case 0:
        return Pick({"a", "b", "half", "yes"});
      case 1:
        return Pick({"0.5", "1.5", "2.0", "1e2", ".25"});
      case 2:
        return Pick({"True", "False", "sizes[0]", "sizes[-1]"});
      default:
        return std::to_string(rng_.Below(12));
    }
  }
  std::string Comparison() { return Pick({"<", "<=", ">", ">=", "==", "!="}); }
  std::string Pick(std::initializer_list<const char*> words) {
    return *(words.begin() + rng_.Below(words.size()));
  }

  Rng rng_;
};

/// Python itself, the oracle: evaluates each line of a file. What leaves 64 bits, or is no finite
/// real number, is an error here and not there.
constexpr const char* kPython = R"(import sys
from math import ceil, floor, isfinite
def show(line):
    names = dict(a=7, b=-3, half=0.5, yes=True, sizes=[4, 6], ceil=ceil, floor=floor)
    try:
        value = eval(line, names)
    except Exception:
        return "error"
    if isinstance(value, complex) or isinstance(value, float) and not isfinite(value):
        return "error"
    if isinstance(value, int) and not -2**63 <= value < 2**63:
        return "error"
    return "%.12g" % value if isinstance(value, float) else str(value)
for line in open(sys.argv[1]):
    print(show(line))
)";

std::string Shown(const std::string& text) {
  const auto expression = Expression::Parse(text);
  if (!expression.ok()) return expression.status().message();
  const auto value = expression->Evaluate(Lookup);
  if (!value.ok()) return "error: " + value.status().message();
  const auto* number = std::get_if<double>(&value->held);
  return number != nullptr ? fmt::format("{:.12g}", *number) : ToText(*value);
}

TEST(Expression, MeansWhatPythonSays) {
  constexpr std::uint64_t kSeed = 20261121;
  constexpr int kExpressions = 4000;
  Generator generator(kSeed);
  std::vector<std::string> lines;
  std::string file;
  for (int i = 0; i < kExpressions; ++i) {
    lines.push_back(generator.Any(1 + i % 4));
    file += lines.back() + "\n";
  }
  Env& env = *Env::Default();
  const foothold::testing::TemporaryFolder folder;
  ASSERT_TRUE(env.WriteFileAtomically(folder.File("oracle.py"), kPython).ok());
  ASSERT_TRUE(env.WriteFileAtomically(folder.File("lines"), file).ok());
  ProcessCommand command{{"python3", folder.File("oracle.py"), folder.File("lines")}, "", {}, {}};
  command.kept_output_bytes = 8 << 20;
  command.limits.wall_s = 120;
  command.limits.memory_bytes = std::uint64_t{1} << 30;
  const auto process = env.RunProcess(command, nullptr);
  if (!process.ok()) GTEST_SKIP() << "there is no python3 to compare with";
  ASSERT_TRUE(process->succeeded()) << process->err.text;

  std::istringstream answers(process->out.text);
  int compared = 0;
  for (const std::string& line : lines) {
    std::string expected;
    ASSERT_TRUE(std::getline(answers, expected)) << line;
    const std::string shown = Shown(line);
    // An intermediate result beyond 64 bits is an error here only; it is said, never wrong.
    if (shown.starts_with("error: ")) continue;
    ++compared;
    EXPECT_EQ(shown, expected) << line << " (seed " << kSeed << ")";
  }
  // Which expressions are drawn depends on the order in which a compiler evaluates arguments.
  EXPECT_GT(compared, kExpressions / 2);
}

}  // namespace
}  // namespace foothold::t1
