#include "core/workload/operators/operator_kind.h"

namespace foothold::workload {

const OperatorKind& KernelKind() {
  static const OperatorKind kKind = {
      .name = "kernel", .usual = Kernel(), .shape = {}, .text = AccessTo<&Kernel::name>()};
  return kKind;
}

}  // namespace foothold::workload
