#include "targets/vta/compiler/extended_transfers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "foothold/workload.h"

namespace foothold::vta {
namespace {

using ::testing::HasSubstr;

constexpr std::int64_t kZero = -1;

BlockedShape Shape(const Conv2d& conv) { return *BlockShape({"test", conv, {}}, Geometry{}); }

/// Which DRAM element each scratchpad element gets from a transfer; kZero for padding.
std::map<std::int64_t, std::int64_t> Contents(const std::vector<TransferPart>& parts) {
  std::map<std::int64_t, std::int64_t> contents;
  for (const TransferPart& part : parts) {
    const Instruction& i = part.instruction;
    std::int64_t at = part.sram_offset;
    const auto put = [&](std::int64_t element) { contents[at++] = element; };
    const std::int64_t width = std::int64_t{i.x_pad_0} + i.x_size + i.x_pad_1;
    for (std::int64_t n = 0; n < i.y_pad_0 * width; ++n) put(kZero);
    for (std::int64_t y = 0; y < i.y_size; ++y) {
      for (std::int64_t n = 0; n < i.x_pad_0; ++n) put(kZero);
      for (std::int64_t x = 0; x < i.x_size; ++x) put(part.dram_offset + y * i.x_stride + x);
      for (std::int64_t n = 0; n < i.x_pad_1; ++n) put(kZero);
    }
    for (std::int64_t n = 0; n < i.y_pad_1 * width; ++n) put(kZero);
  }
  return contents;
}

/// The same by definition: [b][ci][row][column] of the windows.
std::map<std::int64_t, std::int64_t> ExpectedInputs(const BlockedShape& shape,
                                                    const ExtendedSchedule& s,
                                                    const TileWindow& rows,
                                                    const TileWindow& columns) {
  std::map<std::int64_t, std::int64_t> contents;
  std::int64_t at = 0;
  for (std::int64_t b = 0; b < s.b; ++b) {
    for (std::int64_t ci = 0; ci < s.ci; ++ci) {
      for (std::int64_t y = 0; y < rows.lines(); ++y) {
        for (std::int64_t x = 0; x < columns.lines(); ++x) {
          const std::int64_t row = y - rows.pad_before;
          const std::int64_t column = x - columns.pad_before;
          const bool zero = row < 0 || row >= rows.size || column < 0 || column >= columns.size;
          contents[at++] =
              zero ? kZero
                   : ((b * shape.in_channels + ci) * shape.height + row * rows.image_step) *
                             shape.width +
                         column;
        }
      }
    }
  }
  return contents;
}

std::vector<TransferPart> Parts(const Transfer& transfer) {
  const auto* parts = std::get_if<std::vector<TransferPart>>(&transfer);
  EXPECT_NE(parts, nullptr) << std::get<Rejection>(transfer).reason;
  return parts == nullptr ? std::vector<TransferPart>{} : *parts;
}

// Every legal transfer of every tile of several layers moves what the definition says.
TEST(ExtendedTransfersTest, InputsArriveWhereTheDefinitionPutsThem) {
  int moved = 0;
  for (const Conv2d& conv :
       {Conv2d{2, 64, 12, 12, 16, 3, 3, 1, 1, 1, 1}, Conv2d{1, 32, 12, 12, 16, 1, 1, 0, 0, 2, 2},
        Conv2d{1, 32, 9, 8, 16, 3, 1, 1, 0, 2, 1}, Conv2d{1, 32, 8, 9, 16, 5, 5, 2, 2, 1, 1}}) {
    const BlockedShape shape = Shape(conv);
    for (const std::int64_t h : {std::int64_t{1}, std::int64_t{2}, shape.out_height}) {
      if (shape.out_height % h != 0) continue;
      for (const std::int64_t w : {shape.out_width, shape.out_width / 2}) {
        for (const bool skip : {false, true}) {
          for (const bool split : {false, true}) {
            const ExtendedSchedule s{.b = shape.batch,
                                     .h = h,
                                     .w = w,
                                     .ci = 2,
                                     .skip_padding = skip,
                                     .split_transfers = split};
            for (std::int64_t y = 0; y + h <= shape.out_height; y += h) {
              const TileWindow rows = MakeTileWindow(RowAxis(shape), y, h, skip);
              const TileWindow columns = MakeTileWindow(ColumnAxis(shape), 0, w, skip);
              const Transfer transfer = LoadInputs(shape, s, rows, columns, Geometry{});
              if (std::holds_alternative<Rejection>(transfer)) continue;
              ASSERT_EQ(Contents(Parts(transfer)), ExpectedInputs(shape, s, rows, columns));
              ++moved;
            }
          }
        }
      }
    }
  }
  EXPECT_GT(moved, 100);
}

TEST(ExtendedTransfersTest, WholeRowsWithoutPaddingAreOneTransfer) {
  const BlockedShape shape = Shape({1, 128, 14, 14, 16, 3, 3, 1, 1, 1, 1});
  const TileWindow rows = MakeTileWindow(RowAxis(shape), 7, 7, true);
  const TileWindow columns = MakeTileWindow(ColumnAxis(shape), 0, 14, true);
  const auto parts =
      Parts(LoadInputs(shape, {.h = 7, .w = 14, .ci = 8, .skip_padding = true}, rows, columns, {}));
  ASSERT_EQ(parts.size(), 1U);
  EXPECT_EQ(parts[0].instruction.y_size, 8U);
  EXPECT_EQ(parts[0].instruction.x_size, 8U * 14U);
  EXPECT_EQ(parts[0].instruction.x_stride, 14U * 14U);
}

TEST(ExtendedTransfersTest, PaddingNeedsATransferForEachChannel) {
  const BlockedShape shape = Shape({1, 128, 14, 14, 16, 3, 3, 1, 1, 1, 1});
  const TileWindow rows = MakeTileWindow(RowAxis(shape), 0, 7, false);
  const TileWindow columns = MakeTileWindow(ColumnAxis(shape), 0, 14, false);
  ExtendedSchedule s{.h = 7, .w = 14, .ci = 8};
  const Transfer whole = LoadInputs(shape, s, rows, columns, {});
  ASSERT_TRUE(std::holds_alternative<Rejection>(whole));
  EXPECT_THAT(std::get<Rejection>(whole).reason, HasSubstr("of 8 channels"));
  s.split_transfers = true;
  EXPECT_EQ(Parts(LoadInputs(shape, s, rows, columns, {})).size(), 8U);
}

TEST(ExtendedTransfersTest, PaddingOfMoreThan15LinesDoesNotFitTheField) {
  const BlockedShape shape = Shape({1, 16, 40, 40, 16, 33, 33, 16, 16, 1, 1});
  const TileWindow rows = MakeTileWindow(RowAxis(shape), 0, 8, false);
  const TileWindow columns = MakeTileWindow(ColumnAxis(shape), 0, 40, false);
  const Transfer transfer = LoadInputs(shape, {.h = 8, .w = 40}, rows, columns, {});
  ASSERT_TRUE(std::holds_alternative<Rejection>(transfer));
  EXPECT_EQ(std::get<Rejection>(transfer).stage, "encode");
}

TEST(ExtendedTransfersTest, AWindowOfPaddingOnlyLoadsNothingOrIsRefused) {
  const BlockedShape shape = Shape({1, 16, 4, 4, 16, 1, 1, 3, 3, 1, 1});
  const TileWindow columns = MakeTileWindow(ColumnAxis(shape), 0, 10, true);
  EXPECT_TRUE(Parts(LoadInputs(shape, {.h = 2, .w = 10, .skip_padding = true},
                               MakeTileWindow(RowAxis(shape), 0, 2, true), columns, {}))
                  .empty());
  const Transfer zeros =
      LoadInputs(shape, {.h = 2, .w = 10}, MakeTileWindow(RowAxis(shape), 0, 2, false),
                 MakeTileWindow(ColumnAxis(shape), 0, 10, false), {});
  ASSERT_TRUE(std::holds_alternative<Rejection>(zeros));
  EXPECT_THAT(std::get<Rejection>(zeros).reason, HasSubstr("padding only"));
}

TEST(ExtendedTransfersTest, OutputsSplitOnlyWhereTheyMust) {
  const BlockedShape shape = Shape({1, 16, 14, 14, 128, 3, 3, 1, 1, 1, 1});
  ExtendedSchedule s{.h = 7, .w = 14, .co = 8, .split_transfers = true};
  EXPECT_EQ(Parts(StoreOutputs(shape, s, {})).size(), 1U);
  s.w = 7;
  EXPECT_EQ(Parts(StoreOutputs(shape, s, {})).size(), 8U);
  s.split_transfers = false;
  EXPECT_TRUE(std::holds_alternative<Rejection>(StoreOutputs(shape, s, {})));
}

}  // namespace
}  // namespace foothold::vta
