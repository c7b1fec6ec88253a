#include "targets/vta/compiler/tvm_template.h"

#include <fmt/core.h>

#include <string>
#include <utility>
#include <vector>

#include "base/check.h"
#include "targets/vta/compiler/blocked_shape.h"
#include "targets/vta/compiler/capacity.h"
#include "targets/vta/compiler/copy_pattern.h"
#include "targets/vta/compiler/requantize_passes.h"
#include "targets/vta/compiler/uop_kernel.h"

namespace foothold::vta {
namespace {

std::vector<std::int64_t> Divisors(std::int64_t n) {
  std::vector<std::int64_t> divisors;
  for (std::int64_t d = 1; d <= n; ++d) {
    if (n % d == 0) divisors.push_back(d);
  }
  return divisors;
}

/// The knobs of one config. Sizes are inner tile sizes, in elements.
struct Schedule {
  std::int64_t h = 1;
  std::int64_t w = 1;
  std::int64_t ci = 1;
  std::int64_t co = 1;
  std::int64_t b = 1;  // dense only; conv2d declares tile_b and never applies it
                       // (docs/reference/vta-and-autotvm.md#knobs)
  std::int64_t oc_threads = 1;
  std::int64_t h_threads = 1;

  std::int64_t threads() const { return oc_threads * h_threads; }
};

int ElementDims(const Geometry& geometry) { return geometry.batch() > 1 ? 2 : 1; }

/// Splitting an odd number of tiles over two threads leaves a bounds check in the output copy
/// (docs/reference/vta-and-autotvm.md#rejected-configs, row 3).
std::optional<Rejection> CheckThreadSplit(const char* axis, std::int64_t tiles,
                                          std::int64_t threads) {
  if (tiles % threads == 0) return std::nullopt;
  return Rejection{Phase::kLower, "lower.threads",
                   fmt::format("{} tile{} along {} cannot be split evenly over {} virtual threads",
                               tiles, tiles == 1 ? "" : "s", axis, threads)};
}

/// Assigns the DmaShape of a copy, or returns the reason why there is none.
std::optional<Rejection> Match(std::span<const CopyLoop> loops, const Geometry& geometry,
                               const char* what, DmaShape& shape) {
  auto match = MatchCopy(loops, ElementDims(geometry), what);
  if (auto* rejection = std::get_if<Rejection>(&match)) return std::move(*rejection);
  shape = std::get<DmaShape>(match);
  return std::nullopt;
}

/// conv2d_packed, group_conv2d_packed and conv2d_transpose_packed: one schedule for all, but for
/// the order of the loops inside a tile of the last.
class Conv2dLowering {
 public:
  Conv2dLowering(const BlockedShape& shape, const Requantize& requantize, const Geometry& geometry,
                 const Schedule& schedule, bool transposed)
      : shape_(shape),
        requantize_(requantize),
        geometry_(geometry),
        s_(schedule),
        transposed_(transposed) {
    tile_height_ = (s_.h - 1) * shape.stride_h + shape.kernel_h;
    tile_width_ = (s_.w - 1) * shape.stride_w + shape.kernel_w;
    tile_groups_ = shape.GroupsOf(s_.co);
    // One stretch of channels from the first group's to the last one's.
    tile_channels_ = (tile_groups_ - 1) * shape.group_in() + s_.ci;
  }

  std::variant<LoweredProgram, Rejection> Lower() {
    if (auto r = CheckGroups()) return *std::move(r);
    SetSizes();
    // TVM's order: single buffers (StorageFlatten), DMA patterns in program order, then the sums of
    // all virtual threads' buffers (StorageRewrite).
    if (auto r = CheckSingleBuffers(program_, geometry_)) return *std::move(r);
    if (auto r = MatchCopies()) return *std::move(r);
    if (auto r = CheckThreadedBuffers(program_, geometry_)) return *std::move(r);
    program_.hazard = FindHazardOfRest();
    SetTileLoops();
    SetComputeLoops();
    return std::move(program_);
  }

  // Rules that hold for some of the knobs alone, whatever the others are.

