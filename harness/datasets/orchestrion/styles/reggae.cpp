// Reggae: one drop, steppers and rockers; skank off the beat, organ bubble, melodic bass with gaps.
#include "datasets/orchestrion/style.h"

namespace musicrep::orchestrion {

Style reggae_style() {
  const ChordPattern skank{Texture::kBlock, {"....x.......x...", 4, 4}, 0.35};
  const ChordPattern double_skank{Texture::kBlock, {"....x.x.....x.x.", 4, 4}, 0.3};
  const ChordPattern eighth_skank{Texture::kBlock, {"..x...x...x...x.", 4, 4}, 0.4};
  const ChordPattern bubble{Texture::kBlock, {"..x.xx....x.xx..", 4, 4}, 0.5};
  return {
      .name = "reggae",
      .neighbours = {"hiphop", "pop"},
      .tempo_low_bpm = 64,
      .tempo_high_bpm = 98,
      .minor = 0.45,
      .swing_low = 0.5,
      .swing_high = 0.62,
      .swing_sixteenths = true,
      .progressions = {{false, "I IV I IV"},
                       {false, "I V vi IV"},
                       {false, "I ii I ii"},
                       {false, "I IV V IV"},
                       {true, "i iv i iv"},
                       {true, "i bVII i bVII"},
                       {true, "i i iv v"}},
      .drums =
          {{{{kKick, "........X......."}, {kRim, "........X......."}, {kHat, "x.x.x.x.x.x.x.x."}}},
           {{{kKick, "........X......."},
             {kSnare, "........X......."},
             {kHat, "X.oox.ooX.oox.oo"}}},
           {{{kKick, "X...X...X...X..."}, {kRim, "...o..x...o.x..."}, {kHat, "x.x.x.x.x.x.x.x."}}},
           {{{kKick, "X.......X....x.."},
             {kSnare, "....x.......X..."},
             {kHat, "x.x.x.x.x.x.x.x."},
             {kOpenHat, "..............x."}}},
           {{{kKick, "........X......."},
             {kRim, "........X....o.."},
             {kShaker, "xoxoxoxoxoxoxoxo"},
             {kHighConga, "......x.......xx"}}}},
      .drum_kits = {0, 8, 16},
      .basses = {{"..1-..1-3-5-....", 4, 4},
                 {"1-..1.3.5-......", 4, 4},
                 {"1---..5-..3-1---", 4, 4},
                 {"1-1---..5-8-5---", 4, 4},
                 {"....1-1-..3-5-..", 4, 4}},
      .melody = {.cells = {{"x---x-x-x-------", 4, 4},
                           {"..x-x-x---......", 4, 4},
                           {"x-x-x---x-x-x---", 4, 4},
                           {"......x-x-x-x---", 4, 4},
                           {"x-------........", 4, 4}},
                 .major_scales = {Scale::kMajor, Scale::kMajorPentatonic, Scale::kMixolydian},
                 .minor_scales = {Scale::kMinor, Scale::kDorian, Scale::kMinorPentatonic},
                 .leap = 0.18,
                 .repeat = 0.6,
                 .rest_bars = 0.25,
                 .legato = 0.85,
                 .thirds = 0.3},
      .bands = {{{{Role::kDrums, 1, {0}, 0, 0, 100, {}},
                  {Role::kBass, 1, {33, 32, 35, 39}, 24, 45, 118, {}},
                  {Role::kChords, 1, {27, 28, 26}, 55, 76, 84, {skank, double_skank, eighth_skank}},
                  {Role::kChords, 0.8, {16, 17, 18}, 53, 74, 76, {bubble, skank, eighth_skank}},
                  {Role::kChords, 0.4, {0, 7, 3}, 55, 76, 76, {skank, eighth_skank}},
                  {Role::kLead, 1, {53, 57, 22, 61, 54}, 58, 82, 98, {}}}},
                {{{Role::kDrums, 1, {0}, 0, 0, 104, {}},
                  {Role::kBass, 1, {33, 39, 38}, 24, 44, 120, {}},
                  {Role::kChords, 1, {27, 28, 0}, 55, 76, 80, {skank, double_skank}},
                  {Role::kPad, 0.4, {16, 61, 50}, 55, 74, 62, {}},
                  {Role::kLead, 0.6, {22, 57, 73, 20}, 60, 82, 90, {}}}}},
      .fills = 0.5,
      .velocity = 88,
      .velocity_spread = 7,
      .timing_ticks = 6,
      .phrase_dynamics = 3,
      .room_low = 0.3,
      .room_high = 0.8,
      .rms_low = 0.07,
      .rms_high = 0.15,
      .vintage = 0.15};
}

}  // namespace musicrep::orchestrion
