#include "audio/riff_sizes.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "audio/tags.h"
#include "core/bytes.h"

namespace musicrep {
namespace {

/// Writers into a pipe cannot go back: sox leaves 0x7ffff000, arecord 0x80000000, ffmpeg
/// 0xffffffff, GStreamer 0. Of a size of 64 bits nothing below that is too long for a file.
constexpr std::uint64_t kUnknownFrom = 0x7FFFF000;
constexpr std::uint64_t kUnknownFromAiff = 0x7EFFFF00;  // sox: 0x7f000000, cut to whole samples
constexpr std::uint64_t kUnknownFromWide = std::uint64_t{1} << 62;
/// Some count the header with the samples, or a few bytes more than they write.
constexpr std::uint64_t kMostStrayBytes = 64;
constexpr std::uint64_t kMostBehind = std::uint64_t{1} << 16;

/// A size field and what it counts.
struct Promise {
  const char* format = "";
  std::uint64_t size_at = 0;
  std::size_t width = 4;      // bytes of the field
  bool big = false;           // big-endian
  std::uint64_t counted = 0;  // what it counts besides the bytes from `data_at` on
  std::uint64_t data_at = 0;
  std::uint64_t block = 1;  // bytes of a sample of all channels
  std::uint64_t unknown_from = kUnknownFrom;
};

std::string number_bytes(std::uint64_t value, std::size_t width, bool big) {
  std::string out;
  for (std::size_t i = 0; i < width; ++i) {
    out += static_cast<char>(value >> 8 * (big ? width - 1 - i : i) & 0xFFU);
  }
  return out;
}

class Chunks {
 public:
  Chunks(AudioBytes& bytes, std::uint64_t begin) : bytes_(bytes), begin_(begin) {}

  ChunkFile check() {
    const std::string head(bytes_.view(begin_, 12));
    const std::string_view kind = std::string_view(head).substr(0, 4);
    if (kind == ".snd") {
      au();
    } else if (kind == "caff") {
      caf();
    } else if (kind == "riff") {
      w64();
    } else if (kind == "FORM") {
      aiff(std::string_view(head).substr(8));
    } else {
      riff(kind == "RIFX");
    }
    return std::move(out_);
  }

 private:
  std::uint64_t number(std::uint64_t at, std::size_t n, bool big) {
    const std::string_view b = bytes_.view(at, n);
    if (b.size() < n) return 0;
    return big ? big_endian(b, n) : little_endian(b, n);
  }

  [[noreturn]] void without_samples(const char* format) const {
    bytes_.fail(fmt::format("truncated: it is a {} file without a chunk of samples", format));
  }

  bool is_chunk_id(std::uint64_t at) {
    const std::string_view id = bytes_.view(at, 4);
    return id.size() == 4 && std::ranges::all_of(id, [](char c) { return c >= ' ' && c <= '~'; }) &&
           id != "RIFF" && id != "RIFX" && id != "RF64" && id != "FORM";
  }

  bool is_padded(std::uint64_t at, std::uint64_t size) {
    const std::uint64_t end = at + 8 + size;
    return size % 2 == 0 || !is_chunk_id(end) || is_chunk_id(end + 1);
  }

  /// Behind the chunk of `size` bytes at `at`: with its padding byte, unless it was forgotten.
  std::uint64_t behind(std::uint64_t at, std::uint64_t size) {
    const std::uint64_t end = at + 8 + size;
    return is_padded(at, size) ? end + size % 2 : end;
  }

  /// Whether nothing but whole chunks follows up to the end of the file.
  bool is_chunks(std::uint64_t at, bool big) {
    while (at < bytes_.size()) {
      if (!is_chunk_id(at)) return false;
      at = behind(at, number(at + 4, 4, big));
    }
    return at <= bytes_.size() + 1;
  }

  /// Holds a promise against the file. Returns how many bytes of samples there are.
  std::uint64_t hold(const Promise& promise) {
    const std::uint64_t found = samples_there(promise);
    out_.samples = {promise.data_at, promise.data_at + found};
    return found;
  }

