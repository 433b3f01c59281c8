// Weights as TensorFlow's first Saver writes them (tf.train.Saver(write_version=V1), a single file
// such as vggish_model.ckpt).
#pragma once

#include <filesystem>

#include "weights/tensors.h"

namespace musicrep {

/// All tensors of a V1 checkpoint: a table (weights/tf_table.h) of SavedTensorSlices messages
/// (tensorflow/core/util/saved_tensor_slice.proto). Names are TensorFlow's, "vggish/conv1/weights".
/// Numbers of other types become float32. Throws DataError naming the file where it is missing or
/// damaged, is a V2 checkpoint, or holds a tensor in slices, one of texts, or one whose values are
/// not as many as its shape says.
NamedTensors read_tf_checkpoint(const std::filesystem::path& path);

}  // namespace musicrep
