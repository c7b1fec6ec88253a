#include "targets/cpu/program_source.h"

#include <fmt/core.h>

#include <string_view>
#include <utility>
#include <vector>

#include "targets/cpu/harness_source.h"
#include "targets/cpu/kernel_source.h"

namespace foothold::cpu {
namespace {

/// What a dense layer's packed rows are longer than they need, so that the rows of a register block
/// do not all fall into the same set of the cache.
constexpr std::int64_t kRowGap = 16;

using Constants = std::vector<std::pair<std::string, std::int64_t>>;

/// How a kernel steps through its input.
struct InputView {
  std::int64_t row = 0;     ///< from an output row to the next
  std::int64_t column = 0;  ///< from an output column to the next
  std::int64_t c = 0;
  std::int64_t ky = 0;
  std::int64_t copied_w = 1;  ///< columns of a copied row
  bool is_compact = false;    ///< the copy holds only what a strided 1x1 kernel reads
};

InputView ConvolutionView(const Nest& nest, const Schedule& schedule) {
  InputView view{nest.stride_h * nest.in_w, nest.stride_w, nest.in_h * nest.in_w, nest.in_w};
  if (schedule.pack_input == PackInput::kNone) return view;
  const std::int64_t rows =
      schedule.pack_input == PackInput::kTile ? std::min(schedule.tile_h, nest.out_h) : nest.out_h;
  view.is_compact = nest.taps() == 1;
  if (view.is_compact) {
    view.copied_w = nest.out_w;
    view.row = nest.out_w;
    view.column = 1;
    view.c = rows * nest.out_w;
    return view;
  }
  view.copied_w = (nest.out_w - 1) * nest.stride_w + nest.kernel_w;
  view.row = nest.stride_h * view.copied_w;
  view.c = ((rows - 1) * nest.stride_h + nest.kernel_h) * view.copied_w;
  view.ky = view.copied_w;
  return view;
}

/// Channels of an input tile that are packed at once.
std::int64_t PackedChannels(const Nest& nest, const Schedule& schedule) {
  return schedule.order == Order::kRowsReductionPanels ? std::min(schedule.tile_c, nest.channels)
                                                       : nest.channels;
}

InputView ViewOf(const Nest& nest, const Schedule& schedule) {
  if (!nest.is_dense) return ConvolutionView(nest, schedule);
  InputView view{nest.channels, 0, 1, 0};
  if (schedule.pack_input == PackInput::kTile) {
    view.row = PackedChannels(nest, schedule) + kRowGap;
  }
  return view;
}

/// Floats of one copied tile or image.
std::int64_t CopiedFloats(const Nest& nest, const Schedule& schedule, const InputView& view) {
  switch (schedule.pack_input) {
    case PackInput::kNone:
      return 1;
    case PackInput::kTile:
      return nest.is_dense ? std::min(schedule.tile_h, nest.out_h) * view.row
                           : PackedChannels(nest, schedule) * view.c;
    case PackInput::kWhole:
      break;
  }
  return nest.images * nest.channels * view.c;
}

Constants ConstantsOf(const Nest& nest, const Schedule& schedule, Weights weights) {
  const InputView view = ViewOf(nest, schedule);
  const std::int64_t tile_h = std::min(schedule.tile_h, nest.out_h);
  const bool keeps_all_panels = schedule.order == Order::kRowsReductionPanels;
  return {{"IMAGES", nest.images},
          {"CHANNELS", nest.channels},
          {"IN_H", nest.in_h},
          {"IN_W", nest.in_w},
          {"KERNEL_H", nest.kernel_h},
          {"KERNEL_W", nest.kernel_w},
          {"PAD_H", nest.pad_h},
          {"PAD_W", nest.pad_w},
          {"STRIDE_H", nest.stride_h},
          {"STRIDE_W", nest.stride_w},
          {"OUT_CHANNELS", nest.out_channels},
          {"OUT_H", nest.out_h},
          {"OUT_W", nest.out_w},
          {"TAPS", nest.taps()},
          {"REDUCTION", nest.reduction()},
          {"VECTOR", schedule.vector},
          {"PANEL", schedule.panel()},
          {"PANELS", schedule.panels(nest)},
          {"TILE_C", std::min(schedule.tile_c, nest.channels)},
          {"TILE_H", tile_h},
          {"ROW_TILES", (nest.out_h + tile_h - 1) / tile_h},
          {"THREADS", schedule.threads},
          {"X_ROW", view.row},
          {"X_COLUMN", view.column},
          {"X_C", view.c},
          {"X_KY", view.ky},
          {"COPIED_W", view.copied_w},
          {"COPIED_CHANNELS", PackedChannels(nest, schedule)},
          {"COPIED_FLOATS", CopiedFloats(nest, schedule, view)},
          {"SUM_PANELS", keeps_all_panels ? schedule.panels(nest) : 1},
          {"W_STEP", schedule.pack_weights ? schedule.panel() : 1},
          {"WEIGHTS_ARE_FRESH", weights == Weights::kFresh ? 1 : 0}};
}

constexpr std::string_view kHead = R"(
#define PRAGMA(text) _Pragma(#text)
#ifdef __clang__
#define UNROLL(n) PRAGMA(unroll n)
#else
#define UNROLL(n) PRAGMA(GCC unroll n)
#endif
#define FENCE() __asm__ volatile("" ::: "memory")
#define LOAD(at) (*(const vec *)(at))
#define STORE(at, value) (*(vec *)(at) = (value))
/* In every lane; x - 0 is x for every x, so this is a broadcast. */
#define SPLAT(x) ((x) - (vec){0})

static long least(long a, long b) { return a < b ? a : b; }

)";

/// One vector of weights, of channels `offset` and following of the panel at w.
std::string WeightsMacro(const Schedule& schedule) {
  if (schedule.pack_weights) return "#define WEIGHTS(offset) LOAD(w + (offset))\n";
  std::string lanes;
  for (std::int64_t lane = 0; lane < schedule.vector; ++lane) {
    lanes += fmt::format("{}w[((offset) + {}) * (long)REDUCTION]", lane == 0 ? "" : ", ", lane);
  }
  return fmt::format("#define WEIGHTS(offset) ((vec){{{}}})\n", lanes);
}

constexpr std::string_view kPackedWeights = R"(
/* [o][c][ky][kx] to [panel][c][ky][kx][o of the panel]; channels that there are not are zeros. */
static void pack_weights(const float *restrict weights, float *restrict packed) {
  for (long o = 0; o < PANELS * PANEL; o += VECTOR) {
    float *to = packed + o / PANEL * REDUCTION * PANEL + o % PANEL;
    const float *from = weights + o * REDUCTION;
    long k = 0;
    if (o + VECTOR <= OUT_CHANNELS)
      for (; k + VECTOR <= REDUCTION; k += VECTOR)
        transpose(from + k, REDUCTION, to + k * PANEL, PANEL);
    for (; k < REDUCTION; ++k)
      for (long i = 0; i < VECTOR; ++i)
        to[k * PANEL + i] = o + i < OUT_CHANNELS ? from[i * REDUCTION + k] : 0;
  }
}

static long packed_weights_size(void) { return (long)PANELS * PANEL * REDUCTION; }

static const float *weights_at(const float *weights, long panel, long c) {
  return weights + (panel * CHANNELS + c) * TAPS * PANEL;
}
)";

