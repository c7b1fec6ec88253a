// Any text as a T1 file, as one of its expressions, and as what the OpenCL runner prints: something
// usable comes out, or one line that says why not.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "formats/t1/expression.h"
#include "targets/opencl/kernel_file.h"
#include "targets/opencl/runner_report.h"

namespace {

using foothold::Status;

void Require(bool condition) {
  if (!condition) std::abort();
}

void RequireOneLine(const Status& status) { Require(!status.ok() && !status.message().empty()); }

void FuzzExpression(std::string_view text) {
  const auto expression = foothold::t1::Expression::Parse(text);
  if (!expression.ok()) return RequireOneLine(expression.status());
  for (const auto& name : expression->Names()) {
    Require(name.column >= 1 && static_cast<std::size_t>(name.column) <= text.size());
  }
  const foothold::t1::Value seven{std::int64_t{7}};
  const auto value = expression->Evaluate([&](std::string_view) { return &seven; });
  if (value.ok()) {
    // What is shown of a value can be shown in an error message, too.
    Require(!foothold::t1::ToText(*value).empty() ||
            std::holds_alternative<std::string>(value->held));
  } else {
    RequireOneLine(value.status());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  FuzzExpression(text);
  const auto file = foothold::opencl::ParseKernelFile(text, "fuzz");
  if (file.ok()) {
    Require(file->launch.local.size() == 3 && file->launch.global.size() == 3);
    Require(file->tuning.parameters.size() == file->tuning.space.parameters().size());
  } else {
    RequireOneLine(file.status());
  }
  const auto report = foothold::opencl::ParseRunnerReport(text);
  if (!report.ok()) RequireOneLine(report.status());
  return 0;
}
