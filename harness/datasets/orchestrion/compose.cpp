#include "datasets/orchestrion/compose.h"

#include <algorithm>
#include <cassert>
#include <tuple>
#include <utility>

#include "datasets/orchestrion/chance.h"
#include "datasets/orchestrion/parts.h"

namespace musicrep::orchestrion {

Stage::Stage(const Artist& artist, const Intent& intent, int from_tick, int length_ticks,
             Random& random)
    : artist_(artist),
      intent_(intent),
      from_tick_(from_tick),
      length_ticks_(length_ticks),
      random_(random) {}

void Stage::add(std::size_t part, int tick, int length_ticks, int key, double velocity,
                bool pitched) {
  int start = tick - from_tick_ + nearest(artist_.timing_ticks * gaussian(random_));
  if (pitched) {
    const double factor = std::clamp(1 - 0.22 * intent_.staccato, 0.25, 1.4);
    length_ticks = nearest(length_ticks * factor);
  }
  int end = start + std::max(length_ticks, 20);
  const double loudness =
      velocity + 8 * intent_.loudness + artist_.velocity_spread * gaussian(random_);
  // What began before the clip sounds on into it where much of it is left; drums do not.
  if (start < 0 && start > -20) start = 0;
  if (start < 0 && (!pitched || end < kTicksPerBeat / 4)) return;
  start = std::max(start, 0);
  end = std::min(end, length_ticks_);
  if (start >= length_ticks_ || end <= start) return;
  Note note;
  note.start_tick = start;
  note.length_ticks = end - start;
  note.key = static_cast<std::uint8_t>(std::clamp(key, 0, 127));
  note.velocity = static_cast<std::uint8_t>(std::clamp(nearest(loudness), 12, 127));
  note.part = static_cast<std::uint8_t>(part);
  notes_.push_back(note);
}

std::vector<Note> Stage::take() {
  const auto place = [](const Note& note) {
    return std::tuple(note.start_tick, note.part, note.key, note.length_ticks, note.velocity);
  };
  std::sort(notes_.begin(), notes_.end(),
            [&](const Note& a, const Note& b) { return place(a) < place(b); });
  return std::move(notes_);
}

namespace {

constexpr std::size_t kNone = static_cast<std::size_t>(-1);

/// The first with probability 0.6, the second with 0.6 of the rest, and so on.
std::size_t favourite(std::size_t n, Random& random) {
  assert(n >= 1);
  for (std::size_t i = 0; i + 1 < n; ++i) {
    if (chance(random, 0.6)) return i;
  }
  return n - 1;
}

/// A favourite among those of the metre; kNone where there are none.
template <typename T, typename Beats>
std::size_t favourite_in_metre(const std::vector<T>& values, int beats, Random& random,
                               Beats&& beats_of) {
  std::vector<std::size_t> fitting;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (beats_of(values[i]) == beats) fitting.push_back(i);
  }
  return fitting.empty() ? kNone : fitting[favourite(fitting.size(), random)];
}

/// What is kept for some bars: verse or chorus.
struct Section {
  std::vector<Chord> chords;
  std::size_t drums = kNone;
  std::size_t bass = kNone;
  std::vector<std::size_t> chord_patterns;  ///< one a player
  std::vector<bool> plays;                  ///< one a player
  std::vector<Riff> riffs;
  double velocity = 0;
};

std::vector<Chord> choose_chords(const Artist& artist, bool minor, int tonic, int beats,
                                 Random& random) {
  std::vector<std::string_view> fitting;
  for (const Progression& progression : artist.progressions) {
    if (progression.minor == minor) fitting.push_back(progression.chords);
  }
  // Every style knows both modes; metal, which hardly does, borrows the plainest major.
  if (fitting.empty()) fitting.emplace_back(minor ? "i bVII bVI bVII" : "I IV V IV");
  return parse_progression(fitting[favourite(fitting.size(), random)], tonic, beats);
}

Section make_section(const Artist& artist, const Score& score, bool full, Random& random) {
  Section section;
  const int beats = score.beats_per_bar;
  section.chords = choose_chords(artist, score.minor, score.tonic, beats, random);
  section.drums = favourite_in_metre(artist.drums, beats, random,
                                     [](const DrumPattern& pattern) { return pattern.beats; });
  section.bass = favourite_in_metre(artist.basses, beats, random,
                                    [](const Pattern& pattern) { return pattern.beats; });
  std::size_t colours = 0;
  for (const Player& player : artist.players) {
    section.chord_patterns.push_back(
        favourite_in_metre(player.patterns, beats, random,
                           [](const ChordPattern& pattern) { return pattern.rhythm.beats; }));
    const bool colour =
        player.part.role == Role::kPad || (player.part.role == Role::kChords && ++colours > 1);
    section.plays.push_back(!colour || full || chance(random, 0.6));
    section.riffs.push_back(make_riff(score.minor, random));
  }
  section.velocity = full ? 4 : -2;
  return section;
}

MelodyMemory begin_melody(const Artist& artist, const Player& player, const Score& score,
                          Random& random) {
  MelodyMemory memory;
  const std::vector<Scale>& scales =
      score.minor ? artist.melody.minor_scales : artist.melody.major_scales;
  for (const int step : scale_steps(pick(random, scales))) {
    memory.scale.push_back((score.tonic + step) % 12);
  }
  std::sort(memory.scale.begin(), memory.scale.end());
  memory.key = (player.low + player.high) / 2;
  return memory;
}

/// What the players remember through the clip.
struct Memories {
  std::vector<BassMemory> basses;
  std::vector<MelodyMemory> melodies;
};

void play_bar(const Performance& clip, const Section& section, const Bar& bar, Memories& memories) {
  const Artist& artist = clip.artist;
  for (std::size_t p = 0; p < artist.players.size(); ++p) {
    if (!section.plays[p]) continue;
    switch (artist.players[p].part.role) {
      case Role::kDrums:
        if (section.drums == kNone) break;
        play_drums(clip, p, bar, artist.drums[section.drums]);
        break;
      case Role::kBass:
        if (section.bass == kNone) break;
        play_bass(clip, p, bar, artist.basses[section.bass], memories.basses[p]);
        break;
      case Role::kChords:
        if (section.chord_patterns[p] == kNone) break;
        play_chords(clip, p, bar, artist.players[p].patterns[section.chord_patterns[p]],
                    section.riffs[p]);
        break;
      case Role::kPad:
        play_pad(clip, p, bar);
        break;
      case Role::kLead:
        play_melody(clip, p, bar, memories.melodies[p]);
        break;
    }
  }
}

/// Tempo, metre, key and parts.
Score begin_score(const Artist& artist, const Intent& intent, Random& random) {
  Score score;
  const double own = artist.tempo_bpm * (1 + artist.tempo_spread * gaussian(random));
  score.tempo_bpm = std::clamp(own * (1 + 0.16 * intent.tempo), 40.0, 240.0);
  score.beats_per_bar = pick(random, artist.metres);
  const bool minor = chance(random, artist.minor);
  score.minor = intent.minor.value_or(minor);
  score.tonic = artist.tonics[favourite(artist.tonics.size(), random)];
  score.production = artist.production;
  const double louder = intent.loudness;
  score.production.target_rms *= louder >= 0 ? 1 + 0.3 * louder : 1 / (1 - 0.3 * louder);
  score.production.target_rms = std::clamp(score.production.target_rms, 0.01, 0.22);
  for (const Player& player : artist.players) {
    score.parts.push_back(player.part);
    score.parts.back().tone_cents += nearest(900 * intent.brightness);
  }
  return score;
}

}  // namespace

