#include "mtlmr/mtlmr_targets.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "mtlmr_testing.h"
#include "test_files.h"

namespace musicrep {
namespace {

using Texts = std::vector<std::string>;

const MtlmrTarget& target_of(const std::vector<MtlmrTarget>& targets, const std::string& name) {
  return *std::ranges::find(targets, name, &MtlmrTarget::name);
}

std::vector<float> row(const MtlmrTarget& target, std::size_t item) {
  const auto begin = target.values.begin() + static_cast<std::ptrdiff_t>(item * target.outputs);
  return {begin, begin + static_cast<std::ptrdiff_t>(target.outputs)};
}

TEST_CASE("without a choice, all that the corpus offers is learned") {
  const TrainingCorpus corpus = made_corpus(24, 1);
  CHECK(chosen_sources(corpus, options_with({})) ==
        Texts{"self", "tags", "artist", "tempo", "mood"});
  // A control without mood words should not learn mood numbers either.
  CHECK(chosen_sources(corpus, options_with({{"leave_out", Texts{"mood"}}})) ==
        Texts{"self", "tags", "artist", "tempo"});
  CHECK(chosen_sources(corpus, options_with({{"sources", Texts{"tempo", "self"}}})) ==
        Texts{"self", "tempo"});
  TrainingCorpus bare = corpus;
  bare.groups.clear();
  bare.tags.clear();
  bare.numbers.clear();
  CHECK(chosen_sources(bare, options_with({})) == Texts{"self"});
}

TEST_CASE("what a corpus lacks for the sources that were named is listed, all of it") {
  TrainingCorpus corpus = made_corpus(24, 1);
  corpus.groups.assign(24, "one artist");
  corpus.tags[0].present.assign(24, 0);
  corpus.tags[1].present.assign(24, 0);
  corpus.numbers["valence"].assign(24, std::nan(""));
  const Texts all = mtlmr_sources();
  const std::string message = message_of<DataError>([&] {
    chosen_sources(corpus, options_with({{"sources", all}}));
  });
  CHECK_THAT(message, Catch::Contains("'made'") && Catch::Contains("source 'tags'") &&
                          Catch::Contains("source 'artist'") &&
                          Catch::Contains("0 training items with the number 'valence'") &&
                          Catch::Contains("0 training items with the number 'year'"));
  CHECK_THAT(message, !Catch::Contains("'tempo") && !Catch::Contains("'self'"));
  corpus = made_corpus(24, 1);
  corpus.groups.assign(24, "one artist");
  CHECK_THAT(message_of<DataError>([&] {
               chosen_sources(corpus, options_with({{"sources", Texts{"artist"}}}));
             }),
             Catch::Contains("found 1 artists with tags") && Catch::Contains("at least 2"));
}

TEST_CASE("an unknown source gets the nearest") {
  const TrainingCorpus corpus = made_corpus(24, 1);
  CHECK_THAT(message_of<ConfigError>([&] {
               chosen_sources(corpus, options_with({{"sources", Texts{"tempi", "self", "self"}}}));
             }),
             Catch::Contains("'tempi'") && Catch::Contains("'tempo'") &&
                 Catch::Contains("'self' is named twice"));
}

TEST_CASE("targets are distributions, of what is known") {
  TrainingCorpus corpus = made_corpus(24, 1);
  corpus.tags.push_back({"/any", "Any", "other", std::vector<std::uint8_t>(24, 1)});
  for (TrainingTag& tag : corpus.tags) tag.present[5] = 0;
  corpus.numbers["tempo_bpm"][6] = std::nan("");
  const std::vector<MtlmrTarget> targets =
      mtlmr_targets(corpus, options_with({{"factors", std::int64_t{7}}}), 1);
  REQUIRE(targets.size() == 6);
  for (const MtlmrTarget& target : targets) {
    CAPTURE(target.name);
    CHECK(target.known.size() == 24);
    if (target.name == "self") continue;
    CHECK(target.outputs == (target.name == "tags" ? 3 : 7));
    for (std::size_t i = 0; i + 1 < 24; ++i) {
      const std::vector<float> p = row(target, i);
      float sum = 0;
      for (const float x : p) sum += x;
      CHECK(sum == Approx(target.known[i]).margin(1e-5));
    }
  }
  const MtlmrTarget& tags = target_of(targets, "tags");
  CHECK(row(tags, 0) == std::vector<float>{0.5F, 0, 0.5F});
  CHECK(tags.known[5] == 0);
  CHECK(tags.labels == Texts{"Low", "High", "Any"});
  CHECK(target_of(targets, "tempo").known[6] == 0);
  // Items of an artist share their factors; the last item is of split "test": nobody looks at it.
  const MtlmrTarget& artist = target_of(targets, "artist");
  CHECK(row(artist, 0) == row(artist, 6));
  CHECK(artist.known[3] == 1);
  CHECK(artist.known[23] == 0);
}

TEST_CASE("targets are fitted on training items alone") {
  const TrainingCorpus corpus = made_corpus(24, 1);
  TrainingCorpus other = corpus;
  for (std::size_t i = 3; i < 24; i += 4) {
    other.tags[0].present[i] = 1;
    for (auto& [name, values] : other.numbers) values[i] += 100;
  }
  const std::vector<MtlmrTarget> a = mtlmr_targets(corpus, options_with({}), 1);
  const std::vector<MtlmrTarget> b = mtlmr_targets(other, options_with({}), 1);
  for (const std::string name : {"tags", "artist", "tempo", "valence"}) {
    CAPTURE(name);
    CHECK(row(target_of(a, name), 4) == row(target_of(b, name), 4));
    CHECK_FALSE(row(target_of(a, name), 3) == row(target_of(b, name), 3));
  }
}

}  // namespace
}  // namespace musicrep
