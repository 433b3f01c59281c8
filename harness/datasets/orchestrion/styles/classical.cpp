// Classical: no drum kit; solo piano, strings, orchestra, harpsichord, winds; wide dynamics.
#include "datasets/orchestrion/style.h"

namespace musicrep::orchestrion {

Style classical_style() {
  const ChordPattern alberti{Texture::kAlberti, {"x-x-x-x-x-x-x-x-", 4, 4}, 1.1};
  const ChordPattern quick{Texture::kArpeggio, {"xxxxxxxxxxxxxxxx", 4, 4}, 1.3};
  const ChordPattern slow{Texture::kArpeggio, {"x---x---x---x---", 4, 4}, 1.5};
  const ChordPattern blocks{Texture::kBlock, {"x---x---x---x---", 4, 4}, 0.9};
  const ChordPattern held{Texture::kSustain, {"x---------------", 4, 4}, 1};
  const ChordPattern pulse{Texture::kBlock, {"x-o-o-o-x-o-o-o-", 4, 4}, 0.6};
  const ChordPattern waltz{Texture::kBlock, {"....x---x---", 3, 4}, 0.7};
  const ChordPattern waltz_arpeggio{Texture::kArpeggio, {"x-x-x-x-x-x-", 3, 4}, 1.2};
  const ChordPattern waltz_held{Texture::kSustain, {"x-----------", 3, 4}, 1};
  return {
      .name = "classical",
      .neighbours = {"jazz"},
      .tempo_low_bpm = 54,
      .tempo_high_bpm = 152,
      .minor = 0.4,
      .metres = {4, 4, 3},
      .progressions = {{false, "I V I V7 I IV V7 I"},
                       {false, "I IV/V7 I vi ii V7 I I"},
                       {false, "I V vi iii IV I ii/V7 I"},
                       {false, "I ii V7 I vi ii/V7 I V"},
                       {true, "i iv V7 i bVI iv V7 i"},
                       {true, "i V7 i iv i iio/V7 i V7"},
                       {true, "i bVII bVI V7 i iv V7 i"},
                       {true, "i bVI bIII bVII iv i V V7"}},
      .drums = {},
      .basses = {{"1---------------", 4, 4},
                 {"1-------5-------", 4, 4},
                 {"1---8---5---8---", 4, 4},
                 {"1-2-3-4-5-4-3-a-", 4, 4},
                 {"1-----------", 3, 4},
                 {"1-------5---", 3, 4}},
      .melody = {.cells = {{"x-------x---x---", 4, 4},
                           {"x-----x-x-------", 4, 4},
                           {"x-x-x-x-x---x---", 4, 4},
                           {"xxxxx-x-xxxxx---", 4, 4},
                           {"x---------------", 4, 4},
                           {"x---x-x-x-------", 4, 4},
                           {"x-------x---", 3, 4},
                           {"x---x-x-x---", 3, 4},
                           {"x-x-x-x-x-x-", 3, 4}},
                 .major_scales = {Scale::kMajor},
                 .minor_scales = {Scale::kHarmonicMinor, Scale::kMinor},
                 .leap = 0.22,
                 .repeat = 0.45,
                 .rest_bars = 0.05,
                 .legato = 0.97,
                 .thirds = 0.1},
      .bands = {{{{Role::kLead, 1, {0, 1}, 64, 91, 104, {}},
                  {Role::kChords,
                   1,
                   {0},
                   45,
                   67,
                   88,
                   {alberti, slow, quick, blocks, waltz, waltz_arpeggio}},
                  {Role::kBass, 0.6, {0}, 31, 52, 88, {}}}},
                {{{Role::kLead, 1, {40, 40, 73, 68}, 62, 91, 104, {}},
                  {Role::kPad, 1, {48, 49}, 50, 74, 88, {}},
                  {Role::kBass, 1, {42, 43}, 33, 55, 92, {}},
                  {Role::kChords, 0.5, {41, 45, 71}, 50, 72, 80, {pulse, blocks, held, waltz}}}},
                {{{Role::kLead, 1, {48, 60, 73, 56}, 60, 89, 104, {}},
                  {Role::kPad, 1, {48, 49}, 48, 74, 96, {}},
                  {Role::kChords, 0.8, {60, 61, 48}, 48, 70, 84, {held, pulse, waltz_held}},
                  {Role::kChords, 0.4, {46}, 50, 80, 84, {quick, slow, waltz_arpeggio}},
                  {Role::kBass, 1, {43, 58, 47}, 28, 50, 96, {}}}},
                {{{Role::kLead, 1, {6, 73, 40, 74}, 60, 86, 100, {}},
                  {Role::kChords, 1, {6}, 48, 69, 88, {alberti, blocks, quick, waltz_arpeggio}},
                  {Role::kBass, 1, {42, 70}, 33, 57, 90, {}}}},
                {{{Role::kLead, 1, {24}, 57, 83, 104, {}},
                  {Role::kChords, 1, {24}, 45, 66, 86, {slow, quick, waltz_arpeggio}}}}},
      .velocity = 76,
      .velocity_spread = 9,
      .timing_ticks = 7,
      .phrase_dynamics = 14,
      .section_change = 0.5,
      .room_low = 0.5,
      .room_high = 0.9,
      .rms_low = 0.03,
      .rms_high = 0.1,
      .vintage = 0.2};
}

}  // namespace musicrep::orchestrion
