#include "datasets/orchestrion/orchestrion.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "core/did_you_mean.h"
#include "core/hash.h"
#include "datasets/orchestrion/corpora.h"
#include "datasets/orchestrion/style.h"
#include "musicrep/error.h"

namespace musicrep::orchestrion {
namespace {

struct Defaults {
  std::string_view name;
  std::size_t n_clips;
  std::size_t n_artists;
  double clip_s;
};

constexpr std::array<Defaults, 4> kDefaults = {{{"genres", 600, 60, 15},
                                                {"moods", 600, 120, 10},
                                                {"albums", 600, 100, 10},
                                                {"events", 800, 160, 10}}};

const Defaults& defaults_of(Corpus corpus) { return kDefaults[static_cast<std::size_t>(corpus)]; }

void check_share(Problems& problems, const char* name, double value, double most) {
  if (value >= 0 && value <= most) return;
  problems.add(fmt::format("{} is {}, expected 0 to {}", name, value, most));
}

void check_sizes(Problems& problems, const OrchestrionOptions& options) {
  const std::size_t n_styles = styles().size();
  if (options.n_artists == 0 || options.n_artists % n_styles != 0 || options.n_artists > 10000) {
    problems.add(fmt::format("n_artists is {}, expected a multiple of {} up to 10000",
                             options.n_artists, n_styles));
    return;
  }
  const std::size_t unit = options.corpus == Corpus::kAlbums ? 2 : 1;
  const std::size_t step = options.n_artists * unit;
  if (options.n_clips == 0 || options.n_clips % step != 0 || options.n_clips > 100 * step) {
    problems.add(fmt::format("n_clips is {}, expected a multiple of {} ({} artists x {}) up to {}",
                             options.n_clips, step, options.n_artists, unit, 100 * step));
  }
}

nlohmann::json to_json(const Score& score) {
  nlohmann::json parts = nlohmann::json::array();
  for (const Part& part : score.parts) {
    parts.push_back({static_cast<int>(part.role), part.program, part.level, part.pan,
                     part.reverb_send, part.tone_cents});
  }
  nlohmann::json notes = nlohmann::json::array();
  for (const Note& note : score.notes) {
    notes.push_back({note.start_tick, note.length_ticks, note.key, note.velocity, note.part});
  }
  const Production& production = score.production;
  return {{"tempo_bpm", score.tempo_bpm},
          {"beats_per_bar", score.beats_per_bar},
          {"tonic", score.tonic},
          {"minor", score.minor},
          {"parts", std::move(parts)},
          {"notes", std::move(notes)},
          {"production",
           {production.room_size, production.reverb_level, production.target_rms,
            production.lowpass, production.noise_rms, production.width}}};
}

}  // namespace

OrchestrionOptions complete_options(OrchestrionOptions options) {
  const Defaults& defaults = defaults_of(options.corpus);
  if (options.n_artists == 0) options.n_artists = defaults.n_artists;
  if (options.n_clips == 0) options.n_clips = defaults.n_clips;
  if (options.clip_s == 0) options.clip_s = defaults.clip_s;
  Problems problems;
  check_sizes(problems, options);
  if (!(options.clip_s >= 0.5 && options.clip_s <= 600)) {
    problems.add(fmt::format("clip_s is {}, expected 0.5 to 600 s", options.clip_s));
  }
  if (options.sample_rate_hz < 8000 || options.sample_rate_hz > 96000) {
    problems.add(
        fmt::format("sample_rate_hz is {}, expected 8000 to 96000", options.sample_rate_hz));
  }
  if (options.channels != 1 && options.channels != 2) {
    problems.add(fmt::format("channels is {}, expected 1 or 2", options.channels));
  }
  check_share(problems, "bleed", options.bleed, 1);
  check_share(problems, "artist_spread", options.artist_spread, 3);
  check_share(problems, "loyalty", options.loyalty, 1);
  check_share(problems, "rater_noise", options.rater_noise, 10);
  check_share(problems, "review_wrong", options.review_wrong, 1);
  check_share(problems, "review_asides", options.review_asides, 2);
  check_share(problems, "tag_missed", options.tag_missed, 1);
  problems.throw_if_any<ConfigError>(
      fmt::format("orchestrion corpus '{}':", defaults_of(options.corpus).name));
  return options;
}

std::string_view corpus_name(Corpus corpus) { return defaults_of(corpus).name; }

Corpus corpus_by_name(const std::string& name) {
  std::vector<std::string> known;
  for (std::size_t i = 0; i < kDefaults.size(); ++i) {
    if (kDefaults[i].name == name) return static_cast<Corpus>(i);
    known.emplace_back(kDefaults[i].name);
  }
  throw ConfigError(fmt::format("orchestrion: {}", unknown_name("corpus", name, known)));
}

Orchestrion compose_orchestrion(const OrchestrionOptions& options) {
  Orchestrion corpus;
  corpus.options = complete_options(options);
  corpus.items = compose_items(corpus.options, sign_artists(corpus.options));
  Dataset& dataset = corpus.dataset;
  dataset.name = fmt::format("orchestrion-{}", corpus_name(corpus.options.corpus));
  dataset.kind = "orchestrion";
  dataset.about = fmt::format(
      "composed by rules and rendered by FluidSynth (generator {}, seed {}); no recording, no "
      "licence but the SoundFont's",
      kGeneratorVersion, corpus.options.seed);
  for (const Item& item : corpus.items) {
    dataset.ids.push_back(item.id);
    dataset.groups.push_back(item.artist);
    if (corpus.options.corpus != Corpus::kGenres) dataset.splits.push_back(item.split);
  }
  dataset.n_expected = corpus.options.n_clips;
  switch (corpus.options.corpus) {
    case Corpus::kGenres:
      add_genres(corpus);
      break;
    case Corpus::kMoods:
      add_moods(corpus);
      break;
    case Corpus::kAlbums:
      add_albums(corpus);
      break;
    case Corpus::kEvents:
      add_events(corpus);
      break;
  }
  return corpus;
}

Dataset make_orchestrion(const OrchestrionOptions& options) {
  return compose_orchestrion(options).dataset;
}

std::string composition_sha256(const Orchestrion& corpus) {
  Sha256 sha;
  for (const Item& item : corpus.items) {
    sha.update_text(item.id).update_text(std::to_string(item.seed));
    sha.update_text(sha256_of_json(to_json(item.score)));
  }
  return sha.hex();
}

}  // namespace musicrep::orchestrion
