#include <fmt/format.h>
#include <sndfile.h>

#include <algorithm>
#include <array>
#include <utility>

#include "audio/ffmpeg.h"
#include "audio/source.h"

namespace musicrep {
namespace {

/// The part of a file that libsndfile sees, with sizes put right.
struct Window {
  std::shared_ptr<AudioBytes> bytes;
  std::string prefix;
  ByteRange range;
  std::vector<Patch> patches;
  sf_count_t position = 0;

  [[nodiscard]] sf_count_t size() const {
    return static_cast<sf_count_t>(prefix.size() + range.size());
  }

  sf_count_t read(char* to, sf_count_t count) {
    const auto in_prefix = static_cast<sf_count_t>(prefix.size()) - position;
    if (in_prefix > 0) {
      const sf_count_t n = std::min(in_prefix, count);
      std::copy_n(prefix.begin() + position, n, to);
      position += n;
      return n + (n < count ? read(to + n, count - n) : 0);
    }
    const sf_count_t n = std::clamp<sf_count_t>(size() - position, 0, count);
    const std::uint64_t from = range.begin + static_cast<std::uint64_t>(position) - prefix.size();
    const std::size_t got = bytes->read(from, static_cast<std::size_t>(n), to);
    for (const Patch& patch : patches) {
      for (std::size_t i = 0; i < patch.bytes.size(); ++i) {
        const std::uint64_t at = patch.offset + i;
        if (at >= from && at < from + got) to[at - from] = patch.bytes[i];
      }
    }
    position += static_cast<sf_count_t>(got);
    return static_cast<sf_count_t>(got);
  }
};

Window& window(void* user) { return *static_cast<Window*>(user); }

// libsndfile is C: nothing may be thrown through it. An error of the disk ends the file, and is
// thrown by whoever notices that it is too short.
SF_VIRTUAL_IO virtual_io() {
  SF_VIRTUAL_IO io{};
  io.get_filelen = [](void* user) { return window(user).size(); };
  io.seek = [](sf_count_t offset, int whence, void* user) {
    Window& w = window(user);
    const sf_count_t base = whence == SEEK_SET ? 0 : (whence == SEEK_CUR ? w.position : w.size());
    w.position = std::clamp<sf_count_t>(base + offset, 0, w.size());
    return w.position;
  };
  io.read = [](void* to, sf_count_t count, void* user) {
    try {
      return window(user).read(static_cast<char*>(to), count);
    } catch (const std::exception&) {
      return sf_count_t{0};
    }
  };
  io.write = [](const void*, sf_count_t, void*) { return sf_count_t{0}; };
  io.tell = [](void* user) { return window(user).position; };
  return io;
}

/// libsndfile also guesses at files without a header; those are not for us.
bool is_known_format(int format) {
  constexpr std::array kKnown = {SF_FORMAT_WAV,  SF_FORMAT_WAVEX, SF_FORMAT_RF64, SF_FORMAT_W64,
                                 SF_FORMAT_AIFF, SF_FORMAT_CAF,   SF_FORMAT_AU,   SF_FORMAT_FLAC,
                                 SF_FORMAT_OGG,  SF_FORMAT_NIST,  SF_FORMAT_AVR,  SF_FORMAT_PAF,
                                 SF_FORMAT_PVF,  SF_FORMAT_VOC,   SF_FORMAT_SVX,  SF_FORMAT_IRCAM};
  return std::ranges::find(kKnown, format & SF_FORMAT_TYPEMASK) != kKnown.end();
}

Speaker speaker_of(int place) {
  switch (place) {
    case SF_CHANNEL_MAP_LEFT:
    case SF_CHANNEL_MAP_FRONT_LEFT:
      return Speaker::kFrontLeft;
    case SF_CHANNEL_MAP_RIGHT:
    case SF_CHANNEL_MAP_FRONT_RIGHT:
      return Speaker::kFrontRight;
    case SF_CHANNEL_MAP_CENTER:
    case SF_CHANNEL_MAP_FRONT_CENTER:
      return Speaker::kFrontCenter;
    case SF_CHANNEL_MAP_LFE:
      return Speaker::kLowFrequency;
    case SF_CHANNEL_MAP_REAR_LEFT:
      return Speaker::kBackLeft;
    case SF_CHANNEL_MAP_REAR_RIGHT:
      return Speaker::kBackRight;
    case SF_CHANNEL_MAP_REAR_CENTER:
      return Speaker::kBackCenter;
    case SF_CHANNEL_MAP_FRONT_LEFT_OF_CENTER:
      return Speaker::kFrontLeftOfCenter;
    case SF_CHANNEL_MAP_FRONT_RIGHT_OF_CENTER:
      return Speaker::kFrontRightOfCenter;
    case SF_CHANNEL_MAP_SIDE_LEFT:
      return Speaker::kSideLeft;
    case SF_CHANNEL_MAP_SIDE_RIGHT:
      return Speaker::kSideRight;
    default:
      return Speaker::kOther;
  }
}

/// The order that the formats themselves lay down (Vorbis I, 4.3.9, and RFC 7845, 5.1.1.2, alike;
/// RFC 9639, 9.1.3); empty where that is default_speakers().
std::vector<Speaker> speakers_of(int format, std::size_t channels) {
  using enum Speaker;
  const int coding = format & SF_FORMAT_SUBMASK;
  const bool is_ogg = (format & SF_FORMAT_TYPEMASK) == SF_FORMAT_OGG &&
                      (coding == SF_FORMAT_VORBIS || coding == SF_FORMAT_OPUS);
  if (!is_ogg && (format & SF_FORMAT_TYPEMASK) != SF_FORMAT_FLAC) return {};
  if (channels == 4) return {kFrontLeft, kFrontRight, kBackLeft, kBackRight};
  if (!is_ogg && channels == 3) return {kFrontLeft, kFrontRight, kFrontCenter};
  if (!is_ogg || channels < 3 || channels > 8) return {};
  std::vector<Speaker> out = {kFrontLeft, kFrontCenter, kFrontRight};
  if (channels == 5 || channels == 6) out.insert(out.end(), {kBackLeft, kBackRight});
  if (channels >= 7) out.insert(out.end(), {kSideLeft, kSideRight});
  if (channels == 7) out.push_back(kBackCenter);
  if (channels == 8) out.insert(out.end(), {kBackLeft, kBackRight});
  if (channels >= 6) out.push_back(kLowFrequency);
  return out;
}

class SndfileSource final : public AudioSource {
 public:
  SndfileSource(std::shared_ptr<AudioBytes> bytes, const Container& container)
      : window_{std::move(bytes), container.prefix, container.range, container.patches} {
    SF_VIRTUAL_IO io = virtual_io();
    SF_INFO header = {};
    file_.reset(sf_open_virtual(&io, SFM_READ, &header, &window_));
    if (!file_) {
      error_ = sf_strerror(nullptr);
      is_unsupported_ = container.is_coded || sf_error(nullptr) == SF_ERR_UNSUPPORTED_ENCODING ||
                        sf_error(nullptr) == SF_ERR_UNRECOGNISED_FORMAT;
      return;
    }
    if (!is_known_format(header.format)) {
      error_ = fmt::format("found the format '{}'", sndfile_format_name(header.format));
      return;
    }
    info_.format = sndfile_format_name(header.format);
    info_.sample_rate_hz = header.samplerate;
    info_.channels = static_cast<std::size_t>(std::max(0, header.channels));
    if (header.frames == 0)
      window_.bytes->fail("zero length: found 0 samples, expected at least 1");
    if (header.frames > 0 && header.frames < SF_COUNT_MAX) {
      info_.frames = static_cast<std::size_t>(header.frames);
    } else {
      info_.frames = static_cast<std::size_t>(container.samples);
    }
    info_.speakers = speakers_of(header.format, info_.channels);
    std::vector<int> places(info_.channels);
    const int size = static_cast<int>(places.size() * sizeof(int));
    if (info_.channels > 2 &&
        sf_command(file_.get(), SFC_GET_CHANNEL_MAP_INFO, places.data(), size) == SF_TRUE) {
      info_.speakers.clear();
      for (const int place : places) info_.speakers.push_back(speaker_of(place));
    }
  }

