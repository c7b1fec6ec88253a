#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "formats/t1/operators.h"
#include "formats/t1/value.h"

namespace foothold::t1 {

/// What a node of the tree does with its children.
enum class NodeKind : std::uint8_t {
  kLiteral,
  kName,
  kList,           ///< any number of elements
  kUnary,          ///< one operand
  kBinary,         ///< two operands
  kNot,            ///< one operand
  kAnd,            ///< two or more
  kOr,             ///< two or more
  kComparison,     ///< a < b <= c: `comparisons` stand between the operands
  kConditional,    ///< value, condition, other value
  kSubscript,      ///< list, index
  kCall,           ///< the arguments of `function`
  kComprehension,  ///< element, list, and a condition if there is one
};

/// One node of a parsed expression.
struct Node {
  NodeKind kind = NodeKind::kLiteral;
  int column = 1;  ///< of the text, for complaints
  int height = 1;  ///< of the tree below, this included
  Value literal;
  std::string name;  ///< of kName, and the variable of kComprehension
  UnaryOperator unary = UnaryOperator::kNegate;
  BinaryOperator binary = BinaryOperator::kAdd;
  std::vector<Comparison> comparisons;
  const Function* function = nullptr;
  std::vector<std::shared_ptr<const Node>> children;
};

}  // namespace foothold::t1
