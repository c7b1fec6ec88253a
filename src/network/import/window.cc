#include "network/import/window.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/text.h"

namespace foothold::network {
namespace {

constexpr std::int64_t kMostSize = std::int64_t{1} << 20;

/// One axis of a window.
struct AxisWindow {
  std::int64_t kernel = 1;
  std::int64_t stride = 1;
  std::int64_t dilation = 1;
  std::int64_t before = 0;
  std::int64_t after = 0;

  std::int64_t reach() const { return (kernel - 1) * dilation + 1; }
};

Result<std::vector<std::int64_t>> Sizes(NodeImporter& node, std::string_view attribute,
                                        std::size_t count, std::int64_t least,
                                        std::int64_t otherwise) {
  FOOTHOLD_ASSIGN_OR_RETURN(auto sizes, node.Ints(attribute));
  if (!sizes) return std::vector<std::int64_t>(count, otherwise);
  const bool is_good =
      sizes->size() == count && std::all_of(sizes->begin(), sizes->end(), [&](std::int64_t size) {
        return size >= least && size <= kMostSize;
      });
  if (is_good) return *sizes;
  return node.AttributeError(
      attribute, fmt::format("is {}, must be {} numbers from {} to {}", base::Joined(*sizes, ","),
                             count, least, kMostSize));
}

/// "SAME": as many outputs as a stride has inputs; the odd one is after, or before.
void PadToSame(AxisWindow& axis, std::int64_t in, bool is_upper) {
  const std::int64_t out = (in + axis.stride - 1) / axis.stride;
  const std::int64_t total = std::max<std::int64_t>(0, (out - 1) * axis.stride + axis.reach() - in);
  axis.before = is_upper ? total / 2 : total - total / 2;
  axis.after = total - axis.before;
}

Status SetAutoPad(NodeImporter& node, AxisWindow& rows, AxisWindow& columns, std::int64_t height,
                  std::int64_t width) {
  FOOTHOLD_ASSIGN_OR_RETURN(const std::string mode, node.Text("auto_pad", "NOTSET"));
  if (mode == "NOTSET" || mode.empty()) return {};
  if (mode != "VALID" && mode != "SAME_UPPER" && mode != "SAME_LOWER") {
    return node.AttributeError(
        "auto_pad", fmt::format("is '{}', must be NOTSET, VALID, SAME_UPPER or SAME_LOWER",
                                base::OneLine(mode)));
  }
  rows.before = rows.after = columns.before = columns.after = 0;
  if (mode == "VALID") return {};
  PadToSame(rows, height, mode == "SAME_UPPER");
  PadToSame(columns, width, mode == "SAME_UPPER");
  return {};
}

/// 0 or below when the window does not fit.
std::int64_t Outputs(const AxisWindow& axis, std::int64_t in, bool rounds_up) {
  const std::int64_t room = in + axis.before + axis.after - axis.reach();
  if (room < 0) return 0;
  if (!rounds_up) return room / axis.stride + 1;
  const std::int64_t out = (room + axis.stride - 1) / axis.stride + 1;
  // A last window that begins in the padding has nothing to take.
  return (out - 1) * axis.stride >= in + axis.before ? out - 1 : out;
}

}  // namespace

Result<SlidingWindow> ReadWindow(NodeImporter& node, std::int64_t height, std::int64_t width,
                                 const std::vector<std::int64_t>& kernel, bool is_pool) {
  FOOTHOLD_ASSIGN_OR_RETURN(auto kernel_shape, Sizes(node, "kernel_shape", 2, 1, 0));
  if (kernel_shape[0] == 0) {
    if (kernel.empty()) return node.AttributeError("kernel_shape", "is missing");
    kernel_shape = kernel;
  }
  if (!kernel.empty() && kernel_shape != kernel) {
    return node.AttributeError(
        "kernel_shape", fmt::format("is {}, must be that of the weight, {}",
                                    base::Joined(kernel_shape, ","), base::Joined(kernel, ",")));
  }
  FOOTHOLD_ASSIGN_OR_RETURN(const auto strides, Sizes(node, "strides", 2, 1, 1));
  FOOTHOLD_ASSIGN_OR_RETURN(const auto dilations, Sizes(node, "dilations", 2, 1, 1));
  FOOTHOLD_ASSIGN_OR_RETURN(const auto pads, Sizes(node, "pads", 4, 0, 0));
  AxisWindow rows{kernel_shape[0], strides[0], dilations[0], pads[0], pads[2]};
  AxisWindow columns{kernel_shape[1], strides[1], dilations[1], pads[1], pads[3]};
  FOOTHOLD_RETURN_IF_ERROR(SetAutoPad(node, rows, columns, height, width));
  std::int64_t rounds_up = 0;
  if (is_pool) {
    FOOTHOLD_ASSIGN_OR_RETURN(rounds_up, node.Int("ceil_mode", 0));
  }
  SlidingWindow sliding;
  sliding.window = {rows.kernel,   columns.kernel,   rows.stride, columns.stride,
                    rows.dilation, columns.dilation, rows.before, columns.before,
                    rows.after,    columns.after};
  sliding.out_height = Outputs(rows, height, rounds_up != 0);
  sliding.out_width = Outputs(columns, width, rounds_up != 0);
  if (sliding.out_height > 0 && sliding.out_width > 0) return sliding;
  return node.Error(fmt::format(
      "a window of {}x{} does not fit into an input of {}x{} with pads {},{},{},{}", rows.reach(),
      columns.reach(), height, width, rows.before, columns.before, rows.after, columns.after));
}

}  // namespace foothold::network
