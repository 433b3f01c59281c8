#include "audio/decode.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "audio_testing.h"

namespace musicrep {
namespace {

TEST_CASE("8 to 32 bits and floats, 8 to 192 kHz, 1 to 8 channels: exact") {
  const TempFolder folder;
  const FileSpec kinds[] = {{"wav", SF_FORMAT_WAV | SF_FORMAT_PCM_U8},
                            {"wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16},
                            {"wav", SF_FORMAT_WAV | SF_FORMAT_PCM_24},
                            {"wav", SF_FORMAT_WAV | SF_FORMAT_PCM_32},
                            {"wav", SF_FORMAT_WAV | SF_FORMAT_FLOAT},
                            {"wav", SF_FORMAT_WAV | SF_FORMAT_DOUBLE},
                            {"wav", SF_FORMAT_WAVEX | SF_FORMAT_PCM_16},
                            {"wav", SF_FORMAT_RF64 | SF_FORMAT_PCM_16},
                            {"wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16 | SF_ENDIAN_BIG},
                            {"au", SF_FORMAT_AU | SF_FORMAT_PCM_S8},
                            {"au", SF_FORMAT_AU | SF_FORMAT_PCM_16},
                            {"au", SF_FORMAT_AU | SF_FORMAT_PCM_24},
                            {"au", SF_FORMAT_AU | SF_FORMAT_PCM_32},
                            {"au", SF_FORMAT_AU | SF_FORMAT_FLOAT},
                            {"flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_S8},
                            {"flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16},
                            {"flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_24}};
  for (FileSpec spec : kinds) {
    for (const int rate_hz : {8000, 22050, 44100, 192000}) {
      for (const std::size_t channels : {1U, 2U, 3U, 8U}) {
        spec.rate_hz = rate_hz;
        spec.channels = channels;
        CAPTURE(spec.extension, spec.format, rate_hz, channels);
        // 255 / 128 - 1 rounds up to full scale in no integer format: steps() stays below.
        const std::vector<float> samples = steps(700, channels);
        const std::string path = write_audio(folder, spec, samples);
        const AudioInfo info = probe_audio(path);
        CHECK(info.sample_rate_hz == rate_hz);
        CHECK(info.channels == channels);
        CHECK(info.frames == 700);
        const Pcm pcm = decode_audio(path);
        CHECK(pcm.sample_rate_hz == rate_hz);
        REQUIRE(pcm.channels == channels);
        REQUIRE(pcm.frames == 700);
        REQUIRE(pcm.values.size() == samples.size());
        float worst = 0;
        for (std::size_t i = 0; i < samples.size(); ++i) {
          const float sample = pcm.channel(i % channels)[i / channels];
          worst = std::max(worst, std::abs(sample - samples[i]));
        }
        // libsndfile multiplies by 2^(b-1) - 1 as it writes, and divides by 2^(b-1) as it reads.
        const int bits = spec.format & SF_FORMAT_SUBMASK;
        const bool eight = bits == SF_FORMAT_PCM_U8 || bits == SF_FORMAT_PCM_S8;
        CHECK(worst <= (eight ? 1.0F / 127 : 1.0F / 32767));
      }
    }
  }
}

TEST_CASE("integers are divided by 2^(bits - 1)") {
  const TempFolder folder;
  const std::string path = (folder.path() / "clip.wav").string();
  SF_INFO info = {0, 8000, 1, SF_FORMAT_WAV | SF_FORMAT_PCM_16, 0, 0};
  SNDFILE* file = sf_open(path.c_str(), SFM_WRITE, &info);
  REQUIRE(file != nullptr);
  const short samples[] = {-32768, 32767, 1, 0};
  CHECK(sf_writef_short(file, samples, 4) == 4);
  sf_close(file);
  const Pcm pcm = decode_audio(path);
  CHECK(pcm.values == std::vector<float>{-1, 32767.0F / 32768, 1.0F / 32768, 0});
}

TEST_CASE("ogg and mp3 come back in place, nearly as they were") {
  const TempFolder folder;
  const std::vector<float> samples = sine(44100, 440, 22050);
  for (const FileSpec& spec : {FileSpec{"ogg", SF_FORMAT_OGG | SF_FORMAT_VORBIS},
                               FileSpec{"mp3", SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III}}) {
    CAPTURE(spec.extension);
    const std::string path = write_audio(folder, spec, samples);
    CHECK(probe_audio(path).sample_rate_hz == 22050);
    const Pcm pcm = decode_audio(path);
    REQUIRE(pcm.frames >= 44100 - 2304);
    REQUIRE(pcm.frames <= 44100 + 2304);
    double noise = 0;
    double power = 0;
    for (std::size_t i = 4000; i < 40000; ++i) {
      noise += std::pow(static_cast<double>(pcm.values[i] - samples[i]), 2);
      power += std::pow(static_cast<double>(samples[i]), 2);
    }
    CHECK(10 * std::log10(power / noise) > 25);
  }
}

TEST_CASE("no more is decoded than asked for") {
  const TempFolder folder;
  const std::string path = write_audio(folder, {}, steps(100000, 1));
  const Pcm all = decode_audio(path);
  const Pcm some = decode_audio(path, {.max_duration_s = 3.0});
  REQUIRE(some.frames == 66150);
  CHECK(std::equal(some.values.begin(), some.values.end(), all.values.begin()));
  CHECK(decode_audio(path, {.max_duration_s = 100}).frames == 100000);
}

TEST_CASE("channels are mixed while reading") {
  const TempFolder folder;
  FileSpec spec;
  spec.channels = 4;
  const std::string path = write_audio(folder, spec, steps(50000, 4));
  const Pcm all = decode_audio(path);
  const Pcm mono = decode_audio(path, {.channels = 1});
  const Pcm stereo = decode_audio(path, {.channels = 2});
  REQUIRE(mono.frames == 50000);
  REQUIRE(mono.channels == 1);
  REQUIRE(stereo.values.size() == 100000);
  for (const std::size_t i : {0U, 1U, 17000U, 49999U}) {
    // Front left, right and center, and back center; 2.2071 and 2.9142 are the sums.
    const float center = 0.70711F * all.channel(2)[i] + 0.5F * all.channel(3)[i];
    CHECK(stereo.channel(0)[i] == Approx((all.channel(0)[i] + center) / 2.20711).margin(1e-5));
    CHECK(stereo.channel(1)[i] == Approx((all.channel(1)[i] + center) / 2.20711).margin(1e-5));
    const float front = 0.70711F * (all.channel(0)[i] + all.channel(1)[i]) + all.channel(2)[i];
    CHECK(mono.values[i] == Approx((front + 0.5F * all.channel(3)[i]) / 2.91421).margin(1e-5));
  }
}

TEST_CASE("the reader hands out blocks of any size") {
  const TempFolder folder;
  FileSpec spec;
  spec.channels = 2;
  const std::vector<float> samples = steps(1000, 2);
  AudioReader reader(write_audio(folder, spec, samples));
  CHECK(reader.info().frames == 1000);
  std::vector<float> block(2 * 300);
  std::vector<std::size_t> sizes;
  while (const std::size_t got = reader.read(block)) sizes.push_back(got);
  CHECK(sizes == std::vector<std::size_t>{300, 300, 300, 100});
}

TEST_CASE("silence and clipping are audio, and names may hold anything") {
  const TempFolder folder;
  const Pcm silence = decode_audio(
      write_audio(folder, {}, std::vector<float>(500, 0.0F), "Stille – тишина 'ü' (1)"));
  CHECK(silence.values == std::vector<float>(500, 0.0F));
  FileSpec floats;
  floats.format = SF_FORMAT_WAV | SF_FORMAT_FLOAT;
  const std::vector<float> loud = {1, -1, 1.5F, -1.5F};
  CHECK(decode_audio(write_audio(folder, floats, loud)).values == loud);
}

}  // namespace
}  // namespace musicrep
