#pragma once

#include <cstdint>

#include "core/workload/operators/operator_kind.h"

// What the reference implementations share.
namespace foothold::workload {

inline Accumulator Product(std::int8_t a, std::int8_t b) { return static_cast<Accumulator>(a * b); }
inline float Product(float a, float b) { return a * b; }

/// sum[x] += weight * input[x * stride] for `count` x.
template <typename Element, typename Sum>
void AddScaledRow(std::int64_t count, Element weight, const Element* input, std::int64_t stride,
                  Sum* sum) {
  if (stride == 1) {  // the same loop, in the form that compilers vectorise
    for (std::int64_t x = 0; x < count; ++x) sum[x] += Product(weight, input[x]);
    return;
  }
  for (std::int64_t x = 0; x < count; ++x) sum[x] += Product(weight, input[x * stride]);
}

}  // namespace foothold::workload
