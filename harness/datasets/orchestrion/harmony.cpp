#include "datasets/orchestrion/harmony.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <string>
#include <utility>

namespace musicrep::orchestrion {
namespace {

std::vector<std::string_view> words_of(std::string_view text, char separator) {
  std::vector<std::string_view> words;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    if (end > 0) words.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

/// Semitones above the tonic and the rest of the word.
int read_degree(std::string_view& word, bool& minor) {
  int offset = 0;
  if (word.front() == 'b' || word.front() == '#') {
    offset = word.front() == 'b' ? -1 : 1;
    word.remove_prefix(1);
  }
  std::size_t n = 0;
  while (n < word.size() &&
         (word[n] == 'I' || word[n] == 'V' || word[n] == 'i' || word[n] == 'v')) {
    ++n;
  }
  std::string numeral(word.substr(0, n));
  word.remove_prefix(n);
  minor = !numeral.empty() && (numeral[0] == 'i' || numeral[0] == 'v');
  for (char& c : numeral) c = c == 'i' ? 'I' : c == 'v' ? 'V' : c;
  static constexpr std::array<std::pair<std::string_view, int>, 7> kDegrees = {
      {{"I", 0}, {"II", 2}, {"III", 4}, {"IV", 5}, {"V", 7}, {"VI", 9}, {"VII", 11}}};
  for (const auto& [name, semitones] : kDegrees) {
    if (numeral == name) return (semitones + offset + 12) % 12;
  }
  assert(false && "not a Roman numeral");
  return 0;
}

std::vector<int> read_quality(std::string_view suffix, bool minor) {
  const int third = minor ? 3 : 4;
  if (suffix.empty()) return {0, third, 7};
  if (suffix == "7") return {0, third, 7, 10};
  if (suffix == "M7") return {0, third, 7, 11};
  if (suffix == "9") return {0, third, 7, 10, 14};
  if (suffix == "6") return {0, third, 7, 9};
  if (suffix == "o") return {0, 3, 6};
  if (suffix == "h7") return {0, 3, 6, 10};
  if (suffix == "5") return {0, 7};
  if (suffix == "s") return {0, 5, 7};
  assert(false && "not a chord quality");
  return {0};
}

}  // namespace

std::vector<Chord> parse_progression(std::string_view text, int tonic, int beats_per_bar) {
  std::vector<Chord> chords;
  int tick = 0;
  for (const std::string_view bar : words_of(text, ' ')) {
    const std::vector<std::string_view> words = words_of(bar, '/');
    const int length = beats_per_bar * kTicksPerBeat / static_cast<int>(words.size());
    for (std::string_view word : words) {
      bool minor = false;
      Chord chord;
      chord.start_tick = tick;
      chord.length_ticks = length;
      chord.root = (tonic + read_degree(word, minor)) % 12;
      chord.intervals = read_quality(word, minor);
      chords.push_back(std::move(chord));
      tick += length;
    }
  }
  assert(!chords.empty());
  return chords;
}

const Chord& chord_at(std::span<const Chord> progression, int tick) {
  const int total = progression.back().start_tick + progression.back().length_ticks;
  const int within = tick % total;
  const auto after =
      std::upper_bound(progression.begin(), progression.end(), within,
                       [](int t, const Chord& chord) { return t < chord.start_tick; });
  return *(after - 1);
}

std::span<const int> scale_steps(Scale scale) {
  static constexpr std::array<int, 7> kMajor = {0, 2, 4, 5, 7, 9, 11};
  static constexpr std::array<int, 7> kMinor = {0, 2, 3, 5, 7, 8, 10};
  static constexpr std::array<int, 7> kHarmonicMinor = {0, 2, 3, 5, 7, 8, 11};
  static constexpr std::array<int, 7> kDorian = {0, 2, 3, 5, 7, 9, 10};
  static constexpr std::array<int, 7> kMixolydian = {0, 2, 4, 5, 7, 9, 10};
  static constexpr std::array<int, 7> kPhrygian = {0, 1, 3, 5, 7, 8, 10};
  static constexpr std::array<int, 5> kMajorPentatonic = {0, 2, 4, 7, 9};
  static constexpr std::array<int, 5> kMinorPentatonic = {0, 3, 5, 7, 10};
  static constexpr std::array<int, 6> kBlues = {0, 3, 5, 6, 7, 10};
  switch (scale) {
    case Scale::kMajor:
      return kMajor;
    case Scale::kMinor:
      return kMinor;
    case Scale::kHarmonicMinor:
      return kHarmonicMinor;
    case Scale::kDorian:
      return kDorian;
    case Scale::kMixolydian:
      return kMixolydian;
    case Scale::kPhrygian:
      return kPhrygian;
    case Scale::kMajorPentatonic:
      return kMajorPentatonic;
    case Scale::kMinorPentatonic:
      return kMinorPentatonic;
    case Scale::kBlues:
      return kBlues;
  }
  return kMajor;
}

std::vector<int> close_voicing(const Chord& chord, int low) {
  std::vector<int> keys;
  for (const int interval : chord.intervals) {
    const int pitch_class = (chord.root + interval) % 12;
    keys.push_back(low + ((pitch_class - low) % 12 + 12) % 12);
  }
  std::sort(keys.begin(), keys.end());
  return keys;
}

int nearest_key(int pitch_class, int key) {
  const int up = ((pitch_class - key) % 12 + 12) % 12;
  return up < 6 ? key + up : key + up - 12;
}

}  // namespace musicrep::orchestrion
