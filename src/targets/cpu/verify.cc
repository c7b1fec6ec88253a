#include "targets/cpu/verify.h"

#include <fmt/core.h>

#include "base/check.h"

namespace foothold::cpu {

std::string DifferenceBetween(std::span<const float> output, std::span<const float> expected) {
  FOOTHOLD_CHECK(output.size() == expected.size());
  std::size_t different = 0;
  std::size_t first = 0;
  for (std::size_t i = output.size(); i-- > 0;) {
    if (output[i] == expected[i]) continue;  // not so for NaN
    ++different;
    first = i;
  }
  if (different == 0) return "";
  return fmt::format("output[{}] is {}, must be {}; {} of {} differ", first, output[first],
                     expected[first], different, output.size());
}

}  // namespace foothold::cpu