  [[nodiscard]] const AudioInfo& info() const override { return info_; }
  [[nodiscard]] const std::string& error() const { return error_; }
  /// Whether another program may know how to read it.
  [[nodiscard]] bool is_unsupported() const { return is_unsupported_; }

  std::size_t read(std::span<float> interleaved) override {
    const auto frames = static_cast<sf_count_t>(interleaved.size() / info_.channels);
    const sf_count_t got = sf_readf_float(file_.get(), interleaved.data(), frames);
    if (sf_error(file_.get()) != SF_ERR_NO_ERROR || got < 0) {
      window_.bytes->fail(fmt::format("truncated or damaged after frame {}: {}", position_,
                                      sf_strerror(file_.get())));
    }
    position_ += static_cast<std::size_t>(got);
    return static_cast<std::size_t>(got);
  }

 private:
  Window window_;
  std::unique_ptr<SNDFILE, int (*)(SNDFILE*)> file_{nullptr, sf_close};
  AudioInfo info_;
  std::string error_;
  bool is_unsupported_ = false;
  std::size_t position_ = 0;
};

}  // namespace

std::unique_ptr<AudioSource> open_with_sndfile(std::shared_ptr<AudioBytes> bytes,
                                               const Container& container) {
  auto source = std::make_unique<SndfileSource>(bytes, container);
  if (source->error().empty()) return source;
  if (source->is_unsupported()) {
    return open_with_ffmpeg(*bytes, container.name, source->error());
  }
  bytes->fail(fmt::format("not audio that can be read ({}), {}", source->error(), kExpectedAudio));
}

std::string sndfile_format_name(int format) {
  SF_FORMAT_INFO major = {format & SF_FORMAT_TYPEMASK, nullptr, nullptr};
  SF_FORMAT_INFO minor = {format & SF_FORMAT_SUBMASK, nullptr, nullptr};
  sf_command(nullptr, SFC_GET_FORMAT_INFO, &major, sizeof major);
  sf_command(nullptr, SFC_GET_FORMAT_INFO, &minor, sizeof minor);
  return fmt::format("{}, {}", major.name != nullptr ? major.name : "unknown",
                     minor.name != nullptr ? minor.name : "unknown");
}

}  // namespace musicrep
