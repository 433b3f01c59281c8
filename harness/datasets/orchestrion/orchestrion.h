// The built-in corpus: music composed by rules, so that a bare machine needs no download.
//
// Four corpora come from one generator and have no artist in common. Composing is fast and needs no
// SoundFont; render.h makes the audio.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "datasets/dataset.h"
#include "datasets/orchestrion/mood.h"
#include "datasets/orchestrion/review.h"
#include "datasets/orchestrion/score.h"

namespace musicrep::orchestrion {

/// Part of every cache key. Bumped with every change that moves a note, a label or a sample.
inline constexpr const char* kGeneratorVersion = "1";

inline constexpr const char* kDefaultSoundfont = "/usr/share/sounds/sf2/TimGM6mb.sf2";

enum class Corpus {
  kGenres,  ///< target "genre": the ten of GTZAN, balanced; no splits
  kMoods,   ///< targets "valence" and "arousal"; artists split 60/20/20
  /// Target "genre", and the album's review as the text of each of its two tracks; artists split
  /// 80/10/10.
  kAlbums,
  /// One target a label of AudioSet, present or absent, and the numbers tempo_bpm (beats a minute),
  /// valence and arousal (Affect, without raters' noise); artists split 80/10/10.
  kEvents
};

struct OrchestrionOptions {
  Corpus corpus = Corpus::kGenres;
  /// 0: as the corpus has it: genres 600, moods 600, albums 600 (300 albums), events 800.
  std::size_t n_clips = 0;
  /// 0: as the corpus has it: genres 60, moods 120, albums 100, events 160. A multiple of 10, and
  /// each artist has as many clips as any other (in albums an even number).
  std::size_t n_artists = 0;
  /// 0: as the corpus has it: genres 15 s, the others 10 s (the length of an AudioSet clip).
  double clip_s = 0;
  /// 22,050 Hz stereo is the most that any encoder here asks for (MTLMR); the others take 12,000 to
  /// 16,000 Hz mono. Rendering at 44,100 Hz takes twice the time, and all would be thrown away
  /// again. The synthesizer does not filter before it plays a sample at a lower rate, so the
  /// brightest cymbals fold back below 11 kHz, in all clips alike.
  int sample_rate_hz = 22050;
  int channels = 2;
  std::uint64_t seed = 1;
  std::filesystem::path soundfont = kDefaultSoundfont;

  // Difficulty.
  double bleed = 0.2;          ///< probability that an artist's habit is a neighbouring style's
  double artist_spread = 1;    ///< how far apart the artists of a style are
  double loyalty = 0.5;        ///< probability that a clip keeps a habit of its artist's
  double rater_noise = 0.7;    ///< of moods, in standard deviations of what the music causes
  double review_wrong = 0.1;   ///< probability that a claim of a review is false
  double review_asides = 0.5;  ///< expected sentences off the point in a review
  double tag_missed = 0.1;     ///< probability that a label of an event clip was not given

  friend bool operator==(const OrchestrionOptions&, const OrchestrionOptions&) = default;
};

/// The options with every 0 replaced by the corpus's own size. Throws ConfigError naming everything
/// that is out of range.
OrchestrionOptions complete_options(OrchestrionOptions options);

/// genres, moods, albums, events.
std::string_view corpus_name(Corpus corpus);

/// Throws ConfigError, naming the nearest, where there is no such corpus.
Corpus corpus_by_name(const std::string& name);

/// One clip.
struct Item {
  std::string id;          ///< unique among all corpora; [a-z0-9.]
  std::string artist;      ///< the group
  std::string genre;       ///< of the artist's style
  std::string split;       ///< train, valid, test, or empty
  std::size_t album = 0;   ///< index into Orchestrion::albums; of kAlbums alone
  std::uint64_t seed = 0;  ///< of the recording's hiss
  Score score;
  Cues cues;                      ///< measured on the score
  Affect affect;                  ///< what the cues cause
  std::vector<std::string> tags;  ///< AudioSet ids that were given; of kEvents alone
};

/// Two tracks and what a reviewer wrote of them.
struct Album {
  std::string id;
  std::vector<std::size_t> items;
  std::vector<Facts> tracks;  ///< what is true of each item
  Review review;
};

/// A corpus, composed.
struct Orchestrion {
  OrchestrionOptions options;  ///< complete
  std::vector<Item> items;     ///< by genre in kGenres, else by artist
  std::vector<Album> albums;
  Dataset dataset;  ///< ids, targets, groups, splits and texts of the items
};

/// Composes a corpus. The same options give the same bits on every machine. Throws ConfigError as
/// complete_options does.
Orchestrion compose_orchestrion(const OrchestrionOptions& options);

/// The data set alone.
Dataset make_orchestrion(const OrchestrionOptions& options);

/// SHA-256 of all notes, parts and recordings: what the audio depends on besides the synthesizer.
std::string composition_sha256(const Orchestrion& corpus);

/// The kind "orchestrion" for a list of kinds of data sets.
DatasetKind orchestrion_kind();

/// The options of an experiment file, complete as the kind declares them.
OrchestrionOptions options_from(const Options& options);

}  // namespace musicrep::orchestrion
