#include <fmt/core.h>

#include <utility>

#include "formats/t1/expression.h"
#include "formats/t1/node.h"

namespace foothold::t1 {
namespace {

std::size_t Elements(const Value& value) {
  const auto* list = std::get_if<Value::List>(&value.held);
  if (list == nullptr) return 1;
  std::size_t count = 1;
  for (const Value& element : *list) count += Elements(element);
  return count;
}

/// One evaluation: what the names stand for, and how much it may still do.
class Evaluation {
 public:
  explicit Evaluation(const Expression::Lookup& lookup) : lookup_(lookup) {}

  Result<Value> Of(const Node& node);

 private:
  Result<Value> Compute(const Node& node);
  Result<Value> OfName(const Node& node) const;
  Result<Value> OfList(const Node& node);
  Result<Value> OfJunction(const Node& node);
  Result<Value> OfComparison(const Node& node);
  Result<Value> OfSubscript(const Node& node);
  Result<Value> OfCall(const Node& node);
  Result<Value> OfComprehension(const Node& node);

  static Status Error(const Node& node, std::string_view problem) {
    return Status::InvalidArgument(fmt::format("column {}: {}", node.column, problem));
  }
  /// The result, or its error with the node's column.
  template <typename T>
  static Result<T> At(const Node& node, Result<T> result) {
    if (!result.ok()) return Error(node, result.status().message());
    return result;
  }
  Status Charge(const Node& node, std::size_t steps);

