#include "targets/vta/compiler/extended_transfers.h"

#include <fmt/core.h>

#include <array>
#include <span>
#include <utility>

#include "targets/vta/compiler/copy_pattern.h"
#include "targets/vta/compiler/field.h"
#include "targets/vta/isa/isa_table.h"

namespace foothold::vta {
namespace {

Instruction Dma(Opcode opcode, MemoryId memory, const DmaShape& shape) {
  Instruction instruction;
  instruction.opcode = opcode;
  instruction.memory = memory;
  instruction.y_size = Field(shape.y_size);
  instruction.x_size = Field(shape.x_size);
  instruction.x_stride = Field(shape.x_stride);
  return instruction;
}

std::optional<Rejection> CheckEncoding(const std::vector<TransferPart>& parts,
                                       const Geometry& geometry) {
  if (parts.empty()) return std::nullopt;
  // The parts of one transfer have the same sizes.
  if (Status status = Validate(parts.front().instruction, geometry); !status.ok())
    return Rejection{Phase::kEncode, "encode", status.message()};
  return std::nullopt;
}

Transfer Checked(std::vector<TransferPart> parts, const Geometry& geometry) {
  if (auto rejection = CheckEncoding(parts, geometry)) return std::move(*rejection);
  return parts;
}

/// One 2-D transfer for the whole nest, if there is one.
std::variant<DmaShape, Rejection> MatchWhole(std::span<const CopyLoop> loops, const char* what) {
  return MatchCopy(loops, 1, what);
}

/// One instruction for each plane of `elements` in the scratchpad; `loops` are those around planes.
std::vector<TransferPart> SplitByPlane(std::span<const CopyLoop> loops, std::int64_t elements,
                                       const Instruction& plane) {
  std::vector<TransferPart> parts = {{plane, 0, 0}};
  for (const CopyLoop& loop : loops) {
    std::vector<TransferPart> split;
    split.reserve(parts.size() * static_cast<std::size_t>(loop.extent));
    for (const TransferPart& part : parts) {
      for (std::int64_t i = 0; i < loop.extent; ++i)
        split.push_back({plane, part.dram_offset + i * loop.stride, 0});
    }
    parts = std::move(split);
  }
  for (std::size_t i = 0; i < parts.size(); ++i)
    parts[i].sram_offset = static_cast<std::int64_t>(i) * elements;
  return parts;
}

Rejection PaddedTile(std::int64_t planes) {
  return {Phase::kLower, "lower.dma",
          fmt::format("padded input copy of {} channels: the transfer pads rows and columns of one "
                      "channel only",
                      planes)};
}

}  // namespace

Transfer LoadInputs(const BlockedShape& shape, const ExtendedSchedule& s, const TileWindow& rows,
                    const TileWindow& columns, const Geometry& geometry) {
  if (rows.lines() == 0 || columns.lines() == 0) return std::vector<TransferPart>{};
  if (rows.size == 0 || columns.size == 0) {
    return Rejection{Phase::kLower, "lower.dma",
                     "input copy of padding only: the transfer needs data beside its zeros"};
  }
  const std::int64_t image = shape.height * shape.width;
  const std::int64_t groups = shape.GroupsOf(s.co);
  const std::array<CopyLoop, 5> loops = {{{s.b, shape.in_channels * image},
                                          {groups, shape.group_in() * image},
                                          {s.ci, image},
                                          {rows.size, rows.image_step * shape.width},
                                          {columns.size, 1}}};
  const std::int64_t row_stride = rows.image_step * shape.width;
  const bool pads = rows.lines() > rows.size || columns.lines() > columns.size;
  const std::int64_t channels = s.b * groups * s.ci;
  if (s.split_transfers || (pads && channels == 1)) {
    Instruction plane = Dma(Opcode::kLoad, MemoryId::kInp, {rows.size, columns.size, row_stride});
    plane.y_pad_0 = Field(rows.pad_before);
    plane.y_pad_1 = Field(rows.pad_after);
    plane.x_pad_0 = Field(columns.pad_before);
    plane.x_pad_1 = Field(columns.pad_after);
    return Checked(SplitByPlane(std::span(loops).first(3), rows.lines() * columns.lines(), plane),
                   geometry);
  }
  if (pads) return PaddedTile(channels);
  auto whole = MatchWhole(loops, "input");
  if (auto* rejection = std::get_if<Rejection>(&whole)) return std::move(*rejection);
  return Checked({{Dma(Opcode::kLoad, MemoryId::kInp, std::get<DmaShape>(whole))}}, geometry);
}

Transfer LoadWeights(const BlockedShape& shape, const ExtendedSchedule& s,
                     const Geometry& geometry) {
  const std::int64_t kernel = shape.kernel_h * shape.kernel_w;
  const std::array<CopyLoop, 2> loops = {{{s.co, shape.group_in() * kernel}, {s.ci * kernel, 1}}};
  auto whole = MatchWhole(loops, "weight");
  if (auto* rejection = std::get_if<Rejection>(&whole)) return std::move(*rejection);
  return Checked({{Dma(Opcode::kLoad, MemoryId::kWgt, std::get<DmaShape>(whole))}}, geometry);
}

Transfer StoreOutputs(const BlockedShape& shape, const ExtendedSchedule& s,
                      const Geometry& geometry) {
  const std::int64_t image = shape.out_height * shape.out_width;
  const std::array<CopyLoop, 4> loops = {
      {{s.b, shape.out_channels * image}, {s.co, image}, {s.h, shape.out_width}, {s.w, 1}}};
  auto whole = MatchWhole(loops, "output");
  if (const auto* dma = std::get_if<DmaShape>(&whole))
    return Checked({{Dma(Opcode::kStore, MemoryId::kOut, *dma)}}, geometry);
  if (!s.split_transfers) return std::get<Rejection>(std::move(whole));
  auto plane = MatchWhole(std::span(loops).last(2), "output");
  if (auto* rejection = std::get_if<Rejection>(&plane)) return std::move(*rejection);
  return Checked(SplitByPlane(std::span(loops).first(2), s.h * s.w,
                              Dma(Opcode::kStore, MemoryId::kOut, std::get<DmaShape>(plane))),
                 geometry);
}

}  // namespace foothold::vta
