// Logarithms of spectra.
#pragma once

#include <span>

namespace musicrep {

/// The reference of 0 dB.
enum class Reference {
  kOne,      ///< 1.0
  kClipMax,  ///< the clip's greatest value, over all channels
};

struct LogConfig {
  enum class Kind {
    kNone,     ///< the values as they are
    kDecibel,  ///< 10 log10(max(x, amin)), then reference and range
    kNatural,  ///< ln(x + offset)
  };
  Kind kind = Kind::kDecibel;
  double amin = 1e-10;  ///< kDecibel
  Reference reference = Reference::kOne;
  double range_db = 80;  ///< kDecibel: nothing lies further below the clip's maximum; 0: no floor
  double offset = 0.01;  ///< kNatural
  bool standardise_clip = false;  ///< then (x - mean) / (std + 1e-10) over the whole clip
};

/// 10 log10(max(x, amin)) of each value.
void to_decibel(std::span<double> values, double amin);

/// Decibels cut off at (their maximum - range_db; 0: not at all), and with kClipMax shifted so that
/// the maximum is 0. The span is what the maximum is taken over: a clip, or a batch of them.
void limit_range(std::span<double> decibels, Reference reference, double range_db);

/// (x - mean) / (std + 1e-10), population std, over all values.
void standardise(std::span<double> values);

/// All that `config` says, over one clip.
void apply_log(std::span<double> values, const LogConfig& config);

}  // namespace musicrep
