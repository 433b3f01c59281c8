#include "text/words.h"

#include <utility>

namespace musicrep {
namespace {

bool in_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         static_cast<unsigned char>(c) >= 0x80;
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

}  // namespace

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> out;
  std::string word;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const bool apostrophe =
        i + 1 < text.size() && text[i] == '\'' && !word.empty() && in_word(text[i + 1]);
    if (i < text.size() && (in_word(text[i]) || apostrophe)) {
      word.push_back(lower(text[i]));
    } else if (!word.empty()) {
      out.push_back(std::move(word));
      word.clear();
    }
  }
  return out;
}

std::vector<std::string_view> sentences_of(std::string_view text) {
  std::vector<std::string_view> out;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool stop = text[i] == '.' || text[i] == '!' || text[i] == '?';
    const bool at_end = i + 1 == text.size();
    if (!at_end && text[i] != '\n' && !(stop && is_space(text[i + 1]))) continue;
    while (begin <= i && is_space(text[begin])) ++begin;
    if (begin <= i) out.push_back(text.substr(begin, i + 1 - begin));
    begin = i + 1;
  }
  return out;
}

}  // namespace musicrep
