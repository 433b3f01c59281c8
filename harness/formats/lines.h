// Plain text files, line by line.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace musicrep {

/// `bytes` without a UTF-8 byte order mark at its start.
std::string_view without_bom(std::string_view bytes);

/// Throws DataError naming `name` where `bytes` cannot be a text: a NUL byte or a UTF-16 byte order
/// mark is in it.
void require_text(std::string_view bytes, const std::string& name);

/// The lines of a text file without their line ends (LF or CRLF); a byte order mark is skipped.
/// Line i of the file is element i - 1. Throws DataError as read_file and require_text do.
std::vector<std::string> read_lines(const std::filesystem::path& path);

/// `text` without white space at both ends.
std::string_view trimmed(std::string_view text);

}  // namespace musicrep