  /// Of tile_h, tile_w, tile_ci and, with several groups, tile_co.
  bool InputIsOneTransfer() { return !CheckGroups() && !MatchInput(); }
  /// Of tile_h, tile_w and tile_co.
  bool OutputIsOneTransfer() { return !MatchOutput(); }
  /// Of tile_h, tile_w, tile_ci and tile_co.
  bool KernelCanBeRecorded() {
    SetComputeLoops();
    return !FindHazardOfRest() && std::holds_alternative<UopKernel>(
                                      MakeGemmKernel(program_.gemm, {0, 0, 0}, false, geometry_));
  }
  /// What the tile and its threads need of each scratchpad, and of them only what is set.
  std::int64_t InputElements() const {
    return tile_channels_ * tile_height_ * tile_width_ * s_.threads();
  }
  std::int64_t WeightElements() const {
    return s_.co * s_.ci * shape_.kernel_h * shape_.kernel_w * s_.threads();
  }
  std::int64_t AccumulatorElements() const {
    return (s_.co * s_.h * s_.w + (requantize_.bias ? s_.co : 0)) * s_.threads();
  }

 private:
  /// A tile across the border of two groups would load another number of channels than its
  /// neighbour.
  std::optional<Rejection> CheckGroups() const {
    const std::int64_t group = shape_.group_out();
    if (group % s_.co == 0 || s_.co % group == 0) return std::nullopt;
    return Rejection{Phase::kLower, "lower.dma",
                     fmt::format("input copy: tiles of {} output channel blocks straddle groups of "
                                 "{}, and read different numbers of input channels",
                                 s_.co, group)};
  }

  /// A transposed convolution's kernel offsets are outside of blocks of four rows. What is left
  /// over by them, one or two rows, writes the same accumulators too soon again.
  std::optional<Rejection> FindHazardOfRest() const {
    const std::int64_t rest = s_.h % kRowBlock;
    const bool repeats = shape_.kernel_h * shape_.kernel_w > 1;
    if (!transposed_ || !repeats || s_.h < kRowBlock || rest == 0 || rest >= 3) return std::nullopt;
    return Rejection{Phase::kJit, "jit.hazard",
                     fmt::format("the last {} of a tile's {} rows are unrolled by themselves: the "
                                 "pipeline needs 3 accumulators between two additions to the same "
                                 "one",
                                 rest, s_.h)};
  }

  void SetSizes() {
    program_.thread.extent = s_.threads();
    program_.two_thread_axes = s_.oc_threads > 1 && s_.h_threads > 1;
    program_.inp_elements = tile_channels_ * tile_height_ * tile_width_;
    program_.wgt_elements = s_.co * s_.ci * shape_.kernel_h * shape_.kernel_w;
    program_.acc_elements = s_.co * s_.h * s_.w;
    program_.bias_elements = requantize_.bias ? s_.co : 0;
  }

  std::optional<Rejection> MatchInput() {
    program_.padded = shape_.pads_rows() || shape_.pads_columns();
    program_.image = {shape_.height, shape_.width,      shape_.pad_h,
                      shape_.pad_w,  shape_.pad_bottom, shape_.pad_right};
    const CopyLoop input[] = {
        {tile_channels_, shape_.height * shape_.width, ImageAxis::kNone},
        {tile_height_, shape_.width, shape_.pads_rows() ? ImageAxis::kRow : ImageAxis::kNone},
        {tile_width_, 1, shape_.pads_columns() ? ImageAxis::kColumn : ImageAxis::kNone}};
    return Match(input, geometry_, "input", program_.input);
  }

  std::optional<Rejection> MatchOutput() {
    const CopyLoop output[] = {
        {s_.co, shape_.out_height * shape_.out_width}, {s_.h, shape_.out_width}, {s_.w, 1}};
    return Match(output, geometry_, "output", program_.output);
  }

