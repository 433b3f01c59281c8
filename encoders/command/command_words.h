// A command line as the words that it is made of, without a shell.
#pragma once

#include <string>
#include <vector>

namespace musicrep {

/// Splits at white space. "..." and '...' keep what is between them together, a backslash the
/// character behind it (not within '...'). Nothing is expanded: no variable, no *, no ~, no pipe.
/// Throws ConfigError where a quote is not closed or there is no word.
std::vector<std::string> command_words(const std::string& text);

/// `words` with every `mark` in them replaced by `value`.
std::vector<std::string> replace_mark(std::vector<std::string> words, const std::string& mark,
                                      const std::string& value);

}  // namespace musicrep
