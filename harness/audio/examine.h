// A file of audio read whole, without keeping it: is it good, and what music is it?
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
  float peak = 0;  ///< greatest absolute sample; 0: silence
};

/// Decodes a file from beginning to end in little memory. Throws as AudioReader does.
AudioExamination examine_audio(const std::filesystem::path& path);

}  // namespace musicrep
