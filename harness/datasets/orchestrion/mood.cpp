#include "datasets/orchestrion/mood.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "datasets/orchestrion/chance.h"

namespace musicrep::orchestrion {
namespace {

constexpr int kOverdrivenGuitar = 29;
constexpr int kDistortionGuitar = 30;

struct Sums {
  double velocity = 0;
  double key = 0;
  double rough = 0;
  std::size_t pitched = 0;
  std::set<std::pair<int, int>> onsets;            ///< part, start
  std::map<int, std::map<int, int>> line_lengths;  ///< part → start → longest length
};

Sums sum_up(const Score& score) {
  Sums sums;
  for (const Note& note : score.notes) {
    const Part& part = score.parts[note.part];
    sums.velocity += note.velocity;
    sums.onsets.emplace(note.part, note.start_tick);
    const bool distorted = part.program == kOverdrivenGuitar || part.program == kDistortionGuitar;
    if (part.role != Role::kDrums && distorted) sums.rough += 1;
    if (part.role == Role::kDrums || part.role == Role::kBass) continue;
    sums.key += note.key;
    ++sums.pitched;
    if (part.role == Role::kPad) continue;
    int& length = sums.line_lengths[note.part][note.start_tick];
    length = std::max(length, static_cast<int>(note.length_ticks));
  }
  return sums;
}

/// Mean share of the time between two onsets of a part that the earlier one sounds.
double sounding_share(const Sums& sums) {
  double total = 0;
  std::size_t n = 0;
  for (const auto& [part, lengths] : sums.line_lengths) {
    for (auto it = lengths.begin(); it != lengths.end(); ++it) {
      const auto after = std::next(it);
      if (after == lengths.end()) break;
      const double gap = after->first - it->first;
      if (gap < 40) continue;  // a strum is one onset
      total += std::min(1.0, it->second / gap);
      ++n;
    }
  }
  return n == 0 ? 0.8 : total / static_cast<double>(n);
}

}  // namespace

Cues measure_cues(const Score& score, double clip_s) {
  const Sums sums = sum_up(score);
  const double n = static_cast<double>(std::max<std::size_t>(score.notes.size(), 1));
  double tone = 0;
  for (const Part& part : score.parts) tone += part.tone_cents;
  tone /= static_cast<double>(std::max<std::size_t>(score.parts.size(), 1));

  Cues cues;
  cues.mode = score.minor ? -1 : 1;
  cues.tempo = (score.tempo_bpm - 110) / 30;
  cues.loudness =
      0.5 * (sums.velocity / n - 84) / 11 + 0.5 * (score.production.target_rms - 0.1) / 0.04;
  cues.pitch = sums.pitched == 0 ? 0 : (sums.key / static_cast<double>(sums.pitched) - 60) / 6;
  cues.staccato = (0.62 - sounding_share(sums)) / 0.24;
  cues.density = (static_cast<double>(sums.onsets.size()) / clip_s - 19) / 11;
  cues.brightness = 0.7 * (tone - kToneCents) / 900 + 0.3 * (score.production.lowpass - 0.85) / 0.1;
  cues.roughness = (sums.rough / n - 0.1) / 0.2;
  return cues;
}

Affect affect_of(const Cues& cues) {
  Affect affect;
  affect.valence = 0.45 * cues.mode + 0.35 * cues.tempo + 0.20 * cues.pitch + 0.15 * cues.staccato +
                   0.15 * cues.brightness + 0.10 * cues.density - 0.10 * cues.loudness -
                   0.30 * cues.roughness + 0.08 * cues.mode * cues.tempo;
  affect.arousal = 0.45 * cues.tempo + 0.40 * cues.loudness + 0.25 * cues.density +
                   0.20 * cues.brightness + 0.15 * cues.staccato + 0.20 * cues.roughness +
                   0.05 * cues.pitch;
  return affect;
}

Intent draw_intent(const Affect& artist_leaning, Random& random) {
  const double valence = 0.6 * artist_leaning.valence + 0.8 * gaussian(random);
  const double arousal = 0.6 * artist_leaning.arousal + 0.8 * gaussian(random);
  const auto cue = [&](double from_valence, double from_arousal, double own) {
    const double value = from_valence * valence + from_arousal * arousal + own * gaussian(random);
    return std::clamp(value, -2.5, 2.5);
  };
  Intent intent;
  intent.tempo = cue(0.2, 0.5, 0.8);
  intent.loudness = cue(0, 0.5, 0.85);
  intent.pitch = cue(0.3, 0, 0.95);
  intent.staccato = cue(0.15, 0.2, 0.95);
  intent.density = cue(0, 0.4, 0.9);
  intent.brightness = cue(0.1, 0.4, 0.9);
  intent.minor = chance(random, std::clamp(0.5 - 0.2 * valence, 0.05, 0.95));
  return intent;
}

}  // namespace musicrep::orchestrion