  std::optional<Rejection> MatchCopies() {
    if (auto r = MatchInput()) return r;
    const std::int64_t kernel = shape_.kernel_h * shape_.kernel_w;
    const CopyLoop weight[] = {{s_.co, shape_.group_in() * kernel}, {s_.ci * kernel, 1}};
    if (auto r = Match(weight, geometry_, "weight", program_.weight)) return r;

    if (requantize_.bias) {
      const CopyLoop bias[] = {{s_.co, 1}};
      if (auto r = Match(bias, geometry_, "bias", program_.bias.emplace())) return r;
    }
    if (auto r =
            CheckThreadSplit("the output channels", shape_.out_channels / s_.co, s_.oc_threads))
      return r;
    if (auto r = CheckThreadSplit("the height", shape_.out_height / s_.h, s_.h_threads)) return r;
    return MatchOutput();
  }

  /// Loops b, i0, co0, j0; a virtual thread takes every other tile of its axis.
  void SetTileLoops() {
    const std::int64_t kernel = shape_.kernel_h * shape_.kernel_w;
    const std::int64_t image = shape_.height * shape_.width;
    const std::int64_t out_image = shape_.out_height * shape_.out_width;
    const TileSteps down{.out = s_.h * shape_.out_width, .row = s_.h * shape_.stride_h};
    const TileSteps channels{.wgt = s_.co * shape_.group_in() * kernel,
                             .out = s_.co * out_image,
                             .bias = s_.co,
                             .channels = 1};

    program_.tiles = {{shape_.batch,
                       {.inp = shape_.in_channels * image,
                        .out = shape_.out_channels * out_image,
                        .bias = shape_.out_channels}},
                      {shape_.out_height / s_.h / s_.h_threads,
                       {.out = down.out * s_.h_threads, .row = down.row * s_.h_threads}},
                      {shape_.out_channels / s_.co / s_.oc_threads,
                       {.wgt = channels.wgt * s_.oc_threads,
                        .out = channels.out * s_.oc_threads,
                        .bias = channels.bias * s_.oc_threads,
                        .channels = s_.oc_threads}},
                      {shape_.out_width / s_.w, {.out = s_.w, .col = s_.w * shape_.stride_w}}};
    program_.thread.steps = s_.h_threads > 1 ? down : s_.oc_threads > 1 ? channels : TileSteps{};
    program_.reduction = {shape_.group_in() / s_.ci, {.inp = s_.ci * image, .wgt = s_.ci * kernel}};
    program_.groups = {tile_groups_ > 1 ? 1 : shape_.group_out() / s_.co,
                       tile_groups_ * shape_.group_in() * image};
  }

  /// docs/reference/vta-and-autotvm.md#instruction-stream: k, j, dj, di, co, i from outside in.
  void SetComputeLoops() {
    const std::int64_t tile = s_.h * s_.w;
    const std::int64_t group = s_.co / tile_groups_;  // output channels of one group in the tile
    program_.alu = RequantizePasses(requantize_, {{s_.co, tile, 1}, {s_.h, s_.w, 0}, {s_.w, 1, 0}});
    if (transposed_) {
      SetTransposedLoops();
      return;
    }
    const std::int64_t kernel = shape_.kernel_h * shape_.kernel_w;
    const std::int64_t image = tile_height_ * tile_width_;
    program_.gemm = {
        {s_.ci, 0, image, kernel},
        {s_.w, 1, shape_.stride_w, 0},
        {shape_.kernel_w, 0, 1, 1},
        {shape_.kernel_h, 0, tile_width_, shape_.kernel_w},
        {tile_groups_, group * tile, shape_.group_in() * image, group * s_.ci * kernel},
        {group, tile, 0, s_.ci * kernel},
        {s_.h, s_.w, shape_.stride_h * tile_width_, 0}};
    program_.reset = {{s_.w, 1}, {s_.co, tile}, {s_.h, s_.w}};
  }

