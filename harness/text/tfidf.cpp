#include "text/tfidf.h"

#include <cassert>
#include <cmath>
#include <map>
#include <set>

#include "text/words.h"

namespace musicrep {

Tfidf::Tfidf(std::vector<std::string> words, std::vector<double> idf)
    : words_(std::move(words)), idf_(std::move(idf)) {
  assert(words_.size() == idf_.size());
  for (std::size_t i = 0; i < words_.size(); ++i) place_.emplace(words_[i], i);
}

Tfidf Tfidf::of_texts(std::span<const std::string> texts, std::size_t fewest) {
  std::map<std::string, std::size_t> counts;
  for (const std::string& text : texts) {
    const std::vector<std::string> words = words_of(text);
    for (const std::string& word : std::set(words.begin(), words.end())) ++counts[word];
  }
  const auto n = static_cast<double>(texts.size());
  std::vector<std::string> words;
  std::vector<double> idf;
  for (const auto& [word, count] : counts) {
    if (count < fewest) continue;
    words.push_back(word);
    idf.push_back(std::log((1 + n) / (1 + static_cast<double>(count))) + 1);
  }
  return {std::move(words), std::move(idf)};
}

WeightedWords Tfidf::of(std::string_view text) const {
  WeightedWords out;
  std::map<std::size_t, double> counts;
  for (const std::string& word : words_of(text)) {
    const auto at = place_.find(word);
    if (at == place_.end()) {
      ++out.unknown;
    } else {
      ++counts[at->second];
    }
  }
  double squares = 0;
  for (const auto& [place, count] : counts) {
    const double weight = (1 + std::log(count)) * idf_[place];
    out.weights.emplace_back(place, weight);
    squares += weight * weight;
  }
  for (auto& [place, weight] : out.weights) weight /= std::sqrt(squares);
  return out;
}

}  // namespace musicrep
