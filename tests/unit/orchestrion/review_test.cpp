#include "datasets/orchestrion/review.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <string>

#include "orchestrion_testing.h"

namespace musicrep::orchestrion {
namespace {

Orchestrion albums(double wrong, double asides) {
  OrchestrionOptions options;
  options.corpus = Corpus::kAlbums;
  options.review_wrong = wrong;
  options.review_asides = asides;
  return compose_orchestrion(options);
}

bool holds(const Facts& facts, const Claim& claim) {
  const auto& played = facts.instruments;
  return (claim.facet == "genre" && facts.genre == claim.value) ||
         (claim.facet == "tempo" && facts.tempo == claim.value) ||
         (claim.facet == "mood" && facts.mood == claim.value) ||
         (claim.facet == "sound" && facts.sound == claim.value) ||
         (claim.facet == "instrument" &&
          std::find(played.begin(), played.end(), claim.value) != played.end());
}

TEST_CASE("each claim stands in the text, and is true where it says so") {
  for (const Album& album : albums(0.3, 1).albums) {
    INFO(album.review.text);
    CHECK(!album.review.text.empty());
    CHECK(album.review.text.find('%') == std::string::npos);
    for (const Claim& claim : album.review.claims) {
      if (claim.facet == "aside") continue;
      const auto& words = words_for(claim.facet, claim.value);
      CHECK(std::any_of(words.begin(), words.end(), [&](const std::string& word) {
        return album.review.text.find(word) != std::string::npos;
      }));
      const bool is_in_album = std::any_of(album.tracks.begin(), album.tracks.end(),
                                           [&](const Facts& facts) { return holds(facts, claim); });
      CHECK(is_in_album == claim.is_true);
    }
  }
}

TEST_CASE("reviews are wrong and off the point at the stated rates") {
  const Orchestrion corpus = albums(0.1, 0.5);
  double claims = 0;
  double wrong = 0;
  double asides = 0;
  double genres = 0;
  for (const Album& album : corpus.albums) {
    for (const Claim& claim : album.review.claims) {
      asides += claim.facet == "aside" ? 1 : 0;
      if (claim.facet == "aside") continue;
      ++claims;
      wrong += claim.is_true ? 0 : 1;
      genres += claim.facet == "genre" ? 1 : 0;
    }
  }
  const auto n = static_cast<double>(corpus.albums.size());
  CHECK(wrong / claims == Approx(0.1).margin(0.03));
  CHECK(asides / n == Approx(0.5).margin(0.12));
  CHECK(genres / n == Approx(0.75).margin(0.08));
}

TEST_CASE("with no errors asked for there are none") {
  for (const Album& album : albums(0, 0).albums) {
    for (const Claim& claim : album.review.claims) {
      CHECK(claim.is_true);
      CHECK(claim.facet != "aside");
    }
  }
}

}  // namespace
}  // namespace musicrep::orchestrion
