#include "frontend/frame_block.h"

#include <catch2/catch.hpp>
#include <complex>
#include <cstring>
#include <kissfft/kissfft.hh>
#include <vector>

#include "core/random.h"

namespace musicrep {
namespace {

std::vector<float> noise(std::size_t n) {
  Random random(5);
  std::vector<float> out(n);
  for (float& x : out) x = static_cast<float>(random.uniform() - 0.5);
  return out;
}

/// |X|^2 of one frame as kissfft gives it.
std::vector<double> kissfft_power(const std::vector<double>& frame) {
  const std::size_t n = frame.size() / 2;
  std::vector<std::complex<double>> z(n);
  kissfft<double>(n, false).transform_real(frame.data(), z.data());
  std::vector<double> out(n + 1);
  out[0] = z[0].real() * z[0].real();
  out[n] = z[0].imag() * z[0].imag();
  for (std::size_t k = 1; k < n; ++k) {
    out[k] = z[k].real() * z[k].real() + z[k].imag() * z[k].imag();
  }
  return out;
}

}  // namespace

TEST_CASE("blocks of frames have kissfft's bits on every instruction set") {
  for (const std::size_t n_fft :
       std::initializer_list<std::size_t>{4, 8, 16, 64, 512, 1024, 2048, 4096}) {
    const std::size_t hop = n_fft / 4 + 1;
    const std::vector<float> samples = noise(n_fft + (kFramesAtOnce - 1) * hop);
    std::vector<double> window(n_fft);
    for (std::size_t i = 0; i < n_fft; ++i) window[i] = 1 / (1.0 + static_cast<double>(i));
    const FourierPlan plan = fourier_plan(n_fft);
    std::vector<FrameLanes> frames(n_fft);
    std::vector<FrameLanes> work(n_fft);
    std::vector<FrameLanes> power(n_fft / 2 + 1);
    for (const FrameBlockLoops& loops : frame_block_loops()) {
      CAPTURE(n_fft, loops.name);
      loops.fill(samples.data(), hop, window.data(), n_fft, frames.data());
      loops.power(plan.tables(), frames.data(), work.data(), power.data());
      for (std::size_t lane = 0; lane < kFramesAtOnce; ++lane) {
        std::vector<double> frame(n_fft);
        for (std::size_t i = 0; i < n_fft; ++i) {
          frame[i] = static_cast<double>(samples[lane * hop + i]) * window[i];
        }
        const std::vector<double> expected = kissfft_power(frame);
        std::vector<double> found;
        for (const FrameLanes& bin : power) found.push_back(bin.values[lane]);
        CHECK(found == expected);
      }
      FrameLanes sum;
      loops.weigh(window.data(), power.size(), power.data(), &sum);
      double expected = 0;
      for (std::size_t k = 0; k < power.size(); ++k) expected += window[k] * power[k].values[3];
      CHECK(sum.values[3] == expected);
    }
  }
}

TEST_CASE("a half that is no power of 2 has no plan of its own") {
  for (const std::size_t n_fft : std::initializer_list<std::size_t>{2, 6, 400, 1000})
    CHECK(fourier_plan(n_fft).radices.empty());
}

}  // namespace musicrep
