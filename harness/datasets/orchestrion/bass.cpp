#include <algorithm>
#include <cstdlib>

#include "datasets/orchestrion/chance.h"
#include "datasets/orchestrion/parts.h"

namespace musicrep::orchestrion {
namespace {

int clamped_to_octaves(int key, int low, int high) {
  while (key < low) key += 12;
  while (key > high) key -= 12;
  return std::max(key, low);
}

/// Semitones above the root of the chord's tone that is nearest in name: 3, 5 or 7.
int chord_interval(const Chord& chord, char symbol) {
  for (const int interval : chord.intervals) {
    if (symbol == '3' && (interval == 3 || interval == 4)) return interval;
    if (symbol == '5' && (interval == 6 || interval == 7)) return interval;
    if (symbol == '7' && (interval == 10 || interval == 11)) return interval;
  }
  switch (symbol) {
    case '2':
      return 2;
    case '3':
      return 12;
    case '4':
      return 5;
    case '5':
      return 7;
    case '6':
      return 9;
    case '7':
      return 10;
    case '8':
      return 12;
    default:
      return 0;
  }
}

/// A quarter note a beat: root, chord tones or steps between, and a semitone into the next root.
void walk(Stage& stage, std::size_t part, const Bar& bar, const Player& player, BassMemory& memory,
          Random& random) {
  for (int beat = 0; beat < bar.beats; ++beat) {
    const int tick = bar.tick + beat * kTicksPerBeat;
    const Chord& chord = chord_at(bar.chords, tick);
    const Chord& next = chord_at(bar.chords, tick + kTicksPerBeat);
    const bool arrives = beat == 0 || chord_at(bar.chords, tick - 1).root != chord.root;
    int key = nearest_key(chord.root, memory.last_key);
    if (!arrives && next.root != chord.root) {
      key = nearest_key(next.root, memory.last_key) + (chance(random, 0.5) ? 1 : -1);
    } else if (!arrives) {
      const int direction = chance(random, 0.6) == (memory.last_key < 40) ? 1 : -1;
      key = chance(random, 0.5) ? nearest_key((chord.root + pick(random, chord.intervals)) % 12,
                                              memory.last_key + 4 * direction)
                                : memory.last_key + direction * whole_between(random, 1, 2);
    }
    key = clamped_to_octaves(key, player.low, player.high);
    memory.last_key = key;
    stage.add(part, tick, kTicksPerBeat * 9 / 10, key, bar.velocity * (beat % 2 == 1 ? 1.05 : 1),
              true);
  }
}

}  // namespace

void play_bass(const Performance& clip, std::size_t part, const Bar& bar, const Pattern& pattern,
               BassMemory& memory) {
  const auto& [stage, artist, intent, random] = clip;
  const Player& player = artist.players[part];
  if (pattern.steps == "walk") {
    walk(stage, part, bar, player, memory, random);
    return;
  }
  for (const Hit& hit :
       with_density(hits_of_bar(pattern, bar.number, artist.swing), intent.density * 0.6, random)) {
    const int tick = bar.tick + hit.tick;
    const Chord& chord = chord_at(bar.chords, tick);
    const int root =
        clamped_to_octaves(nearest_key(chord.root, memory.last_key), player.low, player.high - 7);
    int key = root;
    if (hit.symbol == 'a') {
      const Chord& next = chord_at(bar.chords, bar.tick + bar.length_ticks());
      key = nearest_key(next.root, root) - 1;
    } else if (hit.symbol != '1') {
      key = root + chord_interval(chord, hit.symbol);
    }
    if (hit.symbol == '1') memory.last_key = root;
    stage.add(part, tick, hit.length_ticks * 9 / 10,
              clamped_to_octaves(key, player.low, player.high), bar.velocity * hit.strength, true);
  }
}

}  // namespace musicrep::orchestrion
