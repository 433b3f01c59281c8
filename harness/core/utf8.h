// UTF-8 validation and escaping.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace musicrep {

/// The offset of the first byte that is not UTF-8; nothing where all is. Surrogates, overlong forms
/// and code points beyond U+10FFFF are not UTF-8.
std::optional<std::size_t> first_byte_not_utf8(std::string_view text);

/// Whether `text` is valid UTF-8.
bool is_utf8(std::string_view text);

/// `text` with each byte that is not UTF-8 as \xDF, for messages.
std::string escaped_to_utf8(std::string_view text);

}  // namespace musicrep
