// Operators that move elements, and the mean over axes.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/text.h"
#include "network/import/node_importer.h"

namespace foothold::network {
namespace {

Status EmitReshape(NodeImporter& node, ValueId x, Shape shape) {
  const DataType type = node.at(x).type;
  return node.Emit(Reshape{}, {x}, type, std::move(shape));
}

/// 0 is the input's size, unless `allows_zero`; -1 is what is left.
Result<Shape> Resolve(const NodeImporter& node, const Shape& in, Shape wanted, bool allows_zero) {
  const auto wrong = [&] {
    return node.Error(fmt::format("input 1: is {}, must be a shape of the {} elements of {}",
                                  base::Joined(wanted, ","), Elements(in), ToString(in)));
  };
  std::int64_t known = 1;
  std::ptrdiff_t open = -1;
  Shape out = wanted;
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (out[i] == 0 && !allows_zero && i < in.size()) out[i] = in[i];
    if (out[i] == -1 && open < 0) {
      open = static_cast<std::ptrdiff_t>(i);
      continue;
    }
    if (out[i] < 1 || known > Elements(in) / out[i]) return wrong();
    known *= out[i];
  }
  if (open >= 0) out[static_cast<std::size_t>(open)] = Elements(in) / known;
  if (Elements(in) % known != 0 || (open < 0 && known != Elements(in))) return wrong();
  return out;
}

Status ImportReshape(NodeImporter& node) {
  FOOTHOLD_ASSIGN_OR_RETURN(const ValueId x, node.Input(0));
  FOOTHOLD_ASSIGN_OR_RETURN(Shape wanted, node.Integers(1));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::int64_t allows_zero, node.Int("allowzero", 0));
  FOOTHOLD_ASSIGN_OR_RETURN(Shape out,
                            Resolve(node, node.at(x).shape, std::move(wanted), allows_zero != 0));
  return EmitReshape(node, x, std::move(out));
}

Status ImportFlatten(NodeImporter& node) {
  FOOTHOLD_ASSIGN_OR_RETURN(const ValueId x, node.Input(0));
  const Shape in = node.at(x).shape;
  FOOTHOLD_ASSIGN_OR_RETURN(const std::int64_t given, node.Int("axis", 1));
  // One past the last axis is fine: then all of it is in front.
  std::int64_t axis = static_cast<std::int64_t>(in.size());
  if (given != axis) {
    FOOTHOLD_ASSIGN_OR_RETURN(axis, node.Axis("attribute 'axis'", given, in.size()));
  }
  const Shape front(in.begin(), in.begin() + axis);
  const Shape back(in.begin() + axis, in.end());
  return EmitReshape(node, x, {Elements(front), Elements(back)});
}

/// Axes that are an attribute before operator set `since`, and an input then; nullopt when there
/// are none. Ascending.
Result<std::optional<std::vector<std::int64_t>>> ReadAxes(NodeImporter& node, std::int64_t since,
                                                          std::size_t rank) {
  std::optional<std::vector<std::int64_t>> axes;
  if (node.opset() < since) {
    FOOTHOLD_ASSIGN_OR_RETURN(axes, node.Ints("axes"));
  } else if (node.HasInput(1)) {
    FOOTHOLD_ASSIGN_OR_RETURN(axes, node.Integers(1));
  }
  if (!axes) return axes;
  for (std::int64_t& axis : *axes) {
    FOOTHOLD_ASSIGN_OR_RETURN(axis, node.Axis("axes", axis, rank));
  }
  std::sort(axes->begin(), axes->end());
  if (std::adjacent_find(axes->begin(), axes->end()) == axes->end()) return axes;
  return node.Error(fmt::format("axes: are {}, must differ", base::Joined(*axes, ",")));
}

Status ImportSqueeze(NodeImporter& node) {
  FOOTHOLD_ASSIGN_OR_RETURN(const ValueId x, node.Input(0));
  const Shape in = node.at(x).shape;
  FOOTHOLD_ASSIGN_OR_RETURN(const auto axes, ReadAxes(node, 13, in.size()));
  Shape out;
  for (std::size_t i = 0; i < in.size(); ++i) {
    const bool is_named =
        axes && std::binary_search(axes->begin(), axes->end(), static_cast<std::int64_t>(i));
    if (is_named && in[i] != 1) {
      return node.Error(fmt::format("axes: axis {} of {} must have the size 1", i, ToString(in)));
    }
    if (axes ? !is_named : in[i] != 1) out.push_back(in[i]);
  }
  return EmitReshape(node, x, std::move(out));
}

