// What is said of real VGGish frames, measured.
#include <catch2/catch.hpp>
#include <map>
#include <string>
#include <vector>

#include "core/options.h"
#include "data_dir.h"
#include "datasets/audioset_clips.h"
#include "datasets/frames.h"
#include "diagnose/measures.h"
#include "stored_frames/stored_frames.h"

namespace musicrep {
namespace {

constexpr std::size_t kClips = 970;

/// The measures of every k-th clip's frames.
std::map<std::string, double> measured(const FrameTable& frames, const std::string& scale) {
  EncoderArgs args;
  args.options =
      complete_options("stored_frames", StoredFrames::static_info().options, {{"scale", scale}});
  StoredFrames encoder(args);
  std::vector<LayerTrace> traces;
  for (std::size_t k = 0; k < kClips; ++k) {
    const std::size_t i = k * frames.size() / kClips;
    const std::vector<float> values = frames.dequantised(i);
    traces.push_back(encoder.trace({"a clip", values, frames.rows(i), 128}).front());
  }
  std::vector<const LayerTrace*> pointers;
  for (const LayerTrace& trace : traces) pointers.push_back(&trace);
  std::map<std::string, double> out;
  for (const Measure& measure : layer_measures(pointers, 1, 1)) {
    UNSCOPED_INFO(scale << ": " << measure.name << " " << measure.value << " over "
                        << measure.n_clips);
    out[measure.name] = measure.value;
  }
  return out;
}

TEST_CASE("AudioSet frames vary over time and seem not to where they are fed as bytes") {
  const auto path = data_path("audioset/audioset_v1_embeddings/bal_train");
  if (!path) return;
  FrameTable frames("AudioSet");
  for (const AudioSetClip& clip : read_audioset_clips(*path, 527, 2)) frames.add(clip.frames);
  auto plain = measured(frames, "dequantised");
  auto bytes = measured(frames, "bytes");
  // Other clips than the 970 that the numbers were first found on: .424, .496, .007, .512.
  CHECK(plain["cosine"] == Approx(0.424).margin(0.02));
  CHECK(plain["adjacent_cosine"] == Approx(0.496).margin(0.02));
  CHECK(plain["random_cosine"] == Approx(0.007).margin(0.02));
  CHECK(plain["within_variance"] == Approx(0.512).margin(0.02));
  CHECK(bytes["cosine"] == Approx(0.855).margin(0.02));
  CHECK(bytes["random_cosine"] == Approx(0.747).margin(0.02));
  // The offset of the bytes is all that is between them.
  CHECK(bytes["cosine_centred"] == Approx(plain["cosine_centred"]).epsilon(1e-6));
  CHECK(bytes["within_variance"] == Approx(plain["within_variance"]).epsilon(1e-6));
}

}  // namespace
}  // namespace musicrep
