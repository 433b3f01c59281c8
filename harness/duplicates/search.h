// Finds clips that share audio.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "duplicates/fingerprint.h"

namespace musicrep {

/// Two clips with the same sound over most of their common time.
struct SharedAudio {
  std::size_t a = 0;  ///< places in the list of fingerprints, a < b
  std::size_t b = 0;
  double offset_s = 0;        ///< what is at time t in b is at t + offset_s in a
  double overlap_s = 0;       ///< common time in which neither is silent
  double bit_error_rate = 0;  ///< share of bits that differ; 0.5: by chance
};

/// Clips are one where fewer bits differ than this. See tests/unit/duplicates for what copies and
/// unrelated clips have.
inline constexpr double kMostBitErrors = 0.30;
/// ... over at least this much common time.
inline constexpr double kLeastOverlapS = 3;

/// All pairs that share audio, in order of a and b; one offset a pair, the best. Where many clips
/// are the same, not each pair of them may be named, but each of them is in one.
std::vector<SharedAudio> find_shared_audio(std::span<const AudioFingerprint> fingerprints,
                                           double most_bit_errors = kMostBitErrors);

}  // namespace musicrep
