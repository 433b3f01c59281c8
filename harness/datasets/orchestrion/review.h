// Reviews of albums, written by a grammar from the music's properties.
#pragma once

#include <string>
#include <vector>

#include "core/random.h"
#include "datasets/orchestrion/mood.h"
#include "datasets/orchestrion/score.h"

namespace musicrep::orchestrion {

/// The audible properties of an album, in words.
struct Facts {
  std::string genre;
  std::vector<std::string> instruments;  ///< the lead first
  std::string tempo;                     ///< slow, medium, fast
  std::string mood;                      ///< happy, calm, angry, sad
  std::string sound;                     ///< clean, lofi, roomy, loud, soft
};

/// Facts of one track.
Facts facts_of(const Score& score, std::string_view style, const Affect& affect);

/// Something that a review says.
struct Claim {
  std::string
      facet;  ///< genre, instrument, tempo, mood, sound, or "aside" for what is off the point
  std::string value;  ///< as in Facts; empty for an aside
  bool is_true = true;
};

struct Review {
  std::string text;
  std::vector<Claim> claims;
};

struct ReviewKnobs {
  double wrong = 0.1;  ///< probability that a claim is false
  double aside = 0.5;  ///< expected number of sentences off the point
};

/// Writes a review of an album by what its tracks are. Each facet is spoken of with probability
/// 0.75; what is said of it is true with probability 1 - wrong.
Review write_review(const std::vector<Facts>& tracks, const ReviewKnobs& knobs, Random& random);

/// The words that a review may use for a value of a facet; any of them names the value.
const std::vector<std::string>& words_for(const std::string& facet, const std::string& value);

}  // namespace musicrep::orchestrion
