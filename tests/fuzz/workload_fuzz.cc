// Whatever is read as a workload can be written and reads back the same; nothing else may happen.

#include <cstdlib>

#include "foothold/workload.h"

namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

// A kernel is a name alone; any other workload has something to do.
bool HasOperations(const foothold::Workload& workload) {
  return std::holds_alternative<foothold::Kernel>(workload.op) ||
         foothold::OperationCount(workload) > 0;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto workload = foothold::ParseInlineWorkload(text); workload.ok()) {
    const auto again = foothold::ParseInlineWorkload(foothold::ToInline(*workload));
    Require(again.ok() && again->op == workload->op && again->requantize == workload->requantize);
    Require(HasOperations(*workload));
  } else {
    Require(workload.status().message().find('\n') == std::string::npos);
  }
  if (const auto workloads = foothold::ParseWorkloads(text, "input"); workloads.ok()) {
    for (const foothold::Workload& workload : *workloads) {
      const auto again = foothold::ParseWorkloads(foothold::ToJson(workload), "again");
      Require(again.ok() && again->size() == 1 && again->front() == workload);
      Require(HasOperations(workload));
    }
  }
  return 0;
}
