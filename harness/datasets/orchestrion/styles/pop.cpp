// Pop: four chords, clear backbeat, keys and clean guitars, a tune on top; near disco and rock.
#include "datasets/orchestrion/style.h"

namespace musicrep::orchestrion {

Style pop_style() {
  const ChordPattern quarters{Texture::kBlock, {"x---x---x---x---", 4, 4}, 0.9};
  const ChordPattern eighths{Texture::kBlock, {"x.x.x.x.x.x.x.x.", 4, 4}, 0.7};
  const ChordPattern strum{Texture::kStrum, {"x---x-x-..x-x-x-", 4, 4}, 1};
  const ChordPattern syncopated{Texture::kBlock, {"x--x--x---x--x--", 4, 4}, 0.8};
  const ChordPattern broken{Texture::kArpeggio, {"x-x-x-x-x-x-x-x-", 4, 4}, 1.3};
  const ChordPattern sixteenths{Texture::kArpeggio, {"xxxxxxxxxxxxxxxx", 4, 4}, 0.7};
  const ChordPattern held{Texture::kSustain, {"x---------------", 4, 4}, 1};
  return {.name = "pop",
          .neighbours = {"disco", "rock", "country", "hiphop"},
          .tempo_low_bpm = 68,
          .tempo_high_bpm = 132,
          .minor = 0.35,
          .swing_low = 0.5,
          .swing_high = 0.54,
          .swing_sixteenths = true,
          .progressions = {{false, "I V vi IV"},
                           {false, "vi IV I V"},
                           {false, "I vi IV V"},
                           {false, "I IV vi V"},
                           {false, "IV V iii vi IV V I I"},
                           {true, "i bVI bIII bVII"},
                           {true, "i iv bVI V"},
                           {true, "bVI bVII i i"}},
          .drums = {{{{kKick, "X.......X.x....."},
                      {kSnare, "....X.......X..."},
                      {kHat, "x.x.x.x.x.x.x.x."}}},
                    {{{kKick, "X..x..x...x....."},
                      {kClap, "....X.......X..."},
                      {kHat, "xoxoxoxoxoxoxoxo"}}},
                    {{{kKick, "X...X...X...X..."},
                      {kClap, "....X.......X..."},
                      {kHat, "..x...x...x...x."},
                      {kShaker, "oooooooooooooooo"}}},
                    {{{kKick, "X.....x...x....."},
                      {kRim, "....X.......X..."},
                      {kHat, "x.x.x.x.x.x.x.x."},
                      {kTambourine, "....o.......o..."}}},
                    {{{kKick, "X.....X.X......."},
                      {kSnare, "....X.......X.o."},
                      {kOpenHat, "..x...x...x...x."}}}},
          .drum_kits = {0, 8, 24, 25, 16},
          .basses = {{"1.1.1.1.1.1.1.1.", 4, 4},
                     {"1-----1-1-------", 4, 4},
                     {"1--1--1---1--1--", 4, 4},
                     {"1---------------", 4, 4},
                     {"1-----5-8-----5-", 4, 4}},
          .melody = {.cells = {{"x-x-x-x---x-x---", 4, 4},
                               {"x---x-x-x-------", 4, 4},
                               {"..x-x-x-x-x-x---", 4, 4},
                               {"x--x--x---x-x---", 4, 4},
                               {"xxx-x-x-x---....", 4, 4},
                               {"x-------x---x---", 4, 4}},
                     .major_scales = {Scale::kMajor, Scale::kMajorPentatonic},
                     .minor_scales = {Scale::kMinor, Scale::kMinorPentatonic},
                     .leap = 0.18,
                     .repeat = 0.65,
                     .rest_bars = 0.15,
                     .legato = 0.9,
                     .thirds = 0.25},
          .bands =
              {{{{Role::kDrums, 1, {0}, 0, 0, 100, {}},
                 {Role::kBass, 1, {33, 34, 38, 35}, 28, 48, 104, {}},
                 {Role::kChords, 1, {0, 1, 4, 5}, 52, 74, 88, {quarters, syncopated, broken}},
                 {Role::kChords, 0.6, {25, 27, 24}, 50, 72, 78, {strum, broken, eighths}},
                 {Role::kPad, 0.7, {48, 50, 89, 90}, 57, 77, 74, {}},
                 {Role::kLead, 1, {53, 52, 54, 73, 80, 27}, 60, 84, 104, {}}}},
               {{{Role::kDrums, 1, {0}, 0, 0, 106, {}},
                 {Role::kBass, 1, {38, 39, 33}, 28, 48, 106, {}},
                 {Role::kChords, 1, {90, 81, 62, 4}, 52, 76, 80, {eighths, syncopated, sixteenths}},
                 {Role::kPad, 0.8, {50, 51, 89, 95}, 57, 79, 76, {}},
                 {Role::kLead, 1, {54, 53, 81, 85}, 62, 86, 100, {}}}},
               {{{Role::kDrums, 0.7, {0}, 0, 0, 88, {}},
                 {Role::kBass, 0.9, {32, 33}, 28, 48, 100, {}},
                 {Role::kChords, 1, {25, 24, 0}, 50, 72, 92, {strum, broken, quarters}},
                 {Role::kPad, 0.6, {48, 49}, 57, 76, 68, {}},
                 {Role::kChords, 0.3, {46, 11}, 60, 82, 72, {broken, held}},
                 {Role::kLead, 1, {53, 52, 73, 40, 22}, 60, 84, 102, {}}}}},
          .fills = 0.4,
          .velocity = 92,
          .velocity_spread = 5,
          .timing_ticks = 3,
          .phrase_dynamics = 4,
          .rms_low = 0.08,
          .rms_high = 0.17,
          .vintage = 0.03};
}

}  // namespace musicrep::orchestrion
