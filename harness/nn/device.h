// Where a network computes.
#pragma once

#include <torch/torch.h>

#include <string>

namespace musicrep {

/// "cpu" or "cuda". Throws ConfigError on another name, and where this build or machine has no
/// CUDA, saying which of the two.
torch::Device device_by_name(const std::string& name);

}  // namespace musicrep
