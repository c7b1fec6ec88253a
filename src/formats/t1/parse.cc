#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "formats/t1/expression.h"
#include "formats/t1/lexer.h"
#include "formats/t1/node.h"

namespace foothold::t1 {
namespace {

using Tree = std::shared_ptr<const Node>;

struct InfixOperator {
  std::string_view symbol;
  BinaryOperator binary;
  int strength;  ///< how tightly it binds; those of equal strength go from left to right
};

constexpr InfixOperator kInfixOperators[] = {
    {"|", BinaryOperator::kOr, 0},          {"^", BinaryOperator::kXor, 1},
    {"&", BinaryOperator::kAnd, 2},         {"<<", BinaryOperator::kShiftLeft, 3},
    {">>", BinaryOperator::kShiftRight, 3}, {"+", BinaryOperator::kAdd, 4},
    {"-", BinaryOperator::kSubtract, 4},    {"*", BinaryOperator::kMultiply, 5},
    {"/", BinaryOperator::kDivide, 5},      {"//", BinaryOperator::kFloorDivide, 5},
    {"%", BinaryOperator::kModulo, 5},
};

/// Python's words, which are no names.
constexpr std::string_view kWords[] = {"and",  "or",  "not", "in",    "if",
                                       "else", "for", "is",  "lambda"};

bool IsWord(std::string_view text) {
  return std::find(std::begin(kWords), std::end(kWords), text) != std::end(kWords);
}

/// Recursive descent, with precedence climbing for the infix operators.
class Parser {
 public:
  explicit Parser(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

  Result<Tree> All() {
    FOOTHOLD_ASSIGN_OR_RETURN(Tree tree, Conditional());
    if (Now().kind != TokenKind::kEnd) return Expected("an operator or the end");
    return tree;
  }

 private:
  Result<Tree> Conditional();
  Result<Tree> Junction(NodeKind kind);
  Result<Tree> Not();
  Result<Tree> ComparisonChain();
  Result<Tree> Binary(int weakest);
  Result<Tree> Unary();
  Result<Tree> Power();
  Result<Tree> Postfix();
  Result<Tree> Atom();
  Result<Tree> NameOrCall();
  Result<Tree> Parenthesised();
  Result<Tree> List();
  Result<Tree> Comprehension(Tree element);

  struct Sequence {
    std::vector<Tree> elements;
    bool is_comprehension = false;
    bool ends_in_comma = false;
  };
  Result<Sequence> SequenceUpTo(const char* end);

  const Token& Now() const { return tokens_[at_]; }
  bool Is(std::string_view text) const {
    return (Now().kind == TokenKind::kSymbol || Now().kind == TokenKind::kName) &&
           Now().text == text;
  }
  bool Take(std::string_view text) {
    if (!Is(text)) return false;
    ++at_;
    return true;
  }
  Status Expected(std::string_view wanted) const {
    const std::string found =
        Now().kind == TokenKind::kEnd ? Now().text : fmt::format("\"{:.40}\"", Now().text);
    return Error(Now(), fmt::format("found {}, expected {}", found, wanted));
  }
  static Status Error(const Token& at, std::string_view problem) {
    return Status::InvalidArgument(fmt::format("column {}: {}", at.column, problem));
  }
  std::optional<Comparison> TakeComparison();

  /// Gives the node its height, and refuses one that is too high.
  static Result<Tree> Finish(Node node) {
    for (const Tree& child : node.children) node.height = std::max(node.height, child->height + 1);
    if (node.height > Expression::kMaxHeight) return TooDeep(node.column);
    return Tree(std::make_shared<const Node>(std::move(node)));
  }
  static Status TooDeep(int column) {
    return Status::InvalidArgument(
        fmt::format("column {}: is nested more than {} deep", column, Expression::kMaxHeight));
  }
  static Node NodeAt(NodeKind kind, const Token& token) {
    Node node;
    node.kind = kind;
    node.column = token.column;
    return node;
  }

  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  int depth_ = 0;  // of Conditional and of what recurses without it: bounds the stack
};

/// Counts a level of recursion while it lives.
class Descent {
 public:
  explicit Descent(int& depth) : depth_(depth) { ++depth_; }
  ~Descent() { --depth_; }
  Descent(const Descent&) = delete;
  Descent& operator=(const Descent&) = delete;

