#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "foothold/export.h"

namespace foothold {

/// Why an operation on input, files or processes failed. The values are stable: they choose exit
/// codes.
enum class StatusCode {
  kOk = 0,
  /// The caller's input is wrong: unknown field, value out of range, impossible shape.
  kInvalidArgument = 1,
  kNotFound = 2,     ///< a named file, layer, target or searcher does not exist
  kDataLoss = 3,     ///< a file is truncated or corrupt
  kIoError = 4,      ///< the operating system refused: permission, disk full
  kUnavailable = 5,  ///< something outside did not answer; a retry may help
  kCancelled = 6,    ///< the user asked to stop; it says nothing about what was under way
};

/// Success, or what went wrong in one line a user can act on.
///
/// Used for bad input and the outside world only. A failing candidate is an Outcome; a bug of ours
/// is a FOOTHOLD_CHECK. Thread-compatible value type.
class [[nodiscard]] FOOTHOLD_EXPORT Status {
 public:
  Status() = default;
  /// REQUIRES: code != kOk. `message` is one line and says what would be right.
  Status(StatusCode code, std::string message) : code_(code), message_(std::move(message)) {}

  static Status InvalidArgument(std::string message) {
    return {StatusCode::kInvalidArgument, std::move(message)};
  }
  static Status NotFound(std::string message) {
    return {StatusCode::kNotFound, std::move(message)};
  }
  static Status DataLoss(std::string message) {
    return {StatusCode::kDataLoss, std::move(message)};
  }
  static Status IoError(std::string message) { return {StatusCode::kIoError, std::move(message)}; }
  static Status Unavailable(std::string message) {
    return {StatusCode::kUnavailable, std::move(message)};
  }
  static Status Cancelled(std::string message) {
    return {StatusCode::kCancelled, std::move(message)};
  }

  bool ok() const { return code_ == StatusCode::kOk; }
  StatusCode code() const { return code_; }
  /// Empty when ok().
  const std::string& message() const { return message_; }

  friend bool operator==(const Status&, const Status&) = default;

 private:
  StatusCode code_ = StatusCode::kOk;
  std::string message_;
};

namespace internal {
[[noreturn]] FOOTHOLD_EXPORT void FailOnMissingValue(const Status& status);
}  // namespace internal

/// A T, or the Status that says why there is none.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::move(value)) {}  // NOLINT: implicit, so that `return value;` works
  /// REQUIRES: !status.ok().
  Result(Status status)
      : state_(std::move(status)) {}  // NOLINT: implicit, so that `return status;` works

  bool ok() const { return std::holds_alternative<T>(state_); }
  /// The reason of failure; an ok Status when ok().
  Status status() const { return ok() ? Status() : std::get<Status>(state_); }

  /// REQUIRES: ok(); anything else is a bug of the caller and aborts with the status's message.
  T& value() & { return Require(); }
  const T& value() const& { return const_cast<Result*>(this)->Require(); }
  /// By value, so that `for (auto& x : *F())` does not outlive its range.
  T value() && { return std::move(Require()); }
  T& operator*() & { return Require(); }
  const T& operator*() const& { return const_cast<Result*>(this)->Require(); }
  T operator*() && { return std::move(Require()); }
  T* operator->() { return &Require(); }
  const T* operator->() const { return &const_cast<Result*>(this)->Require(); }

 private:
  T& Require() {
    if (!ok()) internal::FailOnMissingValue(std::get<Status>(state_));
    return std::get<T>(state_);
  }
  std::variant<T, Status> state_;
};

}  // namespace foothold

/// Returns the Status of `expression` from the enclosing function unless it is ok.
#define FOOTHOLD_RETURN_IF_ERROR(expression)                                      \
  do {                                                                            \
    if (::foothold::Status foothold_status = (expression); !foothold_status.ok()) \
      return foothold_status;                                                     \
  } while (false)

/// `FOOTHOLD_ASSIGN_OR_RETURN(auto x, F());`: x = the value of F(), or return its Status.
#define FOOTHOLD_ASSIGN_OR_RETURN(lhs, expression) \
  FOOTHOLD_ASSIGN_OR_RETURN_IMPL_(FOOTHOLD_CONCAT_(foothold_result_, __LINE__), lhs, expression)
#define FOOTHOLD_ASSIGN_OR_RETURN_IMPL_(result, lhs, expression) \
  auto result = (expression);                                    \
  if (!result.ok()) return result.status();                      \
  lhs = std::move(result).value()
#define FOOTHOLD_CONCAT_(a, b) FOOTHOLD_CONCAT_IMPL_(a, b)
#define FOOTHOLD_CONCAT_IMPL_(a, b) a##b
