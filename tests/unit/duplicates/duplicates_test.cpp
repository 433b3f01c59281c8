#include <catch2/catch.hpp>
#include <iostream>
#include <limits>

#include "copies.h"
#include "datasets/orchestrion/orchestrion.h"
#include "datasets/orchestrion/rendered.h"
#include "musicrep/error.h"

namespace musicrep {
namespace {

using Catch::Contains;

TEST_CASE("copies of the built-in corpus are found, unrelated clips are not") {
  orchestrion::OrchestrionOptions options;
  options.corpus = orchestrion::Corpus::kGenres;
  options.n_artists = 10;
  options.n_clips = 30;
  options.clip_s = 10;
  const TempFolder folder;
  const auto files = orchestrion::render_corpus(orchestrion::compose_orchestrion(options),
                                                folder.path() / "corpus", 2);
  std::vector<AudioFingerprint> prints(2 * files.size());
  for (std::size_t i = 0; i < files.size(); ++i) {
    const Pcm pcm = decode_audio(files[i], {.channels = 1});
    const double cut_s = 0.5 + 2.5 * static_cast<double>(i) / static_cast<double>(files.size());
    prints[i] = fingerprint_file(files[i]);
    prints[files.size() + i] =
        fingerprint_file(write_copy(folder, pcm, i % kCopyKinds, cut_s, std::to_string(i)));
  }
  const Tally found = tally(prints);
  std::cout << files.size() << " clips and a copy of each: " << found.missed << " missed, "
            << found.false_alarms << " false alarms; greatest bit error rate of a copy "
            << found.worst_copy << ", least of unrelated clips " << found.best_unrelated << "\n";
  CHECK(found.missed == 0);
  CHECK(found.false_alarms == 0);
}

/// Noise whose loudness and colour change: something with structure.
std::vector<float> sounds(std::uint32_t seed, std::size_t n) {
  std::vector<float> out(n);
  std::uint32_t state = seed;
  float slow = 0;
  for (std::size_t i = 0; i < n; ++i) {
    state = state * 1664525U + 1013904223U;
    const float white = static_cast<float>(state >> 8U) / 8388608.0F - 1.0F;
    slow += 0.2F * (white - slow);
    out[i] = 0.5F * slow;
  }
  return out;
}

TEST_CASE("the offset says where a part lies in the whole, either way round") {
  const std::vector<float> whole = sounds(1, 60000);
  const std::size_t cut = 100 * kFingerprintHop;
  const std::span<const float> part = std::span(whole).subspan(cut);
  const std::vector<AudioFingerprint> prints = {fingerprint(whole), fingerprint(part),
                                                fingerprint(sounds(2, 60000))};
  const auto found = find_shared_audio(prints);
  REQUIRE(found.size() == 1);
  CHECK(found[0].a == 0);
  CHECK(found[0].b == 1);
  CHECK(found[0].offset_s == Approx(100 * kFingerprintHopS));
  CHECK(found[0].bit_error_rate == 0);
  CHECK(found[0].overlap_s ==
        Approx(kFingerprintHopS * static_cast<double>(prints[1].words.size())));
  const auto swapped = find_shared_audio(std::vector{prints[1], prints[0]});
  REQUIRE(swapped.size() == 1);
  CHECK(swapped[0].offset_s == Approx(-100 * kFingerprintHopS));
}

TEST_CASE("forty copies of one clip are all named, without the square of their number") {
  const std::vector<AudioFingerprint> prints(40, fingerprint(sounds(3, 40000)));
  const auto found = find_shared_audio(prints);
  std::vector<bool> named(40, false);
  for (const SharedAudio& shared : found) named[shared.a] = named[shared.b] = true;
  CHECK(std::ranges::count(named, true) == 40);
}

TEST_CASE("silence and clips that are too short match nothing") {
  const std::vector<AudioFingerprint> prints = {
      fingerprint(std::vector<float>(60000)), fingerprint(std::vector<float>(60000)),
      fingerprint(sounds(1, 100)), fingerprint(sounds(1, 100)), fingerprint(sounds(1, 1))};
  CHECK(prints[2].words.empty());
  CHECK(find_shared_audio(prints).empty());
  CHECK(find_shared_audio({}).empty());
}

TEST_CASE("a file that is no audio is refused by name") {
  const TempFolder folder;
  const std::string path = folder.write("text.wav", "no audio");
  CHECK_THAT(message_of<DataError>([&] { fingerprint_file(path); }), Contains("text.wav"));
}

}  // namespace
}  // namespace musicrep
