#include "formats/autotvm/autotvm_task.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>
#include <vector>

namespace foothold::formats {
namespace {

constexpr std::string_view kConv2dTask = "conv2d_packed.vta";
constexpr std::string_view kGroupTask = "group_conv2d_packed.vta";
constexpr std::string_view kTransposeTask = "conv2d_transpose_packed.vta";
constexpr std::string_view kDenseTask = "dense_packed.vta";

base::Json Tensor(std::initializer_list<std::int64_t> shape) {
  return base::Json::Array({"TENSOR", std::vector<std::int64_t>(shape), "int8"});
}

std::string Layout(const VtaPacking& packing) {
  return fmt::format("NCHW{}n{}c", packing.batch, packing.block_in);
}

/// Of a grouped convolution the groups stand in the layout's place.
base::Json Arguments(const Conv2d& conv, const VtaPacking& packing) {
  base::Json args =
      base::Json::Array({Tensor({conv.batch / packing.batch, conv.in_channels / packing.block_in,
                                 conv.height, conv.width, packing.batch, packing.block_in}),
                         Tensor({conv.out_channels / packing.block_out,
                                 conv.in_channels / conv.groups / packing.block_in, conv.kernel_h,
                                 conv.kernel_w, packing.block_out, packing.block_in}),
                         base::Json::Array({conv.stride_h, conv.stride_w}),
                         base::Json::Array({conv.pad_h, conv.pad_w, conv.rows_below(),
                                            conv.columns_right()}),  // top, left, bottom, right
                         base::Json::Array({1, 1})});
  if (conv.groups > 1) {
    args.push_back(conv.groups);
  } else {
    args.push_back(Layout(packing));
  }
  args.push_back("int32");
  return args;
}

base::Json Arguments(const Conv2dTranspose& conv, const VtaPacking& packing) {
  return base::Json::Array(
      {Tensor({conv.batch / packing.batch, conv.in_channels / packing.block_in, conv.height,
               conv.width, packing.batch, packing.block_in}),
       Tensor({conv.out_channels / packing.block_out, conv.in_channels / packing.block_in,
               conv.kernel_h, conv.kernel_w, packing.block_out, packing.block_in}),
       base::Json::Array({conv.stride_h, conv.stride_w}),
       base::Json::Array({conv.pad_h, conv.pad_w, conv.pad_h, conv.pad_w}), "int32",
       base::Json::Array({0, 0})});  // output padding
}

base::Json Arguments(const Dense& dense, const VtaPacking& packing) {
  return base::Json::Array(
      {Tensor({dense.batch / packing.batch, dense.in_features / packing.block_in, packing.batch,
               packing.block_in}),
       Tensor({dense.out_features / packing.block_out, dense.in_features / packing.block_in,
               packing.block_out, packing.block_in}),
       nullptr, "int32"});
}

/// All divisors in ascending order.
std::vector<std::int64_t> Divisors(std::int64_t number) {
  std::vector<std::int64_t> divisors;
  for (std::int64_t d = 1; d * d <= number; ++d) {
    if (number % d != 0) continue;
    divisors.push_back(d);
    if (d != number / d) divisors.push_back(number / d);
  }
  std::sort(divisors.begin(), divisors.end());
  return divisors;
}

Parameter Split(std::string name, std::int64_t extent) {
  return {std::move(name), Divisors(extent)};
}

Parameter Threads(std::string name) { return {std::move(name), {1, 2}}; }

Result<std::int64_t> Blocks(std::string_view field, std::int64_t size, std::int64_t block) {
  if (size % block == 0) return size / block;
  return Status::InvalidArgument(
      fmt::format("{}: is {}, must be a multiple of {} to be packed for VTA", field, size, block));
}

/// Channels of each group must fill blocks; `tile_ci` is over the blocks of one group.
template <typename Conv>
Result<std::vector<Parameter>> ConvolutionParameters(const Conv& conv, std::int64_t groups,
                                                     const VtaPacking& packing) {
  const bool grouped = groups > 1;
  FOOTHOLD_ASSIGN_OR_RETURN(const auto batch, Blocks("batch", conv.batch, packing.batch));
  FOOTHOLD_ASSIGN_OR_RETURN(const auto in, Blocks(grouped ? "in_channels / groups" : "in_channels",
                                                  conv.in_channels / groups, packing.block_in));
  FOOTHOLD_ASSIGN_OR_RETURN(const auto group_out,
                            Blocks(grouped ? "out_channels / groups" : "out_channels",
                                   conv.out_channels / groups, packing.block_out));
  return std::vector<Parameter>{Split("tile_b", batch),
                                Split("tile_h", conv.out_height()),
                                Split("tile_w", conv.out_width()),
                                Split("tile_ci", in),
                                Split("tile_co", group_out * groups),
                                Threads("oc_nthread"),
                                Threads("h_nthread")};
}

/// Whatever is between the first `digits x digits` and its neighbouring underscores.
std::optional<VtaPacking> PackingOfModel(std::string_view model) {
  while (!model.empty()) {
    const std::size_t end = std::min(model.find('_'), model.size());
    const char* last = model.data() + end;
    VtaPacking packing;
    const auto batch = std::from_chars(model.data(), last, packing.batch);
    if (batch.ec == std::errc() && batch.ptr != last && *batch.ptr == 'x') {
      const auto block = std::from_chars(batch.ptr + 1, last, packing.block_in);
      if (block.ec == std::errc() && block.ptr == last && packing.batch > 0 &&
          packing.block_in > 0) {
        packing.block_out = packing.block_in;
        return packing;
      }
    }
    model.remove_prefix(std::min(end + 1, model.size()));
  }
  return std::nullopt;
}

/// Reads the arguments of one record, each complaint with its field's name.
class ArgumentReader {
 public:
  explicit ArgumentReader(const base::Json& args) : args_(args) {}

