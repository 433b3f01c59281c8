// Country: two-beat bass, train beat or waltz, strummed and picked strings, fiddle and steel.
#include "datasets/orchestrion/style.h"

namespace musicrep::orchestrion {

Style country_style() {
  const ChordPattern boom_chick{Texture::kStrum, {"....x.......x...", 4, 4}, 0.8};
  const ChordPattern strum{Texture::kStrum, {"x---x-x-..x-x-x-", 4, 4}, 1};
  const ChordPattern picked{Texture::kArpeggio, {"x-x-x-x-x-x-x-x-", 4, 4}, 1.2};
  const ChordPattern roll{Texture::kArpeggio, {"xxxxxxxxxxxxxxxx", 4, 4}, 1};
  const ChordPattern offbeats{Texture::kBlock, {"....x.......x...", 4, 4}, 0.5};
  const ChordPattern waltz{Texture::kStrum, {"....x---x---", 3, 4}, 0.9};
  const ChordPattern waltz_picked{Texture::kArpeggio, {"x-x-x-x-x-x-", 3, 4}, 1.2};
  return {
      .name = "country",
      .neighbours = {"rock", "pop", "blues"},
      .tempo_low_bpm = 78,
      .tempo_high_bpm = 160,
      .minor = 0.1,
      .swing_low = 0.5,
      .swing_high = 0.58,
      .metres = {4, 4, 4, 4, 3},
      .progressions = {{false, "I I IV I I I V7 V7"},
                       {false, "I IV V7 I I IV V7 I"},
                       {false, "I V vi IV I V IV I"},
                       {false, "IV I V I IV I V7 I"},
                       {false, "I I7 IV IV V7 V7 I I"},
                       {true, "i i bVII bVII bVI bVII i i"}},
      .drums =
          {{{{kSnare, "oooXoooXoooXoooX"}, {kKick, "X.......X......."}}},
           {{{kHat, "x.x.x.x.x.x.x.x."}, {kRim, "....X.......X..."}, {kKick, "X.......X......."}}},
           {{{kHat, "X.x.X.x.X.x.X.x."},
             {kSnare, "....X.......X..."},
             {kKick, "X.....x.X......."}}},
           {{{kShaker, "x.o.x.o.x.o.x.o."},
             {kRim, "....x.......x..."},
             {kKick, "X.......X.x....."}}},
           {{{kHat, "x.x.x.x.x.x."}, {kSnare, "....o...x..."}, {kKick, "X..........."}}, 3, 4}},
      .drum_kits = {0, 8, 40},
      .basses = {{"1-------5-------", 4, 4},
                 {"1-------5---a---", 4, 4},
                 {"1---1---5---5---", 4, 4},
                 {"1-----1-5-----5-", 4, 4},
                 {"1-----------", 3, 4},
                 {"1-------5---", 3, 4}},
      .melody = {.cells = {{"x---x---x-x-x---", 4, 4},
                           {"x-x-x---x-x-x---", 4, 4},
                           {"..x-x-x-x-------", 4, 4},
                           {"xxx-x-x-xxx-x-x-", 4, 4},
                           {"x-----x-x-------", 4, 4},
                           {"x-------x---", 3, 4},
                           {"x---x-x-x---", 3, 4}},
                 .major_scales = {Scale::kMajorPentatonic, Scale::kMajorPentatonic, Scale::kMajor},
                 .minor_scales = {Scale::kMinorPentatonic, Scale::kMinor},
                 .leap = 0.18,
                 .repeat = 0.55,
                 .rest_bars = 0.2,
                 .legato = 0.85,
                 .thirds = 0.35},
      .bands =
          {{{{Role::kDrums, 1, {0}, 0, 0, 88, {}},
             {Role::kBass, 1, {32, 33, 34}, 28, 48, 104, {}},
             {Role::kChords, 1, {25}, 48, 69, 96, {boom_chick, strum, waltz}},
             {Role::kChords, 0.6, {27, 105, 0}, 55, 76, 80, {picked, offbeats, roll, waltz_picked}},
             {Role::kPad, 0.4, {49, 110, 17}, 57, 76, 66, {}},
             {Role::kLead, 1, {110, 27, 22, 25, 53}, 60, 86, 102, {}}}},
           {{{Role::kChords, 1, {105, 25}, 50, 74, 96, {roll, picked, waltz_picked}},
             {Role::kChords, 0.9, {25}, 48, 68, 88, {boom_chick, strum, waltz}},
             {Role::kBass, 1, {32}, 28, 48, 104, {}},
             {Role::kLead, 1, {110, 40, 25, 105}, 62, 88, 100, {}}}},
           {{{Role::kDrums, 1, {0}, 0, 0, 100, {}},
             {Role::kBass, 1, {33, 34}, 28, 48, 104, {}},
             {Role::kChords, 1, {27, 29}, 48, 68, 88, {strum, offbeats, waltz}},
             {Role::kChords, 0.7, {25}, 50, 70, 84, {strum, picked, waltz_picked}},
             {Role::kLead, 1, {27, 29, 110, 53}, 60, 84, 102, {}}}}},
      .fills = 0.35,
      .velocity = 88,
      .velocity_spread = 7,
      .timing_ticks = 5,
      .phrase_dynamics = 4,
      .rms_low = 0.07,
      .rms_high = 0.14,
      .vintage = 0.25};
}

}  // namespace musicrep::orchestrion
