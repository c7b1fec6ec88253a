#include "network/deploy/artefact.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "foothold/rng.h"
#include "network/deploy/deployed.h"
#include "network/deploy/network_source.h"
#include "network/execute/execute.h"
#include "network/quantise/quantise.h"

namespace foothold::network {
namespace {

using ::testing::HasSubstr;

Env& World() { return *Env::Default(); }

/// A folder that is removed in the end.
class Folder {
 public:
  Folder() : path_(World().CreateTemporaryDirectory("artefact_test").value()) {}
  ~Folder() { EXPECT_TRUE(World().RemoveTree(path_).ok()); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

class Builder {
 public:
  ValueId Constant(const Shape& shape, float scale) {
    return graph.Add({"c", DataType::kFloat, shape, Random(shape, scale)});
  }
  ValueId Node(Operation operation, std::vector<ValueId> inputs, const Shape& shape) {
    const std::string name = "v" + std::to_string(graph.nodes.size());
    const ValueId output = graph.Add({name, DataType::kFloat, shape});
    graph.nodes.push_back({name, std::move(operation), std::move(inputs), output});
    return output;
  }
  Tensor Random(const Shape& shape, float scale) {
    std::vector<float> values(Index(Elements(shape)));
    for (float& value : values) value = scale * static_cast<float>(2 * rng_.Uniform() - 1);
    return Tensor(shape, std::move(values));
  }
  Graph graph;

 private:
  Rng rng_{7};
};

/// Convolutions on the VTA, and between and behind them all kinds of things that only hosts do.
Graph MixedNetwork() {
  Builder b;
  const ValueId x = b.graph.Add({"x/*odd*/", DataType::kFloat, {1, 3, 8, 8}});
  b.graph.inputs = {x};
  const Window three = {3, 3, 1, 1, 1, 1, 1, 1, 1, 1};
  const Shape map = {1, 6, 8, 8};
  ValueId v = b.Node(Conv{three, 1, {0, 6}}, {x, b.Constant({6, 3, 3, 3}, 0.4F), kNone}, map);
  v = b.Node(LeakyRelu{0.125F}, {v}, map);
  v = b.Node(Binary{Binary::Kind::kMultiply}, {v, b.Constant({1, 6, 1, 1}, 1)}, map);
  const ValueId pooled = b.Node(AveragePool{three}, {v}, map);
  v = b.Node(Binary{Binary::Kind::kSubtract}, {pooled, v}, map);
  const ValueId turned = b.Node(Transpose{{0, 1, 3, 2}}, {v}, map);
  v = b.Node(Concat{1}, {turned, v}, {1, 12, 8, 8});
  v = b.Node(MaxPool{{2, 2, 2, 2}}, {v}, {1, 12, 4, 4});
  v = b.Node(Resize{Resize::Coordinates::kAsymmetric, Resize::Rounding::kFloor, {1, 1, 2, 2}}, {v},
             {1, 12, 8, 8});
  v = b.Node(Pad{{0, 0, 1, 0}, {0, 0, 0, 1}, 0.5F}, {v}, {1, 12, 9, 9});
  v = b.Node(Conv{{3, 3, 2, 2}, 1}, {v, b.Constant({20, 12, 3, 3}, 0.2F), b.Constant({20}, 1)},
             {1, 20, 4, 4});
  v = b.Node(Sigmoid{}, {v}, {1, 20, 4, 4});
  v = b.Node(Mean{{1}}, {v}, {1, 4, 4});
  v = b.Node(Reshape{}, {v}, {1, 16});
  v = b.Node(Dense{}, {v, b.Constant({5, 16}, 1), b.Constant({5}, 1)}, {1, 5});
  b.graph.outputs = {b.Node(Softmax{1, 1}, {v}, {1, 5})};
  return b.graph;
}

std::vector<Tensor> Samples(const Graph& graph) {
  Builder b;
  const Shape& shape = graph.at(graph.inputs[0]).shape;
  return {b.Random(shape, 2), b.Random(shape, 2)};
}

CompiledNetwork Compiled(const Graph& graph) {
  auto quantised = QuantiseForShifts(graph, Samples(graph));
  return Compile(std::move(quantised->graph), vta::FindMachine(World(), "pynq").value(), {})
      .value();
}

/// Writes the folder, as if the network had come from a file.
Status Write(const Folder& folder, const CompiledNetwork& compiled, const Graph& graph) {
  EXPECT_TRUE(World().WriteFileAtomically(folder / "mixed-net.onnx", "a model").ok());
  return WriteArtefact(World(), folder / "out", compiled,
                       {folder / "mixed-net.onnx", "vta:pynq", Samples(graph)});
}

ProcessResult Make(const std::string& directory, const std::vector<std::string>& arguments,
                   const std::map<std::string, std::string>& environment = {}) {
  ProcessCommand command;
  command.argv = {"make"};
  command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
  command.directory = directory;
  command.environment = environment;
  return World().RunProcess(command, {}).value();
}

TEST(ArtefactTest, ChecksItselfAgainstTheReference) {
  const Folder folder;
  const Graph graph = MixedNetwork();
  const Status written = Write(folder, Compiled(graph), graph);
  ASSERT_TRUE(written.ok()) << written.message();
  const ProcessResult check = Make(folder / "out", {"check", "CFLAGS=-std=c99 -O1 -Wall -Werror"});
  EXPECT_EQ(check.exit_code, 0) << check.out.text << check.err.text;
  EXPECT_THAT(check.out.text, HasSubstr("0 of 10 numbers of 2 samples differ"));

  // A weight that was changed is noticed.
  const std::string weights = folder / "out/mixed_net.vta/weight.bin";
  std::string bytes = World().ReadFile(weights).value();
  for (std::size_t i = 0; i < bytes.size(); i += 7) bytes[i] = static_cast<char>(~bytes[i]);
  ASSERT_TRUE(World().WriteFileAtomically(weights, bytes).ok());
  EXPECT_NE(Make(folder / "out", {"-B", "check"}).exit_code, 0);
}

TEST(ArtefactTest, RefusesABoardOfAnotherGeometry) {
  const Folder folder;
  const Graph graph = MixedNetwork();
  ASSERT_TRUE(Write(folder, Compiled(graph), graph).ok());
  const ProcessResult check =
      Make(folder / "out", {"check"}, {{"VTA_GEOMETRY", "1x16_i8w8a32_15_15_18_16"}});
  EXPECT_NE(check.exit_code, 0);
  EXPECT_THAT(check.err.text,
              HasSubstr("the program is for a VTA of geometry 1x16_i8w8a32_15_15_18_17, this one "
                        "is 1x16_i8w8a32_15_15_18_16: compile it for this one"));
}

TEST(ArtefactTest, TheSameNetworkGivesTheSameBytes) {
  const Folder folder;
  const Graph graph = MixedNetwork();
  ASSERT_TRUE(Write(folder, Compiled(graph), graph).ok());
  const std::string manifest = World().ReadFile(folder / "out/manifest.json").value();
  ASSERT_TRUE(Write(folder, Compiled(graph), graph).ok());
  // It holds the hashes of all other files.
  EXPECT_EQ(World().ReadFile(folder / "out/manifest.json").value(), manifest);
}

TEST(ArtefactTest, LeavesFoldersOfOthersAlone) {
  const Folder folder;
  ASSERT_TRUE(World().CreateDirectories(folder / "out").ok());
  ASSERT_TRUE(World().WriteFileAtomically(folder / "out/thesis.tex", "").ok());
  const Graph graph = MixedNetwork();
  EXPECT_THAT(Write(folder, Compiled(graph), graph).message(), HasSubstr("out: holds other files"));
}

TEST(DeployedTest, RunsInputs) {
  const Folder folder;
  const Graph graph = MixedNetwork();
  const CompiledNetwork compiled = Compiled(graph);
  ASSERT_TRUE(Write(folder, compiled, graph).ok());
  const Deployed deployed = ReadDeployed(World(), folder / "out").value();
  EXPECT_EQ(deployed.name, "mixed_net");
  const auto outputs = RunDeployed(World(), folder / "out", deployed, Samples(graph), {});
  ASSERT_TRUE(outputs.ok()) << outputs.status().message();
  ASSERT_EQ(outputs->size(), 2U);
  const Tensor expected = Execute(compiled.graph, {Samples(graph)[1]}).at(0);
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_FLOAT_EQ((*outputs)[1].floats()[i], expected.floats()[i]);
  }

  ASSERT_TRUE(World().WriteFileAtomically(folder / "out/main.c", "int main() {}").ok());
  EXPECT_THAT(RunDeployed(World(), folder / "out", deployed, Samples(graph), {}).status().message(),
              HasSubstr("out/main.c: is not the file that manifest.json names"));
}

TEST(DeployedTest, SaysWhatIsWrongWithAManifest) {
  const Folder folder;
  ASSERT_TRUE(World()
                  .WriteFileAtomically(folder / "manifest.json",
                                       "{\"format\": \"foothold-network\",\n\"version\": 2}")
                  .ok());
  EXPECT_THAT(ReadDeployed(World(), folder / "").status().message(),
              HasSubstr("manifest.json:2: version: is 2, must be"));
}

TEST(NamesOfTest, AreCIdentifiers) {
  EXPECT_EQ(NamesOf("models/mobilenet-v1 (2).onnx", "").name, "mobilenet_v1__2_");
  EXPECT_EQ(NamesOf("3d.onnx", "").name, "net_3d");
  EXPECT_EQ(NamesOf("main.onnx", "").name, "net_main");
  EXPECT_EQ(NamesOf("a.onnx", "").macro, "A");
}

}  // namespace
}  // namespace foothold::network
