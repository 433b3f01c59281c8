#include "weights/published.h"

#include <fmt/format.h>

#include "core/files.h"
#include "musicrep/error.h"
#include "weights/keras_hdf5.h"
#include "weights/tf_checkpoint.h"
#include "weights/tf_table.h"
#include "weights/torch_pickle.h"
#include "weights/weights_file.h"

namespace musicrep {

WeightsFormat weights_format(const std::filesystem::path& path) {
  if (is_weights_file(path)) return WeightsFormat::kMusicrep;
  if (TfTable::is_table(path)) return WeightsFormat::kTensorflow;
  std::string begin(4, '\0');
  open_for_reading(path).read(begin.data(), static_cast<std::streamsize>(begin.size()));
  if (begin == "\x89HDF") return WeightsFormat::kKeras;
  if (begin == "PK\x03\x04" || begin[0] == '\x80') return WeightsFormat::kTorch;
  throw DataError(fmt::format(
      "'{}' holds no weights that are known here, or is cut short: expected a "
      "musicrep weights file, HDF5 of Keras, a file of torch.save(), or a V1 checkpoint of TensorFlow",
      path.string()));
}

const char* format_name(WeightsFormat format) {
  switch (format) {
    case WeightsFormat::kMusicrep:
      return "musicrep weights";
    case WeightsFormat::kKeras:
      return "Keras HDF5";
    case WeightsFormat::kTorch:
      return "PyTorch state dict";
    case WeightsFormat::kTensorflow:
      return "TensorFlow V1 checkpoint";
  }
  return "";
}

NamedTensors read_any_weights(const std::filesystem::path& path) {
  switch (weights_format(path)) {
    case WeightsFormat::kMusicrep:
      return read_weights(path).tensors;
    case WeightsFormat::kKeras:
      return read_keras_weights(path);
    case WeightsFormat::kTorch:
      return read_torch_weights(path);
    case WeightsFormat::kTensorflow:
      return read_tf_checkpoint(path);
  }
  return {};
}

}  // namespace musicrep
