#include "targets/cpu/kernel_source.h"

#include <fmt/core.h>

#include <set>
#include <vector>

namespace foothold::cpu {
namespace {

/// The lanes that a stage of a transposition takes from two rows `distance` apart, for the first
/// (`low`) or the second of them: "0,8,2,10,4,12,6,14".
std::string ShuffleLanes(std::int64_t vector, std::int64_t distance, bool low) {
  std::string lanes;
  for (std::int64_t lane = 0; lane < vector; ++lane) {
    const bool own = (lane & distance) == 0;
    const std::int64_t taken =
        low ? (own ? lane : vector + lane - distance) : (own ? lane + distance : vector + lane);
    lanes += fmt::format("{}{}", lane == 0 ? "" : ",", taken);
  }
  return lanes;
}

/// The sum of pixel `pixel`, vector `vector` of a register block.
std::string Sum(std::int64_t pixel, std::int64_t vector) {
  return fmt::format("s{}_{}", pixel, vector);
}

/// One function: a register block of `rows` x `columns` pixels.
class Block {
 public:
  Block(const Nest& nest, const Schedule& schedule, std::int64_t rows, std::int64_t columns)
      : nest_(nest), schedule_(schedule), rows_(rows), columns_(columns) {}

  std::string Source() const {
    return fmt::format(
               "static void block_{}x{}(const float *restrict x, const float *restrict w,\n"
               "                        float *restrict sums, long channels, int first) {{\n",
               rows_, columns_) +
           Begin() + Loops() + End() + "}\n\n";
  }

 private:
  /// Calls `line(pixel, vector, place in the sums)` for each accumulator.
  template <typename Line>
  std::string ForEach(const Line& line) const {
    std::string text;
    for (std::int64_t row = 0; row < rows_; ++row) {
      for (std::int64_t column = 0; column < columns_; ++column) {
        for (std::int64_t v = 0; v < schedule_.block_o; ++v) {
          text += line(row * columns_ + column, v,
                       fmt::format("sums + {}", (row * nest_.out_w + column) * schedule_.panel() +
                                                    v * schedule_.vector));
        }
      }
    }
    return text;
  }

  std::string Begin() const {
    std::string names;
    const std::string zeros = ForEach([&](auto pixel, auto v, const auto&) {
      names += (names.empty() ? "" : ", ") + Sum(pixel, v);
      return fmt::format("    {} = (vec){{0}};\n", Sum(pixel, v));
    });
    const std::string loads = ForEach([](auto pixel, auto v, const std::string& place) {
      return fmt::format("    {} = LOAD({});\n", Sum(pixel, v), place);
    });
    return fmt::format("  vec {};\n  if (first) {{\n{}  }} else {{\n{}  }}\n", names, zeros, loads);
  }

  std::string End() const {
    return ForEach([](auto pixel, auto v, const std::string& place) {
      return fmt::format("  STORE({}, {});\n", place, Sum(pixel, v));
    });
  }

  std::string Loops() const {
    if (nest_.taps() == 1) {
      return fmt::format(
          "  UNROLL({})\n  for (long c = 0; c < channels; ++c, x += X_C) {{\n{}  }}\n",
          schedule_.unroll, Step("x", "    "));
    }
    return fmt::format(
        "  for (long c = 0; c < channels; ++c, x += X_C) {{\n"
        "    UNROLL({})\n"
        "    for (int ky = 0; ky < KERNEL_H; ++ky) {{\n"
        "      const float *row = x + ky * X_KY;\n"
        "      UNROLL({})\n"
        "      for (int kx = 0; kx < KERNEL_W; ++kx) {{\n{}      }}\n    }}\n  }}\n",
        schedule_.unroll == 3 ? nest_.kernel_h : 1, schedule_.unroll >= 2 ? nest_.kernel_w : 1,
        Step("row + kx", "        "));
  }

  /// One step of the reduction: every pixel's input times the vectors of weights.
  std::string Step(const std::string& at, const std::string& indent) const {
    std::string text;
    for (std::int64_t v = 0; v < schedule_.block_o; ++v) {
      text += fmt::format("{}const vec w{} = WEIGHTS({});\n", indent, v, v * schedule_.vector);
    }
    text += fmt::format("{}const float *p = {};\n{}vec b;\n", indent, at, indent);
    for (std::int64_t pixel = 0; pixel < rows_ * columns_; ++pixel) {
      text += fmt::format("{}b = SPLAT(p[{} * X_ROW + {} * X_COLUMN]);", indent, pixel / columns_,
                          pixel % columns_);
      for (std::int64_t v = 0; v < schedule_.block_o; ++v) {
        text += fmt::format(" {} += b * w{};", Sum(pixel, v), v);
      }
      text += schedule_.fence == Fence::kPixel ? " FENCE();\n" : "\n";
    }
    return text + fmt::format("{}w += W_STEP;\n", indent) +
           (schedule_.fence == Fence::kStep ? fmt::format("{}FENCE();\n", indent) : "");
  }

