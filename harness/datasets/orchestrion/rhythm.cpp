#include "datasets/orchestrion/rhythm.h"

#include <cassert>
#include <cstddef>

#include "datasets/orchestrion/chance.h"
#include "datasets/orchestrion/score.h"

namespace musicrep::orchestrion {

int tick_of_step(const Pattern& pattern, int step, const Swing& swing) {
  const int straight = step * kTicksPerBeat / pattern.per_beat;
  if (pattern.per_beat == 3) return straight;
  const int unit = swing.sixteenths ? kTicksPerBeat / 2 : kTicksPerBeat;
  const int base = straight / unit * unit;
  const int within = straight - base;
  const int half = unit / 2;
  // The first half of the unit is stretched to `ratio`, the second is squeezed into the rest.
  const double warped = within < half
                            ? within * 2 * swing.ratio
                            : unit * swing.ratio + (within - half) * 2 * (1 - swing.ratio);
  return base + nearest(warped);
}

int bars_of(const Pattern& pattern) {
  const int per_bar = pattern.beats * pattern.per_beat;
  const int n = static_cast<int>(pattern.steps.size());
  assert(n > 0 && n % per_bar == 0);
  return n / per_bar;
}

std::vector<Hit> hits_of_bar(const Pattern& pattern, int bar, const Swing& swing) {
  const int per_bar = pattern.beats * pattern.per_beat;
  const std::string_view steps =
      pattern.steps.substr(static_cast<std::size_t>((bar % bars_of(pattern)) * per_bar),
                           static_cast<std::size_t>(per_bar));
  std::vector<Hit> hits;
  for (int step = 0; step < per_bar; ++step) {
    const char symbol = steps[static_cast<std::size_t>(step)];
    if (symbol == '.' || symbol == '-') continue;
    int end = step + 1;
    while (end < per_bar && steps[static_cast<std::size_t>(end)] == '-') ++end;
    Hit hit;
    hit.tick = tick_of_step(pattern, step, swing);
    hit.length_ticks = tick_of_step(pattern, end, swing) - hit.tick;
    hit.step = step;
    hit.symbol = symbol;
    hit.strength = symbol == 'X' ? 1.15 : symbol == 'o' ? 0.65 : 1.0;
    hit.on_beat = step % pattern.per_beat == 0;
    hits.push_back(hit);
  }
  return hits;
}

}  // namespace musicrep::orchestrion
