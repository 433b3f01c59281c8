// What is known of a genre, as a table: each genre's file in styles/ fills one in.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "datasets/orchestrion/harmony.h"
#include "datasets/orchestrion/rhythm.h"
#include "datasets/orchestrion/score.h"

namespace musicrep::orchestrion {

/// General MIDI percussion keys.
enum DrumKey : int {
  kKick = 36,
  kRim = 37,
  kSnare = 38,
  kClap = 39,
  kElectricSnare = 40,
  kLowTom = 45,
  kHat = 42,
  kPedalHat = 44,
  kOpenHat = 46,
  kMidTom = 47,
  kCrash = 49,
  kHighTom = 50,
  kRide = 51,
  kRideBell = 53,
  kTambourine = 54,
  kCowbell = 56,
  kHighConga = 63,
  kLowConga = 64,
  kShaker = 70
};

/// One drum and when it is struck.
struct DrumLine {
  DrumKey key = kKick;
  std::string_view steps;
};

/// One groove; all lines share the metre and the grid.
struct DrumPattern {
  std::vector<DrumLine> lines;
  int beats = 4;
  int per_beat = 4;
};

/// How a part plays its chords.
enum class Texture {
  kBlock,     ///< all tones at once, at each hit
  kStrum,     ///< all tones, one shortly after the other
  kArpeggio,  ///< tone by tone, up and down
  kAlberti,   ///< low, high, middle, high
  kPower,     ///< root, fifth and octave, low
  kRiff,      ///< a riff of the clip's own on the scale below, as power chords
  kShell,     ///< third and seventh, without the root
  kSustain    ///< held from chord to chord, whatever the pattern
};

struct ChordPattern {
  Texture texture = Texture::kBlock;
  Pattern rhythm;
  double length = 1;  ///< of the notes, relative to what the pattern says
};

/// One place in a band.
struct Seat {
  Role role = Role::kChords;
  double probability = 1;              ///< that an artist fills it
  std::vector<int> programs;           ///< an artist keeps one
  int low = 48;                        ///< lowest key
  int high = 72;                       ///< highest key
  int level = 96;                      ///< centre of MIDI controller 7
  std::vector<ChordPattern> patterns;  ///< of kChords; a pad needs none
};

struct Band {
  std::vector<Seat> seats;
};

struct Progression {
  bool minor = false;
  std::string_view chords;
};

struct MelodyStyle {
  std::vector<Pattern> cells;  ///< rhythms of one bar
  std::vector<Scale> major_scales;
  std::vector<Scale> minor_scales;
  double leap = 0.2;       ///< probability of an interval wider than a step
  double repeat = 0.5;     ///< probability that a bar takes up an earlier bar's motif
  double rest_bars = 0.2;  ///< probability that a bar is silent
  double legato = 0.9;     ///< sounding share of a note's time
  double thirds = 0;       ///< probability that an artist doubles the melody in thirds
};

/// A genre. Where there is a choice, each entry is as likely as the others; what is commoner stands
/// there more than once.
struct Style {
  std::string_view name;
  std::vector<std::string_view> neighbours;  ///< genres whose habits an artist may borrow
  double tempo_low_bpm = 100;
  double tempo_high_bpm = 130;
  double minor = 0.3;  ///< probability of a minor key
  double swing_low = 0.5;
  double swing_high = 0.5;
  bool swing_sixteenths = false;
  std::vector<int> metres = {4};  ///< beats a bar
  std::vector<Progression> progressions;
  std::vector<DrumPattern> drums;  ///< empty: plays without
  std::vector<int> drum_kits = {0};
  std::vector<Pattern> basses;  ///< steps "walk": a walking bass
  MelodyStyle melody;
  std::vector<Band> bands;
  double fills = 0.5;           ///< probability of a drum fill at the end of four bars
  double velocity = 90;         ///< centre of the velocities
  double velocity_spread = 8;   ///< standard deviation from note to note
  double timing_ticks = 4;      ///< standard deviation of the onsets
  double phrase_dynamics = 5;   ///< swell of the velocity over four bars
  double section_change = 0.4;  ///< probability that the clip goes into another section
  double room_low = 0.2;        ///< reverb
  double room_high = 0.5;
  double rms_low = 0.07;
  double rms_high = 0.14;
  double vintage = 0.1;  ///< probability of an old recording: narrow, dull, with hiss
};

/// The ten genres of GTZAN in alphabetical order.
std::span<const Style> styles();

/// A style's index by its name; the name must be known.
std::size_t style_index(std::string_view name);

Style blues_style();
Style classical_style();
Style country_style();
Style disco_style();
Style hiphop_style();
Style jazz_style();
Style metal_style();
Style pop_style();
Style reggae_style();
Style rock_style();

}  // namespace musicrep::orchestrion
