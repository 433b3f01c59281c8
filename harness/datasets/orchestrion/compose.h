// From an artist and an intent to the notes of one clip.
#pragma once

#include <cstdint>
#include <optional>

#include "datasets/orchestrion/artist.h"
#include "datasets/orchestrion/score.h"

namespace musicrep::orchestrion {

/// What a clip is meant to be, against its artist's habit, in standard deviations: 0 is the habit.
struct Intent {
  double tempo = 0;           ///< 1: 16 % faster
  double loudness = 0;        ///< 1: 8 MIDI velocities and 30 % of amplitude more
  double pitch = 0;           ///< 1: melody and chords 4 semitones higher
  double staccato = 0;        ///< 1: notes sound 22 % shorter
  double density = 0;         ///< 1: 3 of 10 long notes are struck twice; -1: as many are left out
  double brightness = 0;      ///< 1: low-pass filters 900 cents higher
  std::optional<bool> minor;  ///< the artist's own choice where unset
};

/// Composes a clip of `clip_s` seconds. It begins anywhere in the music, as an excerpt does. The
/// same arguments give the same notes on every machine: nothing but whole numbers and the four
/// operations of IEEE doubles stands between the seed and the notes.
Score compose_clip(const Artist& artist, const Intent& intent, double clip_s, std::uint64_t seed);

}  // namespace musicrep::orchestrion
