// Texts as weighted bags of words.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace musicrep {

/// A text's words with their weights, by ascending place; of length 1, or empty.
struct WeightedWords {
  std::vector<std::pair<std::size_t, double>> weights;
  std::size_t unknown = 0;  ///< words of the text that are not known
};

/// Term frequency times inverse document frequency, as scikit-learn's TfidfVectorizer with
/// sublinear_tf: (1 + ln tf) (ln((1 + n) / (1 + df)) + 1), rows of Euclidean length 1.
class Tfidf {
 public:
  Tfidf() = default;
  /// `words` and their inverse document frequencies, as words() and idf() give them.
  Tfidf(std::vector<std::string> words, std::vector<double> idf);

  /// The words that at least `fewest` of the texts hold, in alphabetical order.
  static Tfidf of_texts(std::span<const std::string> texts, std::size_t fewest);

  [[nodiscard]] const std::vector<std::string>& words() const { return words_; }
  [[nodiscard]] const std::vector<double>& idf() const { return idf_; }
  [[nodiscard]] WeightedWords of(std::string_view text) const;

 private:
  std::vector<std::string> words_;
  std::vector<double> idf_;
  std::unordered_map<std::string, std::size_t> place_;
};

}  // namespace musicrep
