// The audio format of a file, recognised by its bytes, and its decoder.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "audio/audio_bytes.h"
#include "audio/mpeg_frames.h"
#include "audio/riff_sizes.h"

namespace musicrep {

enum class DecodedBy { kSndfile, kMpg123, kFfmpeg };

struct Container {
  DecodedBy by = DecodedBy::kSndfile;
  std::string name;            ///< "wav", "MPEG-4 audio (m4a, mp4, mov)"
  ByteRange range;             ///< what is behind tags in front
  std::vector<Patch> patches;  ///< of the header, for libsndfile
  std::string prefix;          ///< what is read before `range` for libsndfile
  bool is_coded = false;       ///< of a coding that libsndfile may not know
  MpegFile mpeg;               ///< for libmpg123
  std::uint64_t samples = 0;   ///< of one channel, where packets state it and the header does not
};

/// Looks behind tags in front, and holds what headers, pages and frames promise against the file:
/// decoders shorten what is cut off without a word. Throws DataError, naming the file and what is
/// expected, where it is no audio, truncated, or holds a second stream.
Container find_container(AudioBytes& bytes);

/// What a file can be that is no audio.
inline constexpr const char* kExpectedAudio =
    "expected wav, aiff, au, caf, w64, flac, ogg, mp3, or what the program ffmpeg reads, such as "
    "m4a, aac, wma, ac3 or webm";

/// Endings of files of audio, in lower case with their dot: those that are read without other
/// programs, those that ffmpeg reads.
const std::vector<std::string_view>& native_audio_endings();
const std::vector<std::string_view>& ffmpeg_audio_endings();

/// Whether a file's name ends like audio, upper or lower case.
bool has_audio_ending(const std::filesystem::path& path);

/// Whether its extension is one that ffmpeg reads.
bool has_ffmpeg_ending(const std::filesystem::path& path);

}  // namespace musicrep
