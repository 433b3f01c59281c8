// Resampling.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "audio/pcm.h"

namespace musicrep {

enum class ResamplerKind {
  kSoxr,        ///< libsoxr, "very high quality": what to use where nothing else is asked for
  kSoxrHq,      ///< libsoxr, "high quality": librosa's soxr_hq
  kKaiserBest,  ///< resampy 0.2's kaiser_best: librosa's choice up to 0.9
};

/// "soxr", "soxr_hq" or "kaiser_best". Throws ConfigError with the nearest of them.
ResamplerKind resampler_named(std::string_view name);

/// Every channel of `pcm` at `sample_rate_hz`; unchanged where it has that rate. Throws DataError
/// where nothing would be left of it.
Pcm resampled(Pcm pcm, double sample_rate_hz, ResamplerKind kind);

/// Band-limited interpolation with a windowed sinc (Smith, "Digital Audio Resampling", 2002) as in
/// resampy 0.2's kaiser_best: 64 zero crossings, 512 filter values from one to the next with linear
/// interpolation between them, roll-off 0.9475937167399596, Kaiser window with beta
/// 14.769656459379492. `channel` [n] at `from_hz` becomes [int(n * to_hz / from_hz)] at `to_hz`.
/// Agrees with resampy's own loop to the rounding of float32, quirks included: the step through the
/// filter is cut to a whole number, and the time of an output sample is a running sum.
std::vector<float> resample_kaiser_best(std::span<const float> channel, double from_hz,
                                        double to_hz);

/// libsoxr, in one piece: [n] becomes [round(n * to_hz / from_hz)].
std::vector<float> resample_soxr(std::span<const float> channel, double from_hz, double to_hz,
                                 ResamplerKind kind = ResamplerKind::kSoxr);

}  // namespace musicrep
