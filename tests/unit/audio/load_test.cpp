#include "audio/load.h"

#include <catch2/catch.hpp>
#include <vector>

#include "audio/resample.h"
#include "audio_testing.h"
#include "musicrep/error.h"

namespace musicrep {
namespace {

EncoderInfo mono_12k() {
  EncoderInfo info;
  info.sample_rate_hz = 12000;
  info.channels = 1;
  return info;
}

TEST_CASE("a file as an encoder wants it") {
  const TempFolder folder;
  FileSpec spec;
  spec.rate_hz = 44100;
  spec.channels = 2;
  const std::string path = write_audio(folder, spec, steps(44100, 2));
  EncoderInfo info = mono_12k();
  CHECK(info.resampler == "soxr");
  const Pcm soxr = load_audio(path, info);
  CHECK(soxr.channels == 1);
  CHECK(soxr.sample_rate_hz == 12000);
  CHECK(soxr.frames == 12000);
  const Pcm mono = decode_audio(path, {.channels = 1});
  CHECK(soxr.values == resample_soxr(mono.values, 44100, 12000));
  info.resampler = "kaiser_best";
  CHECK(load_audio(path, info).values == resample_kaiser_best(mono.values, 44100, 12000));
  info.max_duration_s = 0.5;
  CHECK(load_audio(path, info).frames == 6000);
  info.channels = 2;
  CHECK(load_audio(path, info).channels == 2);
}

TEST_CASE("what goes wrong names the file") {
  const TempFolder folder;
  FileSpec spec;
  spec.rate_hz = 192000;
  const std::string path = write_audio(folder, spec, std::vector<float>(3, 0.5F));
  EncoderInfo info = mono_12k();
  info.resampler = "kaiser_best";
  CHECK_THAT(message_of<DataError>([&] { load_audio(path, info); }),
             Catch::Contains(path) && Catch::Contains("less than one at 12000 Hz"));
  CHECK_THAT(message_of<DataError>([&] { load_audio(path, info, 2); }),
             Catch::Contains(path) && Catch::Contains("expected at most 2"));
  info.resampler = "linear";
  CHECK_THAT(message_of<ConfigError>([&] { load_audio(path, info); }),
             Catch::Contains("resampler 'linear'"));
}

}  // namespace
}  // namespace musicrep
