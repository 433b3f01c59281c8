// Texts and music that find each other.
// A list of fields follows each struct (results/fields.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "store/results/fields.h"

namespace musicrep {

/// One metric of text-to-music or music-to-text retrieval.
struct RetrievalMeasure {
  std::string direction;  ///< kTextToMusic or kMusicToText
  std::string name;       ///< "R@1", "R@5", "R@10", "median rank", "mAP@10" or "MRR"
  double value = 0;       ///< mean over seeds
  double ci_low = 0;      ///< 95 % interval
  double ci_high = 0;
  double chance = 0;    ///< expected of candidates in random order
  double p_chance = 1;  ///< of the two-sided test against it
};

template <Is<RetrievalMeasure> T, typename Visit>
void visit_fields(T& v, Visit&& visit) {
  visit("direction", v.direction);
  visit("name", v.name);
  visit("value", v.value);
  visit("ci_low", v.ci_low);
  visit("ci_high", v.ci_high);
  visit("chance", v.chance);
  visit("p_chance", v.p_chance);
}

inline constexpr const char* kTextToMusic = "text to music";
inline constexpr const char* kMusicToText = "music to text";
/// From texts the mean of the training items' texts, from music that of their music.
inline constexpr const char* kTrainingMeans = "training means";
inline constexpr const char* kNoCentring = "none";

/// Texts and the music that they were written of, found by each other in one encoder's space.
struct Retrieval {
  std::string encoder;       ///< label in the experiment
  std::string encoder_kind;  ///< registry name
  std::string encoder_version;
  std::string dataset;
  std::string split;             ///< whose items are found
  std::string centring;          ///< what was subtracted: kTrainingMeans or kNoCentring
  std::string failure;           ///< why there is no score; empty for a good row
  std::int64_t n = 0;            ///< texts, each a query and a candidate
  std::int64_t n_items = 0;      ///< items behind them: those of one text are one candidate
  std::int64_t n_seeds = 1;      ///< trainings of the encoder that were scored
  std::int64_t dim = 0;          ///< dimension of the vectors
  std::int64_t n_no_text = 0;    ///< items of the split that have no text, left out
  std::int64_t n_no_vector = 0;  ///< texts of which no word is known, left out
  std::int64_t n_cut = 0;        ///< texts that were cut at the longest length
  std::int64_t n_unknown = 0;    ///< words of all texts that are not known
  std::int64_t n_in_training =
      0;  ///< texts that stand word for word among the training items', too
  std::string ci_method;
  std::string embeddings_sha256;
  std::string step_key;
  std::vector<std::string> notes;        ///< caveats a reader must see
  std::vector<std::string> item_ids;     ///< [n] the first item of each text
  std::vector<std::int64_t> item_group;  ///< [n] its artist's number; empty: each is its own
  std::vector<std::int64_t> music_rank;  ///< [n * n_seeds] of the own music, to each text
  std::vector<std::int64_t> text_rank;   ///< [n * n_seeds] of the own text, to each music
  /// [n * k] what was found nearest in the first training, the best first: music of each text,
  /// texts of each music, as places in item_ids; k = min(kNearest, n). Empty in earlier results.
  std::vector<std::int64_t> nearest_music = {};
  std::vector<std::int64_t> nearest_text = {};
  std::vector<RetrievalMeasure> measures;
};

/// How many found items results keep of each question.
inline constexpr std::size_t kNearest = 5;

template <Is<Retrieval> T, typename Visit>
void visit_fields(T& v, Visit&& visit) {
  visit("encoder", v.encoder);
  visit("encoder_kind", v.encoder_kind);
  visit("encoder_version", v.encoder_version);
  visit("dataset", v.dataset);
  visit("split", v.split);
  visit("centring", v.centring);
  visit("failure", v.failure);
  visit("n", v.n);
  visit("n_items", v.n_items);
  visit("n_seeds", v.n_seeds);
  visit("dim", v.dim);
  visit("n_no_text", v.n_no_text);
  visit("n_no_vector", v.n_no_vector);
  visit("n_cut", v.n_cut);
  visit("n_unknown", v.n_unknown);
  visit("n_in_training", v.n_in_training);
  visit("ci_method", v.ci_method);
  visit("embeddings_sha256", v.embeddings_sha256);
  visit("step_key", v.step_key);
  visit("notes", v.notes);
  visit("item_ids", v.item_ids);
  visit("item_group", v.item_group);
  visit("music_rank", v.music_rank);
  visit("text_rank", v.text_rank);
  visit("nearest_music", v.nearest_music);
  visit("nearest_text", v.nearest_text);
  visit("measures", v.measures);
}

}  // namespace musicrep
