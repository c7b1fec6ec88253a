#pragma once

#include <string>
#include <vector>

#include "foothold/env.h"
#include "foothold/status.h"
#include "network/graph/tensor.h"

namespace foothold::studies {

/// What the networks of one family are tried on.
struct EvaluationInputs {
  std::string what;  ///< "MNIST test images"
  std::vector<network::Tensor> inputs;
  std::vector<std::size_t> labels;  ///< the right class of each; empty where nobody knows
};

/// The samples that a family's scales are chosen with: FAMILY.inputs.npy of the folder, each as
/// `shape`. InvalidArgument when the file holds inputs of another size.
Result<std::vector<network::Tensor>> CalibrationInputs(Env& env, const std::string& folder,
                                                       const std::string& family,
                                                       const network::Shape& shape);

/// The largest set that there is for inputs of this shape, at most `most` of it: the MNIST test set
/// (data/related/spiker) for 28x28 images, kws01 for 49x10 features, else synthetic images of a
/// fixed seed. `data` is the folder that FOOTHOLD_DATA names.
Result<EvaluationInputs> FindEvaluationInputs(Env& env, const std::string& data,
                                              const network::Shape& shape, std::size_t most);

}  // namespace foothold::studies
