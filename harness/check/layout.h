// Padding and indenting of text for terminals.
#pragma once

#include <cstddef>
#include <string>

namespace musicrep {

/// Words of `text` in lines of at most `width` columns, each behind `indent`.
std::string wrapped(const std::string& text, const std::string& indent, std::size_t width = 100);

}  // namespace musicrep
