#include "frontend/mel.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "core/planted_fault.h"

namespace musicrep {
namespace {

constexpr double kSlaneyHzPerMel = 200.0 / 3.0;  // below the break
constexpr double kSlaneyBreakHz = 1000;
constexpr double kSlaneyBreakMel = kSlaneyBreakHz / kSlaneyHzPerMel;  // 15
const double kSlaneyLogStep = std::log(6.4) / 27;                     // above the break
constexpr double kHtkMels = 1127;
constexpr double kHtkHz = 700;

}  // namespace

double hz_to_mel(MelKind kind, double hz) {
  if (kind == MelKind::kHtk) return kHtkMels * std::log(1 + hz / kHtkHz);
  if (hz < kSlaneyBreakHz) return hz / kSlaneyHzPerMel;
  return kSlaneyBreakMel + std::log(hz / kSlaneyBreakHz) / kSlaneyLogStep;
}

double mel_to_hz(MelKind kind, double mel) {
  if (kind == MelKind::kHtk) return kHtkHz * (std::exp(mel / kHtkMels) - 1);
  if (mel < kSlaneyBreakMel) return mel * kSlaneyHzPerMel;
  return kSlaneyBreakHz * std::exp(kSlaneyLogStep * (mel - kSlaneyBreakMel));
}

MelBank::MelBank(const MelConfig& config, double sample_rate_hz, std::size_t n_fft)
    : n_bins_(n_fft / 2 + 1), filters_(config.n_mels) {
  const double nyquist_hz = sample_rate_hz / 2;
  const double fmax_hz = config.fmax_hz > 0 ? config.fmax_hz : nyquist_hz;
  assert(config.n_mels > 0 && config.fmin_hz >= 0 && config.fmin_hz < fmax_hz);
  assert(fmax_hz <= nyquist_hz);

  // Corners and bins are compared on the scale on which the triangles are straight.
  const bool slaney = config.kind == MelKind::kSlaney;
  const double low = hz_to_mel(config.kind, config.fmin_hz);
  const double high = hz_to_mel(config.kind, fmax_hz);
  std::vector<double> corners(config.n_mels + 2);
  for (std::size_t i = 0; i < corners.size(); ++i) {
    const double step = (high - low) / static_cast<double>(corners.size() - 1);
    const double mel = low + static_cast<double>(i) * step;
    corners[i] = slaney ? mel_to_hz(config.kind, mel) : mel;
  }
  std::vector<double> bins(n_bins_);
  for (std::size_t k = 0; k < n_bins_; ++k) {
    const double hz = static_cast<double>(k) * sample_rate_hz / static_cast<double>(n_fft);
    bins[k] = slaney ? hz : hz_to_mel(config.kind, hz);
  }
  for (std::size_t m = 0; m < config.n_mels; ++m) {
    // The fault: the first filter begins 5 % of its half width too high.
    const double too_high =
        m == 0 && fault_planted("mel_edge") ? 0.05 * (corners[1] - corners[0]) : 0;
    const double left = corners[m] + too_high;
    const double centre = corners[m + 1];
    const double right = corners[m + 2];
    const double height = slaney ? 2 / (right - left) : 1;
    Triangle& filter = filters_[m];
    for (std::size_t k = slaney ? 0 : 1; k < n_bins_; ++k) {
      const double rising = (bins[k] - left) / (centre - left);
      const double falling = (right - bins[k]) / (right - centre);
      const double weight = std::min(rising, falling) * height;
      if (weight <= 0) continue;
      if (filter.weights.empty()) filter.first_bin = k;
      filter.weights.push_back(weight);
    }
  }
}

void MelBank::apply(std::span<const double> spectrum, std::span<double> mel) const {
  assert(spectrum.size() == n_bins_ && mel.size() == filters_.size());
  for (std::size_t m = 0; m < filters_.size(); ++m) {
    const Triangle& filter = filters_[m];
    double sum = 0;
    for (std::size_t i = 0; i < filter.weights.size(); ++i) {
      sum += filter.weights[i] * spectrum[filter.first_bin + i];
    }
    mel[m] = sum;
  }
}

void MelBank::apply(std::span<const FrameLanes> spectra, std::span<FrameLanes> mels) const {
  assert(spectra.size() == n_bins_ && mels.size() == filters_.size());
  const FrameBlockLoops& loops = frame_block_loops().back();
  for (std::size_t m = 0; m < filters_.size(); ++m) {
    const Triangle& filter = filters_[m];
    loops.weigh(filter.weights.data(), filter.weights.size(), &spectra[filter.first_bin], &mels[m]);
  }
}

std::vector<double> MelBank::matrix() const {
  std::vector<double> out(filters_.size() * n_bins_);
  for (std::size_t m = 0; m < filters_.size(); ++m) {
    std::copy(filters_[m].weights.begin(), filters_[m].weights.end(),
              out.begin() + static_cast<std::ptrdiff_t>(m * n_bins_ + filters_[m].first_bin));
  }
  return out;
}

}  // namespace musicrep
