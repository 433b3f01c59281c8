// Rock: backbeat in eighths, overdriven chords and riffs, bass on the root; near metal and country.
#include "datasets/orchestrion/style.h"

namespace musicrep::orchestrion {

Style rock_style() {
  const ChordPattern eighths{Texture::kPower, {"X.x.x.x.X.x.x.x.", 4, 4}, 0.85};
  const ChordPattern open_chords{Texture::kStrum, {"X-------x-----x-", 4, 4}, 1};
  const ChordPattern syncopated{Texture::kBlock, {"X--x--x---X-x---", 4, 4}, 0.9};
  const ChordPattern riff{Texture::kRiff, {"X-x-..x-X-..x-x-", 4, 4}, 0.9};
  const ChordPattern riff_eighths{Texture::kRiff, {"X-x-x-x-X-x-x-x-", 4, 4}, 0.8};
  const ChordPattern strum{Texture::kStrum, {"x-x-x-xx-xx-x-xx", 4, 4}, 0.9};
  const ChordPattern jangle{Texture::kArpeggio, {"x-x-x-x-x-x-x-x-", 4, 4}, 1.3};
  const ChordPattern piano{Texture::kBlock, {"x.x.x.x.x.x.x.x.", 4, 4}, 0.6};
  return {.name = "rock",
          .neighbours = {"metal", "country", "pop", "blues"},
          .tempo_low_bpm = 82,
          .tempo_high_bpm = 172,
          .minor = 0.4,
          .swing_low = 0.5,
          .swing_high = 0.54,
          .progressions = {{false, "I IV V IV"},
                           {false, "I bVII IV I"},
                           {false, "I V vi IV"},
                           {false, "I I IV IV V IV I V"},
                           {true, "i bVII bVI bVII"},
                           {true, "i bIII bVII IV"},
                           {true, "i5 i5 bIII5 IV5"}},
          .drums = {{{{kKick, "X.......X.x....."},
                      {kSnare, "....X.......X..."},
                      {kHat, "x.x.x.x.x.x.x.x."}}},
                    {{{kKick, "X.x.....X.x....."},
                      {kSnare, "....X.......X..."},
                      {kRide, "x.x.x.x.x.x.x.x."}}},
                    {{{kKick, "X.....x.X......."},
                      {kSnare, "....X.......X..o"},
                      {kOpenHat, "x...x...x...x..."}}},
                    {{{kKick, "X.......X.......X.x.....X......."},
                      {kSnare, "....X.......X.......X.......X.x."},
                      {kHat, "X.x.X.x.X.x.X.x.X.x.X.x.X.x.X.x."}}},
                    {{{kKick, "X..x....X..x...."},
                      {kSnare, "..X...X...X...X."},
                      {kHat, "x...x...x...x..."}}},
                    {{{kKick, "X...x...X...x..."},
                      {kSnare, "....X.......X..."},
                      {kLowTom, "x.x.x.x.x.x.x.x."}}}},
          .drum_kits = {0, 8, 16, 8},
          .basses = {{"1.1.1.1.1.1.1.1.", 4, 4},
                     {"1.....1.1.1.....", 4, 4},
                     {"1-1-1-1-5-5-3-a-", 4, 4},
                     {"1---..1-1-..5---", 4, 4}},
          .melody = {.cells = {{"x---x-x-x-------", 4, 4},
                               {"x-x-x-x-x---....", 4, 4},
                               {"..x-x-x-x-x-x---", 4, 4},
                               {"x-x-xxx-x-x-x---", 4, 4},
                               {"x-------x-x-x---", 4, 4},
                               {"x---------------", 4, 4}},
                     .major_scales = {Scale::kMajorPentatonic, Scale::kMixolydian, Scale::kMajor,
                                      Scale::kBlues},
                     .minor_scales = {Scale::kMinorPentatonic, Scale::kBlues, Scale::kMinor},
                     .leap = 0.2,
                     .repeat = 0.5,
                     .rest_bars = 0.25,
                     .legato = 0.9,
                     .thirds = 0.2},
          .bands = {{{{Role::kDrums, 1, {0}, 0, 0, 108, {}},
                      {Role::kBass, 1, {33, 34}, 28, 48, 106, {}},
                      {Role::kChords, 1, {29, 30, 27}, 40, 62, 90, {eighths, riff, syncopated}},
                      {Role::kChords,
                       0.8,
                       {29, 27, 30},
                       45,
                       67,
                       84,
                       {open_chords, jangle, riff_eighths, eighths}},
                      {Role::kPad, 0.3, {16, 18, 48}, 55, 74, 70, {}},
                      {Role::kLead, 0.9, {29, 53, 30, 27, 54}, 59, 84, 100, {}}}},
                    {{{Role::kDrums, 1, {0}, 0, 0, 104, {}},
                      {Role::kBass, 1, {33, 34}, 28, 48, 106, {}},
                      {Role::kChords, 1, {27, 25}, 48, 70, 92, {jangle, strum, open_chords}},
                      {Role::kChords, 0.5, {0, 18, 3}, 50, 72, 82, {piano, syncopated}},
                      {Role::kLead, 1, {53, 27, 29, 22, 66}, 59, 84, 102, {}}}}},
          .fills = 0.55,
          .velocity = 99,
          .velocity_spread = 6,
          .timing_ticks = 4,
          .phrase_dynamics = 4,
          .rms_low = 0.08,
          .rms_high = 0.17,
          .vintage = 0.12};
}

}  // namespace musicrep::orchestrion
