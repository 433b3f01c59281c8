// The header of a frame of MPEG audio, layers I to III.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace musicrep {

struct MpegHeader {
  int version = 1;  ///< 1, 2, or 25: MPEG 2.5
  int layer = 3;
  int rate_hz = 0;
  int channels = 0;
  int samples = 0;  ///< of one channel
  bool has_crc = false;
  bool is_free = false;     ///< free format: the header does not state the size
  std::uint32_t bytes = 0;  ///< of the frame with its header; of free format the padding alone

  [[nodiscard]] bool same_stream(const MpegHeader& other) const {
    return version == other.version && layer == other.layer && rate_hz == other.rate_hz &&
           channels == other.channels && is_free == other.is_free;
  }
  /// Bytes of layer III's side information, which follow header and checksum.
  [[nodiscard]] std::uint32_t side_info_bytes() const {
    return version == 1 ? (channels == 1 ? 17 : 32) : (channels == 1 ? 9 : 17);
  }
};

/// The first four bytes of `b` as ISO 11172-3, 2.4.1.3 (and 13818-3, and Fraunhofer's MPEG 2.5)
/// have it; nothing where they are no such header.
std::optional<MpegHeader> parse_mpeg_header(std::string_view b);

}  // namespace musicrep
