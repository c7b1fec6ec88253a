#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace foothold::base {

/// The name in `known` that somebody who typed `given` is likely to have meant: at most a third of
/// its letters are wrong, missing, too many, or in the wrong order; the first of equals. Empty when
/// there is none.
std::string MostSimilar(std::string_view given, const std::vector<std::string>& known);

/// " (did you mean tune?)"; empty when nothing is similar.
std::string DidYouMean(std::string_view given, const std::vector<std::string>& known);

}  // namespace foothold::base
