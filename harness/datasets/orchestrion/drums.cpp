#include <string_view>

#include "datasets/orchestrion/chance.h"
#include "datasets/orchestrion/parts.h"

namespace musicrep::orchestrion {
namespace {

constexpr int kStrokeTicks = kTicksPerBeat / 4;

bool carries_time(DrumKey key) {
  return key == kHat || key == kRide || key == kShaker || key == kOpenHat || key == kTambourine;
}

/// Sixteenths over the last beat or two, from the snare down the toms.
void play_fill(Stage& stage, std::size_t part, const Bar& bar, Random& random) {
  static constexpr int kDown[] = {kSnare, kHighTom, kMidTom, kLowTom};
  const int beats = whole_between(random, 1, 2);
  const int steps = beats * 4;
  const int begin = bar.tick + bar.length_ticks() - beats * kTicksPerBeat;
  for (int step = 0; step < steps; ++step) {
    if (chance(random, 0.2)) continue;
    const int drum = kDown[step * 4 / steps];
    stage.add(part, begin + step * kStrokeTicks, kStrokeTicks, drum,
              bar.velocity * (0.85 + 0.25 * step / steps), false);
  }
}

}  // namespace

void play_drums(const Performance& clip, std::size_t part, const Bar& bar,
                const DrumPattern& pattern) {
  const auto& [stage, artist, intent, random] = clip;
  const int fill_from = bar.fill ? bar.length_ticks() - kTicksPerBeat : bar.length_ticks();
  for (const DrumLine& line : pattern.lines) {
    const Pattern rhythm{line.steps, pattern.beats, pattern.per_beat};
    std::vector<Hit> hits = hits_of_bar(rhythm, bar.number, artist.swing);
    if (carries_time(line.key)) hits = with_density(std::move(hits), intent.density, random);
    for (const Hit& hit : hits) {
      if (hit.tick >= fill_from) continue;
      const double level = carries_time(line.key) ? 0.8 : 1;
      stage.add(part, bar.tick + hit.tick, kStrokeTicks, line.key,
                bar.velocity * hit.strength * level, false);
    }
    if (line.key != kSnare && line.key != kKick) continue;
    for (int step = 0; step < pattern.beats * pattern.per_beat; ++step) {
      if (step % pattern.per_beat == 0 || !chance(random, artist.ghost_notes)) continue;
      if (!chance(random, 0.4)) continue;
      stage.add(part, bar.tick + tick_of_step(rhythm, step, artist.swing), kStrokeTicks, line.key,
                bar.velocity * 0.5, false);
    }
  }
  if (bar.first) stage.add(part, bar.tick, kTicksPerBeat, kCrash, bar.velocity, false);
  if (bar.fill) play_fill(stage, part, bar, random);
}

}  // namespace musicrep::orchestrion
