#include "base/similar.h"

#include <algorithm>
#include <cctype>
#include <cstddef>

namespace foothold::base {
namespace {

char Lower(char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }

/// Letters to change, insert, remove, or swap with the next one to get from `a` to `b` (Damerau
/// 1964, no letter moved twice).
std::size_t Distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> rows(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) rows[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j) rows[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = Lower(a[i - 1]) == Lower(b[j - 1]) ? 0 : 1;
      rows[i][j] = std::min({rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + change});
      const bool swapped = i > 1 && j > 1 && Lower(a[i - 1]) == Lower(b[j - 2]) &&
                           Lower(a[i - 2]) == Lower(b[j - 1]);
      if (swapped) rows[i][j] = std::min(rows[i][j], rows[i - 2][j - 2] + 1);
    }
  }
  return rows[a.size()][b.size()];
}

/// Nobody names anything with more letters.
constexpr std::size_t kMostLetters = 100;

}  // namespace

std::string MostSimilar(std::string_view given, const std::vector<std::string>& known) {
  std::string best;
  std::size_t least =
      given.size() > kMostLetters ? 0 : std::max<std::size_t>(1, given.size() / 3) + 1;
  for (const std::string& name : known) {
    if (name.size() > kMostLetters) continue;
    const std::size_t distance = Distance(given, name);
    if (distance >= least || distance >= name.size()) continue;
    least = distance;
    best = name;
  }
  return best;
}

std::string DidYouMean(std::string_view given, const std::vector<std::string>& known) {
  const std::string meant = MostSimilar(given, known);
  return meant.empty() ? "" : " (did you mean " + meant + "?)";
}

}  // namespace foothold::base
