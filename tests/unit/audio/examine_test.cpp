#include "audio/examine.h"

#include <catch2/catch.hpp>
#include <limits>

#include "audio_testing.h"
#include "musicrep/error.h"

namespace musicrep {
namespace {

using Catch::Contains;

TEST_CASE("the hash is of the samples, not of the format") {
  const TempFolder folder;
  const std::vector<float> samples = steps(200000, 2);  // more than a block
  const auto hash = [&](const FileSpec& spec, const std::vector<float>& values) {
    return examine_audio(write_audio(folder, spec, values)).pcm_sha256;
  };
  const std::string wav = hash({"wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, 22050, 2}, samples);
  CHECK(wav.size() == 64);
  CHECK(hash({"flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 22050, 2}, samples) == wav);
  CHECK(hash({"au", SF_FORMAT_AU | SF_FORMAT_PCM_16, 22050, 2}, samples) == wav);
  // What 16 bits made of them, as floats, with one zero that has a sign.
  const FileSpec integers = {"wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, 22050, 2};
  const Pcm pcm = decode_audio(write_audio(folder, integers, samples));
  std::vector<float> floats;
  for (std::size_t i = 0; i < pcm.frames; ++i) {
    for (std::size_t c = 0; c < 2; ++c) {
      const float value = pcm.channel(c)[i];
      floats.push_back(value == 0 ? -0.0F : value);
    }
  }
  CHECK(hash({"wav", SF_FORMAT_WAV | SF_FORMAT_FLOAT, 22050, 2}, floats) == wav);
  // Another rate, another number of channels, another sample: another music.
  CHECK(hash({"wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, 44100, 2}, samples) != wav);
  CHECK(hash({"wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, 22050, 1}, samples) != wav);
  std::vector<float> other = samples;
  other.back() += 1.0F / 128;
  CHECK(hash({"wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, 22050, 2}, other) != wav);
}

TEST_CASE("what is found in a file, silence too") {
  const TempFolder folder;
  const FileSpec spec = {"wav", SF_FORMAT_WAV | SF_FORMAT_FLOAT, 8000, 2};
  AudioExamination found = examine_audio(write_audio(folder, spec, {0.25F, -0.75F, 0, 0}));
  CHECK(found.peak == 0.75F);
  CHECK(found.info.frames == 2);
  CHECK(found.info.sample_rate_hz == 8000);
  CHECK(found.info.channels == 2);
  CHECK(examine_audio(write_audio(folder, spec, std::vector<float>(8000))).peak == 0);
}

TEST_CASE("silence is checked after the mix to one channel") {
  const TempFolder folder;
  const FileSpec spec = {"wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, 8000, 2};
  const auto examine = [&](float from_left, float added, float right) {
    std::vector<float> samples;
    for (const float left : sine(8000, 300, 8000)) {
      samples.insert(samples.end(),
                     {left, from_left * left + (samples.size() % 4 == 0 ? added : 0) + right});
    }
    return examine_audio(write_audio(folder, spec, samples));
  };
  CHECK(examine(-1, 0, 0).cancels());
  CHECK(examine(-1, 0, 0).peak > 0.4F);
  CHECK(examine(-1, 1.0F / 32768, 0).cancels());  // nearly
  CHECK_FALSE(examine(1, 0, 0).cancels());
  CHECK_FALSE(examine(0, 0, 0).cancels());  // one side alone
  CHECK_FALSE(examine(-0.9F, 0, 0).cancels());
  CHECK_FALSE(examine(-1, 0, 0.25F).cancels());
  CHECK_FALSE(examine_audio(write_audio(folder, spec, std::vector<float>(800))).cancels());
}

TEST_CASE("a file is read to its end: what is bad there is found") {
  const TempFolder folder;
  std::vector<float> samples(200000, 0.25F);
  samples.back() = std::numeric_limits<float>::quiet_NaN();
  const FileSpec spec = {"wav", SF_FORMAT_WAV | SF_FORMAT_FLOAT};
  const std::string path = write_audio(folder, spec, samples);
  CHECK_THAT(message_of<DataError>([&] { examine_audio(path); }),
             Contains("sample nan in frame 199999"));
}

}  // namespace
}  // namespace musicrep
