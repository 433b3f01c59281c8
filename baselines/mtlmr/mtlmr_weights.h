// MTLMR's weights in files: the project's own, and the checkpoints of the authors.
#pragma once

#include <filesystem>
#include <string>

#include "mtlmr_net.h"
#include "weights/weights_file.h"

namespace musicrep {

/// Weights without tensors for that network: architecture, config and labels.
Weights mtlmr_description(const MtlmrConfig& config, const std::string& last_patch);

/// The network that `weights` describe, with their tensors, in evaluation mode. Throws DataError,
/// beginning with `where`, where they are of another architecture, their config is not understood
/// or tensors are missing, unknown, of another shape or not finite.
MtlmrNet mtlmr_network(const Weights& weights, const std::string& where);

/// A checkpoint of the PyTorch release (a dict with state_dict, tasks and branch_at, or the state
/// dict alone), and beside it, in the same folder, mel_standard_scaler_params.npz of the release:
/// mean and sd of each mel band, [128] each. What is shared follows from the tensors' names. Throws
/// DataError naming the file.
Weights import_mtlmr_checkpoint(const std::filesystem::path& path);

/// A file of write_weights(), or else a checkpoint as above.
Weights read_mtlmr_weights(const std::filesystem::path& path);

}  // namespace musicrep