  Result<AutotvmTask> ReadConv2d() {
    // TVM before 0.7 wrote the layout twice, for input and output.
    const std::size_t layouts = args_.size() == 8 ? 2 : 1;
    if (args_.size() != 6 + layouts) return WrongCount("7");
    FOOTHOLD_ASSIGN_OR_RETURN(ConvolutionArguments read, ReadConvolution());
    const VtaPacking& packing = read.packing;
    for (std::size_t i = 5; i < 5 + layouts; ++i) {
      if (args_[i] != Layout(packing)) {
        return Error(Field(i), args_[i], '"' + Layout(packing) + "\", as the data tensor has");
      }
    }
    FOOTHOLD_RETURN_IF_ERROR(Expect(5 + layouts, "int32"));
    return ToConv2d(read, 1);
  }

  Result<AutotvmTask> ReadGroupConv2d() {
    if (args_.size() != 7) return WrongCount("7");
    FOOTHOLD_ASSIGN_OR_RETURN(ConvolutionArguments read, ReadConvolution());
    const std::optional<std::int64_t> groups = args_[5].Int64();
    if (!groups || *groups < 1 || read.data[1] % *groups != 0)
      return Error(Field(5), args_[5], "a number of groups that divides the input blocks");
    FOOTHOLD_RETURN_IF_ERROR(Expect(6, "int32"));
    return ToConv2d(read, *groups);
  }

  Result<AutotvmTask> ReadConv2dTranspose() {
    // TVM before 0.7 had no output padding.
    const bool has_output_padding = args_.size() != 5;
    if (has_output_padding && args_.size() != 6) return WrongCount("6");
    FOOTHOLD_ASSIGN_OR_RETURN(ConvolutionArguments read, ReadTensorsAndWindow());
    if (read.padding[0] != read.padding[2] || read.padding[1] != read.padding[3])
      return Error(Field(3), args_[3], "the same padding on opposite sides");
    FOOTHOLD_RETURN_IF_ERROR(Expect(4, "int32"));
    if (has_output_padding && args_[5] != base::Json::Array({0, 0}))
      return Error(Field(5), args_[5], "[0, 0]: no output padding");
    FOOTHOLD_RETURN_IF_ERROR(ExpectSameInput(read.data, read.kernel, 5));
    Conv2dTranspose conv;
    SetSizes(read, conv);
    return AutotvmTask{{"", conv, {}}, read.packing};
  }

  Result<AutotvmTask> ReadDense() {
    if (args_.size() != 4) return WrongCount("4");
    FOOTHOLD_ASSIGN_OR_RETURN(const Sizes data, ReadTensor(0, 4));
    FOOTHOLD_ASSIGN_OR_RETURN(const Sizes weight, ReadTensor(1, 4));
    if (!args_[2].is_null()) return Error(Field(2), args_[2], "null: no bias");
    FOOTHOLD_RETURN_IF_ERROR(Expect(3, "int32"));
    FOOTHOLD_RETURN_IF_ERROR(ExpectSameInput(data, weight, 3));
    AutotvmTask task;
    task.packing = {data[2], data[3], weight[2]};
    Dense dense;
    dense.batch = data[0] * data[2];
    dense.in_features = data[1] * data[3];
    dense.out_features = weight[0] * weight[2];
    task.workload.op = dense;
    return task;
  }

