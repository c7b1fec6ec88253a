#include "report/live/paced_text.h"

#include <algorithm>

namespace foothold::live {

const std::string& PacedText::Get() {
  const double begin = env_.MonotonicSeconds();
  if (is_made_ && begin < next_) return text_;
  text_ = make_();
  is_made_ = true;
  const double end = env_.MonotonicSeconds();
  next_ = end + std::max(kLeastSeconds, (end - begin) / kShareOfTime);
  return text_;
}

}  // namespace foothold::live