Status ImportUnsqueeze(NodeImporter& node) {
  FOOTHOLD_ASSIGN_OR_RETURN(const ValueId x, node.Input(0));
  const Shape in = node.at(x).shape;
  // The axes are those of the output, whose rank their number tells.
  std::size_t count = 0;
  if (node.opset() < 13) {
    FOOTHOLD_ASSIGN_OR_RETURN(const auto given, node.Ints("axes"));
    count = given ? given->size() : 0;
  } else {
    FOOTHOLD_ASSIGN_OR_RETURN(const auto given, node.Integers(1));
    count = given.size();
  }
  constexpr std::size_t kMostDimensions = 64;
  if (in.size() + count > kMostDimensions) {
    return node.Error(fmt::format("the output would have {} dimensions, must have at most {}",
                                  in.size() + count, kMostDimensions));
  }
  FOOTHOLD_ASSIGN_OR_RETURN(const auto axes, ReadAxes(node, 13, in.size() + count));
  if (!axes) return node.AttributeError("axes", "is missing");
  Shape out = in;
  for (const std::int64_t axis : *axes) out.insert(out.begin() + axis, 1);
  return EmitReshape(node, x, std::move(out));
}

Status ImportIdentity(NodeImporter& node) {
  FOOTHOLD_ASSIGN_OR_RETURN(const ValueId x, node.Input(0));
  return node.EmitAlias(x);
}

Status ImportDropout(NodeImporter& node) {
  node.Ignore("ratio");
  node.Ignore("seed");
  if (node.HasInput(2)) {
    FOOTHOLD_ASSIGN_OR_RETURN(const Tensor trains, node.ConstantInput(2));
    if (trains.type() == DataType::kFloat || trains.size() != 1 || trains.IntegerAt(0) != 0) {
      return node.InputError(2, "must be false: networks are run here, not trained");
    }
  }
  return ImportIdentity(node);
}

Status ImportTranspose(NodeImporter& node) {
  FOOTHOLD_ASSIGN_OR_RETURN(const ValueId x, node.Input(0));
  const Shape in = node.at(x).shape;
  FOOTHOLD_ASSIGN_OR_RETURN(const auto given, node.Ints("perm"));
  std::vector<std::int64_t> permutation(in.size());
  std::iota(permutation.rbegin(), permutation.rend(), 0);
  if (given) permutation = *given;
  std::vector<std::int64_t> sorted = permutation;
  std::sort(sorted.begin(), sorted.end());
  std::vector<std::int64_t> all(in.size());
  std::iota(all.begin(), all.end(), 0);
  if (sorted != all) {
    return node.AttributeError("perm", fmt::format("is {}, must be the axes 0 to {} in some order",
                                                   base::Joined(permutation, ","), in.size() - 1));
  }
  Shape out;
  for (const std::int64_t axis : permutation) out.push_back(in[Index(axis)]);
  return node.Emit(Transpose{permutation}, {x}, node.at(x).type, out);
}

Status ImportConcat(NodeImporter& node) {
  std::vector<ValueId> inputs;
  for (std::size_t i = 0; i < std::max<std::size_t>(1, node.input_count()); ++i) {
    FOOTHOLD_ASSIGN_OR_RETURN(const ValueId x, node.Input(i));
    inputs.push_back(x);
  }
  Shape out = node.at(inputs[0]).shape;
  const DataType type = node.at(inputs[0]).type;
  FOOTHOLD_ASSIGN_OR_RETURN(const std::int64_t given, node.Int("axis", 1));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::int64_t axis,
                            node.Axis("attribute 'axis'", given, out.size()));
  for (std::size_t i = 1; i < inputs.size(); ++i) {
    Shape other = node.at(inputs[i]).shape;
    Shape rest = out;
    if (other.size() == rest.size()) other[Index(axis)] = rest[Index(axis)];
    if (other != rest || node.at(inputs[i]).type != type) {
      return node.InputError(
          i, fmt::format("is {} {}, must be {} and have the shape {} but for axis {}",
                         ToString(node.at(inputs[i]).type), ToString(node.at(inputs[i]).shape),
                         ToString(type), ToString(node.at(inputs[0]).shape), axis));
    }
    out[Index(axis)] += node.at(inputs[i]).shape[Index(axis)];
  }
  return node.Emit(Concat{axis}, inputs, type, out);
}

