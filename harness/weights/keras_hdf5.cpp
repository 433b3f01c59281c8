#include "weights/keras_hdf5.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "musicrep/error.h"
#include "store/hdf5.h"
#include "store/read_apart.h"
#include "weights/tensors_packed.h"

namespace musicrep {
namespace {

/// Attributes that no group but that of a model's layers has; Keras numbers those too long for one.
bool holds_layers(const Hdf5File& file, const std::string& group) {
  return file.exists(group) && file.is_group(group) &&
         (file.has_attribute(group, "layer_names") || file.has_attribute(group, "layer_names0"));
}

/// "layer/layer/kernel:0" as "layer/kernel"; a layer's name may have '/' in it.
std::string weight_name(std::string path) {
  if (path.ends_with(":0")) path.resize(path.size() - 2);
  for (std::size_t at = path.find('/'); at != std::string::npos; at = path.find('/', at + 1)) {
    const std::string layer = path.substr(0, at + 1);
    if (path.compare(layer.size(), layer.size(), layer) == 0) return path.substr(layer.size());
  }
  return path;
}

NamedTensors read_hdf5(const std::filesystem::path& path) {
  const Hdf5File file(path, Hdf5File::Mode::kRead);
  const std::string root = holds_layers(file, "/model_weights") ? "/model_weights" : "";
  if (root.empty() && !holds_layers(file, "/")) {
    throw DataError(fmt::format(
        "'{}' is HDF5, but not of Keras: neither '/' nor '/model_weights' has an attribute 'layer_names', expected one",
        path.string()));
  }
  NamedTensors tensors;
  for (const std::string& dataset : file.datasets_below(root.empty() ? "/" : root)) {
    const std::string name = weight_name(dataset.substr(root.size() + 1));
    FloatTensor tensor{.shape = file.shape(dataset), .values = file.read_floats(dataset)};
    if (!tensors.emplace(name, std::move(tensor)).second) {
      throw DataError(fmt::format("'{}': duplicate weight '{}'", path.string(), name));
    }
  }
  if (tensors.empty()) {
    throw DataError(fmt::format("'{}' holds no weights, expected some", path.string()));
  }
  return tensors;
}

}  // namespace

NamedTensors read_keras_weights(const std::filesystem::path& path) {
  return read_apart(path, [&] { return read_hdf5(path); });
}

}  // namespace musicrep
