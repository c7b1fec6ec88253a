#pragma once

#include <array>
#include <vector>

#include "network/graph/graph.h"
#include "network/quantise/histogram.h"
#include "network/quantise/scale_groups.h"

namespace foothold::network {

/// What a value is measured in, so that its scale is a power of two in that unit: one for each
/// value, from 1 to below 2, equal within UnitGroups. The units are chosen together so that the
/// relative squared errors of values and weights add up to little: a layer's weights get the ratio
/// of its units. `histograms`: of each set of ScaleGroups, at the value that stands for it.
std::vector<float> ChooseUnits(const Graph& graph, Groups& scale_groups,
                               const std::vector<Histogram>& histograms,
                               const std::vector<Histogram>& weights);

/// Of each node: its weights, if it is a layer that runs on integers.
std::vector<Histogram> WeightHistograms(const Graph& graph);

}  // namespace foothold::network
