// Copies of clips as people make them: scaled, coded, resampled, cut.
#pragma once

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "audio/decode.h"
#include "audio/resample.h"
#include "audio_testing.h"
#include "duplicates/search.h"

namespace musicrep {

inline constexpr std::size_t kCopyKinds = 6;
inline constexpr const char* kCopyNames[kCopyKinds] = {"gain",   "mp3",     "ogg",
                                                       "16 kHz", "shifted", "all at once"};

/// Copy of that kind; `cut_s` is what a shifted one lacks of the beginning.
inline std::string write_copy(const TempFolder& folder, const Pcm& pcm, std::size_t kind,
                              double cut_s, const std::string& stem) {
  Pcm copy = pcm;
  const bool all = kind == 5;
  if (kind == 4 || all) {
    const auto cut = static_cast<std::ptrdiff_t>(cut_s * copy.sample_rate_hz);
    copy.values.erase(copy.values.begin(), copy.values.begin() + cut);
    copy.frames = copy.values.size();
  }
  if (kind == 3 || all) copy = resampled(copy, 16000, ResamplerKind::kSoxr);
  if (kind == 0 || all) {
    for (float& value : copy.values) value *= 0.3F;
  }
  FileSpec spec;
  spec.rate_hz = static_cast<int>(copy.sample_rate_hz);
  if (kind == 1 || all) spec = {"mp3", SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III, spec.rate_hz};
  if (kind == 2) spec = {"ogg", SF_FORMAT_OGG | SF_FORMAT_VORBIS, spec.rate_hz};
  for (float& value : copy.values) value = std::clamp(value, -1.0F, 1.0F);
  return write_audio(folder, spec, copy.values, stem);
}

struct Tally {
  std::size_t missed = 0;        ///< copies that were not found beside their original
  std::size_t false_alarms = 0;  ///< pairs of other clips
  double worst_copy = 0;         ///< greatest bit error rate of a copy
  double best_unrelated = 1;     ///< least of two clips that share nothing
};

/// `prints`: originals, then the copy of each in the same order.
inline Tally tally(const std::vector<AudioFingerprint>& prints) {
  const std::size_t n = prints.size() / 2;
  std::vector<bool> found(n, false);
  Tally out;
  for (const SharedAudio& shared : find_shared_audio(prints, 0.5)) {
    const bool is_copy = shared.b == shared.a + n;
    if (is_copy) {
      out.worst_copy = std::max(out.worst_copy, shared.bit_error_rate);
    } else {
      out.best_unrelated = std::min(out.best_unrelated, shared.bit_error_rate);
    }
    if (shared.bit_error_rate > kMostBitErrors) continue;
    if (is_copy) {
      found[shared.a] = true;
    } else {
      ++out.false_alarms;
    }
  }
  out.missed = static_cast<std::size_t>(std::ranges::count(found, false));
  return out;
}

}  // namespace musicrep
