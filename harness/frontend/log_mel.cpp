#include "frontend/log_mel.h"

#include <cassert>
#include <vector>

namespace musicrep {

LogMel::LogMel(const LogMelConfig& config)
    : config_(config),
      stft_(config.stft),
      bank_(config.mel, config.sample_rate_hz, config.stft.n_fft) {}

Spectrogram LogMel::compute(std::span<const float> samples, std::size_t channels) const {
  assert(channels > 0 && !samples.empty() && samples.size() % channels == 0);
  const std::size_t n_samples = samples.size() / channels;
  Spectrogram out = {channels, n_frames(n_samples), n_mels(), {}};
  out.values.resize(channels * out.frames * out.bins);
  std::vector<FrameLanes> mels(n_mels());
  for (std::size_t c = 0; c < channels; ++c) {
    stft_.for_each_block(
        samples.subspan(c * n_samples, n_samples),
        [&](std::size_t first, std::size_t n, std::span<const FrameLanes> spectra) {
          bank_.apply(spectra, mels);
          double* row = &out.values[(c * out.frames + first) * out.bins];
          for (std::size_t lane = 0; lane < n; ++lane) {
            for (const FrameLanes& mel : mels) *row++ = mel.values[lane];
          }
        });
  }
  apply_log(out.values, config_.log);
  return out;
}

}  // namespace musicrep
