#include "frontend/log_mel.h"

#include <cassert>

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
  for (std::size_t c = 0; c < channels; ++c) {
    stft_.for_each_frame(samples.subspan(c * n_samples, n_samples),
                         [&](std::size_t t, std::span<const double> spectrum) {
                           const std::size_t row = (c * out.frames + t) * out.bins;
                           bank_.apply(spectrum, std::span(out.values).subspan(row, out.bins));
                         });
  }
  apply_log(out.values, config_.log);
  return out;
}

}  // namespace musicrep
