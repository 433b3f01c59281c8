// Metal: distorted power-chord riffs in low minor modes, double kick, fast or very heavy.
#include "datasets/orchestrion/style.h"

namespace musicrep::orchestrion {

Style metal_style() {
  const ChordPattern chug{Texture::kRiff, {"Xxxxx.x.Xxxxx.x.", 4, 4}, 0.7};
  const ChordPattern gallop{Texture::kRiff, {"X.xxX.xxX.xxX.xx", 4, 4}, 0.7};
  const ChordPattern tremolo{Texture::kRiff, {"XxxxXxxxXxxxXxxx", 4, 4}, 0.9};
  const ChordPattern heavy{Texture::kRiff, {"X---x-X-..x-X---", 4, 4}, 0.95};
  const ChordPattern open_chords{Texture::kPower, {"X-------X-------", 4, 4}, 1};
  const ChordPattern eighths{Texture::kPower, {"X.x.x.x.X.x.x.x.", 4, 4}, 0.8};
  const ChordPattern clean{Texture::kArpeggio, {"x-x-x-x-x-x-x-x-", 4, 4}, 1.4};
  return {
      .name = "metal",
      .neighbours = {"rock"},
      .tempo_low_bpm = 84,
      .tempo_high_bpm = 200,
      .minor = 0.97,
      .progressions = {{true, "i5 i5 bVI5 bVII5"},
                       {true, "i5 i5 i5 bII5"},
                       {true, "i5 bVI5 bIII5 bVII5"},
                       {true, "i5 i5/bIII5 iv5 bVI5/bVII5"},
                       {true, "i5 i5 i5 i5 bVI5 bVI5 bVII5 bVII5"},
                       {true, "i5 bII5 i5 bV5"}},
      .drums = {{{{kKick, "XxxxXxxxXxxxXxxx"},
                  {kSnare, "....X.......X..."},
                  {kHat, "x...x...x...x..."}}},
                {{{kKick, "X.xxX.xxX.xxX.xx"},
                  {kSnare, "....X.......X..."},
                  {kRide, "x.x.x.x.x.x.x.x."}}},
                {{{kKick, "X..xX...X..xX..."},
                  {kSnare, "..X...X...X...X."},
                  {kHat, "x.x.x.x.x.x.x.x."}}},
                {{{kKick, "X.....x.X.x....."},
                  {kSnare, "........X......."},
                  {kCrash, "X...x...x...x..."}}},
                {{{kKick, "X.xX..x.X.xX..x."},
                  {kSnare, "....X.......X..."},
                  {kOpenHat, "x...x...x...x..."}}}},
      .drum_kits = {16, 16, 8, 0},
      .basses = {{"1111111111111111", 4, 4},
                 {"1.111.111.111.11", 4, 4},
                 {"1.1.1.1.1.1.1.1.", 4, 4},
                 {"1-----1-..1-1---", 4, 4}},
      .melody = {.cells = {{"xxxxxxxxxxxxxxxx", 4, 4},
                           {"x.xxx.xxx.xxx.xx", 4, 4},
                           {"x-x-x-x-x-x-x-x-", 4, 4},
                           {"x-------x-x-x---", 4, 4},
                           {"xxxxxxxxxxxx", 4, 3},
                           {"x---------------", 4, 4}},
                 .major_scales = {Scale::kMixolydian},
                 .minor_scales = {Scale::kMinor, Scale::kHarmonicMinor, Scale::kPhrygian,
                                  Scale::kMinorPentatonic},
                 .leap = 0.2,
                 .repeat = 0.45,
                 .rest_bars = 0.45,
                 .legato = 0.9,
                 .thirds = 0.3},
      .bands = {{{{Role::kDrums, 1, {0}, 0, 0, 108, {}},
                  {Role::kBass, 1, {34, 33}, 23, 43, 100, {}},
                  {Role::kChords, 1, {30}, 38, 57, 96, {chug, gallop, tremolo, heavy, eighths}},
                  {Role::kChords, 0.9, {30, 29}, 38, 57, 92, {open_chords, eighths, chug, gallop}},
                  {Role::kPad, 0.15, {52, 50, 91}, 55, 76, 62, {}},
                  {Role::kLead, 0.75, {30, 29, 84}, 60, 91, 98, {}}}},
                {{{Role::kDrums, 1, {0}, 0, 0, 106, {}},
                  {Role::kBass, 1, {34}, 23, 43, 102, {}},
                  {Role::kChords, 1, {30, 29}, 38, 57, 100, {heavy, open_chords, chug}},
                  {Role::kChords, 0.4, {27, 25}, 50, 72, 72, {clean}},
                  {Role::kLead, 0.6, {30, 29, 54}, 57, 86, 96, {}}}}},
      .fills = 0.6,
      .velocity = 106,
      .velocity_spread = 5,
      .timing_ticks = 2,
      .phrase_dynamics = 2,
      .room_low = 0.1,
      .room_high = 0.4,
      .rms_low = 0.1,
      .rms_high = 0.18,
      .vintage = 0.05};
}

}  // namespace musicrep::orchestrion
