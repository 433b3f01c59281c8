// The words that MusicBERT knows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace musicrep {

/// A text as the network takes it.
struct TextIds {
  std::vector<std::int64_t> ids;  ///< one a word
  std::size_t unknown = 0;        ///< of these, words that the vocabulary has not
  std::size_t cut = 0;            ///< words behind the limit, which are not among them
};

/// Words and their numbers, the special ones before them (MusicbertWord).
class Vocabulary {
 public:
  /// Knows no word.
  Vocabulary() = default;
  /// Throws DataError where a word is duplicated or empty.
  explicit Vocabulary(std::vector<std::string> words);

  /// The words that at least `fewest` of the texts hold, at most `most`: those of most texts, then
  /// in alphabetical order.
  static Vocabulary of_texts(std::span<const std::string> texts, std::size_t fewest,
                             std::size_t most);

  /// In the order of their numbers, without the special ones.
  [[nodiscard]] const std::vector<std::string>& words() const { return words_; }
  /// With the special ones.
  [[nodiscard]] std::int64_t size() const;

  /// The first `limit` words of a text.
  [[nodiscard]] TextIds ids_of(std::string_view text, std::size_t limit) const;

 private:
  std::vector<std::string> words_;
  std::vector<std::size_t> alphabetical_;  // places in words_
};

}  // namespace musicrep
