#include "audio/resample.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "audio_testing.h"
#include "core/parallel.h"
#include "core/random.h"
#include "musicrep/error.h"

namespace musicrep {
namespace {

using Resample = std::vector<float> (*)(std::span<const float>, double, double);

std::vector<float> soxr(std::span<const float> channel, double from_hz, double to_hz) {
  return resample_soxr(channel, from_hz, to_hz);
}
std::vector<float> soxr_hq(std::span<const float> channel, double from_hz, double to_hz) {
  return resample_soxr(channel, from_hz, to_hz, ResamplerKind::kSoxrHq);
}

TEST_CASE("a sine stays the same sine at another rate") {
  for (const Resample resample : {resample_kaiser_best, soxr, soxr_hq}) {
    for (const double from_hz : {8000, 11025, 22050, 44100, 48000, 96000, 192000}) {
      for (const double to_hz : {12000, 16000, 22050}) {
        CAPTURE(from_hz, to_hz);
        const auto n = static_cast<std::size_t>(from_hz);
        const std::vector<float> out = resample(sine(n, 1000, from_hz), from_hz, to_hz);
        REQUIRE(std::abs(static_cast<double>(out.size()) - to_hz) <= 1);
        const std::vector<float> expected = sine(out.size(), 1000, to_hz);
        double worst = 0;
        for (std::size_t i = out.size() / 10; i < out.size() * 9 / 10; ++i) {
          worst = std::max(worst, std::abs(static_cast<double>(out[i] - expected[i])));
        }
        // kaiser_best's steps through its filter are whole numbers: it is a little off.
        CHECK(worst < (resample == resample_kaiser_best ? 1e-2 : 1e-5));
      }
    }
  }
}

TEST_CASE("what the new rate cannot hold is gone") {
  for (const Resample resample : {resample_kaiser_best, soxr, soxr_hq}) {
    const std::vector<float> out = resample(sine(44100, 9000, 44100), 44100, 12000);
    for (std::size_t i = 1200; i < 10800; ++i) CHECK(std::abs(out[i]) < 1e-4F);
  }
}

TEST_CASE("lengths are those of resampy") {
  CHECK(resample_kaiser_best(std::vector<float>(639450), 22050, 12000).size() == 348000);
  CHECK(resample_kaiser_best(std::vector<float>(1000), 44100, 12000).size() == 272);
  CHECK(resample_kaiser_best(std::vector<float>(1), 12000, 22050).size() == 1);
  CHECK(resample_kaiser_best({}, 22050, 12000).empty());
  CHECK(resample_soxr({}, 22050, 12000).empty());
  CHECK(resample_soxr(std::vector<float>(1000), 44100, 12000).size() == 272);
}

TEST_CASE("the same bits from several threads") {
  Random random(5);
  std::vector<float> noise(30000);
  for (float& x : noise) x = static_cast<float>(random.uniform() - 0.5);
  for (const Resample resample : {resample_kaiser_best, soxr}) {
    const std::vector<float> expected = resample(noise, 44100, 16000);
    std::vector<std::vector<float>> out(6);
    parallel_for(out.size(), 3, [&](std::size_t i) { out[i] = resample(noise, 44100, 16000); });
    for (const std::vector<float>& values : out) CHECK(values == expected);
  }
}

TEST_CASE("each channel by itself, and the same rate is left alone") {
  const std::vector<float> left = sine(4410, 500, 44100);
  const std::vector<float> right = sine(4410, 900, 44100);
  Pcm pcm = {44100, 2, 4410, left};
  pcm.values.insert(pcm.values.end(), right.begin(), right.end());
  CHECK(resampled(pcm, 44100, ResamplerKind::kKaiserBest).values == pcm.values);
  const Pcm out = resampled(pcm, 16000, ResamplerKind::kKaiserBest);
  CHECK(out.sample_rate_hz == 16000);
  CHECK(out.frames == 1600);
  REQUIRE(out.values.size() == 3200);
  const std::vector<float> second = resample_kaiser_best(right, 44100, 16000);
  CHECK(std::equal(second.begin(), second.end(), out.channel(1).begin()));
}

TEST_CASE("too little to resample, and an unknown name") {
  CHECK_THAT(message_of<DataError>([] {
               resampled({192000, 1, 3, {0, 0, 0}}, 8000, ResamplerKind::kKaiserBest);
             }),
             Catch::Contains("3 samples at 192000 Hz, which is less than one at 8000 Hz"));
  CHECK(resampler_named("soxr") == ResamplerKind::kSoxr);
  CHECK(resampler_named("soxr_hq") == ResamplerKind::kSoxrHq);
  CHECK(resampler_named("kaiser_best") == ResamplerKind::kKaiserBest);
  CHECK_THAT(message_of<ConfigError>([] { resampler_named("kaiser_bset"); }),
             Catch::Contains("resampler 'kaiser_bset'") && Catch::Contains("kaiser_best"));
}

}  // namespace
}  // namespace musicrep
