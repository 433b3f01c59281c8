#include "audio/mix.h"

#include <catch2/catch.hpp>
#include <numbers>
#include <vector>

namespace musicrep {
namespace {

TEST_CASE("mono is the mean, stereo stays, mono is doubled") {
  const Pcm stereo = {8000, 2, 3, {1, 2, 3, 3, 2, -3}};
  const Pcm mono = mixed(stereo, 1);
  CHECK(mono.channels == 1);
  CHECK(mono.frames == 3);
  CHECK(mono.sample_rate_hz == 8000);
  CHECK(mono.values == std::vector<float>{2, 2, 0});
  CHECK(mixed(stereo, 2).values == stereo.values);
  CHECK(mixed(stereo, 0).values == stereo.values);
  CHECK(mixed(mono, 2).values == std::vector<float>{2, 2, 0, 2, 2, 0});
}

/// What becomes of one channel alone at 1: [out].
std::vector<float> mixed(std::size_t channels, std::size_t which, std::size_t out,
                         std::span<const Speaker> speakers = {}) {
  std::vector<float> frame(channels);
  frame[which] = 1;
  std::vector<std::vector<float>> planes(out);
  Mixer(channels, speakers, out).append(frame, planes);
  std::vector<float> values;
  for (const std::vector<float>& plane : planes) values.push_back(plane.at(0));
  return values;
}

TEST_CASE("5.1 to stereo and to mono by libswresample's coefficients") {
  const double sum = 1 + std::numbers::sqrt2;
  const double half = std::numbers::sqrt2 / 2 / sum;
  const double expected[6][2] = {{1 / sum, 0}, {0, 1 / sum}, {half, half},
                                 {0, 0},       {half, 0},    {0, half}};
  const double mono[6] = {.20711, .20711, .29289, 0, .14645, .14645};
  for (std::size_t c = 0; c < 6; ++c) {
    CAPTURE(c);
    const std::vector<float> stereo = mixed(6, c, 2);
    CHECK(stereo[0] == Approx(expected[c][0]).margin(1e-7));
    CHECK(stereo[1] == Approx(expected[c][1]).margin(1e-7));
    CHECK(mixed(6, c, 1)[0] == Approx(mono[c]).margin(1e-5));
  }
}

TEST_CASE("places that a file tells come before what its number of channels suggests") {
  using enum Speaker;
  const std::vector<Speaker> quad = {kFrontLeft, kFrontRight, kBackLeft, kBackRight};
  CHECK(mixed(4, 2, 2, quad)[1] == 0);
  CHECK(mixed(4, 2, 2)[1] > 0);  // 4.0: the front's center
  // Nobody knows where nine channels, or these three, are played: their mean.
  CHECK(mixed(9, 4, 2) == std::vector<float>{1.0F / 9, 1.0F / 9});
  CHECK(mixed(3, 0, 1, std::vector<Speaker>{kOther, kOther, kOther})[0] == Approx(1.0 / 3));
  CHECK(mixed(4, 1, 3) == std::vector<float>{0.25F, 0.25F, 0.25F});
}

TEST_CASE("blocks are appended, as mixed() has it") {
  std::vector<std::vector<float>> planes(1);
  const Mixer to_mono(2, {}, 1);
  to_mono.append(std::vector<float>{1, 3, 2, 2}, planes);
  to_mono.append(std::vector<float>{3, -3}, planes);
  CHECK(planes[0] == std::vector<float>{2, 2, 0});
  planes.assign(2, {});
  Mixer(2, {}, 2).append(std::vector<float>{1, 3, 2, 2}, planes);
  CHECK(planes[0] == std::vector<float>{1, 2});
  CHECK(planes[1] == std::vector<float>{3, 2});
}

}  // namespace
}  // namespace musicrep
