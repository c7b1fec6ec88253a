#pragma once

#include <string>
#include <string_view>

namespace foothold::opencl_runner {

/// How an output is compared with its reference: T1's ValidationMethod and ValidationThreshold.
struct Comparison {
  std::string type;      ///< of the elements: "int8", ..., "double"
  std::string method;    ///< "AbsoluteDifference", ...
  double threshold = 0;  ///< >= 0
};

/// What is wrong with `output`, in one line: "element 17 is 3, must be 5; 12 of 512 differ"; empty
/// when it is right. Throws Unavailable when the two are not of one size, or the type or the method
/// is unknown.
std::string DifferenceFrom(std::string_view reference, std::string_view output,
                           const Comparison& comparison);

}  // namespace foothold::opencl_runner