  /// Columns are cut into pairs and rows into blocks of four, whose positions and the kernel
  /// offsets around them are unrolled: jo, co, io, j, dj, di, i from outside in. Columns that are
  /// no pairs leave a bounds check that keeps their loop and those inside from becoming the
  /// instruction's.
  void SetTransposedLoops() {
    const std::int64_t tile = s_.h * s_.w;
    const std::int64_t kernel = shape_.kernel_h * shape_.kernel_w;
    const bool pairs = s_.w % 2 == 0;
    const bool blocks = s_.h % kRowBlock == 0;
    const std::int64_t row = tile_width_;
    const ComputeLoop columns_out = {pairs ? s_.w / 2 : s_.w, pairs ? 2 : 1, pairs ? 2 : 1, 0,
                                     pairs};
    const ComputeLoop rows_out = {blocks ? s_.h / kRowBlock : 1, kRowBlock * s_.w, kRowBlock * row};
    const ComputeLoop column = {pairs ? 2 : 1, 1, 1, 0, false};
    const ComputeLoop rows = {blocks ? kRowBlock : s_.h, s_.w, row, 0, false};
    program_.gemm = {{s_.ci, 0, tile_height_ * tile_width_, kernel},
                     columns_out,
                     {s_.co, tile, 0, s_.ci * kernel},
                     rows_out,
                     column,
                     {shape_.kernel_w, 0, 1, 1, false},
                     {shape_.kernel_h, 0, tile_width_, shape_.kernel_w, false},
                     rows};
    program_.reset = {columns_out, {s_.co, tile}, rows_out, column, rows};
  }

  static constexpr std::int64_t kRowBlock = 4;

  const BlockedShape& shape_;
  const Requantize& requantize_;
  const Geometry& geometry_;
  const Schedule s_;
  const bool transposed_;
  std::int64_t tile_height_ = 1;
  std::int64_t tile_width_ = 1;
  std::int64_t tile_groups_ = 1;    // of the output channels of a tile
  std::int64_t tile_channels_ = 1;  // input channels that a tile loads
  LoweredProgram program_;
};

/// docs/reference/vta-and-autotvm.md#dense-schedule. Every row of the tile's batch loads its own
/// inputs and the weights again.
std::variant<LoweredProgram, Rejection> LowerDense(const BlockedShape& shape,
                                                   const Requantize& requantize,
                                                   const Geometry& geometry, const Schedule& s) {
  LoweredProgram program;
  program.thread.extent = s.oc_threads;
  program.inp_elements = s.ci;
  program.wgt_elements = s.co * s.ci;
  program.acc_elements = s.b * s.co;
  program.bias_elements = requantize.bias ? s.co : 0;
  if (auto r = CheckSingleBuffers(program, geometry)) return *std::move(r);

  const CopyLoop input[] = {{s.ci, 1}};
  if (auto r = Match(input, geometry, "input", program.input)) return *std::move(r);
  const CopyLoop weight[] = {{s.co, shape.in_channels}, {s.ci, 1}};
  if (auto r = Match(weight, geometry, "weight", program.weight)) return *std::move(r);
  const CopyLoop channels[] = {{s.co, 1}};
  if (requantize.bias) {
    if (auto r = Match(channels, geometry, "bias", program.bias.emplace())) return *std::move(r);
  }
  if (auto r = CheckThreadSplit("the output features", shape.out_channels / s.co, s.oc_threads))
    return *std::move(r);
  if (auto r = Match(channels, geometry, "output", program.output)) return *std::move(r);
  if (auto r = CheckThreadedBuffers(program, geometry)) return *std::move(r);

  const TileSteps row{.inp = shape.in_channels, .out = shape.out_channels};
  const TileSteps column{.wgt = s.co * shape.in_channels, .out = s.co, .bias = s.co};
  program.tiles = {{shape.batch / s.b, {.inp = row.inp * s.b, .out = row.out * s.b}},
                   {shape.out_channels / s.co / s.oc_threads,
                    {.wgt = column.wgt * s.oc_threads,
                     .out = column.out * s.oc_threads,
                     .bias = column.bias * s.oc_threads}}};
  if (s.oc_threads > 1) program.thread.steps = column;
  program.inner_batch = {s.b, row};
  program.batch_dst = s.co;
  program.reduction = {shape.in_channels / s.ci, {.inp = s.ci, .wgt = s.ci}};
  program.output_rows = {s.b, {.out = row.out}};
  program.output_row_elements = s.co;
  program.gemm = {{s.ci, 0, 1, 1}, {s.co, 1, 0, s.ci}};
  program.reset = {{s.co, 1}};
  program.alu = RequantizePasses(requantize, {{s.b, s.co, 0}, {s.co, 1, 1}});
  return program;
}

/// Writes the rules of one workload as constraints on its space. What a rule depends on is copied
/// into it: constraints outlive this.
class KnownRules {
 public:
  KnownRules(const BlockedShape& shape, const Workload& workload, const Geometry& geometry)
      : shape_(shape),
        requantize_(workload.requantize),
        geometry_(geometry),
        transposed_(std::holds_alternative<Conv2dTranspose>(workload.op)) {}

