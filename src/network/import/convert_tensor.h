#pragma once

#include "foothold/status.h"
#include "formats/onnx/model.h"
#include "network/graph/tensor.h"

namespace foothold::network {

/// The elements as one of the types that networks compute with: floats of other widths become
/// float32, bool becomes uint8. InvalidArgument naming the type when it is none of these.
Result<Tensor> ConvertTensor(const onnx::Tensor& tensor);

/// The type of a value of this type; InvalidArgument as above.
Result<DataType> ConvertType(onnx::DataType type);

}  // namespace foothold::network
