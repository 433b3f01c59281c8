// NumPy's .npz files: zip archives of .npy files, stored or deflated.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "formats/npy.h"

namespace musicrep {

/// An archive open for reading. All members throw DataError naming the file and the array.
class NpzFile {
 public:
  explicit NpzFile(const std::filesystem::path& path);
  ~NpzFile();
  NpzFile(const NpzFile&) = delete;
  NpzFile& operator=(const NpzFile&) = delete;

  /// Names of the arrays (without .npy), in the order of the file.
  [[nodiscard]] const std::vector<std::string>& names() const;
  [[nodiscard]] bool has(const std::string& array) const;

  /// Reads one array. The archive's checksum is checked, and so is that it unpacks to exactly as
  /// much as is declared; entries above 4 GiB are refused. An unknown name gets the nearest one.
  [[nodiscard]] NpyArray read(const std::string& array) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace musicrep