  std::uint64_t samples_there(const Promise& promise) {
    if (bytes_.view(promise.size_at, promise.width).size() < promise.width) {
      without_samples(promise.format);
    }
    const std::uint64_t value = number(promise.size_at, promise.width, promise.big);
    const std::uint64_t promised = value > promise.counted ? value - promise.counted : 0;
    const std::uint64_t held =
        bytes_.size() > promise.data_at ? bytes_.size() - promise.data_at : 0;
    bool is_unknown = promised > held && value >= promise.unknown_from;
    if (promised == 0) {
      is_unknown = held > 0 && (promise.width != 4 || !is_chunks(promise.data_at, promise.big));
      if (!is_unknown) {
        bytes_.fail(fmt::format(
            "zero length: its {} header promises 0 bytes of samples, found {} bytes after it, expected at least one sample",
            promise.format, held));
      }
    }
    const std::uint64_t block = std::max<std::uint64_t>(1, promise.block);
    const bool is_stray =
        promised > held && promised - held <= kMostStrayBytes && held > 0 && held % block == 0;
    if (!is_unknown && !is_stray) {
      if (promised > held) {
        bytes_.fail(fmt::format("truncated: its {} header promises {} bytes of samples, found {}",
                                promise.format, promised, held));
      }
      return promised;
    }
    const std::uint64_t found = held - held % block;
    const std::uint64_t size = found + promise.counted;
    if (promise.width == 8 || size <= 0xFFFFFFFE) {
      out_.patches.push_back({promise.size_at, number_bytes(size, promise.width, promise.big)});
    }
    return found;
  }

  /// Chunks behind the samples; a second chunk of samples would be dropped.
  void behind_samples(std::uint64_t at, bool big, const char* id) {
    while (at + 8 <= bytes_.size() && is_chunk_id(at)) {
      if (bytes_.has(at, id)) {
        bytes_.fail(fmt::format("a second chunk of samples begins at byte {}, expected one", at));
      }
      const std::uint64_t next = behind(at, number(at + 4, 4, big));
      at = std::min(next, bytes_.size());  // a last chunk that is cut off holds no samples
    }
    out_.end = std::min(at, bytes_.size());  // a padding byte may be missing
    const std::uint64_t rest = bytes_.size() - behind_tags(bytes_, out_.end);
    if (rest > kMostBehind) {
      bytes_.fail(fmt::format(
          "its header promises samples up to byte {}, found {} bytes after it that are not a chunk, expected none",
          out_.end, rest));
    }
  }

  void riff(bool big) {
    std::uint64_t at = begin_ + 12;
    Promise promise = {.format = "wav", .big = big};
    std::uint64_t wide_at = 0;  // RF64's sizes of 64 bits
    std::string format;
    bool all_padded = true;
    while (!bytes_.has(at, "data")) {
      if (bytes_.view(at, 8).size() < 8) without_samples("wav");
      if (bytes_.has(at, "fmt ")) {
        promise.block = number(at + 20, 2, big);
        format = bytes_.view(at, 8 + static_cast<std::size_t>(
                                         std::min<std::uint64_t>(4096, number(at + 4, 4, big))));
        const std::uint64_t coding = number(at + 8, 2, big);
        const bool is_extensible = coding == 0xFFFE;  // the coding begins another field
        const std::uint64_t known = is_extensible ? number(at + 32, 2, big) : coding;
        out_.is_coded = known != 1 && known != 3;
        out_.is_mpeg = known == 0x50 || known == 0x55;
      }
      if (bytes_.has(at, "ds64")) wide_at = at + 8;
      const std::uint64_t size = number(at + 4, 4, big);
      all_padded = all_padded && is_padded(at, size);
      at = behind(at, size);
    }
    out_.samples_chunk = at;
    if (!all_padded) out_.prefix = std::string(bytes_.view(begin_, 12)) + format;
    promise.data_at = at + 8;
    promise.size_at = at + 4;
    if (wide_at != 0 && number(at + 4, 4, big) == 0xFFFFFFFF) {
      promise.size_at = wide_at + 8;
      promise.width = 8;
      promise.unknown_from = kUnknownFromWide;
    }
    behind_samples(behind(at, hold(promise)), big, "data");
  }

