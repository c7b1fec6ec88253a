#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "network/compile/compile.h"
#include "network/graph/graph.h"

// C for what the host does.
namespace foothold::network {

/// A float as C99 writes it exactly: "0x1.8p+1f", "INFINITY".
std::string CFloat(float value);

/// The C name of a value in the source: "v12", of constants "c12".
std::string CName(const Graph& graph, ValueId value);

/// The memory that a node needs beside its inputs and output, in floats.
std::int64_t ScratchFloats(const Graph& graph, const Node& node);

/// The calls that compute a node, one statement a line. `scratch` is a C expression, a float* with
/// room for ScratchFloats.
std::string NodeSource(const Graph& graph, const Node& node, const std::string& scratch);

/// The initialiser of the `struct layout` of a storage.
std::string LayoutSource(const Storage& storage, const vta::Geometry& geometry);

/// The definition of a constant: "static const int8_t c12[] = {...};".
std::string ConstantSource(const Graph& graph, ValueId value);

/// Whether the node calls exp(), which C libraries round differently.
bool UsesExp(const Node& node);

}  // namespace foothold::network