Status ImportPad(NodeImporter& node) {
  FOOTHOLD_ASSIGN_OR_RETURN(const ValueId x, node.Input(0));
  const Shape in = node.at(x).shape;
  FOOTHOLD_ASSIGN_OR_RETURN(const std::string mode, node.Text("mode", "constant"));
  if (mode != "constant") {
    return node.AttributeError("mode",
                               fmt::format("is '{}', must be constant", base::OneLine(mode)));
  }
  if (node.at(x).type != DataType::kFloat && !IsQuantised(node.at(x).type)) {
    return node.InputError(0, "must be float32, int8 or uint8");
  }
  std::vector<std::int64_t> pads;
  Pad pad;
  if (node.opset() < 11) {
    FOOTHOLD_ASSIGN_OR_RETURN(const auto given, node.Ints("pads"));
    pads = given.value_or(std::vector<std::int64_t>());
    FOOTHOLD_ASSIGN_OR_RETURN(pad.value, node.Float("value", 0));
  } else {
    FOOTHOLD_ASSIGN_OR_RETURN(pads, node.Integers(1));
    if (node.HasInput(2)) {
      FOOTHOLD_ASSIGN_OR_RETURN(const Tensor value, node.ConstantInput(2));
      if (value.type() != node.at(x).type || value.size() != 1) {
        return node.InputError(2, "must be one number of the input's type");
      }
      pad.value = value.type() == DataType::kFloat ? value.floats()[0]
                                                   : static_cast<float>(value.IntegerAt(0));
    }
    if (node.HasInput(3)) return node.InputError(3, "axes are not known here; leave them out");
  }
  constexpr std::int64_t kMostPadding = std::int64_t{1} << 20;
  const bool is_good =
      pads.size() == 2 * in.size() && std::all_of(pads.begin(), pads.end(), [](std::int64_t one) {
        return one >= 0 && one <= kMostPadding;
      });
  if (!is_good) {
    return node.Error(fmt::format("pads: are {}, must be {} numbers from 0 to {}",
                                  base::Joined(pads, ","), 2 * in.size(), kMostPadding));
  }
  Shape out = in;
  for (std::size_t i = 0; i < in.size(); ++i) {
    pad.before.push_back(pads[i]);
    pad.after.push_back(pads[in.size() + i]);
    out[i] += pads[i] + pads[in.size() + i];
  }
  return node.Emit(pad, {x}, node.at(x).type, out);
}

Status ImportReduceMean(NodeImporter& node) {
  FOOTHOLD_ASSIGN_OR_RETURN(const ValueId x, node.FloatInput(0));
  const Shape in = node.at(x).shape;
  FOOTHOLD_ASSIGN_OR_RETURN(auto axes, ReadAxes(node, 18, in.size()));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::int64_t keeps, node.Int("keepdims", 1));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::int64_t none_is_none, node.Int("noop_with_empty_axes", 0));
  if (!axes || axes->empty()) {
    if (none_is_none != 0) return node.EmitAlias(x);
    axes = std::vector<std::int64_t>(in.size());
    std::iota(axes->begin(), axes->end(), 0);
  }
  Shape out;
  for (std::size_t i = 0; i < in.size(); ++i) {
    const bool is_averaged =
        std::binary_search(axes->begin(), axes->end(), static_cast<std::int64_t>(i));
    if (!is_averaged) out.push_back(in[i]);
    if (is_averaged && keeps != 0) out.push_back(1);
  }
  return node.Emit(Mean{*axes}, {x}, DataType::kFloat, out);
}

