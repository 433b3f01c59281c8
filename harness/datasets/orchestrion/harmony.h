// Chords from Roman numerals, and scales.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "datasets/orchestrion/score.h"

namespace musicrep::orchestrion {

/// A chord that sounds from one tick to another.
struct Chord {
  int start_tick = 0;
  int length_ticks = 0;
  int root = 0;                ///< pitch class, 0-11
  std::vector<int> intervals;  ///< semitones above the root, ascending from 0
};

/// Reads a progression: one word a bar, '/' parts the bar into equal shares. A word is a Roman
/// numeral (upper case: major third, lower case: minor) after b or # and before one of
///   7 M7 9 6 o (diminished) h7 (half-diminished) 5 (no third) s (suspended fourth).
/// Ticks count from the progression's beginning.
std::vector<Chord> parse_progression(std::string_view text, int tonic, int beats_per_bar);

/// The chord at a tick; the progression repeats.
const Chord& chord_at(std::span<const Chord> progression, int tick);

/// Scales by name, as semitones above the tonic.
enum class Scale {
  kMajor,
  kMinor,
  kHarmonicMinor,
  kDorian,
  kMixolydian,
  kPhrygian,
  kMajorPentatonic,
  kMinorPentatonic,
  kBlues
};
std::span<const int> scale_steps(Scale scale);

/// The keys of a chord in close position within [low, low + 12), or wider where it has more tones;
/// `turn` inverts: the lowest key is the first at or above `low` of a chord tone.
std::vector<int> close_voicing(const Chord& chord, int low);

/// The key of pitch class `pitch_class` nearest to `key` (the lower of two).
int nearest_key(int pitch_class, int key);

}  // namespace musicrep::orchestrion
