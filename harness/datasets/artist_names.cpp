#include "datasets/artist_names.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <numeric>
#include <sstream>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "core/utf8.h"

namespace musicrep {
namespace {

constexpr std::size_t kMostNames = 3;   // of one union in a note
constexpr std::size_t kMostUnions = 5;  // in a note
constexpr std::size_t kMostParts = 4;   // in a row that are compared with whole names

constexpr std::uint32_t kFirstAccent = 0xC0;
/// U+00C0 to U+017F without accents, in lower case; a mark for what is no letter.
constexpr const char* kWithoutAccents =
    "a a a a a a ae c e e e e i i i i d n o o o o o x o u u u u y th ss a a a a a a ae c e "
    "e e e i i i i d n o o o o o - o u u u u y th y a a a a a a c c c c c c c c d d d d e e "
    "e e e e e e e e g g g g g g g g h h h h i i i i i i i i i i ij ij j j k k k l l l l l "
    "l l l l l n n n n n n n n n o o o o o o oe oe r r r r r r s s s s s s s s t t t t t t "
    "u u u u u u u u u u u u w w y y y z z z z z z s ";

const std::vector<std::string>& without_accents() {
  static const std::vector<std::string> table = [] {
    std::istringstream in(kWithoutAccents);
    std::vector<std::string> out;
    for (std::string letter; in >> letter;) out.push_back(letter);
    return out;
  }();
  return table;
}

bool within(std::uint32_t code, std::uint32_t first, std::uint32_t last) {
  return code >= first && code <= last;
}

/// A character outside ASCII as it is compared: a letter in lower case without its accent, ASCII
/// for typographic spaces, marks and wide forms, and itself (`bytes`) in other scripts.
std::string plain_form(std::uint32_t code, std::string_view bytes) {
  const auto two_bytes = [](std::uint32_t c) {
    return std::string{static_cast<char>(0xC0 | (c >> 6)), static_cast<char>(0x80 | (c & 0x3F))};
  };
  if (within(code, kFirstAccent, 0x17F)) return without_accents()[code - kFirstAccent];
  if (within(code, 0x218, 0x219)) return "s";
  if (within(code, 0x21A, 0x21B)) return "t";
  if (within(code, 0x300, 0x36F)) return "";  // accents that stand alone, after their letter
  if (within(code, 0x391, 0x3A9) || within(code, 0x410, 0x42F)) return two_bytes(code + 0x20);
  if (within(code, 0x400, 0x40F)) return two_bytes(code + 0x50);
  if (code == 0xA0 || within(code, 0x2000, 0x200A) || code == 0x202F || code == 0x3000) return " ";
  if (within(code, 0x80, 0xA9) || within(code, 0xAB, 0xB1) || within(code, 0xB4, 0xB8) ||
      code == 0xBB || code == 0xBF || within(code, 0x200B, 0x206F) || code == 0xFEFF) {
    return "-";
  }
  if (within(code, 0xFF01, 0xFF5E)) {
    const auto c = static_cast<char>(code - 0xFEE0);
    return {c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c};
  }
  return std::string(bytes);
}

/// A name in lower case and without accents.
std::string plain_text(std::string_view name) {
  std::string out;
  for (std::size_t i = 0; i < name.size();) {
    const auto lead = static_cast<unsigned char>(name[i]);
    if (lead < 0x80) {
      out += lead >= 'A' && lead <= 'Z' ? static_cast<char>(lead - 'A' + 'a') : name[i];
      ++i;
      continue;
    }
    const std::size_t length =
        std::min<std::size_t>(lead >= 0xF0 ? 4 : (lead >= 0xE0 ? 3 : 2), name.size() - i);
    std::uint32_t code = lead & (0xFFU >> (length + 1));
    for (std::size_t k = 1; k < length; ++k) {
      code = code << 6 | (static_cast<unsigned char>(name[i + k]) & 0x3FU);
    }
    out += plain_form(code, name.substr(i, length));
    i += length;
  }
  return out;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c & 0x80) != 0; }

/// A word of a name, or the separator of two of its artists.
struct Token {
  std::string text;        // empty: a comma or the like
  bool separates = false;  // two artists
};

/// Whether a word may separate two artists.
bool is_connecting(std::string_view word) {
  constexpr std::array<std::string_view, 9> kWords = {"&",      "duet", "feat", "featuring", "ft",
                                                      "versus", "vs",   "with", "x"};
  return std::ranges::find(kWords, word) != kWords.end();
}

/// Connecting words between other words separate; "x", which names have, too, only where both
/// neighbours are words of names.
void find_separating_words(std::vector<Token>& tokens) {
  const auto is_plain = [](const Token& token) {
    return !token.separates && !is_connecting(token.text);
  };
  std::vector<std::size_t> separating;
  for (std::size_t i = 1; i + 1 < tokens.size(); ++i) {
    const Token& token = tokens[i];
    if (token.separates || !is_connecting(token.text)) continue;
    if (token.text == "x" && !(is_plain(tokens[i - 1]) && is_plain(tokens[i + 1]))) continue;
    separating.push_back(i);
  }
  for (const std::size_t i : separating) tokens[i].separates = true;
}

/// Whether a mark separates two artists; `rest` is what follows it.
bool is_separator(char mark, std::string_view rest) {
  if (mark == '_') return rest.starts_with(' ');  // a comma, as some tables have it
  return mark == ',' || mark == ';' || mark == '/' || mark == '&' || mark == '+';
}

/// The words of a plain_text() and what separates artists, without the article.
std::vector<Token> tokens_of(std::string_view name) {
  constexpr std::string_view kGaps = " \t\n\r\v\f_()[]{}";
  constexpr std::string_view kEscape = "amp;";  // "&amp;", as web pages have it
  std::vector<Token> out;
  std::string word;
  bool skipped = false;  // a mark since the word's last character
  const auto end_word = [&] {
    if (!word.empty()) out.push_back({word == "and" ? "&" : word});
    word.clear();
    skipped = false;
  };
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    const std::string_view rest = name.substr(i + 1);
    if (is_letter(c) || is_digit(c)) {
      if (skipped && is_digit(c) && is_digit(word.back())) word += ' ';
      word += c;
      skipped = false;
    } else if (is_separator(c, rest)) {
      end_word();
      out.push_back({c == '&' || c == '+' ? "&" : "", true});
      if (c == '&' && rest.starts_with(kEscape)) i += kEscape.size();
    } else if (kGaps.find(c) != std::string_view::npos) {
      end_word();
    } else {
      skipped = !word.empty();
    }
  }
  end_word();
  const auto is_article = [](const Token& token) { return token.text == "the"; };
  if (!std::ranges::all_of(
          out, [&](const Token& token) { return token.text.empty() || is_article(token); })) {
    std::erase_if(out, is_article);
  }
  find_separating_words(out);
  return out;
}