  const Nest& nest_;
  const Schedule& schedule_;
  const std::int64_t rows_;
  const std::int64_t columns_;
};

/// The heights of register blocks that occur: the full one, and what is left at the end of a full
/// tile and of the last one.
std::vector<std::int64_t> Heights(const Nest& nest, const Schedule& schedule) {
  const std::int64_t tile = std::min(schedule.tile_h, nest.out_h);
  std::vector<std::int64_t> heights = {std::min(schedule.block_h, tile)};
  std::set<std::int64_t> rests = {tile % schedule.block_h, nest.out_h % tile % schedule.block_h};
  rests.erase(0);
  rests.erase(heights.front());
  heights.insert(heights.end(), rests.rbegin(), rests.rend());
  return heights;
}

/// The loops over the columns of `height` rows from row y on.
std::string ColumnLoops(const Nest& nest, const Schedule& schedule, std::int64_t height) {
  const std::int64_t width = std::min(schedule.block_w, nest.out_w);
  const auto call = [&](std::int64_t columns, const std::string& x) {
    return fmt::format(
        "block_{}x{}(in + y * X_ROW + {} * X_COLUMN, w, sums + (y * OUT_W + {}) * PANEL, "
        "channels, first);\n",
        height, columns, x, x);
  };
  std::string text = fmt::format("      for (long x = 0; x + {} <= OUT_W; x += {})\n        {}",
                                 width, width, call(width, "x"));
  if (nest.out_w % width != 0) {
    text += "      " + call(nest.out_w % width, fmt::format("{}", nest.out_w / width * width));
  }
  return text;
}

}  // namespace

std::string TransposeSource(const Schedule& schedule) {
  const std::int64_t size = schedule.vector;
  std::string text =
      "static void transpose(const float *restrict from, long from_stride,\n"
      "                      float *restrict to, long to_stride) {\n";
  for (std::int64_t i = 0; i < size; ++i) {
    text += fmt::format("  vec r{} = LOAD(from + {} * from_stride);\n", i, i);
  }
  text += "  vec low, high;\n";
  for (std::int64_t distance = size / 2; distance > 0; distance /= 2) {
    for (std::int64_t i = 0; i < size; ++i) {
      if ((i & distance) != 0) continue;
      text += fmt::format(
          "  low = __builtin_shufflevector(r{0}, r{1}, {2});\n"
          "  high = __builtin_shufflevector(r{0}, r{1}, {3});\n"
          "  r{0} = low; r{1} = high;\n",
          i, i + distance, ShuffleLanes(size, distance, true), ShuffleLanes(size, distance, false));
    }
  }
  for (std::int64_t i = 0; i < size; ++i) {
    text += fmt::format("  STORE(to + {} * to_stride, r{});\n", i, i);
  }
  return text + "}\n\n";
}

std::string KernelSource(const Nest& nest, const Schedule& schedule) {
  const std::vector<std::int64_t> heights = Heights(nest, schedule);
  const std::int64_t width = std::min(schedule.block_w, nest.out_w);
  std::string text;
  for (const std::int64_t height : heights) {
    text += Block(nest, schedule, height, width).Source();
    if (nest.out_w % width != 0) {
      text += Block(nest, schedule, height, nest.out_w % width).Source();
    }
  }
  text += fmt::format(
      "/* Adds what `channels` channels contribute to the sums of a tile's `rows` rows. */\n"
      "static void sweep(const float *restrict in, const float *restrict w, float *restrict sums,\n"
      "                  long rows, long channels, int first) {{\n"
      "  long y = 0;\n"
      "  for (; y + {} <= rows; y += {}) {{\n{}  }}\n",
      heights.front(), heights.front(), ColumnLoops(nest, schedule, heights.front()));
  for (std::size_t i = 1; i < heights.size(); ++i) {
    text += fmt::format("  if (rows - y == {}) {{\n{}  }}\n", heights[i],
                        ColumnLoops(nest, schedule, heights[i]));
  }
  return text + "}\n\n";
}

}  // namespace foothold::cpu
