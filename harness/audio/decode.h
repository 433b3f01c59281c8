// Audio files to samples, by libsndfile, libmpg123 or the program ffmpeg (CONTRIBUTING.md, "What
// audio is read, and by what").
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>

#include "audio/pcm.h"
#include "audio/source.h"

namespace musicrep {

/// Reads a file block by block, so that a file of any length needs little memory.
class AudioReader {
 public:
  /// Throws DataError, naming the file, where it cannot be read, is empty, truncated, not audio, of
  /// zero length, holds a second stream of another kind, has a header that cannot be true, or needs
  /// ffmpeg where that is not installed.
  explicit AudioReader(const std::filesystem::path& path);
  ~AudioReader();
  AudioReader(const AudioReader&) = delete;
  AudioReader& operator=(const AudioReader&) = delete;

  [[nodiscard]] const AudioInfo& info() const;

  /// The next frames into `interleaved` [frames, channels], whose size is a multiple of channels.
  /// Integers of b bits come as value / 2^(b-1). Returns the number of frames, 0 at the end. Throws
  /// DataError where the file ends before the header's count, cannot be decoded, or holds a sample
  /// that is not a number, not finite or beyond 32 (floats on the scale of integers).
  std::size_t read(std::span<float> interleaved);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

struct DecodeOptions {
  std::size_t channels = 0;   ///< mixed down while reading, as Mixer does; 0: all of them
  double max_duration_s = 0;  ///< no more is decoded than this much of the beginning; 0: all
  /// Refuses what would need more values (channels * frames) than this: 4 GiB of memory.
  std::size_t max_values = std::size_t{1} << 30;
};

/// Reads the header (of MPEG and ogg: all frames' and pages' headers) alone. Throws as AudioReader
/// does.
AudioInfo probe_audio(const std::filesystem::path& path);

/// Decodes a file. Nothing is allocated on the word of a header. With max_duration_s, what lies
/// beyond is not looked at. Throws as AudioReader does, and where the file is longer than
/// options.max_values.
Pcm decode_audio(const std::filesystem::path& path, const DecodeOptions& options = {});

}  // namespace musicrep
