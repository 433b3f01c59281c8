// AudioSet's release of VGGish frames: its sets, each video once.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "datasets/audioset_clips.h"

namespace musicrep {

inline constexpr const char* kAboutAudioSet =
    "AudioSet's released VGGish embeddings: Gemmeke et al., \"Audio Set: An ontology and "
    "human-labeled dataset for audio events\", ICASSP 2017; CC BY 4.0 (ontology CC BY-SA 4.0)";
inline constexpr const char* kAudioSetFrameSpace =
    "AudioSet's release: official VGGish, PCA, 8 bit";

/// Goes before the id of a clip.
inline constexpr const char* kAudioSetLink = "https://www.youtube.com/watch?v=";

/// Folders of the sets that are read: "bal_train" and "eval".
std::vector<std::string> audioset_set_names();

/// Clips of the sets that are asked for, each video once, with notes on what was read.
struct AudioSetRelease {
  struct Item {
    std::string split;  ///< "train" or "test"
    AudioSetClip clip;
  };
  std::vector<Item> clips;  ///< the split "train" first
  std::vector<std::string> notes;
};

/// `path` holds audioset_v1_embeddings/. A clip that is in both sets belongs to eval. Throws
/// DataError that lists all problems of all files.
AudioSetRelease read_audioset_release(const std::filesystem::path& path,
                                      std::span<const std::string> folders, std::size_t n_labels);

}  // namespace musicrep
