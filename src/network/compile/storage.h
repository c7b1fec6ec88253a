#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "network/graph/graph.h"
#include "targets/vta/isa/hardware.h"

// How int8 values lie in the DRAM of a VTA: (N/B, C/b, H, W, B, b), batch and channels filled up
// with zeros to whole blocks.
namespace foothold::network {

/// A value as the VTA sees it. One of fewer axes has height and width 1.
struct View {
  std::int64_t batch = 1;
  std::int64_t channels = 1;
  std::int64_t height = 1;
  std::int64_t width = 1;

  friend bool operator==(const View&, const View&) = default;
};
/// nullopt for shapes of more than four axes, or of none.
std::optional<View> ViewOf(const Shape& shape);

/// Neighbouring lines of an image side by side in the lanes of a block: line t of position p is
/// image line p * stride + t - pad, which is zero outside the image. So a convolution over few
/// channels wastes fewer lanes.
struct AxisFold {
  std::int64_t lines = 1;
  std::int64_t stride = 1;
  std::int64_t pad = 0;
  std::int64_t positions = 1;

  friend bool operator==(const AxisFold&, const AxisFold&) = default;
};
/// The lane of row t, column u and channel c is (t * columns.lines + u) * channels + c.
struct Fold {
  AxisFold rows;
  AxisFold columns;

  friend bool operator==(const Fold&, const Fold&) = default;
};

/// Where a value lies in DRAM.
struct Storage {
  ValueId value = kNone;
  View view;
  std::optional<Fold> fold = {};  ///< only of what the host writes
  bool is_from_host = false;
  std::uint64_t address = 0;  ///< in bytes

  std::int64_t batch_blocks(const vta::Geometry& geometry) const;
  std::int64_t channel_blocks(const vta::Geometry& geometry) const;
  std::int64_t height() const { return fold ? fold->rows.positions : view.height; }
  std::int64_t width() const { return fold ? fold->columns.positions : view.width; }
  /// In elements of the VTA's inp and out memories.
  std::int64_t Elements(const vta::Geometry& geometry) const;
  std::int64_t Bytes(const vta::Geometry& geometry) const;
};

/// The bytes of a row-major tensor in its storage.
std::vector<std::byte> Packed(const Storage& storage, const vta::Geometry& geometry,
                              std::span<const std::int8_t> values);
/// The row-major tensor again. REQUIRES: no fold.
std::vector<std::int8_t> Unpacked(const Storage& storage, const vta::Geometry& geometry,
                                  std::span<const std::byte> bytes);

/// a / b, rounded up.
inline std::int64_t CeilDivide(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

}  // namespace foothold::network