Score compose_clip(const Artist& artist, const Intent& intent, double clip_s, std::uint64_t seed) {
  Random random(seed);
  Score score = begin_score(artist, intent, random);
  const int length_ticks = static_cast<int>(clip_s * score.tempo_bpm / 60 * kTicksPerBeat) + 1;

  const bool full_first = chance(random, 0.5);
  const Section sections[2] = {make_section(artist, score, full_first, random),
                               make_section(artist, score, !full_first, random)};
  const int bar_ticks = score.beats_per_bar * kTicksPerBeat;
  const int first_bar = whole_between(random, 0, 11);
  const int beat = chance(random, 0.5) ? whole_between(random, 0, score.beats_per_bar - 1) : 0;
  const int from_tick = first_bar * bar_ticks + beat * kTicksPerBeat;
  const int last_bar = (from_tick + length_ticks) / bar_ticks;
  int change_bar = last_bar + 1;
  if (chance(random, artist.section_change)) {
    change_bar = (first_bar + whole_between(random, 1, std::max(1, last_bar - first_bar))) / 4 * 4;
  }

  Memories memories;
  for (const Player& player : artist.players) {
    memories.basses.push_back({(player.low + player.high) / 2});
    memories.melodies.push_back(begin_melody(artist, player, score, random));
  }
  Stage stage(artist, intent, from_tick, length_ticks, random);
  const double clip_level = 3 * gaussian(random);
  for (int number = first_bar; number <= last_bar; ++number) {
    const Section& section = sections[number >= change_bar ? 1 : 0];
    Bar bar;
    bar.tick = number * bar_ticks;
    bar.number = number;
    bar.beats = score.beats_per_bar;
    bar.first = number == change_bar || (number % 8 == 0 && chance(random, artist.fills));
    bar.fill = number + 1 == change_bar || (number % 4 == 3 && chance(random, artist.fills));
    // A swell over each four bars, as a triangle.
    const double swell = number % 4 < 2 ? number % 4 - 0.5 : 2.5 - number % 4;
    bar.velocity = artist.velocity + clip_level + section.velocity + artist.phrase_dynamics * swell;
    bar.chords = section.chords;
    play_bar({stage, artist, intent, random}, section, bar, memories);
  }
  score.notes = stage.take();
  return score;
}

}  // namespace musicrep::orchestrion
