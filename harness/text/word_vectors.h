// Pre-trained vectors of words, from the files that others publish.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace musicrep {

/// Vectors of the words that were asked for and found.
struct WordVectors {
  std::size_t width = 0;
  std::size_t n_in_file = 0;
  std::vector<std::string> words;  ///< as asked for, those found
  std::vector<float> values;       ///< row-major [words, width]
};

/// Reads the vectors of `words` (lower case) from a file in GloVe's text format (a word and its
/// numbers a line), word2vec's text format (the same behind a line "count width"), or word2vec's
/// binary format (that line, then for each word its bytes, a space and float32 numbers). Of a word
/// that the file has in several cases the one in lower case counts, else the first. Throws
/// DataError naming the file and the line or word: mixed widths, what is no finite number, a word
/// twice, a file that ends early or holds more than its first line says.
WordVectors read_word_vectors(const std::filesystem::path& path,
                              std::span<const std::string> words);

}  // namespace musicrep