  void w64() {
    // Sizes count the 24 bytes of id and size; chunks are at multiples of 8.
    std::uint64_t at = begin_ + 40;
    Promise promise = {.format = "w64", .width = 8, .counted = 24};
    promise.unknown_from = kUnknownFromWide;
    while (!bytes_.has(at, "data")) {
      const std::uint64_t size = number(at + 16, 8, false);
      if (bytes_.view(at, 24).size() < 24 || size < 24) without_samples("w64");
      if (bytes_.has(at, "fmt ")) promise.block = number(at + 36, 2, false);
      if (size > bytes_.size()) without_samples("w64");
      at += (size + 7) / 8 * 8;
    }
    promise.size_at = at + 16;
    promise.data_at = at + 24;
    out_.end = std::min((promise.data_at + hold(promise) + 7) / 8 * 8, bytes_.size());
  }

  void caf() {
    std::uint64_t at = begin_ + 8;
    Promise promise = {.format = "caf", .width = 8, .big = true, .counted = 4};
    promise.unknown_from = kUnknownFromWide;
    while (!bytes_.has(at, "data")) {
      const std::uint64_t size = number(at + 4, 8, true);
      if (bytes_.view(at, 12).size() < 12 || size > bytes_.size()) without_samples("caf");
      if (bytes_.has(at, "desc")) promise.block = number(at + 28, 4, true);
      at += 12 + size;
    }
    promise.size_at = at + 4;
    promise.data_at = at + 16;
    const std::uint64_t end = promise.data_at + hold(promise);
    // What is behind them may be packets' sizes: no second chunk of samples, as nobody writes it.
    out_.end = std::min(end, bytes_.size());
  }

  void aiff(std::string_view type) {
    const bool is_voice = type == "8SVX" || type == "16SV";
    const char* samples_id = is_voice ? "BODY" : "SSND";
    std::uint64_t at = begin_ + 12;
    std::uint64_t common = 0;
    Promise promise = {.format = is_voice ? "svx" : "aiff", .big = true};
    promise.counted = is_voice ? 0 : 8;
    promise.unknown_from = kUnknownFromAiff;
    while (!bytes_.has(at, samples_id)) {
      if (bytes_.view(at, 8).size() < 8) without_samples(promise.format);
      if (bytes_.has(at, "COMM")) common = at + 8;
      at = behind(at, number(at + 4, 4, true));
    }
    // Packets of other compressions are counted as such.
    const std::string_view coding = common == 0 ? "" : bytes_.view(common + 18, 4);
    const bool is_plain = common != 0 && (type != "AIFC" || coding == "NONE" || coding == "sowt" ||
                                          coding == "twos" || coding == "fl32" ||
                                          coding == "FL32" || coding == "fl64" ||
                                          coding == "FL64" || coding == "in24" || coding == "in32");
    out_.is_coded = common != 0 && !is_plain && !is_voice;
    if (is_plain) {
      promise.block = number(common, 2, true) * ((number(common + 6, 2, true) + 7) / 8);
    }
    promise.size_at = at + 4;
    promise.data_at = at + 8 + promise.counted;
    const std::uint64_t found = hold(promise);
    if (is_plain && promise.block > 0) hold_frames(common + 2, found / promise.block);
    behind_samples(behind(at, found + promise.counted), true, samples_id);
  }

  /// aiff also states the number of samples, which must be what its chunk holds.
  void hold_frames(std::uint64_t at, std::uint64_t held) {
    const std::uint64_t promised = number(at, 4, true);
    if (promised == held) return;
    if (!out_.patches.empty()) {
      out_.patches.push_back({at, number_bytes(held, 4, true)});
    } else if (promised > held) {
      bytes_.fail(
          fmt::format("truncated: its aiff header promises {} frames, found {}", promised, held));
    }
  }

  void au() {
    if (bytes_.view(begin_, 24).size() < 24) bytes_.fail("truncated: its au header is cut off");
    constexpr std::uint64_t kBytes[] = {1, 1, 1, 2, 3, 4, 4, 8};  // by the number of the coding
    const std::uint64_t coding = number(begin_ + 12, 4, true);
    Promise promise = {.format = "au", .size_at = begin_ + 8, .big = true};
    promise.block = number(begin_ + 20, 4, true) * (coding < 8 ? kBytes[coding] : 1);
    promise.data_at = begin_ + number(begin_ + 4, 4, true);
    out_.end = std::min(promise.data_at + hold(promise), bytes_.size());
  }

  AudioBytes& bytes_;
  std::uint64_t begin_;
  ChunkFile out_;
};

}  // namespace

ChunkFile check_chunks(AudioBytes& bytes, std::uint64_t begin) {
  return Chunks(bytes, begin).check();
}

}  // namespace musicrep
