#include "deform/codec.h"

#include <fmt/format.h>
#include <sndfile.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <vector>

#include "musicrep/error.h"

namespace musicrep {
namespace {

// Their values; headers before 1.1 do not name the first.
constexpr int kMp3File = 0x230000 | 0x0082;  // SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III
constexpr int kVorbisFile = SF_FORMAT_OGG | SF_FORMAT_VORBIS;
constexpr int kGetBitRateMode = 0x1304;  // SFC_GET_BITRATE_MODE
constexpr int kSetBitRateMode = 0x1305;  // SFC_SET_BITRATE_MODE
constexpr int kConstantBitRate = 0;      // SF_BITRATE_MODE_CONSTANT

constexpr sf_count_t kMp3Delay = 576 + 529;  // of LAME and of any decoder
constexpr sf_count_t kMostPadding = 16384;

int format_of(Codec codec) { return codec == Codec::kMp3 ? kMp3File : kVorbisFile; }
const char* name_of(Codec codec) { return codec == Codec::kMp3 ? "mp3" : "Ogg Vorbis"; }

struct Bytes {
  std::vector<char> values;
  sf_count_t at = 0;
};

Bytes& bytes(void* user) { return *static_cast<Bytes*>(user); }

sf_count_t length(void* user) { return static_cast<sf_count_t>(bytes(user).values.size()); }

sf_count_t seek(sf_count_t offset, int whence, void* user) {
  const sf_count_t from = whence == SEEK_SET   ? 0
                          : whence == SEEK_CUR ? bytes(user).at
                                               : length(user);
  return bytes(user).at = std::max<sf_count_t>(0, from + offset);
}

sf_count_t read(void* to, sf_count_t count, void* user) {
  const sf_count_t n = std::clamp<sf_count_t>(length(user) - bytes(user).at, 0, count);
  if (n > 0)
    std::memcpy(to, bytes(user).values.data() + bytes(user).at, static_cast<std::size_t>(n));
  bytes(user).at += n;
  return n;
}

sf_count_t write(const void* from, sf_count_t count, void* user) {
  const sf_count_t end = bytes(user).at + count;
  if (end > length(user)) bytes(user).values.resize(static_cast<std::size_t>(end));
  std::memcpy(bytes(user).values.data() + bytes(user).at, from, static_cast<std::size_t>(count));
  bytes(user).at = end;
  return count;
}

sf_count_t tell(void* user) { return bytes(user).at; }

using File = std::unique_ptr<SNDFILE, decltype(&sf_close)>;

File open(Bytes& file, int mode, SF_INFO& info, Codec codec) {
  SF_VIRTUAL_IO io = {length, seek, read, write, tell};
  File out(sf_open_virtual(&io, mode, &info, &file), sf_close);
  if (out) return out;
  throw DataError(fmt::format("libsndfile cannot code {} channels at {} Hz as {}: {}",
                              info.channels, info.samplerate, name_of(codec),
                              sf_strerror(nullptr)));
}

}  // namespace

Pcm coded(const Pcm& pcm, Codec codec, double compression) {
  SF_INFO info = {};
  info.samplerate = static_cast<int>(pcm.sample_rate_hz);
  info.channels = static_cast<int>(pcm.channels);
  info.format = format_of(codec);
  if (info.samplerate != pcm.sample_rate_hz) {
    throw DataError(fmt::format("found a sample rate of {} Hz, expected a whole number for {}",
                                pcm.sample_rate_hz, name_of(codec)));
  }
  std::vector<float> interleaved(pcm.values.size());
  for (std::size_t c = 0; c < pcm.channels; ++c) {
    for (std::size_t i = 0; i < pcm.frames; ++i) {
      // Beyond full scale integers inside the coder would wrap.
      interleaved[i * pcm.channels + c] = std::clamp(pcm.channel(c)[i], -1.0F, 1.0F);
    }
  }
  Bytes file;
  const auto frames = static_cast<sf_count_t>(pcm.frames);
  {
    const File out = open(file, SFM_WRITE, info, codec);
    if (codec == Codec::kMp3) {
      int mode = kConstantBitRate;
      // What it returns differs between versions.
      sf_command(out.get(), kSetBitRateMode, &mode, sizeof mode);
      if (sf_command(out.get(), kGetBitRateMode, nullptr, 0) != kConstantBitRate) {
        throw DataError("libsndfile refuses a constant bit rate");
      }
    }
    if (sf_command(out.get(), SFC_SET_COMPRESSION_LEVEL, &compression, sizeof compression) !=
        SF_TRUE) {
      throw DataError(fmt::format("libsndfile refuses the compression {}", compression));
    }
    // In pieces: its Vorbis coder holds all that one call gives it.
    constexpr sf_count_t kPiece = 4096;
    for (sf_count_t at = 0; at < frames; at += kPiece) {
      const sf_count_t n = std::min(kPiece, frames - at);
      const float* from = interleaved.data() + static_cast<std::size_t>(at) * pcm.channels;
      if (sf_writef_float(out.get(), from, n) != n) {
        throw DataError(fmt::format("libsndfile: {}", sf_strerror(out.get())));
      }
    }
  }
  file.at = 0;
  info = {};
  const File in = open(file, SFM_READ, info, codec);
  if (info.channels != static_cast<int>(pcm.channels) || info.samplerate != pcm.sample_rate_hz) {
    throw DataError(fmt::format("{}: found {} channels at {} Hz, expected {} at {} Hz",
                                name_of(codec), info.channels, info.samplerate, pcm.channels,
                                pcm.sample_rate_hz));
  }
  interleaved.assign((pcm.frames + kMostPadding) * pcm.channels, 0);
  const sf_count_t n = sf_readf_float(in.get(), interleaved.data(), frames + kMostPadding);
  // An mp3 that is not as long as its signal has the delays of coder and decoder at its beginning.
  const sf_count_t delay = codec == Codec::kMp3 && n != frames ? kMp3Delay : 0;
  if (n < frames + delay) {
    throw DataError(
        fmt::format("{}: found {} frames, expected {} or more", name_of(codec), n, frames + delay));
  }
  Pcm out = pcm;
  for (std::size_t c = 0; c < pcm.channels; ++c) {
    for (std::size_t i = 0; i < pcm.frames; ++i) {
      out.values[c * pcm.frames + i] =
          interleaved[(i + static_cast<std::size_t>(delay)) * pcm.channels + c];
    }
  }
  return out;
}

std::string codec_lacks(Codec codec) {
  SF_INFO info = {};
  info.samplerate = 44100;
  info.channels = 1;
  info.format = format_of(codec);
  if (sf_format_check(&info) != 0) return "";
  return fmt::format("{} cannot write {}, expected {}", codec_library(), name_of(codec),
                     codec == Codec::kMp3 ? "libsndfile 1.1 or later, built with LAME"
                                          : "libsndfile built with Vorbis");
}

std::string codec_library() { return sf_version_string(); }

}  // namespace musicrep