 private:
  int& depth_;
};

Result<Tree> Parser::Conditional() {
  const Descent descent(depth_);
  if (depth_ > Expression::kMaxHeight) return TooDeep(Now().column);
  FOOTHOLD_ASSIGN_OR_RETURN(Tree value, Junction(NodeKind::kOr));
  if (!Is("if")) return value;
  Node node = NodeAt(NodeKind::kConditional, Now());
  ++at_;
  FOOTHOLD_ASSIGN_OR_RETURN(Tree condition, Junction(NodeKind::kOr));
  if (!Take("else")) return Expected("\"else\"");
  FOOTHOLD_ASSIGN_OR_RETURN(Tree other, Conditional());
  node.children = {std::move(value), std::move(condition), std::move(other)};
  return Finish(std::move(node));
}

Result<Tree> Parser::Junction(NodeKind kind) {
  const bool is_or = kind == NodeKind::kOr;
  const auto operand = [&] { return is_or ? Junction(NodeKind::kAnd) : Not(); };
  FOOTHOLD_ASSIGN_OR_RETURN(Tree first, operand());
  if (!Is(is_or ? "or" : "and")) return first;
  Node node = NodeAt(kind, Now());
  node.children = {std::move(first)};
  while (Take(is_or ? "or" : "and")) {
    FOOTHOLD_ASSIGN_OR_RETURN(Tree next, operand());
    node.children.push_back(std::move(next));
  }
  return Finish(std::move(node));
}

Result<Tree> Parser::Not() {
  if (!Is("not")) return ComparisonChain();
  const Descent descent(depth_);
  if (depth_ > Expression::kMaxHeight) return TooDeep(Now().column);
  Node node = NodeAt(NodeKind::kNot, Now());
  ++at_;
  FOOTHOLD_ASSIGN_OR_RETURN(Tree operand, Not());
  node.children = {std::move(operand)};
  return Finish(std::move(node));
}

std::optional<Comparison> Parser::TakeComparison() {
  static constexpr std::pair<std::string_view, Comparison> kComparisons[] = {
      {"<", Comparison::kLess},    {"<=", Comparison::kLessEqual},
      {">", Comparison::kGreater}, {">=", Comparison::kGreaterEqual},
      {"==", Comparison::kEqual},  {"!=", Comparison::kNotEqual},
      {"in", Comparison::kIn},
  };
  for (const auto& [symbol, comparison] : kComparisons) {
    if (Take(symbol)) return comparison;
  }
  if (!Is("not") || tokens_[at_ + 1].text != "in") return std::nullopt;
  at_ += 2;
  return Comparison::kNotIn;
}

Result<Tree> Parser::ComparisonChain() {
  FOOTHOLD_ASSIGN_OR_RETURN(Tree first, Binary(0));
  Node node = NodeAt(NodeKind::kComparison, Now());
  node.children = {std::move(first)};
  while (const auto comparison = TakeComparison()) {
    node.comparisons.push_back(*comparison);
    FOOTHOLD_ASSIGN_OR_RETURN(Tree next, Binary(0));
    node.children.push_back(std::move(next));
  }
  if (node.comparisons.empty()) return node.children.front();
  return Finish(std::move(node));
}

/// Precedence climbing: an expression of operators that bind at least as tightly as `weakest`. One
/// call for all levels, so that a nested expression takes little of the stack.
Result<Tree> Parser::Binary(int weakest) {
  FOOTHOLD_ASSIGN_OR_RETURN(Tree left, Unary());
  while (true) {
    const auto* found = std::find_if(
        std::begin(kInfixOperators), std::end(kInfixOperators),
        [&](const auto& infix) { return infix.strength >= weakest && Is(infix.symbol); });
    if (found == std::end(kInfixOperators)) return left;
    Node node = NodeAt(NodeKind::kBinary, Now());
    node.binary = found->binary;
    ++at_;
    FOOTHOLD_ASSIGN_OR_RETURN(Tree right, Binary(found->strength + 1));
    node.children = {std::move(left), std::move(right)};
    FOOTHOLD_ASSIGN_OR_RETURN(left, Finish(std::move(node)));
  }
}

Result<Tree> Parser::Unary() {
  static constexpr std::pair<std::string_view, UnaryOperator> kOperators[] = {
      {"-", UnaryOperator::kNegate}, {"+", UnaryOperator::kPlus}, {"~", UnaryOperator::kInvert}};
  const auto* found = std::find_if(std::begin(kOperators), std::end(kOperators),
                                   [&](const auto& entry) { return Is(entry.first); });
  if (found == std::end(kOperators)) return Power();
  const Descent descent(depth_);
  if (depth_ > Expression::kMaxHeight) return TooDeep(Now().column);
  Node node = NodeAt(NodeKind::kUnary, Now());
  node.unary = found->second;
  ++at_;
  FOOTHOLD_ASSIGN_OR_RETURN(Tree operand, Unary());
  node.children = {std::move(operand)};
  return Finish(std::move(node));
}

/// Binds stronger than the sign before it, and weaker than the one behind: -2 ** -1 is -(2 **
/// (-1)).
Result<Tree> Parser::Power() {
  FOOTHOLD_ASSIGN_OR_RETURN(Tree base, Postfix());
  if (!Is("**")) return base;
  const Descent descent(depth_);
  if (depth_ > Expression::kMaxHeight) return TooDeep(Now().column);
  Node node = NodeAt(NodeKind::kBinary, Now());
  node.binary = BinaryOperator::kPower;
  ++at_;
  FOOTHOLD_ASSIGN_OR_RETURN(Tree exponent, Unary());
  node.children = {std::move(base), std::move(exponent)};
  return Finish(std::move(node));
}

Result<Tree> Parser::Postfix() {
  FOOTHOLD_ASSIGN_OR_RETURN(Tree tree, Atom());
  while (Is("[")) {
    Node node = NodeAt(NodeKind::kSubscript, Now());
    ++at_;
    FOOTHOLD_ASSIGN_OR_RETURN(Tree index, Conditional());
    if (!Take("]")) return Expected("\"]\"");
    node.children = {std::move(tree), std::move(index)};
    FOOTHOLD_ASSIGN_OR_RETURN(tree, Finish(std::move(node)));
  }
  return tree;
}

Result<Tree> Parser::Atom() {
  if (Now().kind == TokenKind::kValue) {
    Node node = NodeAt(NodeKind::kLiteral, Now());
    node.literal = Now().value;
    ++at_;
    return Finish(std::move(node));
  }
  if (Is("(")) return Parenthesised();
  if (Is("[")) return List();
  if (Now().kind == TokenKind::kName && !IsWord(Now().text)) return NameOrCall();
  return Expected("a value");
}

Result<Tree> Parser::NameOrCall() {
  const Token start = Now();
  ++at_;
  if (!Take("(")) {
    const bool is_truth = start.text == "True" || start.text == "False";
    Node node = NodeAt(is_truth ? NodeKind::kLiteral : NodeKind::kName, start);
    node.literal = {start.text == "True"};
    node.name = start.text;
    return Finish(std::move(node));
  }
  Node node = NodeAt(NodeKind::kCall, start);
  node.function = FindFunction(start.text);
  if (node.function == nullptr) {
    return Error(start, fmt::format("there is no function \"{:.40}\"; there are {}", start.text,
                                    FunctionNames()));
  }
  FOOTHOLD_ASSIGN_OR_RETURN(Sequence arguments, SequenceUpTo(")"));
  node.children = std::move(arguments.elements);
  if (node.children.size() < node.function->min_arguments ||
      node.children.size() > node.function->max_arguments) {
    return Error(start, fmt::format("{} takes {} to {} arguments, not {}", start.text,
                                    node.function->min_arguments, node.function->max_arguments,
                                    node.children.size()));
  }
  return Finish(std::move(node));
}

/// What stands up to `end`, which is taken: values between commas, or one comprehension.
Result<Parser::Sequence> Parser::SequenceUpTo(const char* end) {
  Sequence sequence;
  while (!Take(end)) {
    sequence.ends_in_comma = !sequence.elements.empty() && Take(",");
    if (!sequence.elements.empty() && !sequence.ends_in_comma) {
      return Expected(fmt::format("\",\" or \"{}\"", end));
    }
    if (sequence.ends_in_comma && Take(end)) break;
    sequence.ends_in_comma = false;
    FOOTHOLD_ASSIGN_OR_RETURN(Tree element, Conditional());
    if (sequence.elements.empty() && Is("for")) {
      FOOTHOLD_ASSIGN_OR_RETURN(element, Comprehension(std::move(element)));
      sequence.is_comprehension = true;
      if (!Is(end)) return Expected(fmt::format("\"{}\" behind the only \"for\"", end));
    }
    sequence.elements.push_back(std::move(element));
  }
  return sequence;
}

Result<Tree> Parser::Comprehension(Tree element) {
  Node node = NodeAt(NodeKind::kComprehension, Now());
  ++at_;
  if (Now().kind != TokenKind::kName || IsWord(Now().text)) return Expected("a name");
  node.name = Now().text;
  ++at_;
  if (!Take("in")) return Expected("\"in\"");
  FOOTHOLD_ASSIGN_OR_RETURN(Tree source, Junction(NodeKind::kOr));
  node.children = {std::move(element), std::move(source)};
  if (Take("if")) {
    FOOTHOLD_ASSIGN_OR_RETURN(Tree condition, Junction(NodeKind::kOr));
    node.children.push_back(std::move(condition));
  }
  return Finish(std::move(node));
}

/// A value in parentheses, or a tuple, which is as good as a list here.
Result<Tree> Parser::Parenthesised() {
  Node node = NodeAt(NodeKind::kList, Now());
  ++at_;
  FOOTHOLD_ASSIGN_OR_RETURN(Sequence sequence, SequenceUpTo(")"));
  if (sequence.elements.size() == 1 && !sequence.ends_in_comma) return sequence.elements.front();
  node.children = std::move(sequence.elements);
  return Finish(std::move(node));
}

Result<Tree> Parser::List() {
  Node node = NodeAt(NodeKind::kList, Now());
  ++at_;
  FOOTHOLD_ASSIGN_OR_RETURN(Sequence sequence, SequenceUpTo("]"));
  if (sequence.is_comprehension) return sequence.elements.front();
  node.children = std::move(sequence.elements);
  return Finish(std::move(node));
}

void CollectNames(const Node& node, std::vector<std::string_view>& variables,
                  std::vector<Expression::Name>& names) {
  const auto is_known = [&](const std::string& name) {
    return std::find(variables.begin(), variables.end(), name) != variables.end() ||
           std::any_of(names.begin(), names.end(),
                       [&](const Expression::Name& known) { return known.name == name; });
  };
  if (node.kind == NodeKind::kName && !is_known(node.name)) {
    names.push_back({node.name, node.column});
  }
  const bool binds = node.kind == NodeKind::kComprehension;
  if (binds) CollectNames(*node.children[1], variables, names);
  if (binds) variables.push_back(node.name);
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    if (!binds || i != 1) CollectNames(*node.children[i], variables, names);
  }
  if (binds) variables.pop_back();
}

}  // namespace

Result<Expression> Expression::Parse(std::string_view text) {
  if (text.size() > kMaxText) {
    return Status::InvalidArgument(
        fmt::format("column {}: is longer than {} characters", kMaxText + 1, kMaxText));
  }
  FOOTHOLD_ASSIGN_OR_RETURN(std::vector<Token> tokens, Tokenize(text));
  FOOTHOLD_ASSIGN_OR_RETURN(Tree root, Parser(std::move(tokens)).All());
  return Expression(std::string(text), std::move(root));
}

std::vector<Expression::Name> Expression::Names() const {
  std::vector<Name> names;
  std::vector<std::string_view> variables;
  CollectNames(*root_, variables, names);
  std::sort(names.begin(), names.end(),
            [](const Name& a, const Name& b) { return a.column < b.column; });
  return names;
}

}  // namespace foothold::t1
