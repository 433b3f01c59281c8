#include "audio/audio_bytes.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "core/files.h"
#include "musicrep/error.h"

namespace musicrep {
namespace {

constexpr std::size_t kBlockBytes = std::size_t{1} << 17;

}  // namespace

AudioBytes::AudioBytes(const std::filesystem::path& path) : path_(path) {
  require_file(path, "audio");
  file_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file_ < 0) {
    fail(fmt::format("cannot be read: {}", std::generic_category().message(errno)));
  }
  const off_t end = ::lseek(file_, 0, SEEK_END);
  size_ = end > 0 ? static_cast<std::uint64_t>(end) : 0;
  if (size_ == 0) {
    ::close(file_);
    fail("empty: found 0 bytes, expected audio");
  }
}

AudioBytes::~AudioBytes() { ::close(file_); }

void AudioBytes::fail(const std::string& what) const {
  throw DataError(fmt::format("'{}': {}", path_.string(), what));
}

std::size_t AudioBytes::read(std::uint64_t offset, std::size_t n, char* to) const {
  std::size_t done = 0;
  while (done < n) {
    const ssize_t got = ::pread(file_, to + done, n - done, static_cast<off_t>(offset + done));
    if (got == 0) break;
    if (got > 0) {
      done += static_cast<std::size_t>(got);
    } else if (errno != EINTR) {
      fail(fmt::format("cannot be read at byte {}: {}", offset + done,
                       std::generic_category().message(errno)));
    }
  }
  return done;
}

std::string_view AudioBytes::view(std::uint64_t offset, std::size_t n) {
  if (offset >= size_) return {};
  n = static_cast<std::size_t>(std::min<std::uint64_t>(n, size_ - offset));
  if (offset < block_at_ || offset + n > block_at_ + block_.size()) {
    block_.resize(std::max(n, kBlockBytes));
    block_.resize(read(offset, block_.size(), block_.data()));
    block_at_ = offset;
  }
  return std::string_view(block_).substr(static_cast<std::size_t>(offset - block_at_), n);
}

}  // namespace musicrep
