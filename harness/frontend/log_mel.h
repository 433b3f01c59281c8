// Samples to a mel spectrogram.
#pragma once

#include <cstddef>
#include <span>

#include "frontend/decibel.h"
#include "frontend/mel.h"
#include "frontend/spectrogram.h"
#include "frontend/stft.h"

namespace musicrep {

/// A front end, in the order in which it works.
struct LogMelConfig {
  double sample_rate_hz = 0;
  StftConfig stft;
  MelConfig mel;
  LogConfig log;
};

/// STFT, mel bank and logarithm. See front_ends.h for the ones that have a name.
class LogMel {
 public:
  explicit LogMel(const LogMelConfig& config);

  [[nodiscard]] const LogMelConfig& config() const { return config_; }
  [[nodiscard]] std::size_t n_mels() const { return bank_.n_mels(); }
  [[nodiscard]] std::size_t n_frames(std::size_t n_samples) const {
    return stft_.n_frames(n_samples);
  }

  /// `samples` [channels, N] in [-1, 1] at config().sample_rate_hz, N >= 1, to
  /// [channels, n_frames(N), n_mels]. Maxima and means are taken over all channels of the clip.
  /// Safe from several threads at once.
  [[nodiscard]] Spectrogram compute(std::span<const float> samples, std::size_t channels = 1) const;

 private:
  LogMelConfig config_;
  Stft stft_;
  MelBank bank_;
};

}  // namespace musicrep
