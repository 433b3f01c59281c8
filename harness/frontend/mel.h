// Mel filter banks.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "frontend/frame_block.h"

namespace musicrep {

enum class MelKind {
  /// Slaney's Auditory Toolbox (1998), librosa.filters.mel: mels linear to 1 kHz (200/3 Hz each)
  /// and
  /// logarithmic above (27 mels for a factor of 6.4); triangles linear in Hz, of area 1 (in Hz).
  kSlaney,
  /// VGGish (Hershey et al. 2017, mel_features.py): 1127 ln(1 + f / 700); triangles linear in mel,
  /// of peak 1; the DC bin belongs to none.
  kHtk,
};

struct MelConfig {
  MelKind kind = MelKind::kSlaney;
  std::size_t n_mels = 128;
  double fmin_hz = 0;
  double fmax_hz = 0;  ///< 0: half the sample rate
};

/// n_mels triangles over the bins of a spectrum; only what is not zero is kept.
class MelBank {
 public:
  MelBank(const MelConfig& config, double sample_rate_hz, std::size_t n_fft);

  [[nodiscard]] std::size_t n_mels() const { return filters_.size(); }

  /// `spectrum` [n_fft / 2 + 1] to `mel` [n_mels].
  void apply(std::span<const double> spectrum, std::span<double> mel) const;

  /// The same of kFramesAtOnce frames: `spectra` [n_fft / 2 + 1] to `mels` [n_mels].
  void apply(std::span<const FrameLanes> spectra, std::span<FrameLanes> mels) const;

  /// The whole matrix, row-major [n_mels, n_fft / 2 + 1].
  [[nodiscard]] std::vector<double> matrix() const;

 private:
  struct Triangle {
    std::size_t first_bin = 0;
    std::vector<double> weights;
  };
  std::size_t n_bins_;
  std::vector<Triangle> filters_;
};

/// Hz to mel and back.
double hz_to_mel(MelKind kind, double hz);
double mel_to_hz(MelKind kind, double mel);

}  // namespace musicrep
