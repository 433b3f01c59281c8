#include "audio/mpeg_header.h"

#include <array>

#include "audio/audio_bytes.h"

namespace musicrep {
namespace {

using Rates = std::array<int, 16>;  // kbit/s
constexpr Rates kLayer1 = {0,   32,  64,  96,  128, 160, 192, 224,
                           256, 288, 320, 352, 384, 416, 448, -1};
constexpr Rates kLayer2 = {0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, -1};
constexpr Rates kLayer3 = {0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, -1};
constexpr Rates kLowLayer1 = {0,   32,  48,  56,  64,  80,  96,  112,
                              128, 144, 160, 176, 192, 224, 256, -1};
constexpr Rates kLowLayer23 = {0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, -1};
constexpr std::array<int, 3> kSampleRates = {44100, 48000, 32000};  // of version 1

const Rates& bit_rates(int version, int layer) {
  if (version == 1) return layer == 1 ? kLayer1 : (layer == 2 ? kLayer2 : kLayer3);
  return layer == 1 ? kLowLayer1 : kLowLayer23;
}

}  // namespace

std::optional<MpegHeader> parse_mpeg_header(std::string_view b) {
  if (b.size() < 4) return std::nullopt;
  const auto bits = static_cast<std::uint32_t>(big_endian(b, 4));
  if (bits >> 21 != 0x7FF) return std::nullopt;
  const std::uint32_t version = bits >> 19 & 3U;
  const std::uint32_t layer = bits >> 17 & 3U;
  const std::uint32_t rate = bits >> 10 & 3U;
  if (version == 1 || layer == 0 || rate == 3) return std::nullopt;
  MpegHeader out;
  out.version = version == 3 ? 1 : (version == 2 ? 2 : 25);
  out.layer = static_cast<int>(4 - layer);
  out.has_crc = (bits >> 16 & 1U) == 0;
  out.rate_hz = kSampleRates[rate] / (out.version == 1 ? 1 : (out.version == 2 ? 2 : 4));
  out.channels = (bits >> 6 & 3U) == 3 ? 1 : 2;
  out.samples = out.layer == 1 ? 384 : (out.layer == 3 && out.version != 1 ? 576 : 1152);
  const int kbits = bit_rates(out.version, out.layer)[bits >> 12 & 15U];
  if (kbits < 0) return std::nullopt;
  out.is_free = kbits == 0;
  const std::uint32_t slot = out.layer == 1 ? 4 : 1;
  const int slots = kbits * 1000 / 8 * out.samples / static_cast<int>(slot) / out.rate_hz;
  out.bytes = (static_cast<std::uint32_t>(slots) + (bits >> 9 & 1U)) * slot;
  return out;
}

}  // namespace musicrep
