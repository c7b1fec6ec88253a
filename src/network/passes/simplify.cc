#include "network/passes/passes.h"

namespace foothold::network {

void Simplify(Graph& graph) {
  int changes = 0;
  do {
    changes = FoldConstants(graph) + FoldBatchNorm(graph) + FoldBias(graph) + FuseClip(graph) +
              FuseResidual(graph);
  } while (changes > 0);
  RemoveUnused(graph);
}

}  // namespace foothold::network
