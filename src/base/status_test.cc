#include "foothold/status.h"

#include <gtest/gtest.h>

#include <memory>

namespace foothold::base {
namespace {

TEST(Status, IsOkUnlessSaidOtherwise) {
  EXPECT_TRUE(Status().ok());
  EXPECT_EQ(Status().message(), "");
  const Status status = Status::NotFound("no such layer: C99");
  EXPECT_FALSE(status.ok());
  EXPECT_EQ(status.code(), StatusCode::kNotFound);
  EXPECT_EQ(status.message(), "no such layer: C99");
}

TEST(Status, FactoriesSetTheirCode) {
  EXPECT_EQ(Status::InvalidArgument("").code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(Status::DataLoss("").code(), StatusCode::kDataLoss);
  EXPECT_EQ(Status::IoError("").code(), StatusCode::kIoError);
  EXPECT_EQ(Status::Unavailable("").code(), StatusCode::kUnavailable);
}

TEST(Status, EqualityComparesCodeAndMessage) {
  EXPECT_EQ(Status::IoError("a"), Status::IoError("a"));
  EXPECT_NE(Status::IoError("a"), Status::IoError("b"));
  EXPECT_NE(Status::IoError("a"), Status::DataLoss("a"));
}

TEST(Result, HoldsAValueOrAStatus) {
  const Result<int> value = 3;
  ASSERT_TRUE(value.ok());
  EXPECT_EQ(*value, 3);
  EXPECT_TRUE(value.status().ok());
  const Result<int> failure = Status::DataLoss("torn");
  EXPECT_FALSE(failure.ok());
  EXPECT_EQ(failure.status(), Status::DataLoss("torn"));
}

TEST(Result, MovesWhatCannotBeCopied) {
  Result<std::unique_ptr<int>> result = std::make_unique<int>(7);
  const std::unique_ptr<int> taken = std::move(result).value();
  EXPECT_EQ(*taken, 7);
}

Result<int> Half(int value) {
  if (value % 2 != 0) return Status::InvalidArgument("odd");
  return value / 2;
}

Result<int> Quarter(int value) {
  FOOTHOLD_ASSIGN_OR_RETURN(const int half, Half(value));
  FOOTHOLD_ASSIGN_OR_RETURN(const int quarter, Half(half));
  return quarter;
}

Status CheckQuarter(int value) {
  FOOTHOLD_RETURN_IF_ERROR(Quarter(value).status());
  return {};
}

TEST(Result, MacrosReturnTheFirstError) {
  EXPECT_EQ(*Quarter(12), 3);
  EXPECT_EQ(Quarter(6).status().message(), "odd");
  EXPECT_TRUE(CheckQuarter(4).ok());
  EXPECT_EQ(CheckQuarter(3).code(), StatusCode::kInvalidArgument);
}

TEST(ResultDeathTest, TakingAMissingValueAbortsWithTheReason) {
  Result<int> failure = Status::DataLoss("torn at byte 17");
  EXPECT_DEATH(failure.value(), "torn at byte 17");
}

}  // namespace
}  // namespace foothold::base
