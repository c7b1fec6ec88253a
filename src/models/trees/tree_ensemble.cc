#include "models/trees/tree_ensemble.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>

#include "base/check.h"

namespace foothold {
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

const nlohmann::json& At(const nlohmann::json& object, const char* name) {
  const auto found = object.find(name);
  FOOTHOLD_CHECK(found != object.end(), name);
  return *found;
}

template <typename T>
T Field(const nlohmann::json& object, const char* name) {
  return At(object, name).get<T>();
}

std::vector<WrittenTree> ReadTrees(const nlohmann::json& model) {
  const nlohmann::json& trees = At(model, "trees");
  std::vector<WrittenTree> read;
  read.reserve(trees.size());
  for (const nlohmann::json& tree : trees) {
    read.push_back({Field<std::vector<int>>(tree, "left_children"),
                    Field<std::vector<int>>(tree, "right_children"),
                    Field<std::vector<std::uint32_t>>(tree, "split_indices"),
                    Field<std::vector<float>>(tree, "split_conditions")});
    FOOTHOLD_CHECK(Field<std::vector<int>>(tree, "categories").empty(), "numerical splits only");
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
  const nlohmann::json document =
      nlohmann::json::parse(booster.ToJson(), nullptr, /*allow_exceptions=*/false);
  FOOTHOLD_CHECK(!document.is_discarded());
  const nlohmann::json& learner = At(document, "learner");
  const nlohmann::json& parameters = At(learner, "learner_model_param");
  base_margin_ = BaseMargin(Field<std::string>(At(learner, "objective"), "name"),
                            std::stof(Field<std::string>(parameters, "base_score")));
  columns_ = std::stoul(Field<std::string>(parameters, "num_feature"));

  const std::vector<WrittenTree> trees = ReadTrees(At(At(learner, "gradient_booster"), "model"));
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

}  // namespace foothold