/// What is compared of some words: all without spaces, but between digits.
std::string joined(std::span<const Token> tokens) {
  std::string out;
  for (const Token& token : tokens) {
    if (token.text.empty()) continue;
    if (!out.empty() && is_digit(out.back()) && is_digit(token.text.front())) out += ' ';
    out += token.text;
  }
  return out;
}

/// The artists of a collaboration: ranges of tokens, one where it is none.
std::vector<std::span<const Token>> parts_of(std::span<const Token> tokens) {
  std::vector<std::span<const Token>> out;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= tokens.size(); ++i) {
    if (i < tokens.size() && !tokens[i].separates) continue;
    if (i > begin) out.push_back(tokens.subspan(begin, i - begin));
    begin = i + 1;
  }
  return out;
}

class Unions {
 public:
  explicit Unions(std::size_t n) : parent_(n) { std::iota(parent_.begin(), parent_.end(), 0U); }
  std::size_t first(std::size_t i) {
    while (parent_[i] != i) i = parent_[i] = parent_[parent_[i]];
    return i;
  }
  /// The one that appeared first represents both.
  void unite(std::size_t a, std::size_t b) {
    a = first(a);
    b = first(b);
    parent_[std::max(a, b)] = std::min(a, b);
  }

 private:
  std::vector<std::size_t> parent_;
};

/// Unites the names, each another, that are one artist's.
Unions unite(std::span<const std::string> names) {
  Unions unions(names.size());
  std::vector<std::vector<Token>> tokens;
  std::unordered_map<std::string, std::size_t> whole;
  for (std::size_t i = 0; i < names.size(); ++i) {
    tokens.push_back(tokens_of(plain_text(names[i])));
    std::string key = joined(tokens[i]);
    if (std::ranges::none_of(key, is_letter) || !is_utf8(names[i])) {
      key = names[i];  // a number, marks alone, or broken: no spelling of something else
      tokens[i].clear();
    }
    unions.unite(i, whole.try_emplace(std::move(key), i).first->second);
  }
  std::unordered_map<std::string, std::size_t> same_parts;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::vector<std::span<const Token>> parts = parts_of(tokens[i]);
    if (parts.size() < 2) continue;
    std::vector<std::string> sorted;
    for (std::size_t p = 0; p < parts.size(); ++p) {
      for (std::size_t q = p; q < std::min(parts.size(), p + kMostParts); ++q) {
        const Token* end = parts[q].data() + parts[q].size();
        const auto artist = whole.find(joined({parts[p].data(), end}));
        if (artist != whole.end()) unions.unite(i, artist->second);
      }
      sorted.push_back(joined(parts[p]));
    }
    std::ranges::sort(sorted);
    const std::string key = fmt::format("{}", fmt::join(sorted, "/"));
    unions.unite(i, same_parts.try_emplace(key, i).first->second);
  }
  return unions;
}

/// The first of `texts`, and how many more there are.
std::string some_of(std::span<const std::string> texts, std::size_t most, const char* between,
                    const char* last) {
  std::string out =
      fmt::format("{}", fmt::join(texts.first(std::min(most, texts.size())), between));
  if (texts.size() > most) out += fmt::format("{}{} more", last, texts.size() - most);
  return out;
}

}  // namespace

std::vector<std::string> merge_artist_spellings(std::vector<std::string>& groups) {
  std::vector<std::string> names;
  std::unordered_map<std::string, std::size_t> place;
  for (const std::string& group : groups) {
    if (!group.empty() && place.try_emplace(group, names.size()).second) names.push_back(group);
  }
  Unions unions = unite(names);
  std::vector<std::vector<std::string>> spellings(names.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    spellings[unions.first(i)].push_back(fmt::format("'{}'", names[i]));
  }
  for (std::string& group : groups) {
    if (!group.empty()) group = names[unions.first(place.at(group))];
  }
  std::vector<std::string> merged;
  for (const std::vector<std::string>& artist : spellings) {
    if (artist.size() > 1) merged.push_back(some_of(artist, kMostNames, " = ", " = "));
  }
  return merged;
}

void merge_artists(Dataset& dataset) {
  const std::vector<std::string> merged = merge_artist_spellings(dataset.groups);
  if (merged.empty()) return;
  dataset.notes.push_back("artists merged: " + some_of(merged, kMostUnions, "; ", " and "));
}

}  // namespace musicrep