  std::vector<Constraint> OfConvolutions() {
    const Knobs input = {
        {"tile_h", &Schedule::h}, {"tile_w", &Schedule::w}, {"tile_ci", &Schedule::ci}};
    const Knobs channels = {{"tile_co", &Schedule::co}};
    const Knobs threads = {{"oc_nthread", &Schedule::oc_threads},
                           {"h_nthread", &Schedule::h_threads}};
    const Knobs of_input = shape_.groups > 1 ? Joined(input, channels) : input;
    const Geometry& g = geometry_;
    Add("the tiles of inputs of all threads fit the scratchpad", Joined(of_input, threads),
        [g](auto lowering) { return lowering.InputElements() <= g.inp_depth(); });
    Add("the tiles of weights of all threads fit the scratchpad",
        Joined(Joined({{"tile_ci", &Schedule::ci}}, channels), threads),
        [g](auto lowering) { return lowering.WeightElements() <= g.wgt_depth(); });
    const Knobs output = Joined({{"tile_h", &Schedule::h}, {"tile_w", &Schedule::w}}, channels);
    Add("the accumulators of all threads fit the scratchpad", Joined(output, threads),
        [g](auto lowering) { return lowering.AccumulatorElements() <= g.acc_depth(); });
    Add("a tile of inputs is one 2-D transfer", of_input,
        [](auto lowering) { return lowering.InputIsOneTransfer(); });
    Add("a tile of outputs is one 2-D transfer", output,
        [](auto lowering) { return lowering.OutputIsOneTransfer(); });
    Add("the runtime records the kernel: enough accumulators between two additions to one, and "
        "room for its micro-ops",
        Joined(input, channels), [](auto lowering) { return lowering.KernelCanBeRecorded(); });
    AddSplit("tile_co", shape_.out_channels, "oc_nthread");
    AddSplit("tile_h", shape_.out_height, "h_nthread");
    AddExclusive("oc_nthread", "h_nthread");
    return std::move(constraints_);
  }

  std::vector<Constraint> OfDense() {
    const auto least = [](std::int64_t depth, std::int64_t extra) {
      return [=](std::span<const std::int64_t> v) {
        std::int64_t elements = v[0];
        for (std::size_t i = 1; i + 1 < v.size(); ++i) elements *= v[i];
        return (elements + extra * v[0]) * v.back() <= depth;
      };
    };
    const Geometry& g = geometry_;
    constraints_ = {
        Constraint::Where("the inputs of all threads fit the scratchpad", {"tile_ci", "oc_nthread"},
                          least(g.inp_depth(), 0)),
        Constraint::Where("the weights of all threads fit the scratchpad",
                          {"tile_co", "tile_ci", "oc_nthread"}, least(g.wgt_depth(), 0)),
        Constraint::Where("the accumulators of all threads fit the scratchpad",
                          {"tile_co", "tile_b", "oc_nthread"},
                          least(g.acc_depth(), requantize_.bias ? 1 : 0))};
    AddSplit("tile_co", shape_.out_channels, "oc_nthread");
    AddExclusive("tile_b", "oc_nthread");
    return std::move(constraints_);
  }

 private:
  struct Knob {
    std::string name;
    std::int64_t Schedule::*member;
  };
  using Knobs = std::vector<Knob>;

  static Knobs Joined(Knobs a, const Knobs& b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
  }

