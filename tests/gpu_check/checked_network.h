// What gpu_check needs to know of a network.
#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace musicrep {

/// One network of one size. Add one: a file NAME_check.cpp with a function check_NAME(), and a line
/// in CMakeLists.txt.
struct CheckedNetwork {
  std::string name;                 ///< "TLM"
  std::string item;                 ///< what one input is: "clip of 29 s"
  std::vector<std::int64_t> shape;  ///< of one input, without the batch
  std::int64_t batch = 32;          ///< inputs a forward pass and a training step on a GPU
  /// A fresh network, on the CPU.
  std::function<std::shared_ptr<torch::nn::Module>()> make;
  /// What it makes of inputs [n, shape].
  std::function<torch::Tensor(torch::nn::Module&, const torch::Tensor&)> forward;
};

/// All that was built in.
std::vector<CheckedNetwork> checked_networks();

/// Inputs for n items, standard normal, the same everywhere.
torch::Tensor inputs_of(const CheckedNetwork& network, std::int64_t n);

/// A network with weights that are the same in each call.
std::shared_ptr<torch::nn::Module> made(const CheckedNetwork& network);

}  // namespace musicrep
