#pragma once

#include <memory>
#include <utility>

#include "foothold/target.h"

namespace foothold::target {

/// A program that is a value: what a task's Run must know of what its Build made.
template <typename T>
class ProgramOf : public Program {
 public:
  ProgramOf(T value, Metrics metrics) : value_(std::move(value)), metrics_(std::move(metrics)) {}
  const Metrics& metrics() const override { return metrics_; }
  const T& value() const { return value_; }

 private:
  const T value_;
  const Metrics metrics_;
};

/// A build that made `value`.
template <typename T>
BuildResult Built(T value, Metrics metrics = {}) {
  BuildResult built;
  built.program = std::make_unique<ProgramOf<T>>(std::move(value), std::move(metrics));
  return built;
}

/// REQUIRES: the program is of Built<T>.
template <typename T>
const T& ValueOf(const Program& program) {
  return dynamic_cast<const ProgramOf<T>&>(program).value();
}

}  // namespace foothold::target
