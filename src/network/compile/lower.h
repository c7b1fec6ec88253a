#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "foothold/status.h"
#include "network/compile/constants.h"
#include "network/compile/storage.h"
#include "network/graph/graph.h"
#include "targets/vta/compiler/extended_compiler.h"

// What a node is on the VTA.
namespace foothold::network {

/// The position of a storage in Storages::all.
using StorageId = std::size_t;

/// A part of a storage, from an element on.
struct Operand {
  StorageId storage = 0;
  std::int64_t element = 0;
};

/// One program of the VTA: a node is one, or several that do its parts one after the other.
struct Piece {
  bool is_max_pool = false;
  vta::Layer layer;  ///< its residual's addresses are not set yet
  Operand input;
  Operand output;
  std::optional<Operand> residual = {};
  std::uint64_t weight = 0;    ///< in Constants::weights(), in bytes
  std::uint64_t bias = 0;      ///< in Constants::biases(), in bytes
  std::uint64_t identity = 0;  ///< of the residual: as `weight`
};

/// Blocks of output channels [begin, end) that need the blocks of input channels [first, last).
struct BlockGroup {
  std::int64_t begin = 0;
  std::int64_t end = 0;
  std::int64_t first = 0;
  std::int64_t last = 0;
};

/// The storages of a network's values.
struct Storages {
  std::deque<Storage> all;
  /// By ValueId. A value that a reshape made is where its input is.
  std::vector<std::optional<StorageId>> of_value;
};

/// Turns the nodes of a network that is quantised for shifts into programs, one after the other.
class Lowering {
 public:
  /// Both outlive it.
  Lowering(const Graph& graph, const vta::Geometry& geometry);

  /// The programs of the next node; none for a reshape that moves nothing. InvalidArgument saying
  /// in a few words why the VTA cannot run it: then the host must. REQUIRES: nodes in order.
  Result<std::vector<Piece>> Lower(const Node& node);

  const Storages& storages() const { return storages_; }
  /// Takes back what the last nodes changed. REQUIRES: `storages` is what storages() was then.
  void Restore(Storages storages) { storages_ = std::move(storages); }
  Constants& constants() { return constants_; }

 private:
  /// What happens to a node's sums, all in units of the sums.
  struct Sums {
    std::vector<std::int32_t> biases;  ///< of each output channel; half of what is shifted out too
    vta::Epilogue epilogue;
    std::optional<int> residual = {};  ///< the power of two that a residual is multiplied with
  };

  Result<std::vector<Piece>> LowerConv(const Node& node, const Conv& conv);
  Result<std::vector<Piece>> LowerGroups(const Node& node, const Conv& conv, const Sums& sums);
  Result<std::vector<Piece>> OnePieceOfGroups(const Node& node, const Conv& conv, const Sums& sums,
                                              const std::vector<BlockGroup>& groups, Piece piece);
  Result<std::vector<Piece>> PieceForEachGroup(const Node& node, const Conv& conv, const Sums& sums,
                                               const std::vector<BlockGroup>& groups,
                                               const Piece& whole);
  WeightAt GroupWeights(const Node& node, const Conv& conv, const BlockGroup& group) const;
  Result<std::vector<Piece>> LowerDense(const Node& node, const Dense& dense);
  Result<std::vector<Piece>> LowerMaxPool(const Node& node, const MaxPool& pool);
  Result<std::vector<Piece>> LowerAdd(const Node& node, const Binary& binary);
  Result<std::vector<Piece>> LowerClip(const Node& node, const Clip& clip);
  Result<std::vector<Piece>> LowerReshape(const Node& node);
  Result<std::vector<Piece>> LowerConcat(const Node& node, const Concat& concat);

  Result<Sums> SumsOf(const Node& node, const Clamp& clamp) const;
  Status SetResidual(const Node& node, const Sums& sums, Piece& piece);
  /// A piece that multiplies each plane of its input with itself alone.
  Piece PlanePiece(StorageId input, StorageId output) const;

  /// Where an input is; of what the host makes, a new storage. InvalidArgument where its shape is
  /// not the one in which it is stored.
  Result<StorageId> InputStorage(const Node& node, std::size_t input);
  Result<StorageId> AddOutput(const Node& node);
  std::optional<Fold> FoldOf(const Node& node, const Conv& conv) const;
  const Storage& storage(StorageId id) const { return storages_.all[id]; }

  const Graph& graph_;
  const vta::Geometry& geometry_;
  const std::vector<std::int32_t> sole_users_;
  Storages storages_;
  Constants constants_;
};

/// The window of a convolution or a pool, as the layer's shape has it.
void SetWindow(const Window& window, vta::BlockedShape& shape);

}  // namespace foothold::network
