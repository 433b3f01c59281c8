// Integrity check and PCM hash of an audio file, which is read in blocks.
#pragma once

#include <filesystem>
#include <string>

#include "audio/decode.h"

namespace musicrep {

struct AudioExamination {
  AudioInfo info;  ///< frames: as many as were decoded
  /// SHA-256 of the sample rate, the channels and the samples, whatever the format: the same music
  /// as .wav and as .flac has the same.
  std::string pcm_sha256;
  float peak = 0;            ///< greatest absolute sample; 0: silence
  float mono_peak = 0;       ///< the same once its channels are mixed to one, as Mixer does
  bool is_constant = false;  ///< every sample has the value of the first: silence, mostly
  /// Share of the samples that are at full scale three or more in a row: clipped.
  double clipped_share = 0;

  /// Whether its channels cancel each other: right is left turned round, and little is left of
  /// both (60 dB below, or less) where they are mixed to one.
  [[nodiscard]] bool cancels() const { return peak > 0 && mono_peak <= peak / 1000; }

  [[nodiscard]] double duration_s() const {
    return static_cast<double>(info.frames) / info.sample_rate_hz;
  }
};

/// Decodes a file from beginning to end in little memory. Throws as AudioReader does.
AudioExamination examine_audio(const std::filesystem::path& path);

}  // namespace musicrep
