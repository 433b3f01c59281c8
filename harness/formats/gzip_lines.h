// Lines of text files that may be packed with gzip and may be cut off.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string_view>

namespace musicrep {

/// How far a file could be read.
struct LinesRead {
  std::size_t n_lines = 0;    ///< complete lines
  bool is_truncated = false;  ///< the packed bytes end before their end mark
};

/// Calls `body` with each line (without its LF or CRLF) and its number, from 1. A file that does
/// not begin as gzip is read unchanged. Memory holds one line at a time. Of a gzip file that is
/// cut off the complete lines before the cut come, and the result states it. Throws DataError,
/// naming the file and the last good line, where it cannot be read, where packed bytes are damaged
/// (checksum included), and where a line is longer than 64 MiB.
LinesRead for_each_line(const std::filesystem::path& path,
                        const std::function<void(std::string_view line, std::size_t number)>& body);

}  // namespace musicrep
