// Weights as torch.save() writes them: a zip archive (PyTorch 1.6 and later) or the layout before.
// Both hold a pickle, a program that Python runs; here it is read without executing anything, and
// one that asks for more than a state dict needs is refused.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>

#include "weights/tensors.h"

namespace musicrep {

/// What torch.save() was given: a state dict, or a dict with a member "state_dict" and others.
struct TorchCheckpoint {
  /// By dotted name. Values of other types become float32; one too large for it is refused.
  NamedTensors tensors;
  /// An object: all that is no tensor (texts, numbers, lists, dicts, null). What is none of
  /// these, as a tensor next to the state dict, is there as a text in angle brackets.
  nlohmann::json rest;
};

/// Reads a file of torch.save(). Throws DataError naming the file where it is missing or damaged,
/// is no dict of tensors, asks for what no state dict needs (by name), or declares sizes that it
/// cannot hold.
TorchCheckpoint read_torch_checkpoint(const std::filesystem::path& path);

/// Its tensors alone.
NamedTensors read_torch_weights(const std::filesystem::path& path);

}  // namespace musicrep
