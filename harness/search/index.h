// An index of music that is searched by words: vectors of items, their texts, and the encoder that
// made them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "musicrep/matrix.h"
#include "musicrep/options.h"

namespace musicrep {

/// A folder: index.json (all but the vectors), vectors.npy (float32 [n, dim], unit rows) and, where
/// the encoder has weights of its own, weights.h5.
struct SearchIndex {
  std::string encoder;  ///< registry name
  std::string version;
  std::string label;    ///< in the experiment
  std::string dataset;  ///< whose items they are
  /// SHA-256 of what the encoder depends on (Encoder::content_sha256): its embedding space.
  std::string space_sha256;
  std::string frame_space;
  std::uint64_t seed = 0;
  Options options;                 ///< complete, without paths
  std::filesystem::path weights;   ///< a file; or empty
  std::vector<std::string> ids;    ///< [n]
  std::vector<std::string> texts;  ///< [n], empty where an item has none
  std::vector<std::string> links;  ///< [n], where to hear an item: a file or an address; or empty
  std::size_t dim = 0;
  std::vector<float> vectors;  ///< row-major [n, dim], unit rows
};

/// Rows of length 1 as float32. Throws DataError naming the id of a row that is zero or not finite.
std::vector<float> unit_rows(const Matrix& rows, std::span<const std::string> ids);

/// Writes the folder, whole or not at all; `weights` is copied into it. Throws DataError where it
/// exists and is no index.
void write_index(const std::filesystem::path& folder, const SearchIndex& index);

/// Throws DataError naming the folder and what is wrong: no index, another version, damaged vectors
/// or weights.
SearchIndex read_index(const std::filesystem::path& folder);

/// Throws DataError, with both spaces, where `content_sha256` of the encoder is not the index's.
void require_space(const SearchIndex& index, const std::string& content_sha256,
                   const std::filesystem::path& folder);

struct Hit {
  std::size_t item = 0;  ///< place in the index
  double cosine = 0;
};

/// The `n` items nearest to `query` [dim], best first; of equal ones the first in the index.
std::vector<Hit> nearest(const SearchIndex& index, std::span<const double> query, std::size_t n);

/// For each word of `query` that no text of the index holds, the nearest word that one does:
/// "xylofone (did you mean xylophone?)".
std::vector<std::string> unknown_words(const SearchIndex& index, const std::string& query);

}  // namespace musicrep