constexpr std::string_view kPlainWeights = R"(
static void pack_weights(const float *restrict weights, float *restrict packed) {
  memcpy(packed, weights, sizeof(float) * OUT_CHANNELS * REDUCTION);
}

static long packed_weights_size(void) { return (long)OUT_CHANNELS * REDUCTION; }

static const float *weights_at(const float *weights, long panel, long c) {
  return weights + panel * PANEL * REDUCTION + c * TAPS;
}
)";

constexpr std::string_view kCopyDense = R"(
static void copy_input(const float *restrict in, float *restrict to, long c0, long channels,
                       long y0, long rows) {
  for (long y = 0; y < rows; ++y)
    memcpy(to + y * X_ROW, in + (y0 + y) * CHANNELS + c0, sizeof(float) * channels);
}
)";

constexpr std::string_view kCopyCompact = R"(
/* The pixels that a 1x1 kernel reads, one after the other. */
static void copy_input(const float *restrict in, float *restrict to, long c0, long channels,
                       long y0, long rows) {
  for (long c = 0; c < channels; ++c)
    for (long y = 0; y < rows; ++y)
      for (long x = 0; x < OUT_W; ++x) {
        const long iy = (y0 + y) * STRIDE_H - PAD_H, ix = x * STRIDE_W - PAD_W;
        const int inside = iy >= 0 && iy < IN_H && ix >= 0 && ix < IN_W;
        to[c * X_C + y * X_ROW + x] = inside ? in[((c0 + c) * IN_H + iy) * IN_W + ix] : 0;
      }
}
)";

