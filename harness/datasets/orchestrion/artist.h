// Artists: habits within a style, kept from clip to clip.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "datasets/orchestrion/score.h"
#include "datasets/orchestrion/style.h"

namespace musicrep::orchestrion {

/// Centre of the filters' offsets; a cutoff cannot rise above what the SoundFont says by much.
inline constexpr int kToneCents = -300;

/// How far artists lie from their style's centre.
struct ArtistKnobs {
  double bleed = 0.2;   ///< probability that a habit comes from a neighbouring style instead
  double spread = 1.0;  ///< factor of all differences between artists in tempo, mix and recording
  /// Probability that a clip keeps a habit of its artist's; else it is drawn again from the style.
  double loyalty = 0.5;
};

/// One musician of the band.
struct Player {
  Part part;
  int low = 48;
  int high = 72;
  std::vector<ChordPattern> patterns;  ///< favourite first
  std::vector<int> programs;           ///< what else could be played here
};

/// Views into styles() are kept: those live as long as the program.
struct Artist {
  std::string name;
  std::size_t style = 0;  ///< index into styles()
  double tempo_bpm = 120;
  double tempo_spread = 0.06;  ///< relative standard deviation from clip to clip
  double minor = 0.3;
  Swing swing;
  std::vector<int> metres;
  std::vector<int> tonics;                ///< pitch classes
  std::vector<Progression> progressions;  ///< favourite first, as all lists below
  std::vector<DrumPattern> drums;
  std::vector<Pattern> basses;
  MelodyStyle melody;
  std::vector<Player> players;
  double fills = 0.5;
  double velocity = 90;
  double velocity_spread = 8;
  double timing_ticks = 4;
  double phrase_dynamics = 5;
  double section_change = 0.4;
  double ghost_notes = 0.1;  ///< probability of an extra soft stroke where a drum rests
  Production production;
};

/// An artist of the style. The same seed makes the same artist.
Artist make_artist(const std::string& name, std::size_t style, const ArtistKnobs& knobs,
                   std::uint64_t seed);

/// The artist as on one day in the studio: habits are kept or not, guests play, the desk is set
/// again. The same seed makes the same session.
Artist in_session(const Artist& artist, const ArtistKnobs& knobs, std::uint64_t seed);

}  // namespace musicrep::orchestrion
