#include "network/load.h"

#include "formats/onnx/model.h"
#include "network/passes/passes.h"

namespace foothold::network {

namespace {

// The file's bytes are not needed after this.
Result<Graph> ReadGraph(Env& env, const std::string& path, const ImportOptions& options) {
  FOOTHOLD_ASSIGN_OR_RETURN(const onnx::Model model, onnx::ReadModel(env, path));
  return Import(model, options);
}

}  // namespace

Result<Graph> Load(Env& env, const std::string& path, const ImportOptions& options) {
  FOOTHOLD_ASSIGN_OR_RETURN(Graph graph, ReadGraph(env, path, options));
  Simplify(graph);
  if (FuseQuantised(graph) > 0) RemoveUnused(graph);
  return graph;
}

Result<Graph> LoadFloat(Env& env, const std::string& path, const ImportOptions& options) {
  FOOTHOLD_ASSIGN_OR_RETURN(Graph graph, ReadGraph(env, path, options));
  ReplaceQuantisation(graph);
  Simplify(graph);
  return graph;
}

Result<Graph> LoadForShifts(Env& env, const std::string& path, const ImportOptions& options) {
  FOOTHOLD_ASSIGN_OR_RETURN(Graph graph, LoadFloat(env, path, options));
  if (ReplaceAverages(graph) > 0) Simplify(graph);
  EqualiseChannels(graph);
  return graph;
}

}  // namespace foothold::network
