#include "network/compile/storage.h"

namespace foothold::network {
namespace {

/// Calls visit(byte, batch, block of channels, row, column, lane) for each byte of a storage.
template <typename Visit>
void ForEachByte(const Storage& storage, const vta::Geometry& geometry, const Visit& visit) {
  std::size_t byte = 0;
  for (std::int64_t n = 0; n < storage.batch_blocks(geometry); ++n) {
    for (std::int64_t c = 0; c < storage.channel_blocks(geometry); ++c) {
      for (std::int64_t y = 0; y < storage.height(); ++y) {
        for (std::int64_t x = 0; x < storage.width(); ++x) {
          for (std::int64_t b = 0; b < geometry.batch(); ++b) {
            for (std::int64_t lane = 0; lane < geometry.block(); ++lane) {
              visit(byte++, n * geometry.batch() + b, c, y, x, lane);
            }
          }
        }
      }
    }
  }
}

/// The row-major index; -1 for what lies outside.
std::int64_t IndexOf(const View& view, std::int64_t n, std::int64_t c, std::int64_t y,
                     std::int64_t x) {
  const bool is_inside =
      n < view.batch && c < view.channels && y >= 0 && y < view.height && x >= 0 && x < view.width;
  return is_inside ? ((n * view.channels + c) * view.height + y) * view.width + x : -1;
}

}  // namespace

std::optional<View> ViewOf(const Shape& shape) {
  switch (shape.size()) {
    case 1:
      return View{1, shape[0], 1, 1};
    case 2:
      return View{shape[0], shape[1], 1, 1};
    case 3:
      return View{shape[0] * shape[1], shape[2], 1, 1};
    case 4:
      return View{shape[0], shape[1], shape[2], shape[3]};
    default:
      return std::nullopt;
  }
}

std::int64_t Storage::batch_blocks(const vta::Geometry& geometry) const {
  return CeilDivide(view.batch, geometry.batch());
}

std::int64_t Storage::channel_blocks(const vta::Geometry& geometry) const {
  return fold ? 1 : CeilDivide(view.channels, geometry.block());
}

std::int64_t Storage::Elements(const vta::Geometry& geometry) const {
  return batch_blocks(geometry) * channel_blocks(geometry) * height() * width();
}

std::int64_t Storage::Bytes(const vta::Geometry& geometry) const {
  return Elements(geometry) * geometry.inp_elem_bytes();
}

std::vector<std::byte> Packed(const Storage& storage, const vta::Geometry& geometry,
                              std::span<const std::int8_t> values) {
  std::vector<std::byte> bytes(Index(storage.Bytes(geometry)));
  const View& view = storage.view;
  const Fold fold = storage.fold.value_or(Fold{});
  const std::int64_t lanes = fold.rows.lines * fold.columns.lines * view.channels;
  ForEachByte(storage, geometry,
              [&](std::size_t byte, std::int64_t n, std::int64_t block, std::int64_t y,
                  std::int64_t x, std::int64_t lane) {
                const std::int64_t channel = block * geometry.block() + lane;
                if (channel >= lanes) return;
                const std::int64_t tap = channel / view.channels;
                const std::int64_t row =
                    y * fold.rows.stride + tap / fold.columns.lines - fold.rows.pad;
                const std::int64_t column =
                    x * fold.columns.stride + tap % fold.columns.lines - fold.columns.pad;
                const std::int64_t from = IndexOf(view, n, channel % view.channels, row, column);
                if (from >= 0) bytes[byte] = static_cast<std::byte>(values[Index(from)]);
              });
  return bytes;
}

std::vector<std::int8_t> Unpacked(const Storage& storage, const vta::Geometry& geometry,
                                  std::span<const std::byte> bytes) {
  const View& view = storage.view;
  std::vector<std::int8_t> values(Index(view.batch * view.channels * view.height * view.width));
  ForEachByte(storage, geometry,
              [&](std::size_t byte, std::int64_t n, std::int64_t block, std::int64_t y,
                  std::int64_t x, std::int64_t lane) {
                const std::int64_t to = IndexOf(view, n, block * geometry.block() + lane, y, x);
                if (to >= 0) values[Index(to)] = static_cast<std::int8_t>(bytes[byte]);
              });
  return values;
}

}  // namespace foothold::network
