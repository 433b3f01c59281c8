// Random access to the bytes of an audio file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace musicrep {

class AudioBytes {
 public:
  /// Throws DataError, naming the file, where it is missing, not a regular file, unreadable or
  /// empty.
  explicit AudioBytes(const std::filesystem::path& path);
  ~AudioBytes();
  AudioBytes(const AudioBytes&) = delete;
  AudioBytes& operator=(const AudioBytes&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::uint64_t size() const { return size_; }

  /// Up to `n` bytes from `offset` on, fewer at the end; they stand until the next call. Short
  /// views are cheap: the file is read in larger blocks.
  std::string_view view(std::uint64_t offset, std::size_t n);
  /// Whether `text` is at `offset`.
  bool has(std::uint64_t offset, std::string_view text) {
    return view(offset, text.size()) == text;
  }

  /// Copies up to `n` bytes from `offset` on to `to`; how many there were. Throws DataError with
  /// the system's reason.
  std::size_t read(std::uint64_t offset, std::size_t n, char* to) const;

  /// Throws DataError: "'path': what".
  [[noreturn]] void fail(const std::string& what) const;

 private:
  std::filesystem::path path_;
  int file_ = -1;
  std::uint64_t size_ = 0;
  std::string block_;
  std::uint64_t block_at_ = 0;
};

/// A part of a file.
struct ByteRange {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  [[nodiscard]] std::uint64_t size() const { return end - begin; }
};

/// The first `n` bytes, 8 at most, as a big-endian number.
inline std::uint64_t big_endian(std::string_view bytes, std::size_t n) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < n; ++i) value = (value << 8) | static_cast<unsigned char>(bytes[i]);
  return value;
}

}  // namespace musicrep
