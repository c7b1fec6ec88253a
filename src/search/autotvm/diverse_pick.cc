#include "search/autotvm/diverse_pick.h"

#include <algorithm>
#include <set>
#include <utility>

namespace foothold::search {

std::vector<Config> PickDiverse(std::span<const Config> candidates, std::size_t count) {
  std::vector<Config> left(candidates.begin(), candidates.end());
  std::vector<Config> picked;
  std::set<std::pair<std::size_t, std::uint32_t>> covered;  // (parameter, choice)
  const auto gain = [&](const Config& config) {
    std::size_t news = 0;
    for (std::size_t i = 0; i < config.choices.size(); ++i) {
      news += covered.count({i, config.choices[i]}) == 0 ? 1 : 0;
    }
    return news;
  };
  while (picked.size() < count && !left.empty()) {
    const auto most =
        std::max_element(left.begin(), left.end(),
                         [&](const Config& a, const Config& b) { return gain(a) < gain(b); });
    for (std::size_t i = 0; i < most->choices.size(); ++i) covered.insert({i, most->choices[i]});
    picked.push_back(std::move(*most));
    left.erase(most);
  }
  return picked;
}

}  // namespace foothold::search