  const Expression::Lookup& lookup_;
  std::vector<std::pair<std::string_view, Value>> variables_;  // of comprehensions, inner ones last
  std::size_t steps_ = 0;
};

Status Evaluation::Charge(const Node& node, std::size_t steps) {
  steps_ += steps;
  if (steps_ <= static_cast<std::size_t>(Expression::kMaxSteps)) return {};
  return Error(node, fmt::format("takes more than {} steps", Expression::kMaxSteps));
}

Result<Value> Evaluation::Of(const Node& node) {
  FOOTHOLD_ASSIGN_OR_RETURN(Value value, Compute(node));
  FOOTHOLD_RETURN_IF_ERROR(Charge(node, Elements(value)));
  return value;
}

Result<Value> Evaluation::Compute(const Node& node) {
  switch (node.kind) {
    case NodeKind::kLiteral:
      return node.literal;
    case NodeKind::kName:
      return OfName(node);
    case NodeKind::kList:
      return OfList(node);
    case NodeKind::kUnary: {
      FOOTHOLD_ASSIGN_OR_RETURN(const Value operand, Of(*node.children[0]));
      return At(node, Apply(node.unary, operand));
    }
    case NodeKind::kBinary: {
      FOOTHOLD_ASSIGN_OR_RETURN(const Value left, Of(*node.children[0]));
      FOOTHOLD_ASSIGN_OR_RETURN(const Value right, Of(*node.children[1]));
      return At(node, Apply(node.binary, left, right));
    }
    case NodeKind::kNot: {
      FOOTHOLD_ASSIGN_OR_RETURN(const Value operand, Of(*node.children[0]));
      return Value{!IsTrue(operand)};
    }
    case NodeKind::kAnd:
    case NodeKind::kOr:
      return OfJunction(node);
    case NodeKind::kComparison:
      return OfComparison(node);
    case NodeKind::kConditional: {
      FOOTHOLD_ASSIGN_OR_RETURN(const Value condition, Of(*node.children[1]));
      return Of(*node.children[IsTrue(condition) ? 0 : 2]);
    }
    case NodeKind::kSubscript:
      return OfSubscript(node);
    case NodeKind::kCall:
      return OfCall(node);
    case NodeKind::kComprehension:
      return OfComprehension(node);
  }
  return Error(node, "is no expression");
}

Result<Value> Evaluation::OfName(const Node& node) const {
  for (std::size_t i = variables_.size(); i-- > 0;) {
    if (variables_[i].first == node.name) return variables_[i].second;
  }
  if (const Value* value = lookup_(node.name)) return *value;
  return Error(node, fmt::format("\"{}\" has no value here", node.name));
}

Result<Value> Evaluation::OfList(const Node& node) {
  Value::List list;
  for (const auto& child : node.children) {
    FOOTHOLD_ASSIGN_OR_RETURN(Value element, Of(*child));
    list.push_back(std::move(element));
  }
  return Value{std::move(list)};
}

/// As in Python the value of the operand that decides, not only its truth.
Result<Value> Evaluation::OfJunction(const Node& node) {
  const bool decides = node.kind == NodeKind::kOr;
  for (std::size_t i = 0; i + 1 < node.children.size(); ++i) {
    FOOTHOLD_ASSIGN_OR_RETURN(Value operand, Of(*node.children[i]));
    if (IsTrue(operand) == decides) return operand;
  }
  return Of(*node.children.back());
}

Result<Value> Evaluation::OfComparison(const Node& node) {
  FOOTHOLD_ASSIGN_OR_RETURN(Value left, Of(*node.children[0]));
  for (std::size_t i = 0; i < node.comparisons.size(); ++i) {
    FOOTHOLD_ASSIGN_OR_RETURN(Value right, Of(*node.children[i + 1]));
    FOOTHOLD_ASSIGN_OR_RETURN(const bool holds,
                              At(node, Compare(node.comparisons[i], left, right)));
    if (!holds) return Value{false};
    left = std::move(right);
  }
  return Value{true};
}

Result<Value> Evaluation::OfSubscript(const Node& node) {
  FOOTHOLD_ASSIGN_OR_RETURN(const Value from, Of(*node.children[0]));
  FOOTHOLD_ASSIGN_OR_RETURN(const Value at, Of(*node.children[1]));
  const auto* list = std::get_if<Value::List>(&from.held);
  const auto* index = std::get_if<std::int64_t>(&at.held);
  if (list == nullptr) return Error(node, fmt::format("takes no element of a {}", KindOf(from)));
  if (index == nullptr) return Error(node, fmt::format("an index is no {}", KindOf(at)));
  const auto size = static_cast<std::int64_t>(list->size());
  if (*index >= size || *index < -size) {
    return Error(node, fmt::format("has no element {} of {}", *index, size));
  }
  return (*list)[static_cast<std::size_t>(*index < 0 ? *index + size : *index)];
}

Result<Value> Evaluation::OfCall(const Node& node) {
  std::vector<Value> arguments;
  for (const auto& child : node.children) {
    FOOTHOLD_ASSIGN_OR_RETURN(Value argument, Of(*child));
    arguments.push_back(std::move(argument));
  }
  return At(node, node.function->call(arguments));
}

Result<Value> Evaluation::OfComprehension(const Node& node) {
  FOOTHOLD_ASSIGN_OR_RETURN(const Value source, Of(*node.children[1]));
  const auto* list = std::get_if<Value::List>(&source.held);
  if (list == nullptr)
    return Error(node, fmt::format("goes over a {}, not a list", KindOf(source)));
  Value::List made;
  for (const Value& element : *list) {
    variables_.emplace_back(node.name, element);
    bool chosen = true;
    if (node.children.size() > 2) {
      FOOTHOLD_ASSIGN_OR_RETURN(const Value condition, Of(*node.children[2]));
      chosen = IsTrue(condition);
    }
    if (chosen) {
      FOOTHOLD_ASSIGN_OR_RETURN(Value value, Of(*node.children[0]));
      made.push_back(std::move(value));
    }
    variables_.pop_back();
  }
  return Value{std::move(made)};
}

}  // namespace

bool IsTrue(const Value& value) {
  if (const auto* truth = std::get_if<bool>(&value.held)) return *truth;
  if (const auto* whole = std::get_if<std::int64_t>(&value.held)) return *whole != 0;
  if (const auto* number = std::get_if<double>(&value.held)) return *number != 0;
  if (const auto* text = std::get_if<std::string>(&value.held)) return !text->empty();
  return !std::get<Value::List>(value.held).empty();
}

Result<Value> Expression::Evaluate(const Lookup& lookup) const {
  return Evaluation(lookup).Of(*root_);
}

}  // namespace foothold::t1