 private:
  using Sizes = std::vector<std::int64_t>;

  /// What all convolutions have.
  struct ConvolutionArguments {
    Sizes data;
    Sizes kernel;
    Sizes strides;
    Sizes padding;  // top, left, bottom, right
    VtaPacking packing;
  };

  Result<ConvolutionArguments> ReadTensorsAndWindow() const {
    ConvolutionArguments read;
    FOOTHOLD_ASSIGN_OR_RETURN(read.data, ReadTensor(0, 6));
    FOOTHOLD_ASSIGN_OR_RETURN(read.kernel, ReadTensor(1, 6));
    FOOTHOLD_ASSIGN_OR_RETURN(read.strides, ReadSizes(Field(2), args_[2], 2));
    // TVM before 0.6 wrote one padding for each axis.
    const std::size_t sides = args_[3].is_array() && args_[3].size() == 2 ? 2 : 4;
    FOOTHOLD_ASSIGN_OR_RETURN(read.padding, ReadSizes(Field(3), args_[3], sides));
    if (sides == 2) read.padding.insert(read.padding.end(), {read.padding[0], read.padding[1]});
    read.packing = {read.data[4], read.data[5], read.kernel[4]};
    return read;
  }

  /// Of conv2d, grouped or not: with the dilation behind.
  Result<ConvolutionArguments> ReadConvolution() const {
    FOOTHOLD_ASSIGN_OR_RETURN(ConvolutionArguments read, ReadTensorsAndWindow());
    if (args_[4] != base::Json::Array({1, 1}))
      return Error(Field(4), args_[4], "[1, 1]: no dilation");
    return read;
  }

  template <typename Conv>
  static void SetSizes(const ConvolutionArguments& read, Conv& conv) {
    conv.batch = read.data[0] * read.data[4];
    conv.in_channels = read.data[1] * read.data[5];
    conv.height = read.data[2];
    conv.width = read.data[3];
    conv.out_channels = read.kernel[0] * read.kernel[4];
    conv.kernel_h = read.kernel[2];
    conv.kernel_w = read.kernel[3];
    conv.pad_h = read.padding[0];
    conv.pad_w = read.padding[1];
    conv.stride_h = read.strides[0];
    conv.stride_w = read.strides[1];
  }

  Result<AutotvmTask> ToConv2d(const ConvolutionArguments& read, std::int64_t groups) const {
    Sizes group_data = read.data;
    group_data[1] /= groups;
    FOOTHOLD_RETURN_IF_ERROR(ExpectSameInput(group_data, read.kernel, 5));
    if (read.kernel[0] % groups != 0)
      return Error(Field(5), args_[5], "a number of groups that divides the output blocks");
    Conv2d conv;
    SetSizes(read, conv);
    conv.groups = groups;
    if (read.padding[2] != conv.pad_h) conv.pad_bottom = read.padding[2];
    if (read.padding[3] != conv.pad_w) conv.pad_right = read.padding[3];
    return AutotvmTask{{"", conv, {}}, read.packing};
  }

  static std::string Field(std::size_t argument) { return fmt::format("input[2][{}]", argument); }

  static Status Error(std::string_view field, const base::Json& value, std::string_view wanted) {
    return Status::InvalidArgument(
        fmt::format("{}: is {}, must be {}", field, value.Dump(), wanted));
  }

  Status WrongCount(std::string_view wanted) const {
    return Status::InvalidArgument(
        fmt::format("input[2]: has {} arguments, must have {}", args_.size(), wanted));
  }

  Status Expect(std::size_t argument, std::string_view wanted) const {
    if (args_[argument] == wanted) return {};
    return Error(Field(argument), args_[argument], fmt::format("\"{}\"", wanted));
  }

  /// `count` sizes small enough that a product of two does not overflow.
  static Result<Sizes> ReadSizes(const std::string& field, const base::Json& value,
                                 std::size_t count) {
    constexpr std::int64_t kMax = std::numeric_limits<std::int32_t>::max();
    bool good = value.is_array() && value.size() == count;
    for (std::size_t i = 0; good && i < count; ++i) {
      const std::optional<std::int64_t> size = value[i].Int64();
      good = size && *size >= 0 && *size <= kMax;
    }
    if (!good) return Error(field, value, fmt::format("{} whole numbers of at least 0", count));
    return value.Get<Sizes>();
  }

