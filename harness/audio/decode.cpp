#include "audio/decode.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>
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

}  // namespace

struct AudioReader::State {
  fs::path path;
  std::unique_ptr<AudioSource> source;
  std::size_t position = 0;  // frames read so far

  [[noreturn]] void fail(const std::string& what) const {
    throw DataError(fmt::format("'{}': {}", path.string(), what));
  }

  void open() {
    source = open_audio(path);
    const AudioInfo& info = source->info();
    if (info.sample_rate_hz < kLowestRateHz || info.sample_rate_hz > kHighestRateHz) {
      fail(fmt::format("found a sample rate of {} Hz, expected {} to {}", info.sample_rate_hz,
                       kLowestRateHz, kHighestRateHz));
    }
    if (info.channels < 1 || info.channels > kMostChannels) {
      fail(fmt::format("found {} channels, expected 1 to {}", info.channels, kMostChannels));
    }
  }

  void check_samples(std::span<const float> block) const {
    const std::size_t channels = source->info().channels;
    for (std::size_t i = 0; i < block.size(); ++i) {
      if (std::abs(block[i]) <= kLoudestSample) continue;
      fail(
          fmt::format("found the sample {} in frame {} of channel {}, expected a number in [-1, 1]",
                      block[i], position + i / channels, i % channels));
    }
  }

  void check_end() const {
    const std::size_t promised = source->info().frames;
    if (position == 0) fail("zero length: found 0 samples, expected at least 1");
    if (position < promised) {
      fail(fmt::format("truncated or damaged: its header promises {} frames, found {}", promised,
                       position));
    }
  }
};

std::unique_ptr<AudioSource> open_audio(const fs::path& path) {
  auto bytes = std::make_shared<AudioBytes>(path);
  const Container container = find_container(*bytes);
  switch (container.by) {
    case DecodedBy::kMpg123:
      return open_with_mpg123(std::move(bytes), container);
    case DecodedBy::kFfmpeg:
      return open_with_ffmpeg(*bytes, container.name);
    default:
      return open_with_sndfile(std::move(bytes), container);
  }
}

AudioReader::AudioReader(const fs::path& path) : state_(std::make_unique<State>()) {
  state_->path = path;
  state_->open();
}

AudioReader::~AudioReader() = default;

const AudioInfo& AudioReader::info() const { return state_->source->info(); }

std::size_t AudioReader::read(std::span<float> interleaved) {
  const std::size_t channels = info().channels;
  assert(!interleaved.empty() && interleaved.size() % channels == 0);
  const std::size_t frames = state_->source->read(interleaved);
  if (frames == 0) state_->check_end();
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

  const Mixer mixer(info.channels, info.speakers, channels);
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
    mixer.append(std::span(block).first(got * info.channels), planes);
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
