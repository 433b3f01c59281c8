// From audio to what MTLMR's network takes.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "frontend/log_mel.h"
#include "musicrep/encoder.h"

namespace musicrep {

constexpr std::size_t kPatchFrames = 216;
constexpr std::size_t kPatchBins = 128;
constexpr std::size_t kPatchValues = 2 * kPatchFrames * kPatchBins;

/// What becomes of the frames after the last whole patch.
enum class LastPatch {
  kDrop,    ///< left out; a clip shorter than a patch is filled up with its own minimum
  kZeroDb,  ///< filled up with 0 dB, which is very loud: what the release does
};

/// Of "drop" and "zero-db". Throws ConfigError on another text.
LastPatch last_patch_by_name(const std::string& name);

/// `signal` [1 or 2, samples] at 22050 Hz to [2, frames, 128] in dB, frames >= 1; one channel
/// counts as two equal ones. Throws as check_pcm() does.
Spectrogram mtlmr_spectrogram(const LogMel& front_end, const Signal& signal);

/// [2, frames, 128] to patches [n, 2, 216, 128], one after the other, n >= 1.
std::vector<float> cut_patches(const Spectrogram& mel, LastPatch last_patch);

}  // namespace musicrep
