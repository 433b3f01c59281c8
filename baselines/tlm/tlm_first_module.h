// The first block of TLM's network, fused, as an operation of Torch.
#pragma once

#include <torch/torch.h>

#include "tlm/tlm_net.h"

namespace musicrep::tlm {

/// What `block` makes of `mels` [n, 1, 96, frames] (on the CPU; frames a multiple of 16) before
/// ELU: [n, 32, 48, frames / 4], maps running fastest; in training mode with the batch's
/// statistics, which also move the running ones, else with those. The same as block->forward() but
/// for rounding and ELU; no gradient goes to `mels`.
torch::Tensor fused_first_block(TlmBlock& block, const torch::Tensor& mels);

}  // namespace musicrep::tlm
