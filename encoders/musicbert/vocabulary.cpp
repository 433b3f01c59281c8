#include "vocabulary.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <set>

#include "musicbert_words.h"
#include "musicrep/error.h"
#include "text/words.h"

namespace musicrep {
Vocabulary::Vocabulary(std::vector<std::string> words)
    : words_(std::move(words)), alphabetical_(words_.size()) {
  std::iota(alphabetical_.begin(), alphabetical_.end(), std::size_t{0});
  const auto word = [this](std::size_t i) -> const std::string& { return words_[i]; };
  std::ranges::sort(alphabetical_, {}, word);
  const auto twice = std::ranges::adjacent_find(alphabetical_, {}, word);
  if (twice != alphabetical_.end()) {
    throw DataError(fmt::format("vocabulary: found '{}' twice, expected once", words_[*twice]));
  }
  if (!words_.empty() && words_[alphabetical_[0]].empty()) {
    throw DataError("vocabulary: found an empty word, expected none");
  }
}

Vocabulary Vocabulary::of_texts(std::span<const std::string> texts, std::size_t fewest,
                                std::size_t most) {
  std::map<std::string, std::size_t> counts;
  for (const std::string& text : texts) {
    std::vector<std::string> words = words_of(text);
    for (const std::string& word : std::set(words.begin(), words.end())) ++counts[word];
  }
  std::vector<std::pair<std::string, std::size_t>> ranked(counts.begin(), counts.end());
  std::erase_if(ranked, [&](const auto& counted) { return counted.second < fewest; });
  std::ranges::stable_sort(ranked, std::ranges::greater(),
                           [](const auto& counted) { return counted.second; });
  ranked.resize(std::min(ranked.size(), most));
  std::vector<std::string> words;
  for (const auto& [word, count] : ranked) words.push_back(word);
  return Vocabulary(std::move(words));
}

std::int64_t Vocabulary::size() const {
  return kFirstWord + static_cast<std::int64_t>(words_.size());
}

TextIds Vocabulary::ids_of(std::string_view text, std::size_t limit) const {
  const std::vector<std::string> words = words_of(text);
  TextIds out;
  out.cut = words.size() > limit ? words.size() - limit : 0;
  for (std::size_t i = 0; i < words.size() - out.cut; ++i) {
    const auto at =
        std::ranges::lower_bound(alphabetical_, words[i], {},
                                 [this](std::size_t w) -> const std::string& { return words_[w]; });
    if (at != alphabetical_.end() && words_[*at] == words[i]) {
      out.ids.push_back(kFirstWord + static_cast<std::int64_t>(*at));
    } else {
      out.ids.push_back(kUnknownWord);
      ++out.unknown;
    }
  }
  return out;
}

}  // namespace musicrep
