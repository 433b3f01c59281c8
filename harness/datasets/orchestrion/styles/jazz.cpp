// Jazz: swing, walking bass, sevenths in ii-V-I, comping off the beat, running eighths; bossa, too.
#include "datasets/orchestrion/style.h"

namespace musicrep::orchestrion {

Style jazz_style() {
  const ChordPattern charleston{Texture::kShell, {"x-----x---------", 4, 4}, 0.7};
  const ChordPattern answers{Texture::kShell, {"......x-....x...x-.......x......", 4, 4}, 0.6};
  const ChordPattern freddie{Texture::kStrum, {"x...x...x...x...", 4, 4}, 0.7};
  const ChordPattern ballad{Texture::kBlock, {"x-------x-------", 4, 4}, 1};
  const ChordPattern bossa{Texture::kShell, {"x--x--x---x--x--", 4, 4}, 0.7};
  const ChordPattern waltz{Texture::kShell, {"x---..x-....", 3, 4}, 0.8};
  return {
      .name = "jazz",
      .neighbours = {"blues", "classical"},
      .tempo_low_bpm = 72,
      .tempo_high_bpm = 220,
      .minor = 0.35,
      .swing_low = 0.55,
      .swing_high = 0.68,
      .metres = {4, 4, 4, 4, 3},
      .progressions = {{false, "ii7 V7 IM7 IM7 ii7 V7 IM7 VI7"},
                       {false, "IM7/vi7 ii7/V7 iii7/VI7 ii7/V7"},
                       {false, "IM7 I7 IVM7 iv6 iii7 VI7 ii7 V7"},
                       {false, "IM7 bIIIM7 ii7 bII7"},
                       {false, "I7 IV7 I7 I7 IV7 IV7 I7 VI7 ii7 V7 I7 V7"},
                       {true, "iih7 V7 i6 i6 iv7 bVII7 bIIIM7 V7"},
                       {true, "i7 i7 i7 i7 iv7 iv7 i7 i7"},
                       {true, "i6/iih7 V7/i6 iv7/bVII7 bIIIM7/V7"}},
      .drums =
          {{{{kRide, "x...x.x.x...x.x."},
             {kPedalHat, "....x.......x..."},
             {kKick, "o.......o......."},
             {kSnare, "......o........."}}},
           {{{kRide, "x...x.x.x...x.x.x...x.x.x...x.x."},
             {kPedalHat, "....x.......x.......x.......x..."},
             {kSnare, "......o.....o.........o...x....."},
             {kKick, "x.........o.....o.............x."}}},
           {{{kHat, "x.x.x.x.x.x.x.x."}, {kRim, "x..x..x...x..x.."}, {kKick, "x..xx..xx..xx..x"}}},
           {{{kSnare, "o.o.x.o.o.o.x.o."}, {kPedalHat, "....x.......x..."}}},
           {{{kRide, "x...x.x.x..."}, {kPedalHat, "....x...x..."}, {kKick, "x..........."}}, 3, 4}},
      .drum_kits = {32, 40, 32, 40, 0},
      .basses = {{"walk", 4, 4},
                 {"walk", 4, 4},
                 {"1-----5-1-----5-", 4, 4},
                 {"1-------5-------", 4, 4},
                 {"walk", 3, 4}},
      .melody = {.cells = {{"x.x.x.x.x.x.x.x.", 4, 4},
                           {"..x.x.x.x.x.x...", 4, 4},
                           {"x-----x-x.x.x---", 4, 4},
                           {"....x.x.x.x.x.x.", 4, 4},
                           {"x.xxx.x.x-......", 4, 4},
                           {"xxxxxxx-x---", 4, 3},
                           {"x.x.x.x.x.x.", 3, 4},
                           {"x-------x.x.", 3, 4}},
                 .major_scales = {Scale::kMajor, Scale::kMixolydian, Scale::kBlues},
                 .minor_scales = {Scale::kDorian, Scale::kHarmonicMinor, Scale::kBlues},
                 .leap = 0.3,
                 .repeat = 0.2,
                 .rest_bars = 0.2,
                 .legato = 0.9},
      .bands = {{{{Role::kDrums, 1, {0}, 0, 0, 84, {}},
                  {Role::kBass, 1, {32}, 28, 52, 108, {}},
                  {Role::kChords,
                   1,
                   {0, 1, 26},
                   52,
                   74,
                   84,
                   {charleston, answers, ballad, bossa, waltz}},
                  {Role::kLead, 1, {66, 65, 56, 59, 71, 57}, 54, 82, 104, {}}}},
                {{{Role::kDrums, 0.9, {0}, 0, 0, 80, {}},
                  {Role::kBass, 1, {32}, 28, 52, 108, {}},
                  {Role::kChords, 0.7, {0, 26}, 52, 72, 78, {charleston, ballad, bossa, waltz}},
                  {Role::kLead, 1, {0, 26, 11}, 58, 88, 104, {}}}},
                {{{Role::kDrums, 1, {0}, 0, 0, 90, {}},
                  {Role::kBass, 1, {32}, 28, 52, 104, {}},
                  {Role::kChords, 0.8, {26, 0}, 52, 72, 78, {freddie, charleston, waltz}},
                  {Role::kPad, 0.8, {61, 57, 66}, 52, 74, 78, {}},
                  {Role::kLead, 1, {61, 56, 65, 71}, 57, 82, 104, {}}}}},
      .fills = 0.3,
      .velocity = 80,
      .velocity_spread = 11,
      .timing_ticks = 9,
      .phrase_dynamics = 8,
      .rms_low = 0.04,
      .rms_high = 0.11,
      .vintage = 0.4};
}

}  // namespace musicrep::orchestrion
