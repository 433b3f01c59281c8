#include "mtlmr/patches.h"

#include <catch2/catch.hpp>
#include <limits>

#include "frontend/front_ends.h"
#include "musicrep/error.h"
#include "test_files.h"

namespace musicrep {
namespace {

/// Each value says where it is: channel, frame and band.
Spectrogram numbered(std::size_t frames) {
  Spectrogram mel{2, frames, kPatchBins, {}};
  for (std::size_t c = 0; c < 2; ++c) {
    for (std::size_t t = 0; t < frames; ++t) {
      for (std::size_t k = 0; k < kPatchBins; ++k) {
        mel.values.push_back(-1 - static_cast<double>(c * 1'000'000 + t * 128 + k));
      }
    }
  }
  return mel;
}

float at(const std::vector<float>& patches, std::size_t i, std::size_t c, std::size_t t,
         std::size_t k) {
  return patches[((i * 2 + c) * kPatchFrames + t) * kPatchBins + k];
}

TEST_CASE("patches lie one after the other, both channels in each") {
  for (const LastPatch last : {LastPatch::kDrop, LastPatch::kZeroDb}) {
    const std::vector<float> patches = cut_patches(numbered(432), last);
    REQUIRE(patches.size() == 2 * kPatchValues);
    CHECK(at(patches, 0, 0, 0, 0) == -1.0F);
    CHECK(at(patches, 1, 0, 0, 5) == -1.0F - 216 * 128 - 5);
    CHECK(at(patches, 1, 1, 215, 127) == -1.0F - 1'000'000 - 431 * 128 - 127);
  }
}

TEST_CASE("what is left after the last whole patch") {
  CHECK(cut_patches(numbered(433), LastPatch::kDrop).size() == 2 * kPatchValues);
  const std::vector<float> filled = cut_patches(numbered(433), LastPatch::kZeroDb);
  REQUIRE(filled.size() == 3 * kPatchValues);
  CHECK(at(filled, 2, 0, 0, 1) == -1.0F - 432 * 128 - 1);
  CHECK(at(filled, 2, 0, 1, 0) == 0.0F);
  CHECK(at(filled, 2, 1, 215, 127) == 0.0F);
}

TEST_CASE("a clip shorter than a patch is one patch all the same") {
  const std::vector<float> loud = cut_patches(numbered(2), LastPatch::kZeroDb);
  const std::vector<float> quiet = cut_patches(numbered(2), LastPatch::kDrop);
  REQUIRE(loud.size() == kPatchValues);
  REQUIRE(quiet.size() == kPatchValues);
  CHECK(at(loud, 0, 1, 1, 3) == at(quiet, 0, 1, 1, 3));
  CHECK(at(loud, 0, 0, 2, 0) == 0.0F);
  CHECK(at(quiet, 0, 0, 2, 0) == -1.0F - 1'000'000 - 128 - 127);  // its minimum
}

TEST_CASE("one channel counts as two equal ones, one sample is enough") {
  const LogMel front_end(musicrep::front_end("mtlmr").config);
  std::vector<float> samples(3000);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    samples[i] = static_cast<float>(i % 100) / 100 - 0.5F;
  }
  std::vector<float> twice = samples;
  twice.insert(twice.end(), samples.begin(), samples.end());
  const Spectrogram mono = mtlmr_spectrogram(front_end, {"mono", samples, 1, 3000});
  const Spectrogram stereo = mtlmr_spectrogram(front_end, {"stereo", twice, 2, 3000});
  CHECK(mono.channels == 2);
  CHECK(mono.frames == 12);
  CHECK(mono.values == stereo.values);
  const std::vector<float> one = {0.5F};
  CHECK(mtlmr_spectrogram(front_end, {"one", one, 1, 1}).frames == 5);
}

TEST_CASE("what is no audio is named") {
  const LogMel front_end(musicrep::front_end("mtlmr").config);
  const auto message = [&](const Signal& signal) {
    return message_of<DataError>([&] { mtlmr_spectrogram(front_end, signal); });
  };
  std::vector<float> samples(3000, 0.1F);
  CHECK_THAT(message({"empty", {}, 2, 0}),
             Catch::Contains("item 'empty'") && Catch::Contains("2 channels of 0 samples"));
  CHECK_THAT(message({"three", samples, 3, 1000}), Catch::Contains("3 channels"));
  samples[1502] = std::numeric_limits<float>::quiet_NaN();
  CHECK_THAT(message({"broken", samples, 2, 1500}),
             Catch::Contains("item 'broken'") && Catch::Contains("nan at place 2 of channel 1"));
  CHECK_THAT(message_of<ConfigError>([] { last_patch_by_name("pad"); }),
             Catch::Contains("found 'pad', expected drop or zero-db"));
}

}  // namespace
}  // namespace musicrep
