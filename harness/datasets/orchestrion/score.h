// What a composition is: notes in ticks, the parts that play them, and how they are recorded.
#pragma once

#include <cstdint>
#include <vector>

namespace musicrep::orchestrion {

inline constexpr int kTicksPerBeat = 480;

/// What a part does in the band.
enum class Role { kDrums, kBass, kChords, kPad, kLead };

/// One instrument.
struct Part {
  Role role = Role::kLead;
  int program = 0;       ///< General MIDI program, 0-127; of a drum part, the kit's
  int level = 100;       ///< MIDI controller 7, 0-127
  int pan = 64;          ///< MIDI controller 10, 0-127
  int reverb_send = 40;  ///< MIDI controller 91, 0-127
  int tone_cents = 0;    ///< offset of the low-pass filter's cutoff, in cents
};

/// One note. Its times count from the clip's beginning.
struct Note {
  std::int32_t start_tick = 0;
  std::int32_t length_ticks = 0;
  std::uint8_t key = 0;       ///< MIDI key, 0-127
  std::uint8_t velocity = 0;  ///< 1-127
  std::uint8_t part = 0;      ///< index into Score::parts
  friend bool operator==(const Note&, const Note&) = default;
};

/// How the clip was recorded and mastered.
struct Production {
  double room_size = 0.3;     ///< of the reverb, 0-1
  double reverb_level = 0.3;  ///< 0-1
  double target_rms = 0.1;    ///< of the finished clip, full scale = 1
  double lowpass = 1;         ///< coefficient of a one-pole low-pass, 1: none
  double noise_rms = 0;       ///< of a hiss under the music, relative to target_rms
  double width = 1;           ///< of the stereo image: 0 mono, 1 as panned
};

/// One clip.
struct Score {
  double tempo_bpm = 120;
  int beats_per_bar = 4;
  int tonic = 0;  ///< pitch class, 0 = C
  bool minor = false;
  std::vector<Part> parts;
  std::vector<Note> notes;  ///< by start, then part, then key
  Production production;
};

}  // namespace musicrep::orchestrion
