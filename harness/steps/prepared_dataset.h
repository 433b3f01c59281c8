// A data set with all that planning found out about it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "audio_check/audio_check.h"
#include "datasets/dataset.h"
#include "store/results.h"

namespace musicrep {

struct PreparedDataset {
  std::unique_ptr<Dataset> data;  ///< without the items that skip_bad left out
  std::string manifest_sha256;    ///< manifest_sha256() of that
  bool takes_audio = false;       ///< some encoder takes its audio
  /// What was found in the audio of `data`, where that is decoded while a run is planned.
  std::optional<std::vector<CheckedAudio>> audio;
  std::vector<SkippedItem> skipped;  ///< what skip_bad left out

  /// What keys hold of the audio: the hash of the files' bytes, unless the data set names it.
  [[nodiscard]] std::string audio_sha256() const {
    return audio ? files_sha256(*audio) : known_audio_sha256(*data);
  }
};

/// The key's part for any data set, prepared or some of the items of one.
inline std::string manifest_of(const PreparedDataset& prepared, const Dataset& items) {
  return &items == prepared.data.get() ? prepared.manifest_sha256 : manifest_sha256(items);
}

}  // namespace musicrep
