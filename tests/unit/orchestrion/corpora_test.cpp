#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "datasets/artist_names.h"
#include "datasets/orchestrion/labels.h"
#include "orchestrion_testing.h"

namespace musicrep::orchestrion {
namespace {

Orchestrion full(Corpus corpus) {
  OrchestrionOptions options;
  options.corpus = corpus;
  return compose_orchestrion(options);
}

TEST_CASE("the corpora have the sizes that they say") {
  const std::map<Corpus, std::pair<std::size_t, std::size_t>> expected = {
      {Corpus::kGenres, {600, 60}},
      {Corpus::kMoods, {600, 120}},
      {Corpus::kAlbums, {600, 100}},
      {Corpus::kEvents, {800, 160}}};
  for (const auto& [name, sizes] : expected) {
    const Orchestrion corpus = full(name);
    CHECK(corpus.items.size() == sizes.first);
    const std::set<std::string> artists(corpus.dataset.groups.begin(), corpus.dataset.groups.end());
    CHECK(artists.size() == sizes.second);
  }
  CHECK(full(Corpus::kAlbums).albums.size() == 300);
}

TEST_CASE("no id and no artist stands in two corpora, and no artist in two splits") {
  std::map<std::string, Corpus> owner;
  std::set<std::string> ids;
  for (const Corpus name : kAllCorpora) {
    const Orchestrion corpus = full(name);
    std::map<std::string, std::string> split_of;
    for (const Item& item : corpus.items) {
      CHECK(ids.insert(item.id).second);
      CHECK(owner.emplace(item.artist, name).first->second == name);
      CHECK(split_of.emplace(item.artist, item.split).first->second == item.split);
    }
  }
}

TEST_CASE("no artist of all corpora is taken for a spelling of another") {
  std::vector<std::string> artists;
  for (const Corpus name : kAllCorpora) {
    const Orchestrion corpus = full(name);
    artists.insert(artists.end(), corpus.dataset.groups.begin(), corpus.dataset.groups.end());
  }
  const std::vector<std::string> before = artists;
  CHECK(merge_artist_spellings(artists).empty());
  CHECK(artists == before);
}

TEST_CASE("artists of one number differ from corpus to corpus") {
  const Orchestrion moods = compose_orchestrion(tiny(Corpus::kMoods));
  const Orchestrion events = compose_orchestrion(tiny(Corpus::kEvents));
  CHECK(moods.items[0].score.tempo_bpm != events.items[0].score.tempo_bpm);
  CHECK(moods.items[0].score.notes != events.items[0].score.notes);
}

TEST_CASE("genres are balanced over clips and artists") {
  const Orchestrion corpus = full(Corpus::kGenres);
  const Target& genre = corpus.dataset.target("genre");
  REQUIRE(genre.classes.size() == 10);
  CHECK(std::is_sorted(genre.classes.begin(), genre.classes.end()));
  std::map<double, std::size_t> clips;
  std::map<double, std::set<std::string>> artists;
  for (std::size_t i = 0; i < corpus.items.size(); ++i) {
    ++clips[genre.values[i]];
    artists[genre.values[i]].insert(corpus.dataset.groups[i]);
    CHECK(genre.classes[static_cast<std::size_t>(genre.values[i])] == corpus.items[i].genre);
  }
  for (const auto& [value, n] : clips) CHECK(n == 60);
  for (const auto& [value, names] : artists) CHECK(names.size() == 6);
  CHECK(corpus.dataset.splits.empty());
}

TEST_CASE("splits have their shares") {
  std::map<std::string, std::size_t> moods;
  for (const std::string& split : full(Corpus::kMoods).dataset.splits) ++moods[split];
  CHECK(moods == std::map<std::string, std::size_t>{{"test", 120}, {"train", 360}, {"valid", 120}});
  std::map<std::string, std::size_t> events;
  for (const std::string& split : full(Corpus::kEvents).dataset.splits) ++events[split];
  CHECK(events == std::map<std::string, std::size_t>{{"test", 80}, {"train", 640}, {"valid", 80}});
}

TEST_CASE("event clips have the labels of what plays, and their parents") {
  OrchestrionOptions options;
  options.corpus = Corpus::kEvents;
  options.tag_missed = 0;
  const Orchestrion corpus = compose_orchestrion(options);
  for (const Item& item : corpus.items) {
    INFO(item.id);
    const std::set<std::string> tags(item.tags.begin(), item.tags.end());
    CHECK(tags.size() == item.tags.size());
    CHECK(tags.size() >= 2);
    for (const std::string& tag : item.tags) {
      const Label& label = label_of(tag);
      CHECK((label.parent.empty() || tags.contains(std::string(label.parent))));
    }
    CHECK(tags.contains("/m/0155w") == (item.genre == "blues"));
    CHECK(tags.contains("/m/06by7") == (item.genre == "rock" || item.genre == "metal"));
    std::vector<double> ticks(item.score.parts.size());
    for (const Note& note : item.score.notes) ticks[note.part] += note.length_ticks;
    const double clip_ticks = corpus.options.clip_s * item.score.tempo_bpm / 60 * kTicksPerBeat;
    for (std::size_t p = 0; p < ticks.size(); ++p) {
      const std::string_view id = label_of_part(item.score.parts[p]);
      if (id.empty() || ticks[p] < 0.25 * clip_ticks) continue;
      CHECK(tags.contains(std::string(id)));
    }
  }
}

TEST_CASE("labels are missed at the stated rate") {
  OrchestrionOptions options;
  options.corpus = Corpus::kEvents;
  options.tag_missed = 0;
  std::size_t all = 0;
  for (const Item& item : compose_orchestrion(options).items) all += item.tags.size();
  std::size_t given = 0;
  for (const Item& item : full(Corpus::kEvents).items) given += item.tags.size();
  CHECK(static_cast<double>(given) / static_cast<double>(all) == Approx(0.9).margin(0.015));
}

TEST_CASE("events are one target a label, each with clips of both kinds") {
  const Orchestrion corpus = full(Corpus::kEvents);
  CHECK(corpus.dataset.targets.size() >= 40);
  std::map<std::string, std::size_t> facets;
  for (const Target& target : corpus.dataset.targets) {
    if (!target.is_classification()) continue;
    INFO(target.name);
    CHECK(target.classes == std::vector<std::string>{"absent", "present"});
    const auto n = std::count(target.values.begin(), target.values.end(), 1.0);
    CHECK((n >= 1 && n < std::ssize(target.values)));
    CHECK(target.title == label_of(target.name).name);
    ++facets[target.facet];
  }
  CHECK(facets.size() == 3);
  CHECK(facets["genre"] == 11);
  CHECK(facets["mood"] == 6);
  CHECK(corpus.dataset.target("/m/018j2").facet == "instrument");
  CHECK(corpus.dataset.target("/m/0ggx5q").facet == "genre");
}

TEST_CASE("events tell tempo, valence and arousal of the composition") {
  const Orchestrion corpus = full(Corpus::kEvents);
  const Target& tempo = corpus.dataset.target("tempo_bpm");
  const Target& valence = corpus.dataset.target("valence");
  const Target& arousal = corpus.dataset.target("arousal");
  CHECK(tempo.facet == "other");
  CHECK(valence.facet == "mood");
  CHECK(arousal.facet == "mood");
  for (std::size_t i = 0; i < corpus.items.size(); ++i) {
    CHECK(tempo.values[i] == corpus.items[i].score.tempo_bpm);
    CHECK(valence.values[i] == corpus.items[i].affect.valence);
    CHECK(arousal.values[i] == corpus.items[i].affect.arousal);
  }
}

TEST_CASE("both tracks of an album have its review as their text") {
  const Orchestrion corpus = full(Corpus::kAlbums);
  REQUIRE(corpus.dataset.texts.size() == corpus.items.size());
  for (std::size_t i = 0; i < corpus.items.size(); ++i) {
    CHECK(corpus.dataset.texts[i] == corpus.albums[corpus.items[i].album].review.text);
    CHECK_FALSE(corpus.dataset.texts[i].empty());
  }
  CHECK(full(Corpus::kMoods).dataset.texts.empty());
}

// Scores on the built-in corpora are compared over time: what moves these moves the scores, and
// bumps kGeneratorVersion.
TEST_CASE("the corpora that scores rest on do not move") {
  const Orchestrion genres = full(Corpus::kGenres);
  CHECK(manifest_sha256(genres.dataset) ==
        "e52dc8e8058df43ba7e80536666d4115cdaccd43fd31e0c2c8e8d72c1299cb0c");
  CHECK(composition_sha256(genres) ==
        "98b1470399922cd278b8528432fefe3a355bf447df7dcf36aeb52c336bd7242e");
  const Orchestrion moods = full(Corpus::kMoods);
  CHECK(manifest_sha256(moods.dataset) ==
        "e308e476ef2270507afcef1953715321ffa15466387c687ca4894eab15d29156");
  CHECK(composition_sha256(moods) ==
        "74f9596606d420e41380e3301e5f45b13044e960611ba4a200fe9ca9fcce0daa");
  CHECK(composition_sha256(full(Corpus::kAlbums)) ==
        "81438bc22defc6c04406a2c89f3670d3c8e319d2acac020ad8bd1acabe6de75d");
  CHECK(composition_sha256(full(Corpus::kEvents)) ==
        "363e84919878eae3802957b86f1188f2c599294d835f2235be8efa77e0aeccfa");
}

}  // namespace
}  // namespace musicrep::orchestrion
