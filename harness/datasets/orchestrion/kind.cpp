// Kind "orchestrion": how an experiment file describes a built-in corpus.
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <limits>

#include "core/options.h"
#include "datasets/orchestrion/orchestrion.h"
#include "musicrep/error.h"

namespace musicrep::orchestrion {
namespace {

std::uint64_t whole(const Options& options, const std::string& name) {
  const auto value = option<std::int64_t>(options, name);
  if (value < 0 || value > std::numeric_limits<std::int32_t>::max()) {
    throw ConfigError(fmt::format("data set of kind 'orchestrion': {} is {}, expected 0 to {}",
                                  name, value, std::numeric_limits<std::int32_t>::max()));
  }
  return static_cast<std::uint64_t>(value);
}

Dataset load_orchestrion(const Options& options) { return make_orchestrion(options_from(options)); }

}  // namespace

OrchestrionOptions options_from(const Options& options) {
  OrchestrionOptions out;
  out.corpus = corpus_by_name(option<std::string>(options, "corpus"));
  out.n_clips = whole(options, "n_clips");
  out.n_artists = whole(options, "n_artists");
  out.clip_s = option<double>(options, "clip_s");
  out.sample_rate_hz = static_cast<int>(whole(options, "sample_rate_hz"));
  out.channels = static_cast<int>(whole(options, "channels"));
  out.seed = whole(options, "seed");
  out.soundfont = option<std::string>(options, "soundfont");
  out.bleed = option<double>(options, "bleed");
  out.artist_spread = option<double>(options, "artist_spread");
  out.loyalty = option<double>(options, "loyalty");
  out.rater_noise = option<double>(options, "rater_noise");
  out.review_wrong = option<double>(options, "review_wrong");
  out.review_asides = option<double>(options, "review_asides");
  out.tag_missed = option<double>(options, "tag_missed");
  return complete_options(out);
}

DatasetKind orchestrion_kind() {
  const OrchestrionOptions d;
  DatasetKind kind;
  kind.name = "orchestrion";
  kind.description = "the built-in corpora, composed by rules and rendered with a SoundFont";
  kind.fetch_help =
      "Nothing to fetch: the music is composed and rendered here. It needs FluidSynth and a "
      "General "
      "MIDI SoundFont (Debian: libfluidsynth-dev, timgm6mb-soundfont).";
  kind.options = {
      {"corpus", std::string("genres"), "genres, moods, albums or events"},
      {"n_clips", std::int64_t{0}, "number of clips, 0: the corpus's own"},
      {"n_artists", std::int64_t{0}, "number of artists, a multiple of 10, 0: the corpus's own"},
      {"clip_s", 0.0, "length of a clip in seconds, 0.5 to 600, 0: the corpus's own"},
      {"sample_rate_hz", std::int64_t{d.sample_rate_hz}, "of the rendered audio, 8000 to 96000"},
      {"channels", std::int64_t{d.channels}, "of the rendered audio, 1 or 2"},
      {"seed", static_cast<std::int64_t>(d.seed), "of the whole corpus"},
      {.name = "soundfont",
       .default_value = d.soundfont.string(),
       .description = "path of a General MIDI SoundFont (.sf2)",
       .is_path = true},
      {"bleed", d.bleed, "probability that an artist's habit is a neighbouring style's, 0 to 1"},
      {"artist_spread", d.artist_spread, "how far apart the artists of a style are, 0 to 3"},
      {"loyalty", d.loyalty, "probability that a clip keeps a habit of its artist's, 0 to 1"},
      {"rater_noise", d.rater_noise,
       "of moods, in standard deviations of what the music causes, 0 to 10"},
      {"review_wrong", d.review_wrong, "probability that a claim of a review is false, 0 to 1"},
      {"review_asides", d.review_asides, "expected sentences off the point in a review, 0 to 2"},
      {"tag_missed", d.tag_missed, "probability that a label of an event is not given, 0 to 1"}};
  kind.load = load_orchestrion;
  return kind;
}

}  // namespace musicrep::orchestrion