constexpr std::string_view kCopyPadded = R"(
/* The input rows of output rows y0, ..., y0 + rows - 1, with their padding. */
static void copy_input(const float *restrict in, float *restrict to, long c0, long channels,
                       long y0, long rows) {
  const long left = least(PAD_W, COPIED_W), inner = least(IN_W, COPIED_W - left);
  for (long c = 0; c < channels; ++c)
    for (long r = 0; r < (rows - 1) * STRIDE_H + KERNEL_H; ++r) {
      const long iy = y0 * STRIDE_H + r - PAD_H;
      float *row = to + c * X_C + r * COPIED_W;
      if (iy < 0 || iy >= IN_H) {
        memset(row, 0, sizeof(float) * COPIED_W);
        continue;
      }
      for (long x = 0; x < left; ++x) row[x] = 0;
      memcpy(row + left, in + ((c0 + c) * IN_H + iy) * IN_W, sizeof(float) * inner);
      for (long x = left + inner; x < COPIED_W; ++x) row[x] = 0;
    }
}
)";

constexpr std::string_view kReadInPlace = R"(
/* Where the kernels find the input of channel c and output row y. */
static const float *input_tile(const float *in, long image, long c, long channels, long y,
                               long rows, long part) {
  (void)channels, (void)rows, (void)part;
  return in + image * CHANNELS * IN_H * IN_W + c * X_C + y * X_ROW;
}
static const float *input_of(const float *in) { return in; }
)";

constexpr std::string_view kReadTile = R"(
static float copied[THREADS][COPIED_FLOATS] __attribute__((aligned(64)));

/* Copies a tile of the input to where the kernels find it. */
static const float *input_tile(const float *in, long image, long c, long channels, long y,
                               long rows, long part) {
  copy_input(in + image * CHANNELS * IN_H * IN_W, copied[part], c, channels, y, rows);
  return copied[part];
}
static const float *input_of(const float *in) { return in; }
)";

constexpr std::string_view kReadWhole = R"(
static float copied[COPIED_FLOATS] __attribute__((aligned(64)));

/* Where the kernels find the input of channel c and output row y. */
static const float *input_tile(const float *in, long image, long c, long channels, long y,
                               long rows, long part) {
  (void)channels, (void)rows, (void)part;
  return in + (image * CHANNELS + c) * X_C + y * X_ROW;
}
static const float *input_of(const float *in) {
  for (long image = 0; image < IMAGES; ++image)
    copy_input(in + image * CHANNELS * IN_H * IN_W, copied + image * CHANNELS * X_C, 0, CHANNELS, 0,
               OUT_H);
  return copied;
}
)";

constexpr std::string_view kStoreDense = R"(
/* The finished sums of a panel to the output. */
static void store(const float *restrict sums, float *restrict out, long image, long panel, long y0,
                  long rows) {
  (void)image;
  const long channels = least(PANEL, OUT_CHANNELS - panel * PANEL);
  for (long y = 0; y < rows; ++y)
    memcpy(out + (y0 + y) * OUT_CHANNELS + panel * PANEL, sums + y * PANEL,
           sizeof(float) * channels);
}
)";

constexpr std::string_view kStoreConvolution = R"(
/* The finished sums of a panel, [pixel][o], to the output, [o][pixel]. */
static void store(const float *restrict sums, float *restrict out, long image, long panel, long y0,
                  long rows) {
  const long plane = OUT_H * OUT_W, pixels = rows * OUT_W;
  const long channels = least(PANEL, OUT_CHANNELS - panel * PANEL);
  float *to = out + (image * OUT_CHANNELS + panel * PANEL) * plane + y0 * OUT_W;
  for (long o = 0; o < channels; o += VECTOR) {
    long q = 0;
    if (o + VECTOR <= channels)
      for (; q + VECTOR <= pixels; q += VECTOR)
        transpose(sums + q * PANEL + o, PANEL, to + o * plane + q, plane);
    for (; q < pixels; ++q)
      for (long i = o; i < least(o + VECTOR, channels); ++i) to[i * plane + q] = sums[q * PANEL + i];
  }
}
)";

constexpr std::string_view kSums = R"(
static float sums[THREADS][SUM_PANELS][TILE_H * OUT_W * PANEL] __attribute__((aligned(64)));

)";

