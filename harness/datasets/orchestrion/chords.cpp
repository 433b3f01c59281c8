#include <algorithm>
#include <array>

#include "datasets/orchestrion/chance.h"
#include "datasets/orchestrion/parts.h"

namespace musicrep::orchestrion {
namespace {

constexpr int kStrumTicks = 14;

int lowest_key(const Player& player, const Intent& intent) {
  return std::clamp(player.low + nearest(4 * intent.pitch), 24, 96);
}

std::vector<int> power_chord(int root_class, int low) {
  const int root = low + ((root_class - low) % 12 + 12) % 12;
  return {root, root + 7, root + 12};
}

std::vector<int> shell(const Chord& chord, int low) {
  std::vector<int> keys;
  for (const int key : close_voicing(chord, low)) {
    const int interval = ((key - chord.root) % 12 + 12) % 12;
    if (interval != 0 && interval != 7) keys.push_back(key);
  }
  return keys.empty() ? close_voicing(chord, low) : keys;
}

/// The place of the n-th note of a broken chord of `size` tones.
std::size_t broken_place(Texture texture, std::size_t n, std::size_t size) {
  if (texture == Texture::kAlberti) {
    const std::array<std::size_t, 4> places = {0, size - 1, size / 2, size - 1};
    return places[n % 4];
  }
  const std::size_t period = size > 1 ? 2 * size - 2 : 1;
  const std::size_t at = n % period;
  return at < size ? at : period - at;
}

void sustain(Stage& stage, std::size_t part, const Bar& bar, int low, double level) {
  int tick = bar.tick;
  const int end = bar.tick + bar.length_ticks();
  while (tick < end) {
    const Chord& chord = chord_at(bar.chords, tick);
    int until = tick + kTicksPerBeat;
    while (until < end && &chord_at(bar.chords, until) == &chord) until += kTicksPerBeat;
    for (const int key : close_voicing(chord, low)) {
      stage.add(part, tick, until - tick, key, bar.velocity * level, true);
    }
    tick = until;
  }
}

/// The power chord of a riff's step above the chord's root.
std::vector<int> riff_chord(const Chord& chord, const Riff& riff, const Hit& hit, int low) {
  const int offset = riff.offsets[static_cast<std::size_t>(hit.step) % riff.offsets.size()];
  return power_chord((chord.root + offset) % 12, low);
}

/// A guitar's stroke. Those that are not open are muted with the palm: shorter, without the octave.
struct Stroke {
  int tick = 0;
  int length_ticks = 0;
  double velocity = 0;
  bool open = false;
};

void play_power_chord(Stage& stage, std::size_t part, const Stroke& stroke,
                      const std::vector<int>& keys) {
  const auto& [tick, length, velocity, open] = stroke;
  stage.add(part, tick, open ? length : length * 6 / 10, keys[0], velocity, true);
  stage.add(part, tick, open ? length : length * 6 / 10, keys[1], velocity, true);
  if (open) stage.add(part, tick, length, keys[2], velocity, true);
}

}  // namespace

std::vector<Hit> with_density(std::vector<Hit> hits, double density, Random& random) {
  std::vector<Hit> out;
  for (std::size_t i = 0; i < hits.size(); ++i) {
    const Hit& hit = hits[i];
    if (density < 0) {
      const double dropped = hit.step == 0 ? 0 : hit.on_beat ? -0.15 * density : -0.3 * density;
      if (chance(random, dropped)) continue;
      out.push_back(hit);
      continue;
    }
    out.push_back(hit);
    const int half = hit.length_ticks / 2;
    if (half >= kTicksPerBeat / 4 && chance(random, 0.3 * density)) {
      out.back().length_ticks = half;
      Hit second = hit;
      second.tick += half;
      second.length_ticks = half;
      second.strength *= 0.85;
      second.on_beat = false;
      out.push_back(second);
    }
  }
  return out;
}

Riff make_riff(bool minor, Random& random) {
  const std::vector<int> minor_offsets = {0, 0, 0, 0, 0, 1, 3, 3, 5, 6, 7, 10};
  const std::vector<int> major_offsets = {0, 0, 0, 0, 2, 4, 5, 5, 7, 10};
  Riff riff;
  int offset = 0;
  for (int step = 0; step < 16; ++step) {
    if (step % 4 == 0 || chance(random, 0.2)) {
      offset = pick(random, minor ? minor_offsets : major_offsets);
    }
    if (step == 0) offset = 0;
    riff.offsets.push_back(offset);
  }
  return riff;
}

void play_chords(const Performance& clip, std::size_t part, const Bar& bar,
                 const ChordPattern& pattern, const Riff& riff) {
  const auto& [stage, artist, intent, random] = clip;
  const int low = lowest_key(artist.players[part], intent);
  if (pattern.texture == Texture::kSustain) {
    sustain(stage, part, bar, low, 0.9);
    return;
  }
  std::size_t n = 0;
  const std::vector<Hit> hits =
      with_density(hits_of_bar(pattern.rhythm, bar.number, artist.swing), intent.density, random);
  for (const Hit& hit : hits) {
    const int tick = bar.tick + hit.tick;
    const int length = nearest(hit.length_ticks * pattern.length);
    const double velocity = bar.velocity * hit.strength * 0.92;
    const Chord& chord = chord_at(bar.chords, tick);
    if (pattern.texture == Texture::kRiff) {
      const Stroke stroke = {tick, length, velocity, hit.symbol == 'X'};
      play_power_chord(stage, part, stroke, riff_chord(chord, riff, hit, low));
      continue;
    }
    std::vector<int> keys = close_voicing(chord, low);
    if (pattern.texture == Texture::kPower) keys = power_chord(chord.root, low);
    if (pattern.texture == Texture::kShell) keys = shell(chord, low);
    if (pattern.texture == Texture::kArpeggio || pattern.texture == Texture::kAlberti) {
      keys.push_back(keys.front() + 12);
      stage.add(part, tick, length, keys[broken_place(pattern.texture, n++, keys.size())], velocity,
                true);
      continue;
    }
    int delay = 0;
    for (const int key : keys) {
      stage.add(part, tick + delay, length - delay, key, velocity, true);
      if (pattern.texture == Texture::kStrum) delay += kStrumTicks;
    }
  }
}

void play_pad(const Performance& clip, std::size_t part, const Bar& bar) {
  sustain(clip.stage, part, bar, lowest_key(clip.artist.players[part], clip.intent), 0.8);
}

}  // namespace musicrep::orchestrion