Result<Resize> ReadResizeModes(NodeImporter& node) {
  Resize resize;
  const std::string_view coordinates_before = node.opset() < 11 ? "asymmetric" : "half_pixel";
  FOOTHOLD_ASSIGN_OR_RETURN(const std::string mode, node.Text("mode", "nearest"));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::string coordinates,
                            node.Text("coordinate_transformation_mode", coordinates_before));
  FOOTHOLD_ASSIGN_OR_RETURN(
      const std::string rounding,
      node.Text("nearest_mode", node.opset() < 11 ? "floor" : "round_prefer_floor"));
  node.Ignore("cubic_coeff_a");
  node.Ignore("extrapolation_value");
  node.Ignore("exclude_outside");
  FOOTHOLD_RETURN_IF_ERROR(node.RequireInt("antialias", 0));
  using Coordinates = Resize::Coordinates;
  using Rounding = Resize::Rounding;
  static const std::map<std::string, Coordinates> kCoordinates = {
      {"half_pixel", Coordinates::kHalfPixel},
      {"asymmetric", Coordinates::kAsymmetric},
      {"align_corners", Coordinates::kAlignCorners}};
  static const std::map<std::string, Rounding> kRoundings = {
      {"round_prefer_floor", Rounding::kPreferFloor},
      {"round_prefer_ceil", Rounding::kPreferCeil},
      {"floor", Rounding::kFloor},
      {"ceil", Rounding::kCeil}};
  if (mode != "nearest") {
    return node.AttributeError("mode",
                               fmt::format("is '{}', must be nearest", base::OneLine(mode)));
  }
  if (!kCoordinates.contains(coordinates)) {
    return node.AttributeError(
        "coordinate_transformation_mode",
        fmt::format("is '{}', must be half_pixel, asymmetric or align_corners",
                    base::OneLine(coordinates)));
  }
  if (!kRoundings.contains(rounding)) {
    return node.AttributeError(
        "nearest_mode",
        fmt::format("is '{}', must be round_prefer_floor, round_prefer_ceil, floor or ceil",
                    base::OneLine(rounding)));
  }
  resize.coordinates = kCoordinates.at(coordinates);
  resize.rounding = kRoundings.at(rounding);
  return resize;
}

/// The scales' input, by operator set and operator; before 9 an Upsample has an attribute instead.
Result<std::vector<double>> ReadScales(NodeImporter& node, std::size_t input) {
  if (node.opset() < 9) {
    const onnx::Attribute* scales = node.Find("scales");
    if (scales == nullptr) return node.AttributeError("scales", "is missing");
    return std::vector<double>(scales->floats.begin(), scales->floats.end());
  }
  if (!node.HasInput(input)) return std::vector<double>();
  FOOTHOLD_ASSIGN_OR_RETURN(const Tensor scales, node.ConstantInput(input));
  if (scales.type() != DataType::kFloat) return node.InputError(input, "must be float32");
  return std::vector<double>(scales.floats().begin(), scales.floats().end());
}

Status EmitResize(NodeImporter& node, std::size_t scales_input) {
  FOOTHOLD_ASSIGN_OR_RETURN(const ValueId x, node.Input(0));
  FOOTHOLD_ASSIGN_OR_RETURN(Resize resize, ReadResizeModes(node));
  FOOTHOLD_ASSIGN_OR_RETURN(resize.scales, ReadScales(node, scales_input));
  const Shape in = node.at(x).shape;
  Shape out;
  if (resize.scales.empty() && node.HasInput(3)) {
    FOOTHOLD_ASSIGN_OR_RETURN(out, node.Integers(3));
    for (std::size_t i = 0; i < std::min(in.size(), out.size()); ++i) {
      resize.scales.push_back(static_cast<double>(out[i]) / static_cast<double>(in[i]));
    }
  }
  constexpr double kMostScale = 1 << 20;
  const bool is_good = resize.scales.size() == in.size() &&
                       std::all_of(resize.scales.begin(), resize.scales.end(),
                                   [](double scale) { return scale > 0 && scale <= kMostScale; });
  if (!is_good) {
    return node.Error(
        fmt::format("scales: must be {} numbers above 0, one for each dimension", in.size()));
  }
  if (out.empty()) {
    for (std::size_t i = 0; i < in.size(); ++i) {
      out.push_back(
          static_cast<std::int64_t>(std::floor(static_cast<double>(in[i]) * resize.scales[i])));
    }
  }
  return node.Emit(resize, {x}, node.at(x).type, out);
}

Status ImportResize(NodeImporter& node) { return EmitResize(node, node.opset() < 11 ? 1 : 2); }
Status ImportUpsample(NodeImporter& node) { return EmitResize(node, 1); }

}  // namespace

void AddMovement(ImportTable& table) {
  table["Reshape"] = ImportReshape;
  table["Flatten"] = ImportFlatten;
  table["Squeeze"] = ImportSqueeze;
  table["Unsqueeze"] = ImportUnsqueeze;
  table["Identity"] = ImportIdentity;
  table["Dropout"] = ImportDropout;
  table["Transpose"] = ImportTranspose;
  table["Concat"] = ImportConcat;
  table["Pad"] = ImportPad;
  table["ReduceMean"] = ImportReduceMean;
  table["Resize"] = ImportResize;
  table["Upsample"] = ImportUpsample;
}

}  // namespace foothold::network
