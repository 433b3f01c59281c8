// Detects the format of a weights file by its bytes.
#pragma once

#include <filesystem>

#include "weights/tensors.h"

namespace musicrep {

enum class WeightsFormat {
  kMusicrep,    ///< the project's own (weights/weights_file.h)
  kKeras,       ///< HDF5 (weights/keras_hdf5.h)
  kTorch,       ///< torch.save() (weights/torch_pickle.h)
  kTensorflow,  ///< a V1 checkpoint (weights/tf_checkpoint.h)
};

/// Throws DataError naming the file where it is missing or of none of these.
WeightsFormat weights_format(const std::filesystem::path& path);

/// "Keras HDF5".
const char* format_name(WeightsFormat format);

/// The tensors of a file of any of these formats, under the names that its reader gives them.
/// Throws DataError as that reader does.
NamedTensors read_any_weights(const std::filesystem::path& path);

}  // namespace musicrep