  Result<Sizes> ReadTensor(std::size_t argument, std::size_t dimensions) const {
    const base::Json& value = args_[argument];
    if (!value.is_array() || value.size() != 3 || value[0] != "TENSOR" || value[2] != "int8") {
      return Error(Field(argument), value, R"(["TENSOR", shape, "int8"])");
    }
    FOOTHOLD_ASSIGN_OR_RETURN(Sizes shape,
                              ReadSizes(Field(argument) + "[1]", value[1], dimensions));
    if (std::find(shape.begin(), shape.end(), 0) == shape.end()) return shape;
    return Error(Field(argument) + "[1]", value[1], "sizes of at least 1");
  }

  /// Input blocks and their size stand in both tensors.
  Status ExpectSameInput(const Sizes& data, const Sizes& weight, std::size_t block) const {
    if (data[1] == weight[1] && data[block] == weight[block]) return {};
    return Error(
        Field(1) + "[1]", args_[1][1],
        fmt::format("of {} input blocks of {}, as the data tensor is", data[1], data[block]));
  }

  const base::Json& args_;
};

}  // namespace

std::string_view TaskName(const Operator& op) {
  if (const auto* conv = std::get_if<Conv2d>(&op))
    return conv->groups > 1 ? kGroupTask : kConv2dTask;
  return std::holds_alternative<Conv2dTranspose>(op) ? kTransposeTask : kDenseTask;
}

bool IsVtaTask(std::string_view task) {
  return task == kConv2dTask || task == kGroupTask || task == kTransposeTask || task == kDenseTask;
}

base::Json TaskArguments(const AutotvmTask& task) {
  if (const auto* conv = std::get_if<Conv2d>(&task.workload.op))
    return Arguments(*conv, task.packing);
  if (const auto* conv = std::get_if<Conv2dTranspose>(&task.workload.op))
    return Arguments(*conv, task.packing);
  return Arguments(std::get<Dense>(task.workload.op), task.packing);
}

Result<AutotvmTask> ReadTask(const AutotvmRecord& record) {
  ArgumentReader reader(record.args);
  FOOTHOLD_ASSIGN_OR_RETURN(AutotvmTask task, record.task == kConv2dTask  ? reader.ReadConv2d()
                                              : record.task == kGroupTask ? reader.ReadGroupConv2d()
                                              : record.task == kTransposeTask
                                                  ? reader.ReadConv2dTranspose()
                                                  : reader.ReadDense());
  FOOTHOLD_RETURN_IF_ERROR(Validate(task.workload));
  task.workload.name = ToInline(task.workload);
  FOOTHOLD_ASSIGN_OR_RETURN(const VtaPacking model, PackingOf(record.target));
  if (model == task.packing) return task;
  return Status::InvalidArgument(fmt::format(
      "input[0]: the model is packed for {}x{}, but the tensors for {}x{} inputs and {} outputs",
      model.batch, model.block_in, task.packing.batch, task.packing.block_in,
      task.packing.block_out));
}

Result<VtaPacking> PackingOf(std::string_view autotvm_target) {
  constexpr std::string_view kKey = "-model=";
  const std::size_t key = autotvm_target.find(kKey);
  if (key != std::string_view::npos) {
    const std::string_view model = autotvm_target.substr(key + kKey.size());
    const std::optional<VtaPacking> packing = PackingOfModel(model.substr(0, model.find(' ')));
    if (packing) return *packing;
  }
  return Status::InvalidArgument(
      fmt::format("the AutoTVM target \"{}\" names no VTA model, such as "
                  "-model=pynq_1x16_i8w8a32_15_15_18_17",
                  autotvm_target));
}

Result<std::vector<Parameter>> AutotvmParameters(const Workload& workload,
                                                 const VtaPacking& packing) {
  if (const auto* conv = std::get_if<Conv2d>(&workload.op))
    return ConvolutionParameters(*conv, conv->groups, packing);
  if (const auto* conv = std::get_if<Conv2dTranspose>(&workload.op))
    return ConvolutionParameters(*conv, 1, packing);
  const auto* dense = std::get_if<Dense>(&workload.op);
  if (dense == nullptr) {
    return Status::InvalidArgument(fmt::format("{}: AutoTVM has no such task", ToString(workload)));
  }
  FOOTHOLD_ASSIGN_OR_RETURN(const auto batch, Blocks("batch", dense->batch, packing.batch));
  FOOTHOLD_ASSIGN_OR_RETURN(const auto in,
                            Blocks("in_features", dense->in_features, packing.block_in));
  FOOTHOLD_ASSIGN_OR_RETURN(const auto out,
                            Blocks("out_features", dense->out_features, packing.block_out));
  return std::vector<Parameter>{Split("tile_b", batch), Split("tile_ci", in), Split("tile_co", out),
                                Threads("oc_nthread")};
}

}  // namespace foothold::formats
