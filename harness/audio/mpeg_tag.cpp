#include "audio/mpeg_tag.h"

#include <algorithm>
#include <string_view>

namespace musicrep {
namespace {

constexpr std::size_t kHeader = 4;
constexpr std::size_t kChecksum = 2;
constexpr std::size_t kVbriAt = kHeader + 32;
constexpr std::size_t kLookedAt = 512;

std::uint64_t number(std::string_view frame, std::size_t at, std::size_t n) {
  return at + n <= frame.size() ? big_endian(frame.substr(at), n) : 0;
}

/// http://gabriel.mp3-tech.org/mp3infotag.html
MpegTag xing(std::string_view frame, std::size_t at) {
  MpegTag tag;
  const std::uint64_t flags = number(frame, at + 4, 4);
  at += 8;
  if ((flags & 1U) != 0) {
    tag.frames = number(frame, at, 4);
    at += 4;
  }
  if ((flags & 2U) != 0) {
    tag.length = number(frame, at, 4);
    at += 4;
  }
  if ((flags & 4U) != 0) at += 100;     // a table for seeking
  if ((flags & 8U) != 0) at += 4;       // the quality
  constexpr std::size_t kDelayAt = 21;  // behind the encoder's name and its options
  if (tag.frames > 0 && at + kDelayAt + 3 <= frame.size() && frame[at] != '\0') {
    const std::uint64_t both = number(frame, at + kDelayAt, 3);
    tag.trims = true;
    tag.delay = static_cast<std::int64_t>(both >> 12);
    tag.padding = static_cast<std::int64_t>(both & 0xFFFU);
  }
  return tag;
}

}  // namespace

MpegTag mpeg_tag(AudioBytes& bytes, std::uint64_t offset, const MpegHeader& header,
                 std::uint64_t frame_bytes) {
  MpegTag tag;
  if (header.layer != 3) return tag;
  const std::string_view frame =
      bytes.view(offset, static_cast<std::size_t>(std::min<std::uint64_t>(frame_bytes, kLookedAt)));
  // LAME and libmpg123 do not count a checksum, which precedes the side information.
  const std::size_t at = kHeader + std::size_t{header.side_info_bytes()};
  const std::string_view name = at + 8 <= frame.size() ? frame.substr(at, 4) : std::string_view();
  if (name == "Xing" || name == "Info") {
    // Side information that is not zero belongs to music, whatever follows it.
    const std::string_view side = frame.substr(kHeader + kChecksum, at - kHeader - kChecksum);
    if (!std::ranges::all_of(side, [](char c) { return c == '\0'; })) return tag;
    tag = xing(frame, at);
    tag.bytes = frame_bytes;
  } else if (kVbriAt + 18 <= frame.size() && frame.substr(kVbriAt, 4) == "VBRI") {
    tag.is_vbri = true;
    tag.length = number(frame, kVbriAt + 10, 4);
    tag.frames = number(frame, kVbriAt + 14, 4);
    tag.bytes = frame_bytes;
  }
  return tag;
}

std::uint64_t mpeg_samples(const MpegStream& stream) {
  // What a decoder of layer III is late by, with which LAME's numbers do not reckon.
  constexpr std::int64_t kDecoderDelay = 529;
  const auto per_frame = static_cast<std::int64_t>(stream.header.samples);
  const std::int64_t all = static_cast<std::int64_t>(stream.frames) * per_frame;
  if (!stream.tag.trims) return static_cast<std::uint64_t>(all);
  const std::int64_t promised = static_cast<std::int64_t>(stream.tag.frames) * per_frame;
  const std::int64_t begin = stream.tag.delay + kDecoderDelay;
  const std::int64_t end = std::min(all, promised - stream.tag.padding + kDecoderDelay);
  return static_cast<std::uint64_t>(std::max<std::int64_t>(0, end - begin));
}

}  // namespace musicrep
