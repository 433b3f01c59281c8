// Weights as Keras 1 and Keras 2 save them in HDF5 (keras/engine/topology.py, saving.py).
#pragma once

#include <filesystem>

#include "weights/tensors.h"

namespace musicrep {

/// All weights of a model saved by save() or save_weights(); the optimiser's state is left out.
/// Names are "layer/weight": a group's name and its data set's, without ":0" and with a layer's
/// duplicated name only once. Keras 2's "conv2d_1/conv2d_1/kernel:0" is "conv2d_1/kernel";
/// Keras 1's "dense_1/dense_1_W" stays. Arrays are as the file has them, of the layout that the
/// layer's data_format says. Throws DataError naming the file where it is missing, damaged, or not
/// one that Keras wrote.
NamedTensors read_keras_weights(const std::filesystem::path& path);

}  // namespace musicrep
