// Corpora for tests.
#pragma once

#include <cstddef>

#include "datasets/orchestrion/orchestrion.h"

namespace musicrep::orchestrion {

inline constexpr Corpus kAllCorpora[] = {Corpus::kGenres, Corpus::kMoods, Corpus::kAlbums,
                                         Corpus::kEvents};

/// Ten artists with two clips of two seconds each.
inline OrchestrionOptions tiny(Corpus corpus) {
  OrchestrionOptions options;
  options.corpus = corpus;
  options.n_artists = 10;
  options.n_clips = 20;
  options.clip_s = 2;
  return options;
}

}  // namespace musicrep::orchestrion
