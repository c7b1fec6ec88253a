#pragma once

#include "network/graph/graph.h"

// What makes a graph smaller without changing what it computes, but for the rounding of floats.
// Each returns how many nodes it folded or fused. A node that a pass no longer needs stays until
// RemoveUnused.
namespace foothold::network {

/// Computes nodes whose inputs are constants. Quantised constants stay, and so do nodes whose
/// result would be much larger than their inputs.
int FoldConstants(Graph& graph);

/// A batch norm behind a convolution or a dense layer goes into its weight and bias.
int FoldBatchNorm(Graph& graph);

/// An added constant, one number for each channel, behind a convolution or a dense layer goes into
/// its bias.
int FoldBias(Graph& graph);

/// A Clip behind a convolution, a dense layer or an arithmetic node goes into its clamp.
int FuseClip(Graph& graph);

/// An addition of a convolution's result and something else becomes the convolution's residual.
int FuseResidual(Graph& graph);

/// Dequantize, a node, Quantize: becomes the node over integers, whose values say what their
/// integers stand for. Then the executor sums integers, as hardware does. Only where that is the
/// same function, but for the rounding of floats.
int FuseQuantised(Graph& graph);

/// Takes a QDQ network back to real numbers: quantised constants become floats, and Quantize
/// followed by Dequantize becomes the Clip to what the integers can express, in which an activation
/// may hide. What it returns counts both.
int ReplaceQuantisation(Graph& graph);

/// A mean over rows and columns, and an average pool whose windows all divide by the same number,
/// become convolutions with a group for each channel: then they can be quantised like one.
int ReplaceAverages(Graph& graph);

/// Gives channels between two layers factors, so that the weights of each layer are about as large
/// for all channels: then one scale loses less. Only where nothing but a relu, a max-pool, an
/// addition or a depthwise layer lies between them. Returns how many sets of channels have factors.
int EqualiseChannels(Graph& graph);

/// Drops nodes and values that no output needs. Value ids change. The graph's inputs stay.
int RemoveUnused(Graph& graph);

/// FoldConstants to FuseResidual, in this order, until nothing changes.
void Simplify(Graph& graph);

}  // namespace foothold::network
