// Audio fingerprints after Haitsma and Kalker, "A Highly Robust Audio Fingerprinting System", ISMIR
// 2002: signs of the change of the difference between neighbouring bands. They do not mind gain,
// coding and resampling, and hardly mind where a frame begins.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

namespace musicrep {

inline constexpr double kFingerprintRateHz = 5512.5;
inline constexpr std::size_t kFingerprintHop = 128;  ///< samples from frame to frame: 23.2 ms
inline constexpr double kFingerprintHopS = kFingerprintHop / kFingerprintRateHz;

/// One word of 32 bits a frame.
struct AudioFingerprint {
  std::vector<std::uint32_t> words;
  std::vector<bool>
      audible;  ///< [frames] false where the clip is nearly silent, so that its bits are random
};

/// `samples` [n]: one channel at kFingerprintRateHz. Frames of 2048 samples (0.37 s), 33 bands from
/// 300 to 2000 Hz, even in pitch. Empty where there are fewer than two frames.
AudioFingerprint fingerprint(std::span<const float> samples);

/// The same of a file's first ten minutes, mixed down and resampled. Throws DataError as
/// decode_audio() does.
AudioFingerprint fingerprint_file(const std::filesystem::path& path);

}  // namespace musicrep
