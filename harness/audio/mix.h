// Mixes any number of channels to one or two.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "audio/pcm.h"

namespace musicrep {

/// The speaker of a channel, in the order of the bits of a wav file's channel mask.
enum class Speaker : std::uint8_t {
  kFrontLeft,
  kFrontRight,
  kFrontCenter,
  kLowFrequency,
  kBackLeft,
  kBackRight,
  kFrontLeftOfCenter,
  kFrontRightOfCenter,
  kBackCenter,
  kSideLeft,
  kSideRight,
  kOther,
};

/// What ffmpeg takes `channels` channels for that do not state their speakers, 3 to 8 of them:
/// 2.1, 4.0, 5.0, 5.1, 6.1 and 7.1. Empty for all other numbers.
std::span<const Speaker> default_speakers(std::size_t channels);

/// Mixes `channels_in` channels to `channels_out`:
///  - as many as come in: unchanged;
///  - one becomes several equal ones, two become their mean (librosa.to_mono);
///  - three or more become one or two as ffmpeg's libswresample does it (rematrix.c, 16-bit
///    output): front left and right 1, center, back and side 0.7071, back center 0.5, no low
///    frequencies; for one channel, front 0.7071, center 1, all others 0.5; divided by the sum of
///    an output's coefficients where that is above 1. So 5.1 becomes 0.4142 L + 0.2929 C + 0.2929
///    Lb on the left, and 0.2071 (L + R) + 0.2929 C + 0.1464 (Lb + Rb) in mono;
///  - their mean, once in each output, where the speakers are not known.
class Mixer {
 public:
  /// `speakers` of the channels that come in; empty: default_speakers().
  Mixer(std::size_t channels_in, std::span<const Speaker> speakers, std::size_t channels_out);

  /// Appends `interleaved` [frames, channels_in] to `planes`, one vector for each channel out.
  void append(std::span<const float> interleaved, std::vector<std::vector<float>>& planes) const;

 private:
  std::size_t channels_in_;
  std::size_t channels_out_;
  std::vector<double> weights_;  // [out, in]; empty: the mean
};

/// The same for audio in memory. `channels` 0 leaves it as it is.
Pcm mixed(const Pcm& pcm, std::size_t channels);

}  // namespace musicrep
