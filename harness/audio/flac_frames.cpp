#include "audio/flac_frames.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <optional>
#include <string>
#include <string_view>

namespace musicrep {
namespace {

constexpr std::size_t kStreamInfo = 34;
constexpr std::uint64_t kMostBytesOfAFrame = std::uint64_t{1} << 22;

unsigned crc(std::string_view bytes, unsigned polynomial, unsigned width) {
  unsigned value = 0;
  for (const char c : bytes) {
    value ^= static_cast<unsigned>(static_cast<unsigned char>(c)) << (width - 8);
    for (int bit = 0; bit < 8; ++bit) {
      const bool carry = (value >> (width - 1) & 1U) != 0;
      value = (value << 1 ^ (carry ? polynomial : 0U)) & ((1U << width) - 1);
    }
  }
  return value;
}

/// Where a frame's samples end in the stream, from its header; nothing where it is none. Frames of
/// a fixed size, `block`, are numbered, others state their first sample.
std::optional<std::uint64_t> end_of_frame(std::string_view bytes, std::uint64_t block) {
  std::array<char, 32> longest{};  // zeros behind a header that is cut off
  std::ranges::copy(bytes.substr(0, longest.size()), longest.begin());
  const std::string_view b(longest.data(), longest.size());
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(b[i]); };
  if (byte(0) != 0xFF || (byte(1) & 0xFEU) != 0xF8) return std::nullopt;
  const bool is_numbered = (byte(1) & 1U) == 0;
  const unsigned size_code = byte(2) >> 4;
  const unsigned rate_code = byte(2) & 15U;
  if (size_code == 0 || rate_code == 15) return std::nullopt;
  std::size_t at = 4;
  const auto ones = static_cast<std::size_t>(std::countl_one(byte(at)));  // as UTF-8 has it
  if (ones == 1 || ones > 7) return std::nullopt;
  std::uint64_t number = byte(at) & (ones == 0 ? 0x7FU : (1U << (7 - ones)) - 1);
  ++at;
  for (std::size_t i = 1; i < ones; ++i, ++at) number = number << 6 | (byte(at) & 0x3FU);
  std::uint64_t samples = 0;
  if (size_code == 1) samples = 192;
  if (size_code >= 2 && size_code <= 5) samples = std::uint64_t{576} << (size_code - 2);
  if (size_code >= 8) samples = std::uint64_t{256} << (size_code - 8);
  if (size_code == 6) samples = big_endian(b.substr(at), 1) + 1;
  if (size_code == 7) samples = big_endian(b.substr(at), 2) + 1;
  if (size_code == 6 || size_code == 7) at += size_code - 5;
  if (rate_code >= 12) at += rate_code == 12 ? 1 : 2;
  if (crc(b.substr(0, at), 0x07, 8) != byte(at)) return std::nullopt;
  return number * (is_numbered ? block : 1) + samples;
}

/// "fLaC" and the beginning of the header that must follow.
void refuse_second_stream(AudioBytes& bytes, ByteRange range) {
  constexpr std::size_t kStep = std::size_t{1} << 16;
  using namespace std::string_view_literals;
  for (const std::string_view magic : {"fLaC\x00\x00\x00\x22"sv, "fLaC\x80\x00\x00\x22"sv}) {
    for (std::uint64_t at = range.begin + 4; at < range.end; at += kStep) {
      const std::size_t found = bytes.view(at, kStep + magic.size() - 1).find(magic);
      if (found == std::string_view::npos) continue;
      bytes.fail(fmt::format(
          "a second FLAC stream begins at byte {}, expected one; cut the file there", at + found));
    }
  }
}

}  // namespace

std::uint64_t flac_samples(AudioBytes& bytes, ByteRange range) {
  refuse_second_stream(bytes, range);
  const std::string info(bytes.view(range.begin + 8, kStreamInfo));
  if (info.size() < kStreamInfo) bytes.fail("truncated: its flac header is cut off");
  const std::uint64_t promised = big_endian(std::string_view(info).substr(13), 5) & 0xFFFFFFFFF;
  if (promised != 0) return 0;
  const std::uint64_t block = big_endian(info, 2);
  const std::uint64_t from =
      range.size() > kMostBytesOfAFrame ? range.end - kMostBytesOfAFrame : range.begin;
  std::string tail(static_cast<std::size_t>(range.end - from), '\0');
  tail.resize(bytes.read(from, tail.size(), tail.data()));
  for (std::size_t at = tail.size(); at-- > 0;) {
    const std::string_view frame = std::string_view(tail).substr(at);
    // A whole frame ends with its checksum, over which the checksum is 0.
    const std::optional<std::uint64_t> end = end_of_frame(frame, block);
    if (end && crc(frame, 0x8005, 16) == 0) return *end;
  }
  bytes.fail("truncated or damaged: the last frame of its flac stream is not whole");
}

}  // namespace musicrep
