#include "datasets/orchestrion/compose.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "datasets/orchestrion/artist.h"
#include "orchestrion_testing.h"

namespace musicrep::orchestrion {
namespace {

double mean_key(const Score& score) {
  double sum = 0;
  double n = 0;
  for (const Note& note : score.notes) {
    if (score.parts[note.part].role == Role::kDrums) continue;
    sum += note.key;
    ++n;
  }
  return sum / n;
}

double mean_velocity(const Score& score) {
  double sum = 0;
  for (const Note& note : score.notes) sum += note.velocity;
  return sum / static_cast<double>(score.notes.size());
}

Score with_intent(const Intent& intent) {
  return compose_clip(make_artist("a", 7, {}, 5), intent, 20, 6);
}

TEST_CASE("composing gives the same notes each time, and these") {
  // A change here moves every score on the built-in corpora: bump kGeneratorVersion with it.
  const std::string expected[] = {
      "fe440aa00788b6062b6cfffd5d594544fe6ec0305ca77a77e557a7f73b09d05b",
      "b17138c0a90b3b50a1516155bbf0e4e0ade873ebba86b16e698d89f4d41d5be4",
      "4588383c9acfbcea5d39c2b81e02837db2c2ff4bc21b2175aaae4cff098ddaed",
      "d505bc4b03289ccd04508061a82bae7dcabba54ea5f2f2057b8c7fcfb37bce20"};
  for (std::size_t c = 0; c < 4; ++c) {
    const Orchestrion corpus = compose_orchestrion(tiny(kAllCorpora[c]));
    const Orchestrion again = compose_orchestrion(tiny(kAllCorpora[c]));
    CHECK(composition_sha256(corpus) == composition_sha256(again));
    CHECK(composition_sha256(corpus) == expected[c]);
    CHECK(manifest_sha256(corpus.dataset) == manifest_sha256(again.dataset));
  }
}

TEST_CASE("another seed makes another corpus") {
  OrchestrionOptions other = tiny(Corpus::kGenres);
  other.seed = 2;
  CHECK(composition_sha256(compose_orchestrion(other)) !=
        composition_sha256(compose_orchestrion(tiny(Corpus::kGenres))));
}

TEST_CASE("notes are in order, in range and within the clip") {
  for (const Corpus name : kAllCorpora) {
    OrchestrionOptions options;
    options.corpus = name;
    const Orchestrion corpus = compose_orchestrion(options);
    for (const Item& item : corpus.items) {
      INFO(item.id);
      const Score& score = item.score;
      REQUIRE(score.notes.size() >= 4);
      REQUIRE((score.tempo_bpm >= 40 && score.tempo_bpm <= 240));
      const double last_tick = corpus.options.clip_s * score.tempo_bpm / 60 * kTicksPerBeat + 1;
      bool fine = true;
      for (std::size_t i = 0; i < score.notes.size(); ++i) {
        const Note& note = score.notes[i];
        fine = fine && note.start_tick >= 0 && note.length_ticks > 0 &&
               note.start_tick + note.length_ticks <= last_tick && note.key <= 127 &&
               note.velocity >= 1 && note.velocity <= 127 && note.part < score.parts.size() &&
               (i == 0 || score.notes[i - 1].start_tick <= note.start_tick);
      }
      CHECK(fine);
    }
  }
}

TEST_CASE("an intent does what it says") {
  const Score plain = with_intent({});
  Intent intent;
  intent.tempo = 1;
  CHECK(with_intent(intent).tempo_bpm == Approx(plain.tempo_bpm * 1.16));
  intent = {};
  intent.pitch = 2;
  CHECK(mean_key(with_intent(intent)) > mean_key(plain) + 2);
  intent = {};
  intent.loudness = 1;
  CHECK(mean_velocity(with_intent(intent)) > mean_velocity(plain) + 4);
  CHECK(with_intent(intent).production.target_rms > plain.production.target_rms);
  intent = {};
  intent.density = 2;
  CHECK(with_intent(intent).notes.size() > plain.notes.size());
  intent.density = -2;
  CHECK(with_intent(intent).notes.size() < plain.notes.size());
  intent = {};
  intent.brightness = -1;
  CHECK(with_intent(intent).parts[0].tone_cents == plain.parts[0].tone_cents - 900);
  intent = {};
  for (const bool minor : {false, true}) {
    intent.minor = minor;
    CHECK(with_intent(intent).minor == minor);
  }
  intent = {};
  intent.staccato = 2;
  const auto total = [](const Score& score) {
    double ticks = 0;
    for (const Note& note : score.notes) {
      if (score.parts[note.part].role != Role::kDrums) ticks += note.length_ticks;
    }
    return ticks;
  };
  CHECK(total(with_intent(intent)) < 0.75 * total(plain));
}

}  // namespace
}  // namespace musicrep::orchestrion