  /// `holds` is asked with the knobs set, and all others at 1.
  template <typename Rule>
  void Add(std::string description, Knobs knobs, const Rule& holds) {
    std::vector<std::string> names;
    for (const Knob& knob : knobs) names.push_back(knob.name);
    constraints_.push_back(Constraint::Where(
        std::move(description), std::move(names),
        [=, shape = shape_, requantize = requantize_, geometry = geometry_,
         transposed = transposed_](std::span<const std::int64_t> values) {
          Schedule schedule;
          for (std::size_t i = 0; i < knobs.size(); ++i) schedule.*knobs[i].member = values[i];
          return holds(Conv2dLowering(shape, requantize, geometry, schedule, transposed));
        }));
  }

  void AddSplit(const std::string& tile, std::int64_t extent, const std::string& threads) {
    constraints_.push_back(Constraint::Where(
        fmt::format("tiles of {} split evenly over the threads", tile), {tile, threads},
        [extent](std::span<const std::int64_t> v) { return extent / v[0] % v[1] == 0; }));
  }

  /// A micro-op kernel can depend on one variable of the host code.
  void AddExclusive(const std::string& a, const std::string& b) {
    constraints_.push_back(
        Constraint::Where(fmt::format("not both {} and {} are above 1", a, b), {a, b},
                          [](std::span<const std::int64_t> v) { return v[0] == 1 || v[1] == 1; }));
  }

  const BlockedShape shape_;
  const Requantize requantize_;
  const Geometry geometry_;
  const bool transposed_;
  std::vector<Constraint> constraints_;
};

}  // namespace

Result<BlockedShape> TvmTemplateShape(const Workload& workload, const Geometry& geometry) {
  FOOTHOLD_ASSIGN_OR_RETURN(const BlockedShape shape, BlockShape(workload, geometry));
  return SpreadByHost(shape);
}

Result<Space> TvmTemplateSpace(const Workload& workload, const Geometry& geometry) {
  FOOTHOLD_ASSIGN_OR_RETURN(const BlockedShape shape, TvmTemplateShape(workload, geometry));
  const Parameter tile_b{"tile_b", Divisors(shape.batch)};
  const Parameter tile_ci{"tile_ci", Divisors(shape.group_in())};
  const Parameter tile_co{"tile_co", Divisors(shape.out_channels)};
  const Parameter oc_nthread{"oc_nthread", {1, 2}};
  if (std::holds_alternative<Dense>(workload.op))
    return Space::Create({tile_b, tile_ci, tile_co, oc_nthread});
  return Space::Create({tile_b,
                        {"tile_h", Divisors(shape.out_height)},
                        {"tile_w", Divisors(shape.out_width)},
                        tile_ci,
                        tile_co,
                        oc_nthread,
                        {"h_nthread", {1, 2}}});
}

std::vector<Constraint> TvmTemplateConstraints(const Workload& workload, const Geometry& geometry) {
  const Result<BlockedShape> shape = TvmTemplateShape(workload, geometry);
  FOOTHOLD_CHECK(shape.ok(), shape.status().message());
  KnownRules rules(*shape, workload, geometry);
  return std::holds_alternative<Dense>(workload.op) ? rules.OfDense() : rules.OfConvolutions();
}

std::variant<LoweredProgram, Rejection> LowerTvmTemplate(const Workload& workload,
                                                         const Geometry& geometry,
                                                         std::span<const std::int64_t> values) {
  const Result<BlockedShape> shape = TvmTemplateShape(workload, geometry);
  FOOTHOLD_CHECK(shape.ok(), shape.status().message());
  if (std::holds_alternative<Dense>(workload.op)) {
    FOOTHOLD_CHECK(values.size() == 4);
    const Schedule schedule{
        .ci = values[1], .co = values[2], .b = values[0], .oc_threads = values[3]};
    return LowerDense(*shape, workload.requantize, geometry, schedule);
  }
  FOOTHOLD_CHECK(values.size() == 7);
  const Schedule schedule{.h = values[1],
                          .w = values[2],
                          .ci = values[3],
                          .co = values[4],
                          .oc_threads = values[5],
                          .h_threads = values[6]};
  const bool transposed = std::holds_alternative<Conv2dTranspose>(workload.op);
  return Conv2dLowering(*shape, workload.requantize, geometry, schedule, transposed).Lower();
}

}  // namespace foothold::vta
