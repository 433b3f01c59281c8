#include "command_words.h"

#include <fmt/format.h>

#include "musicrep/error.h"

namespace musicrep {

std::vector<std::string> command_words(const std::string& text) {
  std::vector<std::string> words;
  bool in_word = false;
  char quote = 0;
  const auto add = [&](char c) {
    if (!in_word) words.emplace_back();
    in_word = true;
    if (c != 0) words.back() += c;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote != 0 && c == quote) {
      quote = 0;
    } else if (c == '\\' && quote != '\'' && i + 1 < text.size()) {
      add(text[++i]);
    } else if (quote != 0) {
      add(c);
    } else if (c == '"' || c == '\'') {
      quote = c;
      add(0);  // an empty word is one
    } else if (c == ' ' || c == '\t' || c == '\n') {
      in_word = false;
    } else {
      add(c);
    }
  }
  if (quote != 0) throw ConfigError(fmt::format("command: `{}`: a {} is not closed", text, quote));
  if (words.empty() || words.front().empty()) throw ConfigError("command: found no program");
  return words;
}

std::vector<std::string> replace_mark(std::vector<std::string> words, const std::string& mark,
                                      const std::string& value) {
  for (std::string& word : words) {
    for (std::size_t at = word.find(mark); at != std::string::npos;
         at = word.find(mark, at + value.size())) {
      word.replace(at, mark.size(), value);
    }
  }
  return words;
}

}  // namespace musicrep
