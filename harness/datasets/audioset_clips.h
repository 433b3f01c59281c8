// The clips of AudioSet's released embeddings.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace musicrep {

/// One clip of up to 10 s.
struct AudioSetClip {
  std::string video_id;
  std::vector<std::uint16_t> labels;  ///< class indices, ascending, each once
  std::vector<std::uint8_t> frames;   ///< row-major [T, 128], quantised VGGish frames; T >= 1
};

/// All clips of the .tfrecord files in `folder`: by file name, then in the file's order, whatever
/// `threads` is. Each record is a tf.SequenceExample with the context features video_id (one text)
/// and labels (whole numbers in [0, n_labels)) and the feature list audio_embedding (128 bytes a
/// frame). Throws DataError that lists what is wrong with all files: checksums, truncation,
/// features that are missing, of another type or of another width; or no file at all.
std::vector<AudioSetClip> read_audioset_clips(const std::filesystem::path& folder,
                                              std::size_t n_labels, std::size_t threads);

}  // namespace musicrep
