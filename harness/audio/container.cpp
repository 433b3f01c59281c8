#include "audio/container.h"

#include <fmt/format.h>

#include <cstdint>
#include <fstream>
#include <string>
#include <string_view>

#include "core/files.h"
#include "musicrep/error.h"

namespace musicrep {
namespace fs = std::filesystem;
namespace {

constexpr const char* kNotAudio = "not audio that can be read, expected wav, au, flac, ogg or mp3";
constexpr std::uint32_t kUnknownSize = 0xFFFFFFFF;  // what a program writes into a pipe

class File {
 public:
  explicit File(const fs::path& path) : path_(path) {
    require_file(path, "audio");
    in_ = open_for_reading(path);
    size_ = fs::file_size(path);
  }
  [[nodiscard]] std::uint64_t size() const { return size_; }

  /// Up to `n` bytes from `offset` on; fewer at the end.
  std::string bytes(std::uint64_t offset, std::size_t n) {
    std::string out(n, '\0');
    in_.clear();
    in_.seekg(static_cast<std::streamoff>(offset));
    in_.read(out.data(), static_cast<std::streamsize>(n));
    out.resize(static_cast<std::size_t>(in_.gcount()));
    return out;
  }

  [[noreturn]] void fail(const std::string& what) const {
    throw DataError(fmt::format("'{}': {}", path_.string(), what));
  }

  void check_data_size(std::string_view format, std::uint32_t declared,
                       std::uint64_t offset) const {
    const std::uint64_t held = size_ > offset ? size_ - offset : 0;
    if (declared == kUnknownSize) return;
    if (declared > held) {
      fail(fmt::format("truncated: its {} header promises {} bytes of samples, found {}", format,
                       declared, held));
    }
    if (declared == 0) {
      fail(
          fmt::format("zero length: its {} header promises 0 bytes of samples, found {} bytes "
                      "after it, expected at least one sample",
                      format, held));
    }
  }

 private:
  fs::path path_;
  std::ifstream in_;
  std::uint64_t size_ = 0;
};

std::uint32_t byte(std::string_view bytes, std::size_t i) {
  return static_cast<unsigned char>(bytes[i]);
}
std::uint32_t little_endian(std::string_view b) {
  return byte(b, 0) | byte(b, 1) << 8 | byte(b, 2) << 16 | byte(b, 3) << 24;
}
std::uint32_t big_endian(std::string_view b) {
  return byte(b, 3) | byte(b, 2) << 8 | byte(b, 1) << 16 | byte(b, 0) << 24;
}

void check_wav(File& file, bool big) {
  const auto number = [big](std::string_view b) { return big ? big_endian(b) : little_endian(b); };
  std::uint64_t offset = 12;
  while (true) {
    const std::string chunk = file.bytes(offset, 8);
    if (chunk.size() < 8) file.fail("truncated: it is a wav file without a chunk of samples");
    const std::uint32_t size = number(std::string_view(chunk).substr(4));
    if (chunk.starts_with("data")) return file.check_data_size("wav", size, offset + 8);
    offset += 8 + std::uint64_t{size} + (size & 1U);
  }
}

void check_au(File& file, std::string_view head) {
  if (head.size() < 24) file.fail("truncated: its au header is cut off");
  file.check_data_size("au", big_endian(head.substr(8)), big_endian(head.substr(4)));
}

/// The last page of a stream says that it is the last, and is there whole.
void check_ogg(File& file) {
  constexpr std::uint64_t kLongestPage = 65307;
  const std::uint64_t start = file.size() > kLongestPage ? file.size() - kLongestPage : 0;
  const std::string tail = file.bytes(start, kLongestPage);
  const std::size_t page = tail.rfind("OggS");
  if (page != std::string::npos && page + 27 <= tail.size() && (byte(tail, page + 5) & 4U) != 0) {
    const std::size_t segments = byte(tail, page + 26);
    std::size_t length = 27 + segments;
    for (std::size_t s = 0; s < segments && page + 27 + s < tail.size(); ++s) {
      length += byte(tail, page + 27 + s);
    }
    if (page + length <= tail.size()) return;
  }
  file.fail("truncated: the last page of its ogg stream is missing or cut off");
}

/// The header of an MPEG audio frame of layer III (ISO 11172-3, 2.4.1.3). Anything else must not
/// get as far as the mp3 decoder, which complains on the terminal.
bool is_mp3_frame(std::string_view b) {
  return b.size() >= 4 && byte(b, 0) == 0xFF && (byte(b, 1) & 0xE6U) == 0xE2 &&
         (byte(b, 1) & 0x18U) != 0x08 && (byte(b, 2) & 0xF0U) != 0xF0 &&
         (byte(b, 2) & 0x0CU) != 0x0C;
}

/// A Xing or Info header in the first frame holds the number of bytes of the stream.
void check_mp3(File& file, std::string_view head) {
  std::uint64_t start = 0;
  if (head.starts_with("ID3") && head.size() >= 10) {
    start = 10 + (byte(head, 6) << 21 | byte(head, 7) << 14 | byte(head, 8) << 7 | byte(head, 9));
  }
  constexpr std::size_t kPadding = 4096;  // some programs leave zeros after the tag
  std::string frame = file.bytes(start, kPadding);
  std::size_t skipped = 0;
  while (skipped < frame.size() && !is_mp3_frame(std::string_view(frame).substr(skipped)))
    ++skipped;
  if (skipped == frame.size()) file.fail(kNotAudio);
  constexpr std::size_t kLongestSideInfo = 36;  // with the frame's own header
  frame = frame.substr(skipped, kLongestSideInfo + 16);
  start += skipped;
  std::size_t at = frame.find("Xing");
  if (at == std::string::npos) at = frame.find("Info");
  if (at == std::string::npos || at + 16 > frame.size()) return;
  const std::uint32_t flags = big_endian(std::string_view(frame).substr(at + 4));
  if ((flags & 2U) == 0) return;
  const std::size_t skip = 8 + ((flags & 1U) != 0 ? 4 : 0);
  const std::uint32_t declared = big_endian(std::string_view(frame).substr(at + skip));
  const std::uint64_t held = file.size() > start ? file.size() - start : 0;
  if (declared > held) {
    file.fail(fmt::format("truncated: its mp3 header promises {} bytes, found {}", declared, held));
  }
}

}  // namespace

void check_container(const fs::path& path) {
  File file(path);
  if (file.size() == 0) file.fail("empty: found 0 bytes, expected audio");
  const std::string head = file.bytes(0, 24);
  const std::string_view kind = std::string_view(head).substr(0, 4);
  if (kind == "RIFF" || kind == "RIFX") {
    check_wav(file, kind == "RIFX");
  } else if (kind == ".snd") {
    check_au(file, head);
  } else if (kind == "OggS") {
    check_ogg(file);
  } else if (kind.starts_with("ID3") || is_mp3_frame(kind)) {
    check_mp3(file, head);
  } else if (kind != "fLaC" && kind != "RF64") {
    file.fail(kNotAudio);
  }
}

}  // namespace musicrep
