// TLM's weights: the project's names for them, and the two files that were published.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "weights/tensors.h"
#include "weights/weights_file.h"

namespace musicrep::tlm {

/// What weights are made for.
enum class Variant {
  kKeras2,       ///< "keras2": the release for Keras 2, with stored statistics
  kTheanoBatch,  ///< "theano-batch": the original, with the statistics of a batch
  kTrained,      ///< "trained": in this tree; computes as kKeras2
};

/// The names above. Throws ConfigError with the nearest one.
Variant variant_named(const std::string& name);
const char* name_of(Variant variant);

/// block1 … block5: conv.weight [32, in, 3, 3] (output, input, mel, frame; to be correlated, not
/// flipped), conv.bias, norm.weight, norm.bias, norm.running_mean, norm.running_var [32];
/// head.weight [n_tags, 32] and head.bias [n_tags].
TensorShapes tensor_shapes(std::size_t n_tags);

/// Last.fm's 50 tags in the order of both published heads (keunwoochoi/MSD_split_for_tagging).
const std::vector<std::string>& published_tags();

/// Reads keunwoochoi/transfer_learning_music: weights_layer4_theano.hdf5 or weights_theano.hdf5
/// (Keras 1; kernels are flipped here, as Theano's convolution does) or keras2_model's
/// model_best.hdf5, distinguished by their layers. Throws DataError that lists every tensor that is
/// missing, unknown or of another shape.
Weights import_published(const std::filesystem::path& path);

/// Weights from either the project's file or a published one. Throws DataError as those do, and
/// where they are of another architecture.
Weights load_weights(const std::filesystem::path& path);

}  // namespace musicrep::tlm
