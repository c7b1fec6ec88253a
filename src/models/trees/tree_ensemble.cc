#include "models/trees/tree_ensemble.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "base/check.h"
#include "base/json.h"

namespace foothold::models {
namespace {

constexpr int kMaxDepth = 8;

/// One tree as XGBoost writes it: parallel arrays over its nodes, node 0 the root. A leaf has no
/// children and its value in the place of its threshold.
struct WrittenTree {
  std::vector<int> left;
  std::vector<int> right;
  std::vector<std::uint32_t> features;
  std::vector<float> conditions;

  bool IsLeaf(std::size_t node) const { return left[node] < 0; }
  int Depth(std::size_t node) const {
    if (IsLeaf(node)) return 0;
    return 1 + std::max(Depth(static_cast<std::size_t>(left[node])),
                        Depth(static_cast<std::size_t>(right[node])));
  }
};

std::vector<WrittenTree> ReadTrees(const base::Json& model) {
  const base::Json& trees = model.at("trees");
  std::vector<WrittenTree> read;
  read.reserve(trees.size());
  for (const base::Json& tree : trees.elements()) {
    read.push_back({tree.at("left_children").Get<std::vector<int>>(),
                    tree.at("right_children").Get<std::vector<int>>(),
                    tree.at("split_indices").Get<std::vector<std::uint32_t>>(),
                    tree.at("split_conditions").Get<std::vector<float>>()});
    FOOTHOLD_CHECK(tree.at("categories").Get<std::vector<int>>().empty(), "numerical splits only");
  }
  return read;
}

/// The base score is a prediction; objectives that predict a probability boost its logit.
float BaseMargin(const std::string& objective, float base_score) {
  const bool probability = objective == "binary:logistic" || objective == "reg:logistic";
  return probability ? -std::log(1.0F / base_score - 1.0F) : base_score;
}

}  // namespace

TreeEnsemble::TreeEnsemble(const Booster& booster) {
  const base::Json document = base::Json::Parse(booster.ToJson()).value();
  const base::Json& learner = document.at("learner");
  const base::Json& parameters = learner.at("learner_model_param");
  base_margin_ = BaseMargin(learner.at("objective").at("name").Get<std::string>(),
                            std::stof(parameters.at("base_score").Get<std::string>()));
  columns_ = std::stoul(parameters.at("num_feature").Get<std::string>());

  const std::vector<WrittenTree> trees = ReadTrees(learner.at("gradient_booster").at("model"));
  trees_ = trees.size();
  for (const WrittenTree& tree : trees) depth_ = std::max(depth_, tree.Depth(0));
  FOOTHOLD_CHECK(depth_ <= kMaxDepth);
  const std::size_t leaves = std::size_t{1} << depth_;
  splits_.resize(trees_ * (leaves - 1));
  leaves_.resize(trees_ * leaves);
  for (std::size_t i = 0; i < trees_; ++i) {
    const WrittenTree& tree = trees[i];
    // written[k]: which node stands at place k of the completed tree. Below a leaf, it again.
    std::vector<std::size_t> written(2 * leaves - 1, 0);
    for (std::size_t place = 0; place < leaves - 1; ++place) {
      const std::size_t node = written[place];
      const bool leaf = tree.IsLeaf(node);
      written[2 * place + 1] = leaf ? node : static_cast<std::size_t>(tree.left[node]);
      written[2 * place + 2] = leaf ? node : static_cast<std::size_t>(tree.right[node]);
      if (leaf) continue;
      FOOTHOLD_CHECK(tree.features[node] < columns_);
      splits_[i * (leaves - 1) + place] = {tree.features[node], tree.conditions[node]};
    }
    for (std::size_t leaf = 0; leaf < leaves; ++leaf) {
      leaves_[i * leaves + leaf] = tree.conditions[written[leaves - 1 + leaf]];
    }
  }
}

template <int depth>
void TreeEnsemble::AddLeavesAtDepth(const FeatureMatrix& features, std::span<float> margins) const {
  constexpr std::size_t kLeaves = std::size_t{1} << depth;
  const float* values = features.values().data();
  for (std::size_t tree = 0; tree < trees_; ++tree) {
    const Split* splits = splits_.data() + tree * (kLeaves - 1);
    const float* leaves = leaves_.data() + tree * kLeaves;
    for (std::size_t row = 0; row < margins.size(); ++row) {
      const float* x = values + row * columns_;
      std::size_t place = 0;
      for (int level = 0; level < depth; ++level) {
        const Split& split = splits[place];
        // Not a choice between two values, which the compiler would turn into a jump.
        place = 2 * place + 2 - static_cast<std::size_t>(x[split.feature] < split.threshold);
      }
      margins[row] += leaves[place - (kLeaves - 1)];
    }
  }
}

void TreeEnsemble::AddLeaves(const FeatureMatrix& features, std::span<float> margins) const {
  FOOTHOLD_CHECK(features.columns() == columns_);
  FOOTHOLD_CHECK(features.rows() == margins.size());
  using Walk = void (TreeEnsemble::*)(const FeatureMatrix&, std::span<float>) const;
  constexpr Walk kWalks[kMaxDepth + 1] = {
      &TreeEnsemble::AddLeavesAtDepth<0>, &TreeEnsemble::AddLeavesAtDepth<1>,
      &TreeEnsemble::AddLeavesAtDepth<2>, &TreeEnsemble::AddLeavesAtDepth<3>,
      &TreeEnsemble::AddLeavesAtDepth<4>, &TreeEnsemble::AddLeavesAtDepth<5>,
      &TreeEnsemble::AddLeavesAtDepth<6>, &TreeEnsemble::AddLeavesAtDepth<7>,
      &TreeEnsemble::AddLeavesAtDepth<8>};
  (this->*kWalks[depth_])(features, margins);
}

}  // namespace foothold::models
