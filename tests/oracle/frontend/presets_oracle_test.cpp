// The named front ends against NumPy and SciPy (make_fixture.py) and against published values.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <numbers>
#include <numeric>
#include <string>
#include <vector>

#include "formats/npy.h"
#include "frontend/dct.h"
#include "frontend/front_ends.h"
#include "oracle/audio/signals.h"

namespace musicrep {
namespace {

std::vector<float> pcm(std::size_t n, int rate_hz, std::uint32_t seed = 1, float scale = 32768) {
  std::vector<float> out;
  for (const std::int16_t sample : music(n, rate_hz, seed)) {
    out.push_back(static_cast<float>(sample) / scale);
  }
  return out;
}

/// Fixtures are float32: 6e-8 of that is their own.
void check_equal(const std::vector<double>& values, const std::string& name) {
  CAPTURE(name);
  const Matrix expected =
      read_npy(std::string(MUSICREP_TEST_DIR "/oracle/frontend/") + name + ".npy").to_matrix();
  REQUIRE(values.size() == expected.values().size());
  double worst = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double e = expected.values()[i];
    worst = std::max(worst, std::abs(values[i] - e) / std::max(1.0, std::abs(e)));
  }
  CHECK(worst < 1e-6);
}

std::vector<double> compute(const LogMelConfig& config, const std::vector<float>& samples,
                            std::size_t channels = 1) {
  return LogMel(config).compute(samples, channels).values;
}

TEST_CASE("front end of MFCC, and its DCT") {
  const std::vector<double> mel = compute(front_end("mfcc_choi2017").config, pcm(9000, 12000));
  check_equal(mel, "mfcc_mel");
  const Dct dct(128, 20);
  std::vector<double> coefficients(mel.size() / 128 * 20);
  for (std::size_t t = 0; t < mel.size() / 128; ++t) {
    dct.apply(std::span(mel).subspan(t * 128, 128), std::span(coefficients).subspan(t * 20, 20));
  }
  check_equal(coefficients, "mfcc_dct");
  check_equal(compute(front_end("mfcc_choi2017").config, pcm(1024, 12000)), "mfcc_shortest");
}

TEST_CASE("front ends of TLM") {
  check_equal(compute(front_end("tlm_theano").config, pcm(7000, 12000)), "tlm_theano");
  check_equal(compute(front_end("tlm_keras2").config, pcm(7001, 12000)), "tlm_keras2");
  CHECK(LogMel(front_end("tlm_theano").config).n_frames(348000) == 1360);
  CHECK(LogMel(front_end("tlm_keras2").config).n_frames(348000) == 1360);
}

TEST_CASE("front ends of MTLMR: the maximum is over both channels") {
  std::vector<float> stereo = pcm(5000, 22050);
  const std::vector<float> quiet = pcm(5000, 22050, 2, 32768 * 64);
  stereo.insert(stereo.end(), quiet.begin(), quiet.end());
  check_equal(compute(front_end("mtlmr").config, stereo, 2), "mtlmr");
  check_equal(compute(front_end("mtlmr_lasagne").config, stereo, 2), "mtlmr_lasagne");
}

TEST_CASE("front end of VGGish") {
  check_equal(compute(front_end("vggish").config, pcm(7000, 16000)), "vggish");
}

TEST_CASE("VGGish's smoke test: three seconds of a sine of 1 kHz") {
  std::vector<float> sine(48000);
  for (std::size_t i = 0; i < sine.size(); ++i) {
    const double t = static_cast<double>(i) / 16000;
    sine[i] = static_cast<float>(std::sin(2 * std::numbers::pi * 1000 * t));
  }
  const Spectrogram mel = LogMel(front_end("vggish").config).compute(sine);
  REQUIRE(mel.bins == 64);
  REQUIRE(count_patches(mel.frames, 96, 96) == 3);
  const std::span<const double> patches = mel.rows(0, 0, 3 * 96);
  const auto n = static_cast<double>(patches.size());
  const double sum = std::accumulate(patches.begin(), patches.end(), 0.0);
  // Published for samples in double; in float32 they are 3e-8 apart, which empty bands show.
  CHECK(sum == Approx(-63214.7318).epsilon(0).margin(0.06));
  CHECK(sum / n == Approx(-3.429619).epsilon(0).margin(4e-6));
  double squares = 0;
  for (const double value : patches) squares += (value - sum / n) * (value - sum / n);
  CHECK(std::sqrt(squares / n) == Approx(2.126577).epsilon(0).margin(4e-6));
  CHECK(*std::min_element(patches.begin(), patches.end()) ==
        Approx(-4.601163).epsilon(0).margin(4e-5));
  CHECK(*std::max_element(patches.begin(), patches.end()) ==
        Approx(4.811118).epsilon(0).margin(1e-6));
  CHECK(std::max_element(patches.begin(), patches.begin() + 64) - patches.begin() == 19);
  const double beginning[] = {-4.48313, -4.27083, -4.17064, -4.23771};
  for (std::size_t i = 0; i < 4; ++i)
    CHECK(patches[i] == Approx(beginning[i]).epsilon(0).margin(1e-5));
}

}  // namespace
}  // namespace musicrep
