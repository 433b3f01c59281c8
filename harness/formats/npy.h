// NumPy's .npy files, format versions 1.0 to 3.0 (numpy.lib.format; NEP 1).
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "musicrep/matrix.h"

namespace musicrep {

/// The type of an array's elements, as the header's 'descr' says it.
struct NpyType {
  char kind = 'f';             ///< f float, i and u integer, b bool, U UTF-32 text, S byte text
  std::size_t item_bytes = 0;  ///< bytes of one element
  bool big_endian = false;     ///< swapped while reading
  [[nodiscard]] std::string text() const;  ///< as NumPy writes it: "<f4"
};

/// An array as it was read; its elements are converted on demand.
struct NpyArray {
  std::string name;  ///< for messages: the file, and the array in it
  std::vector<std::size_t> shape;
  NpyType type;
  bool fortran_order = false;
  std::string bytes;       ///< the file
  std::size_t offset = 0;  ///< where the elements begin in `bytes`

  /// Number of elements.
  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] bool is_text() const { return type.kind == 'U' || type.kind == 'S'; }

  /// [rows, cols] of an array of numbers of rank 2; rank 1 reads as [n, 1]. NaN and infinity pass.
  /// Throws DataError on another rank, on texts, and on integers that a double cannot hold.
  [[nodiscard]] Matrix to_matrix() const;
  /// [n] of an array of numbers of rank 1. Throws DataError as to_matrix does.
  [[nodiscard]] std::vector<double> to_numbers() const;
  /// [n] of an array of texts of rank 1, in UTF-8; integers become decimal texts (ids often are
  /// integers). Throws DataError on another rank, on other types and on invalid code points.
  [[nodiscard]] std::vector<std::string> to_texts() const;
};

/// Parses the bytes of a .npy file. Types f4, f8, i1 to i8, u1 to u8, b1, U and S in both byte
/// orders; C and Fortran order; rank 0 to 3. `name` is for messages. Throws DataError on any other
/// type (pickled objects are not read), a damaged header, and a size that is not the declared one.
NpyArray parse_npy(std::string bytes, std::string name);

/// Reads a .npy file. Throws DataError as read_file and parse_npy do.
NpyArray read_npy(const std::filesystem::path& path);

/// Writes `values` as a .npy file, version 1.0, C order, little endian, whole or not at all.
/// As float32 each value is rounded; throws DataError where a finite value is too large for that.
void write_npy(const std::filesystem::path& path, const Matrix& values, bool as_float32);

}  // namespace musicrep
