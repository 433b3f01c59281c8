#include <algorithm>
#include <cstdlib>

#include "datasets/orchestrion/chance.h"
#include "datasets/orchestrion/parts.h"

namespace musicrep::orchestrion {
namespace {

bool in_chord(const Chord& chord, int key) {
  return std::any_of(chord.intervals.begin(), chord.intervals.end(),
                     [&](int interval) { return (chord.root + interval - key) % 12 == 0; });
}

/// `moves` steps of the scale up (or down) from `key`.
int moved(const std::vector<int>& scale, int key, int moves) {
  const int direction = moves < 0 ? -1 : 1;
  while (moves != 0) {
    do {
      key += direction;
    } while (std::find(scale.begin(), scale.end(), ((key % 12) + 12) % 12) == scale.end());
    moves -= direction;
  }
  return key;
}

/// The key of the chord nearest to `key`.
int snapped(const Chord& chord, int key) {
  for (int distance = 0; distance < 7; ++distance) {
    if (in_chord(chord, key - distance)) return key - distance;
    if (in_chord(chord, key + distance)) return key + distance;
  }
  return key;
}

MelodyMemory::Motif new_motif(const Artist& artist, int beats, std::size_t n_hits_most,
                              Random& random) {
  std::vector<Pattern> cells;
  for (const Pattern& cell : artist.melody.cells) {
    if (cell.beats == beats) cells.push_back(cell);
  }
  // The artist's favourite rhythms stand first.
  const std::size_t known = std::min<std::size_t>(cells.size(), 4);
  MelodyMemory::Motif motif{cells[random.below(known)], {}};
  for (std::size_t i = 0; i < n_hits_most; ++i) {
    const int size = chance(random, artist.melody.leap) ? whole_between(random, 2, 4)
                     : chance(random, 0.15)             ? 0
                                                        : 1;
    motif.moves.push_back(chance(random, 0.5) ? size : -size);
  }
  return motif;
}

}  // namespace

void play_melody(const Performance& clip, std::size_t part, const Bar& bar, MelodyMemory& memory) {
  const auto& [stage, artist, intent, random] = clip;
  const Player& player = artist.players[part];
  if (chance(random, artist.melody.rest_bars)) return;
  const bool again = !memory.motifs.empty() && chance(random, artist.melody.repeat);
  if (!again) memory.motifs.push_back(new_motif(artist, bar.beats, 16, random));
  const MelodyMemory::Motif motif = again ? pick(random, memory.motifs) : memory.motifs.back();

  const int shift = nearest(4 * intent.pitch);
  const int low = player.low + shift;
  const int high = player.high + shift;
  const std::vector<Hit> hits =
      with_density(hits_of_bar(motif.rhythm, 0, artist.swing), intent.density, random);
  for (std::size_t i = 0; i < hits.size(); ++i) {
    const Hit& hit = hits[i];
    const int tick = bar.tick + hit.tick;
    const Chord& chord = chord_at(bar.chords, tick);
    int move = motif.moves[i % motif.moves.size()];
    if (memory.key > high - 4) move = -std::abs(move);
    if (memory.key < low + 4) move = std::abs(move);
    int key = moved(memory.scale, std::clamp(memory.key, low, high), move);
    if (hit.on_beat && chance(random, 0.75)) key = snapped(chord, key);
    memory.key = std::clamp(key, low, high);
    const int length = nearest(hit.length_ticks * artist.melody.legato);
    stage.add(part, tick, length, memory.key, bar.velocity * hit.strength * 1.05, true);
    if (artist.melody.thirds > 0 && hit.length_ticks >= kTicksPerBeat / 2) {
      stage.add(part, tick, length, moved(memory.scale, memory.key, -2),
                bar.velocity * hit.strength * 0.85, true);
    }
  }
}

}  // namespace musicrep::orchestrion
