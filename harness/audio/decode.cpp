#include "audio/decode.h"

#include <fmt/format.h>
#include <sndfile.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <vector>

#include "audio/container.h"
#include "audio/mix.h"
#include "core/stop.h"
#include "musicrep/error.h"

namespace musicrep {
namespace fs = std::filesystem;
namespace {

constexpr double kLowestRateHz = 1000;
constexpr double kHighestRateHz = 768000;
constexpr std::size_t kMostChannels = 64;
constexpr float kLoudestSample = 32;  // 30 dB over full scale: integers that were not scaled
constexpr std::size_t kBlockValues = std::size_t{1} << 16;

/// libsndfile also guesses at files without a header, by their names; those are not for us.
bool is_known_format(int format) {
  switch (format & SF_FORMAT_TYPEMASK) {
    case SF_FORMAT_WAV:
    case SF_FORMAT_WAVEX:
    case SF_FORMAT_RF64:
    case SF_FORMAT_AU:
    case SF_FORMAT_FLAC:
    case SF_FORMAT_OGG:
    case SF_FORMAT_MPEG:
      return true;
    default:
      return false;
  }
}

std::string format_name(int format) {
  SF_FORMAT_INFO major = {format & SF_FORMAT_TYPEMASK, nullptr, nullptr};
  SF_FORMAT_INFO minor = {format & SF_FORMAT_SUBMASK, nullptr, nullptr};
  sf_command(nullptr, SFC_GET_FORMAT_INFO, &major, sizeof major);
  sf_command(nullptr, SFC_GET_FORMAT_INFO, &minor, sizeof minor);
  return fmt::format("{}, {}", major.name != nullptr ? major.name : "unknown",
                     minor.name != nullptr ? minor.name : "unknown");
}

}  // namespace

struct AudioReader::State {
  fs::path path;
  AudioInfo info;
  std::unique_ptr<SNDFILE, int (*)(SNDFILE*)> file{nullptr, sf_close};
  bool count_is_exact = true;  // an mp3's is an estimate
  std::size_t position = 0;    // frames read so far

  [[noreturn]] void fail(const std::string& what) const {
    throw DataError(fmt::format("'{}': {}", path.string(), what));
  }

  void open() {
    check_container(path);
    SF_INFO header = {};
    file.reset(sf_open(path.c_str(), SFM_READ, &header));
    if (!file) {
      fail(fmt::format("not audio that can be read ({}), expected wav, au, flac, ogg or mp3",
                       sf_strerror(nullptr)));
    }
    info.format = format_name(header.format);
    if (!is_known_format(header.format)) {
      fail(fmt::format("found the format '{}', expected wav, au, flac, ogg or mp3", info.format));
    }
    info.sample_rate_hz = header.samplerate;
    if (info.sample_rate_hz < kLowestRateHz || info.sample_rate_hz > kHighestRateHz) {
      fail(fmt::format("found a sample rate of {} Hz, expected {} to {}", header.samplerate,
                       kLowestRateHz, kHighestRateHz));
    }
    if (header.channels < 1 || static_cast<std::size_t>(header.channels) > kMostChannels) {
      fail(fmt::format("found {} channels, expected 1 to {}", header.channels, kMostChannels));
    }
    info.channels = static_cast<std::size_t>(header.channels);
    if (header.frames == 0) fail("zero length: found 0 samples, expected at least 1");
    if (header.frames > 0 && header.frames < SF_COUNT_MAX) {
      info.frames = static_cast<std::size_t>(header.frames);
    }
    count_is_exact = (header.format & SF_FORMAT_TYPEMASK) != SF_FORMAT_MPEG;
  }

  void check_samples(std::span<const float> block) const {
    for (std::size_t i = 0; i < block.size(); ++i) {
      if (std::abs(block[i]) <= kLoudestSample) continue;
      fail(
          fmt::format("found the sample {} in frame {} of channel {}, expected a number in [-1, 1]",
                      block[i], position + i / info.channels, i % info.channels));
    }
  }

  void check_end() const {
    if (position == 0) fail("zero length: found 0 samples, expected at least 1");
    if (count_is_exact && position < info.frames) {
      fail(fmt::format("truncated or damaged: its header promises {} frames, found {}", info.frames,
                       position));
    }
  }
};

AudioReader::AudioReader(const fs::path& path) : state_(std::make_unique<State>()) {
  state_->path = path;
  state_->open();
}

AudioReader::~AudioReader() = default;

const AudioInfo& AudioReader::info() const { return state_->info; }

std::size_t AudioReader::read(std::span<float> interleaved) {
  const std::size_t channels = state_->info.channels;
  assert(!interleaved.empty() && interleaved.size() % channels == 0);
  const sf_count_t got = sf_readf_float(state_->file.get(), interleaved.data(),
                                        static_cast<sf_count_t>(interleaved.size() / channels));
  if (sf_error(state_->file.get()) != SF_ERR_NO_ERROR || got < 0) {
    state_->fail(fmt::format("truncated or damaged after frame {}: {}", state_->position,
                             sf_strerror(state_->file.get())));
  }
  if (got == 0) state_->check_end();
  const auto frames = static_cast<std::size_t>(got);
  state_->check_samples(interleaved.first(frames * channels));
  state_->position += frames;
  return frames;
}

AudioInfo probe_audio(const fs::path& path) { return AudioReader(path).info(); }

Pcm decode_audio(const fs::path& path, const DecodeOptions& options) {
  AudioReader reader(path);
  const AudioInfo& info = reader.info();
  const std::size_t channels = options.channels != 0 ? options.channels : info.channels;
  const std::size_t most = options.max_values / channels;
  const bool cut = options.max_duration_s > 0;
  const std::size_t wanted =
      cut ? static_cast<std::size_t>(std::lround(options.max_duration_s * info.sample_rate_hz))
          : most + 1;  // one more than is allowed, to see that there is more
  const std::size_t expected = info.frames != 0 ? std::min(wanted, info.frames) : 0;
  const auto refuse = [&](std::size_t frames) {
    throw DataError(fmt::format(
        "'{}': found {} frames ({:.0f} s) or more, expected at most {} in {} channels; "
        "cut it into shorter files",
        path.string(), frames, static_cast<double>(frames) / info.sample_rate_hz, most, channels));
  };
  if (expected > most) refuse(info.frames);

  std::vector<std::vector<float>> planes(channels);
  // A header is believed up to a few minutes; beyond that memory grows with what is really there.
  constexpr std::size_t kBelieved = std::size_t{1} << 23;  // values
  for (std::vector<float>& plane : planes) plane.reserve(std::min(expected, kBelieved / channels));
  std::vector<float> block(std::max<std::size_t>(1, kBlockValues / info.channels) * info.channels);
  while (planes[0].size() < wanted) {
    throw_if_stop_requested();
    const std::size_t ask = std::min(block.size(), (wanted - planes[0].size()) * info.channels);
    const std::size_t got = reader.read(std::span(block).first(ask));
    if (got == 0) break;
    append_mixed(std::span(block).first(got * info.channels), info.channels, planes);
  }
  if (planes[0].size() > most) refuse(planes[0].size());

  Pcm pcm = {info.sample_rate_hz, channels, planes[0].size(), std::move(planes[0])};
  pcm.values.reserve(pcm.channels * pcm.frames);
  for (std::size_t c = 1; c < channels; ++c) {
    pcm.values.insert(pcm.values.end(), planes[c].begin(), planes[c].end());
    std::vector<float>().swap(planes[c]);
  }
  return pcm;
}

}  // namespace musicrep
