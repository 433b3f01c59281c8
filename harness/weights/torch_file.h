// The two layouts of torch.save()'s files (torch/serialization.py): where the pickle is, and
// where the storages. For torch_pickle.cpp alone.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "weights/pickle.h"

namespace musicrep {

/// An element type of PyTorch.
struct TorchType {
  std::string_view name;  ///< "Float", of torch.FloatStorage
  std::size_t bytes = 0;  ///< of one element
  double (*value)(std::uint64_t bits) = nullptr;
};

/// Values in a row, that tensors are views of, as a pickle's persistent id describes them.
struct TorchStorage {
  const TorchType* type = nullptr;
  std::string key;      ///< the name of its bytes in the file
  std::uint64_t n = 0;  ///< elements
};

/// A file open for reading.
class TorchFile {
 public:
  virtual ~TorchFile() = default;
  Pickle object;            ///< what was saved
  bool big_endian = false;  ///< the storages

  /// The storage's bytes, n * type->bytes of them. Throws DataError naming the file where they are
  /// not in it, or not as many.
  [[nodiscard]] virtual std::string read(const TorchStorage& storage) const = 0;
};

/// Opens a zip archive (PyTorch 1.6 and later) or the layout before. Throws DataError naming the
/// file where it is neither, or is damaged.
std::unique_ptr<TorchFile> open_torch_file(const std::filesystem::path& path);

/// The storage that a persistent id, ('storage', type, key, device, n), describes. Throws DataError
/// that begins with the file's name, `where`.
TorchStorage torch_storage(const Pickle& pickle, const PickleValue& id, const std::string& where);

}  // namespace musicrep
