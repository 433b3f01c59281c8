// The generators of drums, bass, chords and melody: each writes one bar of one part.
#pragma once

#include <span>
#include <vector>

#include "core/random.h"
#include "datasets/orchestrion/artist.h"
#include "datasets/orchestrion/compose.h"
#include "datasets/orchestrion/harmony.h"
#include "datasets/orchestrion/rhythm.h"
#include "datasets/orchestrion/score.h"

namespace musicrep::orchestrion {

/// Where notes are written down: moves them to the clip's time, humanises, cuts at the clip's ends.
class Stage {
 public:
  /// The clip is what lies in [from_tick, from_tick + length_ticks) of the music.
  Stage(const Artist& artist, const Intent& intent, int from_tick, int length_ticks,
        Random& random);
  /// One note in the music's time. `pitched` notes follow the intent's articulation.
  void add(std::size_t part, int tick, int length_ticks, int key, double velocity, bool pitched);
  /// The notes in order.
  std::vector<Note> take();

 private:
  const Artist& artist_;
  const Intent& intent_;
  int from_tick_;
  int length_ticks_;
  Random& random_;
  std::vector<Note> notes_;
};

/// One bar as the generators see it.
struct Bar {
  int tick = 0;    ///< its beginning in the music
  int number = 0;  ///< from the section's beginning
  int beats = 4;
  bool first = false;    ///< of its section: a cymbal may mark it
  bool fill = false;     ///< ends in a drum fill
  double velocity = 90;  ///< the bar's level
  std::span<const Chord> chords;
  [[nodiscard]] int length_ticks() const { return beats * kTicksPerBeat; }
};

/// Leaves hits out or doubles them, as the intent's density says.
std::vector<Hit> with_density(std::vector<Hit> hits, double density, Random& random);

/// What a bass remembers from bar to bar.
struct BassMemory {
  int last_key = 36;
};

/// A riff: semitones above the chord's root, step by step through the bar.
struct Riff {
  std::vector<int> offsets;
};
Riff make_riff(bool minor, Random& random);

/// What a melody remembers: its scale, where it is, and the motifs that it may take up again.
struct MelodyMemory {
  struct Motif {
    Pattern rhythm;
    std::vector<int> moves;  ///< in steps of the scale
  };
  std::vector<int> scale;  ///< pitch classes, ascending
  int key = 67;
  std::vector<Motif> motifs;
};

/// A clip as it is being played: whose music, with which intent, written down where.
struct Performance {
  Stage& stage;
  const Artist& artist;
  const Intent& intent;
  Random& random;
};

/// Each writes one bar of the part `part`, that of the artist's player of this number.
void play_drums(const Performance& clip, std::size_t part, const Bar& bar,
                const DrumPattern& pattern);
void play_bass(const Performance& clip, std::size_t part, const Bar& bar, const Pattern& pattern,
               BassMemory& memory);
void play_chords(const Performance& clip, std::size_t part, const Bar& bar,
                 const ChordPattern& pattern, const Riff& riff);
void play_pad(const Performance& clip, std::size_t part, const Bar& bar);
void play_melody(const Performance& clip, std::size_t part, const Bar& bar, MelodyMemory& memory);

}  // namespace musicrep::orchestrion
