// Ranks are cheap but come in the diagram's own order; indices are in the right order but most of
// them may be invalid. So the space is cut into blocks, by fixing the parameters that vary slowest,
// until a block has few enough valid configs to list and sort them. A block without any is dropped
// whole.
#include "search/grid/grid_searcher.h"

#include <algorithm>
#include <utility>

namespace foothold::search {
namespace {

/// Valid configs of a block that is listed as a whole.
constexpr std::uint64_t kListedConfigs = 1U << 14;

class GridSearcher : public Searcher {
 public:
  explicit GridSearcher(const Space& space) : space_(space), blocks_(1) {}

  std::vector<Config> Propose(std::size_t count) override {
    std::vector<Config> configs;
    while (configs.size() < count) {
      if (next_ == listed_.size() && !ListNextBlock()) break;
      configs.push_back(space_.AtIndex(listed_[next_++]));
    }
    return configs;
  }

  void Observe(std::span<const Measurement> /*measurements*/) override {}

 private:
  /// The choices of the slowest parameters, the slowest first; the others are free.
  using Block = std::vector<std::uint32_t>;

  /// Lists the next block that has valid configs; false when there are none left.
  bool ListNextBlock() {
    while (!blocks_.empty()) {
      const Block block = std::move(blocks_.back());
      blocks_.pop_back();
      const Result<Space> part = Restrict(block);
      // A part whose diagram is too large is cut further, like one with too many configs.
      if (!part.ok() || part->valid_count() > kListedConfigs) {
        Split(block);
      } else if (part->valid_count() > 0) {
        List(*part, block);
        return true;
      }
    }
    return false;
  }

  std::size_t ParameterOf(std::size_t depth) const {
    return space_.parameters().size() - 1 - depth;
  }

  Result<Space> Restrict(const Block& block) const {
    if (block.empty()) return space_;
    std::vector<Parameter> parameters = space_.parameters();
    for (std::size_t depth = 0; depth < block.size(); ++depth) {
      std::vector<std::int64_t>& values = parameters[ParameterOf(depth)].values;
      values = {values[block[depth]]};
    }
    return Space::Create(std::move(parameters), space_.constraints());
  }

  void Split(const Block& block) {
    const std::size_t choices = space_.parameters()[ParameterOf(block.size())].values.size();
    for (std::size_t choice = choices; choice-- > 0;) {
      blocks_.push_back(block);
      blocks_.back().push_back(static_cast<std::uint32_t>(choice));
    }
  }

  void List(const Space& part, const Block& block) {
    listed_.clear();
    next_ = 0;
    for (std::uint64_t rank = 0; rank < part.valid_count(); ++rank) {
      Config config = part.Unrank(rank);
      for (std::size_t depth = 0; depth < block.size(); ++depth) {
        config.choices[ParameterOf(depth)] = block[depth];
      }
      listed_.push_back(space_.IndexOf(config));
    }
    std::sort(listed_.begin(), listed_.end());
  }

  Space space_;
  std::vector<Block> blocks_;          ///< still to be listed, the next one last
  std::vector<std::uint64_t> listed_;  ///< the indices of one block's valid configs, in order
  std::size_t next_ = 0;               ///< of listed_, to be proposed
};

}  // namespace

std::unique_ptr<Searcher> MakeGridSearcher(const Space& space, std::uint64_t /*seed*/) {
  return std::make_unique<GridSearcher>(space);
}

}  // namespace foothold::search
