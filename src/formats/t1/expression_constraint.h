#pragma once

#include <span>
#include <string_view>

#include "foothold/space.h"
#include "foothold/status.h"

namespace foothold::t1 {

/// The rule that `text` is true, over the labels of parameters that have some. InvalidArgument,
/// "column 5: ...", when the text is no expression, when it names no parameter or one that is not
/// among `parameters`, and when it cannot be evaluated for the largest values.
Result<Constraint> ExpressionConstraint(std::string_view text,
                                        std::span<const Parameter> parameters);

}  // namespace foothold::t1
