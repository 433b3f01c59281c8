// Blues: twelve bars, shuffle or straight eighths, dominant sevenths, a lead that answers.
#include "datasets/orchestrion/style.h"

namespace musicrep::orchestrion {

Style blues_style() {
  const ChordPattern shuffle{Texture::kBlock, {"x.x.x.x.x.x.x.x.", 4, 4}, 0.7};
  const ChordPattern charleston{Texture::kBlock, {"X-----x---------", 4, 4}, 0.9};
  const ChordPattern offbeats{Texture::kBlock, {"....x.......x...", 4, 4}, 0.6};
  const ChordPattern slow_triplets{Texture::kBlock, {"xooxooxooxoo", 4, 3}, 0.8};
  const ChordPattern boogie{Texture::kPower, {"x.o.x.o.x.o.x.o.", 4, 4}, 0.8};
  const ChordPattern picked{Texture::kArpeggio, {"x-x-x-x-x-x-x-x-", 4, 4}, 1.2};
  return {
      .name = "blues",
      .neighbours = {"rock", "jazz", "country"},
      .tempo_low_bpm = 62,
      .tempo_high_bpm = 138,
      .minor = 0.2,
      .swing_low = 0.58,
      .swing_high = 0.68,
      .progressions = {{false, "I7 I7 I7 I7 IV7 IV7 I7 I7 V7 IV7 I7 V7"},
                       {false, "I7 IV7 I7 I7 IV7 IV7 I7 I7 V7 IV7 I7/IV7 I7/V7"},
                       {false, "I7 V7 IV7 IV7 I7 V7 I7 V7"},
                       {true, "i7 i7 i7 i7 iv7 iv7 i7 i7 bVI7 V7 i7 V7"}},
      .drums = {{{{kRide, "x.x.x.x.x.x.x.x."},
                  {kSnare, "....X.......X..."},
                  {kKick, "X.....x.X......."}}},
                {{{kHat, "X.o.x.o.X.o.x.o."},
                  {kSnare, "....X.......X..o"},
                  {kKick, "X.......X.x....."}}},
                {{{kHat, "xooxooxooxoo"}, {kSnare, "...X.....X.."}, {kKick, "X....xX....."}}, 4, 3},
                {{{kRide, "x..x.ox..x.o"},
                  {kPedalHat, "...x.....x.."},
                  {kSnare, "...x.o...x.."},
                  {kKick, "x.....x....."}},
                 4,
                 3}},
      .drum_kits = {0, 8, 32, 40},
      .basses = {{"1.1.3.3.5.5.6.6.", 4, 4},
                 {"1.3.5.6.7.6.5.3.", 4, 4},
                 {"1---5---1---5-a-", 4, 4},
                 {"walk", 4, 4},
                 {"1-.1-.5-.5-.", 4, 3}},
      .melody = {.cells = {{"..x-x-x---......", 4, 4},
                           {"x---x-x-x-------", 4, 4},
                           {"x.x-x.x-x-------", 4, 4},
                           {".xxx--x-x---", 4, 3},
                           {"xxxxx-x-----", 4, 3},
                           {"......x-x-x-x---", 4, 4}},
                 .major_scales = {Scale::kBlues, Scale::kBlues, Scale::kMinorPentatonic,
                                  Scale::kMixolydian},
                 .minor_scales = {Scale::kBlues, Scale::kMinorPentatonic},
                 .leap = 0.2,
                 .repeat = 0.5,
                 .rest_bars = 0.35,
                 .legato = 0.9},
      .bands = {{{{Role::kDrums, 1, {0}, 0, 0, 100, {}},
                  {Role::kBass, 1, {33, 34, 32}, 28, 50, 104, {}},
                  {Role::kChords, 1, {26, 27, 29}, 50, 70, 84, {shuffle, charleston, boogie}},
                  {Role::kChords,
                   0.5,
                   {0, 1, 3, 16, 17},
                   55,
                   76,
                   80,
                   {offbeats, charleston, slow_triplets}},
                  {Role::kLead, 1, {27, 29, 26, 22, 66}, 57, 82, 104, {}}}},
                {{{Role::kChords, 1, {25, 24}, 45, 66, 100, {picked, boogie, shuffle}},
                  {Role::kBass, 0.4, {32}, 28, 48, 92, {}},
                  {Role::kLead, 0.8, {22, 25, 110}, 57, 81, 100, {}}}},
                {{{Role::kDrums, 1, {0}, 0, 0, 96, {}},
                  {Role::kBass, 1, {32, 33}, 28, 50, 104, {}},
                  {Role::kChords, 1, {0, 1, 3}, 50, 74, 100, {slow_triplets, charleston, shuffle}},
                  {Role::kPad, 0.3, {61, 66}, 54, 72, 70, {}},
                  {Role::kLead, 0.9, {65, 66, 56, 22}, 55, 80, 100, {}}}}},
      .fills = 0.4,
      .velocity = 86,
      .velocity_spread = 10,
      .timing_ticks = 8,
      .phrase_dynamics = 7,
      .rms_low = 0.06,
      .rms_high = 0.12,
      .vintage = 0.4};
}

}  // namespace musicrep::orchestrion
