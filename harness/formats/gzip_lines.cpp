#include "formats/gzip_lines.h"

#include <fmt/format.h>
#include <zlib.h>

#include <memory>
#include <string>
#include <vector>

#include "core/files.h"
#include "core/stop.h"
#include "formats/lines.h"
#include "musicrep/error.h"

namespace musicrep {
namespace {

constexpr std::size_t kLongestLine = std::size_t{64} << 20;
constexpr unsigned kBlockBytes = 1U << 18;

}  // namespace

LinesRead for_each_line(const std::filesystem::path& path,
                        const std::function<void(std::string_view, std::size_t)>& body) {
  open_for_reading(path);  // for its messages: zlib has none for folders and missing files
  const std::unique_ptr<gzFile_s, int (*)(gzFile)> file(gzopen(path.c_str(), "rb"), gzclose);
  if (!file) throw DataError(fmt::format("cannot read '{}'", path.string()));
  gzbuffer(file.get(), kBlockBytes);

  LinesRead read;
  std::string line;
  const auto give = [&](std::string_view text) {
    if (text.ends_with('\r')) text.remove_suffix(1);
    ++read.n_lines;
    body(read.n_lines == 1 ? without_bom(text) : text, read.n_lines);
  };
  std::vector<char> block(kBlockBytes);
  int code = Z_OK;
  while (true) {
    throw_if_stop_requested();
    const int n = gzread(file.get(), block.data(), kBlockBytes);
    const char* reason = gzerror(file.get(), &code);
    if (n < 0 || (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR)) {
      throw DataError(
          fmt::format("'{}': damaged after line {}: {}", path.string(), read.n_lines, reason));
    }
    if (n == 0) break;
    std::string_view rest(block.data(), static_cast<std::size_t>(n));
    for (std::size_t end = rest.find('\n'); end != std::string_view::npos; end = rest.find('\n')) {
      line += rest.substr(0, end);
      give(line);
      line.clear();
      rest.remove_prefix(end + 1);
    }
    line += rest;
    if (line.size() > kLongestLine) {
      throw DataError(fmt::format("'{}', line {}: found more than {} bytes in one line",
                                  path.string(), read.n_lines + 1, kLongestLine));
    }
  }
  read.is_truncated = code == Z_BUF_ERROR;
  if (!read.is_truncated && !line.empty()) give(line);
  return read;
}

}  // namespace musicrep
