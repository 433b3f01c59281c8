#include "frontend/stft.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <complex>
#include <numbers>
#include <vector>

namespace musicrep {
namespace {

std::vector<float> ramp(std::size_t n) {
  std::vector<float> out(n);
  for (std::size_t i = 0; i < n; ++i) out[i] = static_cast<float>(i + 1) / static_cast<float>(n);
  return out;
}

/// |DFT|^2 of the frame's samples times the window, by its definition.
std::vector<double> direct(const std::vector<double>& frame) {
  const std::size_t n = frame.size();
  std::vector<double> out;
  for (std::size_t k = 0; k <= n / 2; ++k) {
    std::complex<double> sum = 0;
    for (std::size_t i = 0; i < n; ++i) {
      const double angle =
          -2 * std::numbers::pi * static_cast<double>(k * i % n) / static_cast<double>(n);
      sum += frame[i] * std::polar(1.0, angle);
    }
    out.push_back(std::norm(sum));
  }
  return out;
}

/// `at` may lie outside; `sample` says what is there.
template <typename Sample>
void check_frame(const StftConfig& config, const std::vector<float>& signal, std::size_t t,
                 std::ptrdiff_t first, const std::vector<double>& window, Sample sample) {
  std::vector<double> frame(config.n_fft);
  for (std::size_t i = 0; i < config.n_fft; ++i) {
    frame[i] = window[i] * sample(first + static_cast<std::ptrdiff_t>(i));
  }
  const Stft stft(config);
  const std::vector<double> all = stft.spectrum(signal);
  const std::vector<double> expected = direct(frame);
  CAPTURE(t);
  REQUIRE((t + 1) * stft.n_bins() <= all.size());
  for (std::size_t k = 0; k < expected.size(); ++k) {
    CHECK(all[t * stft.n_bins() + k] == Approx(expected[k]).margin(1e-12));
  }
}

TEST_CASE("periodic Hann window") {
  const std::vector<double> hann = periodic_hann(8);
  CHECK(hann[0] == 0);
  CHECK(hann[4] == 1);
  for (std::size_t i = 1; i < 8; ++i) CHECK(hann[i] == Approx(hann[8 - i]));
}

TEST_CASE("number of frames") {
  CHECK(Stft({.n_fft = 2048, .hop = 512}).n_frames(348000) == 680);
  CHECK(Stft({.n_fft = 2048, .hop = 512}).n_frames(1024) == 3);
  CHECK(Stft({.n_fft = 2048, .hop = 512}).n_frames(1) == 1);
  const StftConfig bare = {.n_fft = 512, .hop = 160, .padding = StftPadding::kNone};
  CHECK(Stft(bare).n_frames(511) == 0);
  CHECK(Stft(bare).n_frames(512) == 1);
  StftConfig left = bare;
  left.win_length = 400;
  left.window_place = WindowPlace::kLeft;
  CHECK(Stft(left).n_frames(399) == 0);
  CHECK(Stft(left).n_frames(400) == 1);
  CHECK(Stft(left).n_frames(559) == 1);
  CHECK(Stft(left).n_frames(560) == 2);
  for (const StftPadding same : {StftPadding::kSameTheano, StftPadding::kSameTensorflow}) {
    const Stft stft({.n_fft = 512, .hop = 256, .padding = same});
    CHECK(stft.n_frames(348000) == 1360);
    CHECK(stft.n_frames(256) == 1);
    CHECK(stft.n_frames(257) == 2);
  }
}

TEST_CASE("centred, mirrored at the first and the last sample") {
  const StftConfig config = {.n_fft = 16, .hop = 4};
  const std::vector<float> signal = ramp(21);
  const auto mirrored = [&](std::ptrdiff_t at) {
    while (at < 0 || at > 20) at = at < 0 ? -at : 40 - at;
    return static_cast<double>(signal[static_cast<std::size_t>(at)]);
  };
  for (const std::size_t t : {0U, 1U, 2U, 5U}) {
    check_frame(config, signal, t, static_cast<std::ptrdiff_t>(4 * t) - 8, periodic_hann(16),
                mirrored);
  }
}

TEST_CASE("mirrored more than once where the signal is shorter than the padding") {
  const std::vector<float> signal = {1, 2, 3};
  const auto mirrored = [&](std::ptrdiff_t at) {
    while (at < 0 || at > 2) at = at < 0 ? -at : 4 - at;
    return static_cast<double>(signal[static_cast<std::size_t>(at)]);
  };
  check_frame({.n_fft = 16, .hop = 4}, signal, 0, -8, periodic_hann(16), mirrored);
  // One sample has nothing to be mirrored at: it is repeated.
  check_frame({.n_fft = 16, .hop = 4}, {5}, 0, -8, periodic_hann(16),
              [](std::ptrdiff_t) { return 5.0; });
}

TEST_CASE("zeros: centred, as in TensorFlow, as in Theano") {
  const std::vector<float> signal = ramp(21);
  const auto zeros = [&](std::ptrdiff_t at) {
    return at < 0 || at > 20 ? 0.0 : static_cast<double>(signal[static_cast<std::size_t>(at)]);
  };
  StftConfig config = {.n_fft = 16, .hop = 4, .padding = StftPadding::kCentredZero};
  check_frame(config, signal, 0, -8, periodic_hann(16), zeros);
  config.padding = StftPadding::kSameTheano;
  check_frame(config, signal, 5, 12, periodic_hann(16), zeros);
  config.padding = StftPadding::kSameTensorflow;  // 6 frames need 36 samples: 7 before, 8 after
  check_frame(config, signal, 0, -7, periodic_hann(16), zeros);
  check_frame(config, signal, 5, 13, periodic_hann(16), zeros);
}

TEST_CASE("short windows: in the middle of the frame, or at its beginning") {
  const std::vector<float> signal = ramp(40);
  const std::vector<double> hann = periodic_hann(10);
  const auto inside = [&](std::ptrdiff_t at) {
    return at >= 40 ? 0.0 : static_cast<double>(signal[static_cast<std::size_t>(at)]);
  };
  StftConfig config = {.n_fft = 16, .win_length = 10, .hop = 5, .padding = StftPadding::kNone};
  std::vector<double> window(16);
  std::copy(hann.begin(), hann.end(), window.begin() + 3);
  check_frame(config, signal, 2, 10, window, inside);
  CHECK(Stft(config).n_frames(40) == 5);
  config.window_place = WindowPlace::kLeft;
  window.assign(16, 0);
  std::copy(hann.begin(), hann.end(), window.begin());
  CHECK(Stft(config).n_frames(40) == 7);
  check_frame(config, signal, 6, 30, window, inside);  // the window ends with the signal
}

TEST_CASE("reversed window, and magnitude") {
  const std::vector<float> signal = ramp(32);
  StftConfig config = {.n_fft = 16, .hop = 4, .padding = StftPadding::kNone};
  config.window_reversed = true;
  std::vector<double> window = periodic_hann(16);
  std::reverse(window.begin(), window.end());
  CHECK(window[15] == 0);
  const auto inside = [&](std::ptrdiff_t at) {
    return static_cast<double>(signal[static_cast<std::size_t>(at)]);
  };
  check_frame(config, signal, 1, 4, window, inside);
  const std::vector<double> power = Stft(config).spectrum(signal);
  config.magnitude = true;
  const std::vector<double> magnitude = Stft(config).spectrum(signal);
  for (std::size_t i = 0; i < power.size(); ++i) CHECK(magnitude[i] == std::sqrt(power[i]));
}

TEST_CASE("a sine of a whole number of periods stands in three bins") {
  std::vector<float> signal(64);
  for (std::size_t i = 0; i < 64; ++i) {
    signal[i] = std::sin(static_cast<float>(2 * std::numbers::pi * 8 / 64) * static_cast<float>(i));
  }
  const std::vector<double> power =
      Stft({.n_fft = 64, .hop = 64, .padding = StftPadding::kNone, .magnitude = true})
          .spectrum(signal);
  CHECK(power[8] == Approx(16).epsilon(1e-5));  // n / 2 times the window's mean
  CHECK(power[7] == Approx(8).epsilon(1e-5));
  CHECK(power[9] == Approx(8).epsilon(1e-5));
  CHECK(power[20] < 1e-5);
}

}  // namespace
}  // namespace musicrep
