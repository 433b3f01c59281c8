// One file of precomputed features: .npy, .npz, .h5, .hdf5 or .csv.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "formats/ids.h"
#include "musicrep/matrix.h"

namespace musicrep {

/// The column of the ids of a CSV unless an option says another.
inline constexpr const char* kDefaultIdColumn = "id";

/// The vectors of one file. A row is one vector; the rows of an item stand together.
struct FeatureTable {
  std::string name;                ///< the file's path, for messages
  Matrix values;                   ///< [rows, cols], at least 1 x 1
  std::vector<std::string> ids;    ///< [rows]; empty: the file has none
  std::vector<std::size_t> lines;  ///< [rows] of a CSV; empty for other files
  /// The ids are 0, 1, ... of a column without a name: of items, or nothing but pandas' numbers.
  bool is_counted = false;

  /// "row 3" (counted from 0, as NumPy does), or "line 12" of a CSV.
  [[nodiscard]] std::string place(std::size_t row) const;
};

/// How a file is read; see the options of the encoder.
struct FeatureFileOptions {
  std::string array;     ///< of values, in .npz and HDF5
  std::string id_array;  ///< of ids, in .npz and HDF5; the file may lack it
  /// Of a CSV. Empty: the unnamed first one, or none; kDefaultIdColumn where there is no such
  /// column: the unnamed first one.
  std::string id_column;
  IdFrom id_from = IdFrom::kExact;
};

/// Whether read_feature_table() knows the file's extension.
bool is_feature_file(const std::filesystem::path& path);

/// Reads a file by its extension. Values may be NaN or infinite, except in a CSV. Throws DataError
/// naming the file where it is absent, damaged, or holds no [rows, cols] of numbers, and where
/// there are not as many ids as rows.
FeatureTable read_feature_table(const std::filesystem::path& path,
                                const FeatureFileOptions& options);

/// Reads a list of ids: an .npy of texts or integers, or a text with an id a line (empty lines are
/// passed over). Throws DataError naming the file.
std::vector<std::string> read_id_list(const std::filesystem::path& path, IdFrom id_from);

}  // namespace musicrep
