// Random numbers of networks, from explicit generators alone: Torch's global one is shared by all
// threads, so whatever draws from it (torch::dropout, init without a generator) is not repeatable.
#pragma once

#include <torch/torch.h>

#include <cstdint>

namespace musicrep {

/// A CPU generator. Numbers for another device are drawn on the CPU and copied, so that both
/// devices see the same ones.
torch::Generator make_generator(std::uint64_t seed);

/// Sets each element to 0 with probability p and scales the others by 1 / (1 - p). p = 0: `x`.
torch::Tensor dropout(const torch::Tensor& x, double p, torch::Generator& generator);

/// Glorot's uniform initialisation (Glorot and Bengio 2010, eq. 16) of every parameter of rank 2 or
/// more, in the order of their names; biases become 0, normalisations' weights 1.
void initialise_glorot(torch::nn::Module& model, torch::Generator& generator);

/// He's normal initialisation (He et al. 2015, eq. 10, fan in) for ReLU networks; otherwise as
/// above.
void initialise_he(torch::nn::Module& model, torch::Generator& generator);

/// Normal numbers of deviation 0.02, drawn again beyond two deviations, as BERT's initialisation;
/// otherwise as above.
void initialise_truncated_normal(torch::nn::Module& model, torch::Generator& generator);

}  // namespace musicrep
