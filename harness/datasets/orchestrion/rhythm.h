// Rhythms written as text, one character a step.
#pragma once

#include <string_view>
#include <vector>

namespace musicrep::orchestrion {

/// A pattern of one or more bars. `steps` holds a whole number of bars of beats * per_beat steps:
///   X x o   a note: accented, plain, soft        . silence        - the note before goes on
///   1-8 a   a bass note by its place in the chord (see bass.cpp), plain
/// per_beat 4 and 2 are swung, 3 is a triplet grid of its own.
struct Pattern {
  std::string_view steps;
  int beats = 4;
  int per_beat = 4;
};

/// How the off-beats lie: 0.5 is straight, 2/3 the triplet shuffle.
struct Swing {
  double ratio = 0.5;
  bool sixteenths = false;  ///< the sixteenths swing, not the eighths
};

/// One onset of a pattern.
struct Hit {
  int tick = 0;          ///< from the bar's beginning, swung
  int length_ticks = 0;  ///< to the end of its '-' steps
  int step = 0;          ///< within the bar
  char symbol = 'x';
  double strength = 1;  ///< factor of the velocity: X 1.15, o 0.65, else 1
  bool on_beat = false;
};

/// Ticks from the bar's beginning to a step.
int tick_of_step(const Pattern& pattern, int step, const Swing& swing);

/// Bars that the pattern holds.
int bars_of(const Pattern& pattern);

/// The onsets of the pattern's bar `bar` (taken modulo its length).
std::vector<Hit> hits_of_bar(const Pattern& pattern, int bar, const Swing& swing);

}  // namespace musicrep::orchestrion
