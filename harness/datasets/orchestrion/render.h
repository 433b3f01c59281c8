// From scores to samples, by FluidSynth.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "audio/pcm.h"
#include "datasets/orchestrion/score.h"

namespace musicrep::orchestrion {

/// What a Renderer needs to know.
struct RenderOptions {
  std::filesystem::path soundfont;
  int sample_rate_hz = 22050;
  int channels = 2;
};

/// 16-bit samples as FLAC holds them.
struct Samples {
  int sample_rate_hz = 0;
  int channels = 0;
  std::vector<std::int16_t> interleaved;  ///< [frames, channels]
};

/// What became of a clip on its way: for tests and reports.
struct RenderReport {
  double limited_share = 0;  ///< share of the samples that the limiter bent
  double gain = 0;           ///< from the synthesizer's level to the score's target_rms
};

/// Renders scores one after another; one Renderer a thread. Each clip is played by a synthesizer of
/// its own, so that no reverb tail, no voice and no oscillator comes over from another clip: the
/// samples depend on nothing but the score, the seed, the options and FluidSynth's version. Events
/// stand at sample counts, which FluidSynth brings to its next block of 64 (2.9 ms at 22,050 Hz);
/// there is no sequencer, no audio driver and no thread.
class Renderer {
 public:
  /// Throws DataError, naming the path and Debian's package, where the SoundFont is missing or
  /// cannot be read.
  explicit Renderer(const RenderOptions& options);
  ~Renderer();
  Renderer(const Renderer&) = delete;
  Renderer& operator=(const Renderer&) = delete;

  /// Exactly round(clip_s * rate) frames. Never clips: what would lie beyond 0.8 is bent into
  /// [0.8, 1). Throws DataError where the SoundFont lacks an instrument of the score.
  Samples render(const Score& score, double clip_s, std::uint64_t hiss_seed,
                 RenderReport* report = nullptr);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// value / 2^15, planar: what decoding the FLAC gives.
Pcm to_pcm(const Samples& samples);

/// The version of the FluidSynth that is linked, as "2.3.1".
std::string fluidsynth_version();

}  // namespace musicrep::orchestrion
