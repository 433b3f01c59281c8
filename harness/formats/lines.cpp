#include "formats/lines.h"

#include <fmt/format.h>

#include "core/files.h"
#include "musicrep/error.h"

namespace musicrep {

std::string_view without_bom(std::string_view bytes) {
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  return bytes;
}

void require_text(std::string_view bytes, const std::string& name) {
  if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF")) {
    throw DataError(
        fmt::format("'{}': found UTF-16, expected a text in UTF-8 (save it as UTF-8)", name));
  }
  if (const std::size_t at = bytes.find('\0'); at != std::string_view::npos) {
    throw DataError(
        fmt::format("'{}': found a NUL byte at offset {}, expected a text in UTF-8", name, at));
  }
}

std::vector<std::string> read_lines(const std::filesystem::path& path) {
  const std::string bytes = read_file(path);
  require_text(bytes, path.string());
  std::string_view rest = without_bom(bytes);
  std::vector<std::string> lines;
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.emplace_back(line);
  }
  return lines;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n\f\v";
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

}  // namespace musicrep
