#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "foothold/status.h"
#include "formats/t1/value.h"

namespace foothold::t1 {

struct Node;

/// An expression as T1 files have them: a small, side-effect free part of Python
/// (docs/formats/t1.md, "Expressions"), with Python's precedence and meaning. Whole numbers are of
/// 64 bits; what leaves them is an error, never a wrapped result.
///
/// Nothing an expression says can take long or much memory: its text, its nesting, the steps of one
/// evaluation and the lists it makes are bounded. Immutable, cheap to copy, safe to share between
/// threads.
class Expression {
 public:
  static constexpr std::size_t kMaxText = 64 << 10;
  static constexpr int kMaxHeight = 200;       ///< of the tree of operators
  static constexpr int kMaxSteps = 1'000'000;  ///< operators and list elements in one evaluation

  /// InvalidArgument, "column 5: ...", counting from 1; no file is named.
  static Result<Expression> Parse(std::string_view text);

  /// A name that the expression leaves open, and where it first stands.
  struct Name {
    std::string name;
    int column = 0;
  };
  /// In the order of the text, each once. Neither functions nor the variables of comprehensions.
  std::vector<Name> Names() const;
  const std::string& text() const { return text_; }

  /// The value of a name, null when there is none; it must live as long as the evaluation.
  using Lookup = std::function<const Value*(std::string_view name)>;
  /// InvalidArgument, "column 5: divides by zero".
  Result<Value> Evaluate(const Lookup& lookup) const;

 private:
  Expression(std::string text, std::shared_ptr<const Node> root)
      : text_(std::move(text)), root_(std::move(root)) {}
  std::string text_;
  std::shared_ptr<const Node> root_;
};

/// Whether Python takes the value for true: neither zero nor empty.
bool IsTrue(const Value& value);

}  // namespace foothold::t1
