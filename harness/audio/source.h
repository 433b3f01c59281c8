// One way of decoding a file of audio: libsndfile, libmpg123 or the program ffmpeg.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "audio/audio_bytes.h"
#include "audio/container.h"
#include "audio/mix.h"

namespace musicrep {

/// The content of a file's header.
struct AudioInfo {
  double sample_rate_hz = 0;
  std::size_t channels = 0;
  std::size_t frames = 0;         ///< samples of one channel; 0: not known before they are decoded
  std::string format;             ///< for people: "WAV (Microsoft), Signed 16 bit PCM"
  std::vector<Speaker> speakers;  ///< of its channels; empty: the file does not say
  /// What the samples depend on besides the file's bytes, or how they are read since that was
  /// mended: "ffmpeg 5.1.9", "MPEG frames counted". Part of keys; empty for nearly all files.
  std::string reading;
};

class AudioSource {
 public:
  virtual ~AudioSource() = default;
  [[nodiscard]] virtual const AudioInfo& info() const = 0;
  /// The next frames into `interleaved` [frames, channels]; 0 at the end. Throws DataError, naming
  /// the file, where it cannot be decoded.
  virtual std::size_t read(std::span<float> interleaved) = 0;
};

/// `container` is what find_container() finds in `bytes`. They throw DataError, naming the file.
std::unique_ptr<AudioSource> open_with_sndfile(std::shared_ptr<AudioBytes> bytes,
                                               const Container& container);
std::unique_ptr<AudioSource> open_with_mpg123(std::shared_ptr<AudioBytes> bytes,
                                              const Container& container);
/// `reason`: why nobody else reads it, where that is not its kind.
std::unique_ptr<AudioSource> open_with_ffmpeg(const AudioBytes& bytes, const std::string& kind,
                                              const std::string& reason = "");

/// Whoever of the three reads the file.
std::unique_ptr<AudioSource> open_audio(const std::filesystem::path& path);

/// libsndfile's names of a format of its own: "MPEG-1/2 Audio, MPEG Layer III".
std::string sndfile_format_name(int format);

}  // namespace musicrep
