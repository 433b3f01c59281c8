#include "frontend/stft.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <complex>
#include <kissfft/kissfft.hh>
#include <numbers>

#include "core/planted_fault.h"

namespace musicrep {
namespace {

/// Where sample `i` of a signal of `n` comes from when it is mirrored at its first and last sample.
std::size_t reflected(std::ptrdiff_t i, std::size_t n) {
  if (n == 1) return 0;
  const auto period = static_cast<std::ptrdiff_t>(2 * (n - 1));
  const std::ptrdiff_t within = ((i % period) + period) % period;
  return static_cast<std::size_t>(std::min(within, period - within));
}

}  // namespace

std::vector<double> periodic_hann(std::size_t length) {
  std::vector<double> window(length);
  const std::size_t period = fault_planted("window_width") ? length + 1 : length;
  for (std::size_t n = 0; n < length; ++n) {
    const double turn = static_cast<double>(n) / static_cast<double>(period);
    window[n] = 0.5 - 0.5 * std::cos(2 * std::numbers::pi * turn);
  }
  return window;
}

Stft::Stft(const StftConfig& config) : config_(config) {
  if (config_.win_length == 0) config_.win_length = config_.n_fft;
  assert(config_.n_fft >= 2 && config_.n_fft % 2 == 0 && config_.hop > 0);
  assert(config_.win_length <= config_.n_fft);
  std::vector<double> hann = periodic_hann(config_.win_length);
  if (config_.window_reversed) std::reverse(hann.begin(), hann.end());
  const bool centred = config_.window_place == WindowPlace::kCentred;
  const std::size_t start = centred ? (config_.n_fft - config_.win_length) / 2 : 0;
  window_.resize(config_.n_fft);
  std::copy(hann.begin(), hann.end(), window_.begin() + static_cast<std::ptrdiff_t>(start));
  plan_ = fourier_plan(config_.n_fft);
}

std::size_t Stft::frame_length() const {
  return config_.window_place == WindowPlace::kLeft ? config_.win_length : config_.n_fft;
}

std::size_t Stft::n_frames(std::size_t n_samples) const {
  switch (config_.padding) {
    case StftPadding::kSameTheano:
    case StftPadding::kSameTensorflow:
      return (n_samples + config_.hop - 1) / config_.hop;
    default:
      const Padding pad = padding(n_samples);
      const std::size_t length = pad.left + n_samples + pad.right;
      return length < frame_length() ? 0 : 1 + (length - frame_length()) / config_.hop;
  }
}

Stft::Padding Stft::padding(std::size_t n_samples) const {
  switch (config_.padding) {
    case StftPadding::kNone:
      return {0, 0};
    case StftPadding::kCentredReflect:
    case StftPadding::kCentredZero:
    case StftPadding::kSameTheano:
      return {config_.n_fft / 2, config_.n_fft / 2};
    case StftPadding::kSameTensorflow:
      break;
  }
  const std::size_t frames = n_frames(n_samples);
  const std::size_t needed = frames == 0 ? 0 : (frames - 1) * config_.hop + frame_length();
  const std::size_t total = needed > n_samples ? needed - n_samples : 0;
  return {total / 2, total - total / 2};
}

/// The samples from `first` on, which may lie before the beginning, times the window.
void Stft::fill_frame(std::span<const float> channel, std::ptrdiff_t first,
                      std::span<double> frame) const {
  const std::size_t n = channel.size();
  if (first >= 0 && static_cast<std::size_t>(first) + frame.size() <= n) {
    const float* samples = channel.data() + first;
    for (std::size_t i = 0; i < frame.size(); ++i) {
      frame[i] = static_cast<double>(samples[i]) * window_[i];
    }
    return;
  }
  const bool mirrored = config_.padding == StftPadding::kCentredReflect;
  for (std::size_t i = 0; i < frame.size(); ++i) {
    const std::ptrdiff_t at = first + static_cast<std::ptrdiff_t>(i);
    const bool inside = at >= 0 && static_cast<std::size_t>(at) < n;
    const std::size_t from = inside ? static_cast<std::size_t>(at) : reflected(at, n);
    frame[i] = inside || mirrored ? static_cast<double>(channel[from]) * window_[i] : 0;
  }
}

// `n` frames, hop by hop from sample `first` on, as lanes.
void Stft::fill_block(std::span<const float> channel, std::ptrdiff_t first, std::size_t n,
                      std::vector<double>& frame, std::vector<FrameLanes>& frames) const {
  const std::size_t length = frame.size();
  const std::size_t reach = (kFramesAtOnce - 1) * config_.hop + length;
  if (n == kFramesAtOnce && first >= 0 &&
      static_cast<std::size_t>(first) + reach <= channel.size()) {
    frame_block_loops().back().fill(channel.data() + first, config_.hop, window_.data(), length,
                                    frames.data());
    return;
  }
  for (std::size_t lane = 0; lane < n; ++lane) {
    fill_frame(channel, first + static_cast<std::ptrdiff_t>(lane * config_.hop), frame);
    for (std::size_t i = 0; i < length; ++i) frames[i].values[lane] = frame[i];
  }
}

void Stft::for_each_block(
    std::span<const float> channel,
    const std::function<void(std::size_t, std::size_t, std::span<const FrameLanes>)>& use) const {
  assert(!channel.empty());
  const std::size_t n_half = config_.n_fft / 2;
  std::vector<double> frame(config_.n_fft);
  std::vector<FrameLanes> frames(config_.n_fft);
  std::vector<FrameLanes> spectra(n_bins());
  std::vector<FrameLanes> work(plan_.radices.empty() ? 0 : config_.n_fft);
  const kissfft<double> fft(n_half, false);  // a real transform of twice its length
  std::vector<std::complex<double>> transform(n_half);
  const std::size_t n_all = n_frames(channel.size());
  const auto left = static_cast<std::ptrdiff_t>(padding(channel.size()).left);
  for (std::size_t t = 0; t < n_all; t += kFramesAtOnce) {
    const std::size_t n = std::min(kFramesAtOnce, n_all - t);
    fill_block(channel, static_cast<std::ptrdiff_t>(t * config_.hop) - left, n, frame, frames);
    if (!plan_.radices.empty()) {
      frame_block_loops().back().power(plan_.tables(), frames.data(), work.data(), spectra.data());
    } else {
      for (std::size_t lane = 0; lane < n; ++lane) {
        for (std::size_t i = 0; i < frame.size(); ++i) frame[i] = frames[i].values[lane];
        fft.transform_real(frame.data(), transform.data());
        spectra[0].values[lane] = transform[0].real() * transform[0].real();
        spectra[n_half].values[lane] = transform[0].imag() * transform[0].imag();
        for (std::size_t k = 1; k < n_half; ++k) {
          const double re = transform[k].real();
          const double im = transform[k].imag();
          spectra[k].values[lane] = re * re + im * im;
        }
      }
    }
    if (config_.magnitude) {
      for (FrameLanes& bin : spectra) {
        for (double& value : bin.values) value = std::sqrt(value);
      }
    }
    use(t, n, spectra);
  }
}

void Stft::for_each_frame(
    std::span<const float> channel,
    const std::function<void(std::size_t, std::span<const double>)>& use) const {
  std::vector<double> spectrum(n_bins());
  for_each_block(channel,
                 [&](std::size_t first, std::size_t n, std::span<const FrameLanes> spectra) {
                   for (std::size_t lane = 0; lane < n; ++lane) {
                     for (std::size_t k = 0; k < spectrum.size(); ++k)
                       spectrum[k] = spectra[k].values[lane];
                     use(first + lane, spectrum);
                   }
                 });
}

std::vector<double> Stft::spectrum(std::span<const float> channel) const {
  std::vector<double> out;
  out.reserve(n_frames(channel.size()) * n_bins());
  for_each_frame(channel, [&](std::size_t, std::span<const double> frame) {
    out.insert(out.end(), frame.begin(), frame.end());
  });
  return out;
}

}  // namespace musicrep
