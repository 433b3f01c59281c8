// The words of a text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace musicrep {

/// Words in lower case (of ASCII; other letters stay as they are): letters, digits and apostrophes
/// inside a word, bytes of UTF-8 beyond ASCII. All else is between words.
std::vector<std::string> words_of(std::string_view text);

/// The sentences of a text: each ends with '.', '!' or '?' before a space, and with a line.
std::vector<std::string_view> sentences_of(std::string_view text);

}  // namespace musicrep
