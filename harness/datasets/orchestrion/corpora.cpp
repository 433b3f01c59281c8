#include "datasets/orchestrion/corpora.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <set>
#include <utility>

#include "datasets/orchestrion/chance.h"
#include "datasets/orchestrion/labels.h"

namespace musicrep::orchestrion {
namespace {

std::uint64_t seed_for(const OrchestrionOptions& options, const std::string& what) {
  return derive_seed(options.seed,
                     fmt::format("orchestrion/{}/{}", corpus_name(options.corpus), what));
}

ArtistKnobs knobs_of(const OrchestrionOptions& options) {
  return {options.bleed, options.artist_spread, options.loyalty};
}

/// Shares of train, valid and test among the artists, in per cent; genres have no splits.
std::vector<std::string> split_artists(const OrchestrionOptions& options) {
  std::vector<std::string> splits(options.n_artists);
  if (options.corpus == Corpus::kGenres) return splits;
  const std::size_t train = options.corpus == Corpus::kMoods ? 60 : 80;
  const std::size_t valid = (100 - train) / 2;
  Random random(seed_for(options, "splits"));
  const std::vector<std::size_t> order = permutation(options.n_artists, random);
  for (std::size_t i = 0; i < order.size(); ++i) {
    const std::size_t per_cent = i * 100 / order.size();
    splits[order[i]] = per_cent < train ? "train" : per_cent < train + valid ? "valid" : "test";
  }
  return splits;
}

std::string clip_id(const OrchestrionOptions& options, std::size_t artist, std::size_t clip,
                    std::string_view style) {
  switch (options.corpus) {
    case Corpus::kGenres:
      return fmt::format("genre.{}.a{:03}.c{:02}", style, artist, clip);
    case Corpus::kMoods:
      return fmt::format("mood.a{:03}.c{:02}", artist, clip);
    case Corpus::kAlbums:
      return fmt::format("album.a{:03}.b{:02}.t{}", artist, clip / 2, clip % 2 + 1);
    case Corpus::kEvents:
      return fmt::format("event.a{:03}.c{:02}", artist, clip);
  }
  return {};
}

/// Values with mean 0 and standard deviation 1 over the corpus.
std::vector<double> standardised(std::vector<double> values) {
  const auto n = static_cast<double>(values.size());
  double mean = 0;
  for (const double value : values) mean += value;
  mean /= n;
  double square = 0;
  for (const double value : values) square += (value - mean) * (value - mean);
  const double deviation = std::sqrt(square / n);
  for (double& value : values) value = deviation > 0 ? (value - mean) / deviation : 0;
  return values;
}

/// What raters say: what the music causes, and what it does not, of variance 1 in all.
Target rated(std::string name, std::vector<double> caused, double noise, Random& random) {
  Target target;
  target.name = std::move(name);
  target.facet = "mood";
  const double scale = 1 / std::sqrt(1 + noise * noise);
  for (const double value : standardised(std::move(caused))) {
    target.values.push_back(scale * (value + noise * gaussian(random)));
  }
  return target;
}

Target genre_target(const std::vector<Item>& items) {
  Target target;
  target.name = "genre";
  target.title = "Genre";
  target.facet = "genre";
  std::set<std::string> names;
  for (const Item& item : items) names.insert(item.genre);
  target.classes.assign(names.begin(), names.end());
  for (const Item& item : items) {
    target.values.push_back(
        static_cast<double>(std::distance(names.begin(), names.find(item.genre))));
  }
  return target;
}

/// What is true of the compositions, in numbers, with no rater between.
void add_facts(Orchestrion& corpus) {
  Target tempo{"tempo_bpm", {}, {}, "Tempo (beats a minute)", "other"};
  Target valence{"valence", {}, {}, "Valence", "mood"};
  Target arousal{"arousal", {}, {}, "Arousal", "mood"};
  for (const Item& item : corpus.items) {
    tempo.values.push_back(item.score.tempo_bpm);
    valence.values.push_back(item.affect.valence);
    arousal.values.push_back(item.affect.arousal);
  }
  for (Target* fact : {&tempo, &valence, &arousal}) {
    corpus.dataset.targets.push_back(std::move(*fact));
  }
}

}  // namespace

std::vector<Signed> sign_artists(const OrchestrionOptions& options) {
  const std::size_t n_styles = styles().size();
  const std::vector<std::string> splits = split_artists(options);
  const ArtistKnobs knobs = knobs_of(options);
  std::vector<Signed> artists;
  for (std::size_t a = 0; a < options.n_artists; ++a) {
    const std::size_t style =
        options.corpus == Corpus::kGenres ? a / (options.n_artists / n_styles) : a % n_styles;
    const std::string name = fmt::format("{}.a{:03}", corpus_name(options.corpus), a);
    Random random(seed_for(options, "leaning/" + name));
    Signed signed_artist;
    signed_artist.artist = make_artist(name, style, knobs, seed_for(options, "artist/" + name));
    signed_artist.leaning.valence = gaussian(random);
    signed_artist.leaning.arousal = gaussian(random);
    signed_artist.split = splits[a];
    artists.push_back(std::move(signed_artist));
  }
  return artists;
}

std::vector<Item> compose_items(const OrchestrionOptions& options,
                                const std::vector<Signed>& artists) {
  std::vector<Item> items;
  items.reserve(options.n_clips);
  const std::size_t clips_each = options.n_clips / options.n_artists;
  for (std::size_t a = 0; a < artists.size(); ++a) {
    const Artist& artist = artists[a].artist;
    for (std::size_t c = 0; c < clips_each; ++c) {
      Item item;
      item.genre = styles()[artist.style].name;
      item.id = clip_id(options, a, c, item.genre);
      item.artist = artist.name;
      item.split = artists[a].split;
      item.seed = seed_for(options, "hiss/" + item.id);
      // Genre clips are their artists' habits; the other corpora want moods of all kinds.
      Intent intent;
      if (options.corpus != Corpus::kGenres) {
        Random random(seed_for(options, "intent/" + item.id));
        intent = draw_intent(artists[a].leaning, random);
      }
      const Artist session =
          in_session(artist, knobs_of(options), seed_for(options, "session/" + item.id));
      item.score =
          compose_clip(session, intent, options.clip_s, seed_for(options, "clip/" + item.id));
      item.cues = measure_cues(item.score, options.clip_s);
      item.affect = affect_of(item.cues);
      items.push_back(std::move(item));
    }
  }
  return items;
}

void add_genres(Orchestrion& corpus) { corpus.dataset.targets = {genre_target(corpus.items)}; }

void add_moods(Orchestrion& corpus) {
  std::vector<double> valence;
  std::vector<double> arousal;
  for (const Item& item : corpus.items) {
    valence.push_back(item.affect.valence);
    arousal.push_back(item.affect.arousal);
  }
  Random random(seed_for(corpus.options, "raters"));
  const double noise = corpus.options.rater_noise;
  corpus.dataset.targets.push_back(rated("valence", std::move(valence), noise, random));
  corpus.dataset.targets.push_back(rated("arousal", std::move(arousal), noise, random));
}

void add_albums(Orchestrion& corpus) {
  corpus.dataset.targets = {genre_target(corpus.items)};
  const ReviewKnobs knobs{corpus.options.review_wrong, corpus.options.review_asides};
  for (std::size_t i = 0; i < corpus.items.size(); i += 2) {
    Album album;
    album.id = corpus.items[i].id.substr(0, corpus.items[i].id.rfind('.'));
    for (std::size_t track = i; track < i + 2; ++track) {
      Item& item = corpus.items[track];
      item.album = corpus.albums.size();
      album.items.push_back(track);
      album.tracks.push_back(facts_of(item.score, item.genre, item.affect));
    }
    Random random(seed_for(corpus.options, "review/" + album.id));
    album.review = write_review(album.tracks, knobs, random);
    corpus.dataset.texts.insert(corpus.dataset.texts.end(), album.items.size(), album.review.text);
    corpus.albums.push_back(std::move(album));
  }
}

void add_events(Orchestrion& corpus) {
  std::set<std::string> given;
  for (Item& item : corpus.items) {
    Random random(seed_for(corpus.options, "tags/" + item.id));
    for (const std::string_view id : labels_of_clip(item.score, item.genre, item.affect)) {
      if (!chance(random, corpus.options.tag_missed)) item.tags.emplace_back(id);
    }
    given.insert(item.tags.begin(), item.tags.end());
  }
  for (const Label& label : audioset_labels()) {
    const std::string id(label.id);
    if (!given.contains(id)) continue;
    Target target;
    target.name = id;
    target.title = label.name;
    target.facet = facet_of(label);
    target.classes = {"absent", "present"};
    for (const Item& item : corpus.items) {
      const bool present = std::find(item.tags.begin(), item.tags.end(), id) != item.tags.end();
      target.values.push_back(present ? 1 : 0);
    }
    corpus.dataset.targets.push_back(std::move(target));
  }
  add_facts(corpus);
}

}  // namespace musicrep::orchestrion
