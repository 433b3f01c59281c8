// The four corpora, each in the function that fills in its items.
#pragma once

#include <string>
#include <vector>

#include "datasets/orchestrion/artist.h"
#include "datasets/orchestrion/orchestrion.h"

namespace musicrep::orchestrion {

/// An artist and where its clips stand.
struct Signed {
  Artist artist;
  Affect leaning;  ///< to which moods it tends
  std::string split;
};

/// The artists of a corpus, by style for genres, else in turn. Seeds are derived from the corpus's
/// name, so that no two corpora share one.
std::vector<Signed> sign_artists(const OrchestrionOptions& options);

/// Composes all items: ids, artists, scores, cues and affects.
std::vector<Item> compose_items(const OrchestrionOptions& options,
                                const std::vector<Signed>& artists);

/// Adds what each corpus has besides the music to its items and its data set.
void add_genres(Orchestrion& corpus);
void add_moods(Orchestrion& corpus);
void add_albums(Orchestrion& corpus);
void add_events(Orchestrion& corpus);

}  // namespace musicrep::orchestrion
