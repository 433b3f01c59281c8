// The tables of the ten styles hold together.
#include "datasets/orchestrion/style.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>
#include <string>

#include "datasets/orchestrion/artist.h"

namespace musicrep::orchestrion {
namespace {

void check_pattern(std::string_view steps, int beats, int per_beat, const std::string& allowed) {
  INFO(steps);
  CHECK(!steps.empty());
  CHECK(static_cast<int>(steps.size()) % (beats * per_beat) == 0);
  CHECK((per_beat == 2 || per_beat == 3 || per_beat == 4));
  CHECK(steps.find_first_not_of(allowed) == std::string_view::npos);
}

void check_style(const Style& style) {
  CHECK(style.tempo_low_bpm < style.tempo_high_bpm);
  CHECK((style.swing_low >= 0.5 && style.swing_low <= style.swing_high && style.swing_high < 0.7));
  for (const std::string_view neighbour : style.neighbours) {
    CHECK(styles()[style_index(neighbour)].name == neighbour);
  }
  for (const DrumPattern& pattern : style.drums) {
    for (const DrumLine& line : pattern.lines) {
      check_pattern(line.steps, pattern.beats, pattern.per_beat, "Xxo.");
    }
  }
  for (const Pattern& bass : style.basses) {
    if (bass.steps == "walk") continue;
    check_pattern(bass.steps, bass.beats, bass.per_beat, "12345678a-.");
  }
  for (const Pattern& cell : style.melody.cells) {
    check_pattern(cell.steps, cell.beats, cell.per_beat, "Xxo-.");
  }
  for (const Band& band : style.bands) {
    for (const Seat& seat : band.seats) {
      CHECK(!seat.programs.empty());
      CHECK((seat.role != Role::kChords || !seat.patterns.empty()));
      for (const ChordPattern& pattern : seat.patterns) {
        check_pattern(pattern.rhythm.steps, pattern.rhythm.beats, pattern.rhythm.per_beat, "Xxo-.");
      }
    }
  }
}

TEST_CASE("the styles are GTZAN's, in alphabetical order") {
  std::vector<std::string_view> names;
  for (const Style& style : styles()) names.push_back(style.name);
  CHECK(names == std::vector<std::string_view>{"blues", "classical", "country", "disco", "hiphop",
                                               "jazz", "metal", "pop", "reggae", "rock"});
}

TEST_CASE("each style's patterns hold whole bars of known symbols") {
  for (const Style& style : styles()) {
    INFO(style.name);
    check_style(style);
  }
}

TEST_CASE("each style has something to play in each of its metres") {
  for (const Style& style : styles()) {
    for (const int beats : style.metres) {
      INFO(style.name << " in " << beats);
      const auto fits = [&](const auto& pattern) { return pattern.beats == beats; };
      CHECK(std::any_of(style.basses.begin(), style.basses.end(), fits));
      CHECK(std::any_of(style.melody.cells.begin(), style.melody.cells.end(), fits));
      CHECK((style.drums.empty() || std::any_of(style.drums.begin(), style.drums.end(), fits)));
    }
  }
}

/// Bars of a progression: its words.
int bars_of(std::string_view text) { return 1 + static_cast<int>(std::ranges::count(text, ' ')); }

TEST_CASE("each progression is read to whole bars") {
  for (const Style& style : styles()) {
    CHECK(!style.progressions.empty());
    for (const Progression& progression : style.progressions) {
      INFO(style.name << ": " << progression.chords);
      const std::vector<Chord> chords = parse_progression(progression.chords, 9, 4);
      const Chord& last = chords.back();
      CHECK(last.start_tick + last.length_ticks == bars_of(progression.chords) * 4 * kTicksPerBeat);
    }
  }
}

TEST_CASE("Roman numerals become chords") {
  const std::vector<Chord> chords = parse_progression("ii7 V7/bII7 IM7 iih7 vi5", 2, 4);
  REQUIRE(chords.size() == 6);
  CHECK(chords[0].root == 4);
  CHECK(chords[0].intervals == std::vector<int>{0, 3, 7, 10});
  CHECK(chords[1].root == 9);
  CHECK(chords[1].length_ticks == 2 * kTicksPerBeat);
  CHECK(chords[2].root == 3);
  CHECK(chords[2].start_tick == 6 * kTicksPerBeat);
  CHECK(chords[3].intervals == std::vector<int>{0, 4, 7, 11});
  CHECK(chords[4].intervals == std::vector<int>{0, 3, 6, 10});
  CHECK(chords[5].root == 11);
  CHECK(&chord_at(chords, 6 * kTicksPerBeat) == &chords[2]);
  CHECK(&chord_at(chords, 5 * 4 * kTicksPerBeat) == &chords[0]);
}

TEST_CASE("swing moves the off-beats alone, and leaves triplets") {
  const Pattern eighths{"x.x.x.x.x.x.x.x.", 4, 4};
  const Swing shuffle{0.625, false};
  CHECK(tick_of_step(eighths, 0, shuffle) == 0);
  CHECK(tick_of_step(eighths, 2, shuffle) == 300);
  CHECK(tick_of_step(eighths, 4, shuffle) == 480);
  CHECK(tick_of_step({"xxxxxxxxxxxx", 4, 3}, 1, shuffle) == 160);
  CHECK(tick_of_step(eighths, 1, {0.625, true}) == 150);
  CHECK(tick_of_step(eighths, 2, {0.625, true}) == 240);
  const std::vector<Hit> hits = hits_of_bar({"X--.o-..x...x---", 4, 4}, 3, {});
  REQUIRE(hits.size() == 4);
  CHECK(hits[0].length_ticks == 360);
  CHECK(hits[1].strength < hits[0].strength);
  CHECK(hits[3].tick + hits[3].length_ticks == 4 * kTicksPerBeat);
}

TEST_CASE("artists of a style differ, and the same seed makes the same one") {
  std::set<std::vector<int>> bands;
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    const Artist artist = make_artist("a", style_index("rock"), {}, seed);
    const Artist again = make_artist("a", style_index("rock"), {}, seed);
    CHECK(artist.tempo_bpm == again.tempo_bpm);
    std::vector<int> programs;
    for (const Player& player : artist.players) programs.push_back(player.part.program);
    bands.insert(programs);
    CHECK(artist.players.size() <= 14);
    CHECK(artist.players.size() >= 2);
  }
  CHECK(bands.size() >= 8);
}

}  // namespace
}  // namespace musicrep::orchestrion
