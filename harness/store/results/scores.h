// Rows, each an encoder under a protocol on a task, and how they compare.
// A list of fields follows each struct (results/fields.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "store/results/fields.h"

namespace musicrep {

/// One configuration of the grid and what it scored in the inner selection.
struct CandidateScore {
  std::int64_t seed = 0;  ///< place of the training seed
  int fold = 0;           ///< outer fold; 0 where there is one or none
  std::string view;       ///< reading of the encoder's vectors; empty where there is one alone
  std::string kernel;     ///< "rbf" or "linear"
  double c = 0;
  double gamma = 0;        ///< the value used; 0 for linear
  std::string gamma_rule;  ///< as the protocol writes it: "1/d", "scale", "2^-9"; empty for linear
  bool standardised = false;
  double score = 0;      ///< mean inner score, weighted by fold size
  bool cap_hit = false;  ///< some fit stopped at the iteration cap
};

template <Is<CandidateScore> T, typename Visit>
void visit_fields(T& v, Visit&& visit) {
  visit("seed", v.seed);
  visit("fold", v.fold);
  visit("view", v.view);
  visit("kernel", v.kernel);
  visit("c", v.c);
  visit("gamma", v.gamma);
  visit("gamma_rule", v.gamma_rule);
  visit("standardised", v.standardised);
  visit("score", v.score);
  visit("cap_hit", v.cap_hit);
}

/// What was chosen for one outer fold.
struct Selection {
  CandidateScore chosen;
  std::optional<double>
      test_score;  ///< the metric on this fold's test items; empty: nothing held out
  std::int64_t n_test = 0;
  bool at_grid_edge = false;  ///< C or gamma is the smallest or the largest of the grid
};

template <Is<Selection> T, typename Visit>
void visit_fields(T& v, Visit&& visit) {
  visit("chosen", v.chosen);
  visit("test_score", v.test_score);
  visit("n_test", v.n_test);
  visit("at_grid_edge", v.at_grid_edge);
}

/// One target of a task: a class label, or one number such as arousal.
struct TargetResult {
  std::string name;
  std::vector<std::string> classes;  ///< empty for regression
  std::vector<double> truth;         ///< [m] class index or value, in the unit of the data set
  std::vector<double> predicted;     ///< [m], as ResultRow::item_ids
  double score = 0;
  double ci_low = 0;  ///< 95 % interval
  double ci_high = 0;
  /// Mean over outer folds of the chosen candidate's inner score; empty where nothing was chosen.
  std::optional<double> inner_score;
  std::optional<double> published;
  std::vector<Selection> selected;   ///< one per outer fold, seed after seed
  std::vector<CandidateScore> grid;  ///< every candidate of every outer fold, seed after seed
};

template <Is<TargetResult> T, typename Visit>
void visit_fields(T& v, Visit&& visit) {
  visit("name", v.name);
  visit("classes", v.classes);
  visit("truth", v.truth);
  visit("predicted", v.predicted);
  visit("score", v.score);
  visit("ci_low", v.ci_low);
  visit("ci_high", v.ci_high);
  visit("inner_score", v.inner_score);
  visit("published", v.published);
  visit("selected", v.selected);
  visit("grid", v.grid);
}

/// How a row's predictions become its score.
inline constexpr const char* kPooled = "pooled";  ///< all test items together
/// Each fold by itself, weighted by its size: what a score with nothing held out is.
inline constexpr const char* kMeanOverFolds = "mean over folds";

/// One cell of a table: an encoder under a protocol on a task.
struct ResultRow {
  std::string encoder;       ///< label in the experiment
  std::string encoder_kind;  ///< registry name
  std::string encoder_version;
  std::string task;
  std::string dataset;
  std::string protocol;
  std::int64_t protocol_version = 0;
  std::string protocol_sha256;
  std::string metric;       ///< "accuracy" or "r2"
  std::string aggregation;  ///< kPooled or kMeanOverFolds
  std::string failure;      ///< why there is no score; empty for a good row
  double score = 0;         ///< mean over targets
  double ci_low = 0;
  double ci_high = 0;
  std::string ci_method;
  double standard_error = 0;  ///< of the score, over artists or items, training folds, trainings
  double degrees_of_freedom = 0;
  double baseline = 0;         ///< score of the best constant prediction: most frequent class, mean
  double p_baseline = 1;       ///< of the two-sided test against it
  std::int64_t n = 0;          ///< scored items
  std::int64_t n_seeds = 1;    ///< trainings of the encoder that were scored
  std::int64_t n_repeats = 1;  ///< of the protocol's folds: times that each item was tested
  std::int64_t dim = 0;        ///< dimension of the vectors
  std::int64_t n_configurations = 0;
  std::string pooling;
  std::string embeddings_sha256;
  std::string step_key;  ///< key of the evaluation step, but for the hash of its code
  std::optional<double> published;
  std::string published_source;
  std::string published_caveat;    ///< why the two cannot be compared; empty: they can
  std::vector<std::string> notes;  ///< caveats a reader must see
  /// [m], m = n * n_repeats * n_seeds: all items of seed 0, repeat after repeat, of seed 1, ...
  std::vector<std::string> item_ids;
  std::vector<std::int64_t> item_fold;  ///< [m] outer fold that tested the item
  std::vector<std::int64_t> item_seed;  ///< [m] place of the training seed
  /// [m] number of the group (artist) that is drawn whole in a bootstrap, from 0; empty where every
  /// item is its own.
  std::vector<std::int64_t> item_group;
  std::vector<TargetResult> targets;
};

template <Is<ResultRow> T, typename Visit>
void visit_fields(T& v, Visit&& visit) {
  visit("encoder", v.encoder);
  visit("encoder_kind", v.encoder_kind);
  visit("encoder_version", v.encoder_version);
  visit("task", v.task);
  visit("dataset", v.dataset);
  visit("protocol", v.protocol);
  visit("protocol_version", v.protocol_version);
  visit("protocol_sha256", v.protocol_sha256);
  visit("metric", v.metric);
  visit("aggregation", v.aggregation);
  visit("failure", v.failure);
  visit("score", v.score);
  visit("ci_low", v.ci_low);
  visit("ci_high", v.ci_high);
  visit("ci_method", v.ci_method);
  visit("standard_error", v.standard_error);
  visit("degrees_of_freedom", v.degrees_of_freedom);
  visit("baseline", v.baseline);
  visit("p_baseline", v.p_baseline);
  visit("n", v.n);
  visit("n_seeds", v.n_seeds);
  visit("n_repeats", v.n_repeats);
  visit("dim", v.dim);
  visit("n_configurations", v.n_configurations);
  visit("pooling", v.pooling);
  visit("embeddings_sha256", v.embeddings_sha256);
  visit("step_key", v.step_key);
  visit("published", v.published);
  visit("published_source", v.published_source);
  visit("published_caveat", v.published_caveat);
  visit("notes", v.notes);
  visit("item_ids", v.item_ids);
  visit("item_fold", v.item_fold);
  visit("item_seed", v.item_seed);
  visit("item_group", v.item_group);
  visit("targets", v.targets);
}

/// Two encoders on the same items under the same task and protocol.
struct Comparison {
  std::string task;
  std::string protocol;
  std::string a;  ///< encoder labels
  std::string b;
  double difference = 0;  ///< score of a minus score of b
  double ci_low = 0;
  double ci_high = 0;
  double standard_error = 0;  ///< of the difference
  double degrees_of_freedom = 0;
  std::string test;  ///< "paired t over 250 artists, 3 trainings, training folds"
  double p = 1;
  double p_adjusted = 1;           ///< Holm, over the table's comparisons
  double smallest_detectable = 0;  ///< at 5 %, power 80 %
};

template <Is<Comparison> T, typename Visit>
void visit_fields(T& v, Visit&& visit) {
  visit("task", v.task);
  visit("protocol", v.protocol);
  visit("a", v.a);
  visit("b", v.b);
  visit("difference", v.difference);
  visit("ci_low", v.ci_low);
  visit("ci_high", v.ci_high);
  visit("standard_error", v.standard_error);
  visit("degrees_of_freedom", v.degrees_of_freedom);
  visit("test", v.test);
  visit("p", v.p);
  visit("p_adjusted", v.p_adjusted);
  visit("smallest_detectable", v.smallest_detectable);
}

/// The place of an encoder in a table.
struct EncoderLetters {
  std::string task;
  std::string protocol;
  std::string encoder;
  /// Encoders of a table that share a letter do not differ significantly (compact letter display).
  std::string letters;
};

template <Is<EncoderLetters> T, typename Visit>
void visit_fields(T& v, Visit&& visit) {
  visit("task", v.task);
  visit("protocol", v.protocol);
  visit("encoder", v.encoder);
  visit("letters", v.letters);
}

}  // namespace musicrep