constexpr std::string_view kRowsPanels =
    R"(static void run_part(const float *restrict in, const float *restrict weights, float *restrict out,
                     long part) {
  for (long job = part; job < IMAGES * ROW_TILES; job += THREADS) {
    const long image = job / ROW_TILES, y = job % ROW_TILES * TILE_H, rows = least(TILE_H, OUT_H - y);
    const float *x = input_tile(in, image, 0, CHANNELS, y, rows, part);
    for (long panel = 0; panel < PANELS; ++panel) {
      for (long c = 0; c < CHANNELS; c += TILE_C)
        sweep(x + c * X_C, weights_at(weights, panel, c), sums[part][0], rows,
              least(TILE_C, CHANNELS - c), c == 0);
      store(sums[part][0], out, image, panel, y, rows);
    }
  }
}
)";

constexpr std::string_view kPanelsRows =
    R"(static void run_part(const float *restrict in, const float *restrict weights, float *restrict out,
                     long part) {
  for (long job = part; job < IMAGES * PANELS; job += THREADS) {
    const long image = job / PANELS, panel = job % PANELS;
    for (long y = 0; y < OUT_H; y += TILE_H) {
      const long rows = least(TILE_H, OUT_H - y);
      const float *x = input_tile(in, image, 0, CHANNELS, y, rows, part);
      for (long c = 0; c < CHANNELS; c += TILE_C)
        sweep(x + c * X_C, weights_at(weights, panel, c), sums[part][0], rows,
              least(TILE_C, CHANNELS - c), c == 0);
      store(sums[part][0], out, image, panel, y, rows);
    }
  }
}
)";

constexpr std::string_view kRowsReductionPanels =
    R"(static void run_part(const float *restrict in, const float *restrict weights, float *restrict out,
                     long part) {
  for (long job = part; job < IMAGES * ROW_TILES; job += THREADS) {
    const long image = job / ROW_TILES, y = job % ROW_TILES * TILE_H, rows = least(TILE_H, OUT_H - y);
    for (long c = 0; c < CHANNELS; c += TILE_C) {
      const long channels = least(TILE_C, CHANNELS - c);
      const float *x = input_tile(in, image, c, channels, y, rows, part);
      for (long panel = 0; panel < PANELS; ++panel)
        sweep(x, weights_at(weights, panel, c), sums[part][panel], rows, channels, c == 0);
    }
    for (long panel = 0; panel < PANELS; ++panel)
      store(sums[part][panel], out, image, panel, y, rows);
  }
}
)";

std::string_view CopySource(const Nest& nest, const Schedule& schedule) {
  if (schedule.pack_input == PackInput::kNone) return "";
  if (nest.is_dense) return kCopyDense;
  return nest.taps() == 1 ? kCopyCompact : kCopyPadded;
}

std::string_view ReadSource(const Schedule& schedule) {
  switch (schedule.pack_input) {
    case PackInput::kNone:
      return kReadInPlace;
    case PackInput::kTile:
      return kReadTile;
    case PackInput::kWhole:
      break;
  }
  return kReadWhole;
}

std::string_view LoopSource(const Schedule& schedule) {
  switch (schedule.order) {
    case Order::kRowsPanels:
      return kRowsPanels;
    case Order::kPanelsRows:
      return kPanelsRows;
    case Order::kRowsReductionPanels:
      break;
  }
  return kRowsReductionPanels;
}

}  // namespace

std::string OperatorSource(const Nest& nest, const Schedule& schedule, Weights weights) {
  std::string text = "enum {\n";
  for (const auto& [name, value] : ConstantsOf(nest, schedule, weights)) {
    text += fmt::format("  {} = {},\n", name, value);
  }
  text += "};\n\n";
  text += fmt::format("typedef float vec __attribute__((vector_size({}), aligned(4)));\n",
                      schedule.vector * static_cast<std::int64_t>(sizeof(float)));
  text += kHead;
  text += WeightsMacro(schedule) + "\n";
  text += TransposeSource(schedule);
  text += schedule.pack_weights ? kPackedWeights : kPlainWeights;
  text += CopySource(nest, schedule);
  text += ReadSource(schedule);
  text += nest.is_dense ? kStoreDense : kStoreConvolution;
  text += kSums;
  text += KernelSource(nest, schedule);
  text += LoopSource(schedule);
  return text;
}

std::string ProgramSource(const Nest& nest, const Schedule& schedule, Weights weights) {
  return std::string(kHarnessHead) + OperatorSource(nest, schedule, weights) +
         std::string(schedule.threads > 1 ? kThreadPool : kOneThread) + std::string(kHarness);
}

}  // namespace foothold::cpu
