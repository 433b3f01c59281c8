// Between Torch's modules and named tensors.
#pragma once

#include <torch/torch.h>

#include <cstddef>
#include <string>

#include "weights/tensors.h"

namespace musicrep {

/// Parameters and buffers under their dotted names, as float32, without counters
/// (num_batches_tracked).
NamedTensors state_of(const torch::nn::Module& model);

/// What load_state() expects.
TensorShapes shapes_of(const torch::nn::Module& model);

/// Copies tensors into the module. Throws DataError as check_tensors() does, beginning with
/// `where`.
void load_state(torch::nn::Module& model, const NamedTensors& tensors, const std::string& where);

/// Numbers that training moves (without running statistics).
std::size_t count_parameters(const torch::nn::Module& model);

FloatTensor to_float_tensor(const torch::Tensor& tensor);
torch::Tensor to_torch(const FloatTensor& tensor);

}  // namespace musicrep
