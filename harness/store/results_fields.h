// The fields of the results, each named once: JSON, HDF5 and tables are all made from these lists.
// visit_fields(object, visit) calls visit(name, member) for every field, in the order of results.h.
#pragma once

#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "store/results.h"

namespace musicrep {

/// T or const T.
template <typename Object, typename T>
concept Is = std::same_as<std::remove_const_t<Object>, T>;

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

template <Is<Selection> T, typename Visit>
void visit_fields(T& v, Visit&& visit) {
  visit("chosen", v.chosen);
  visit("test_score", v.test_score);
  visit("n_test", v.n_test);
  visit("at_grid_edge", v.at_grid_edge);
}

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

template <Is<EncoderLetters> T, typename Visit>
void visit_fields(T& v, Visit&& visit) {
  visit("task", v.task);
  visit("protocol", v.protocol);
  visit("encoder", v.encoder);
  visit("letters", v.letters);
}

template <Is<ClaimResult> T, typename Visit>
void visit_fields(T& v, Visit&& visit) {
  visit("text", v.text);
  visit("source", v.source);
  visit("statement", v.statement);
  visit("where", v.where);
  visit("spec", v.spec);
  visit("measured", v.measured);
  visit("difference", v.difference);
  visit("low", v.low);
  visit("high", v.high);
  visit("standard_error", v.standard_error);
  visit("degrees_of_freedom", v.degrees_of_freedom);
  visit("p", v.p);
  visit("p_adjusted", v.p_adjusted);
  visit("margin", v.margin);
  visit("verdict", v.verdict);
}

template <Is<Diagnosis> T, typename Visit>
void visit_fields(T& v, Visit&& visit) {
  visit("encoder", v.encoder);
  visit("dataset", v.dataset);
  visit("layer", v.layer);
  visit("layer_index", v.layer_index);
  visit("measure", v.measure);
  visit("value", v.value);
  visit("low", v.low);
  visit("high", v.high);
  visit("n_clips", v.n_clips);
  visit("n_seeds", v.n_seeds);
}

template <Is<MeasureSample> T, typename Visit>
void visit_fields(T& v, Visit&& visit) {
  visit("encoder", v.encoder);
  visit("dataset", v.dataset);
  visit("layer", v.layer);
  visit("measure", v.measure);
  visit("of_run", v.of_run);
  visit("clip_influence", v.clip_influence);
}

template <Is<SweepPoint> T, typename Visit>
void visit_fields(T& v, Visit&& visit) {
  visit("encoder", v.encoder);
  visit("task", v.task);
  visit("dataset", v.dataset);
  visit("protocol", v.protocol);
  visit("metric", v.metric);
  visit("factor", v.factor);
  visit("value", v.value);
  visit("labels", v.labels);
  visit("n_train", v.n_train);
  visit("dim", v.dim);
  visit("score", v.score);
  visit("low", v.low);
  visit("high", v.high);
  visit("n_scores", v.n_scores);
  visit("difference", v.difference);
  visit("difference_low", v.difference_low);
  visit("difference_high", v.difference_high);
  visit("p", v.p);
  visit("p_adjusted", v.p_adjusted);
}

template <Is<ContractLine> T, typename Visit>
void visit_fields(T& v, Visit&& visit) {
  visit("check", v.check);
  visit("verdict", v.verdict);
  visit("seen", v.seen);
}

template <Is<Fingerprint> T, typename Visit>
void visit_fields(T& v, Visit&& visit) {
  visit("encoder", v.encoder);
  visit("dataset", v.dataset);
  visit("seed", v.seed);
  visit("declared", v.declared);
  visit("none", v.none);
  visit("signals", v.signals);
  visit("batch_size", v.batch_size);
  visit("sha256", v.sha256);
  visit("dim", v.dim);
  visit("summary", v.summary);
  visit("batch_drift", v.batch_drift);
  visit("contract", v.contract);
}

template <Is<TrainingCurve> T, typename Visit>
void visit_fields(T& v, Visit&& visit) {
  visit("encoder", v.encoder);
  visit("corpus", v.corpus);
  visit("seed", v.seed);
  visit("step", v.step);
  visit("loss", v.loss);
  visit("validation_step", v.validation_step);
  visit("validation_loss", v.validation_loss);
  visit("base_loss", v.base_loss);
  visit("average_precision", v.average_precision);
}

template <Is<StepCost> T, typename Visit>
void visit_fields(T& v, Visit&& visit) {
  visit("step", v.step);
  visit("encoder", v.encoder);
  visit("on", v.on);
  visit("seed", v.seed);
  visit("wall_s", v.wall_s);
  visit("cpu_s", v.cpu_s);
  visit("peak_mib", v.peak_mib);
  visit("disk_mib", v.disk_mib);
  visit("n", v.n);
}

template <Is<Citation> T, typename Visit>
void visit_fields(T& v, Visit&& visit) {
  visit("used_by", v.used_by);
  visit("text", v.text);
}

template <Is<SkippedItem> T, typename Visit>
void visit_fields(T& v, Visit&& visit) {
  visit("id", v.id);
  visit("reason", v.reason);
}

template <Is<MelPicture> T, typename Visit>
void visit_fields(T& v, Visit&& visit) {
  visit("id", v.id);
  visit("label", v.label);
  visit("duration_s", v.duration_s);
  visit("low_hz", v.low_hz);
  visit("high_hz", v.high_hz);
  visit("n_bands", v.n_bands);
  visit("n_columns", v.n_columns);
  visit("values", v.values);
}

/// Fields that most data sets or runs have nothing for: they are left out where they are empty, and
/// empty where they are missing.
inline bool is_left_out_where_empty(std::string_view name) {
  return name == "audio_pcm_sha256" || name == "skipped" || name == "pictures" ||
         name == "claims" || name == "retrievals" || name == "diagnoses" || name == "item_group" ||
         name == "contract" || name == "sweeps" || name == "curves" || name == "citations" ||
         name == "costs" || name == "measure_samples" || name == "base_loss" ||
         name == "average_precision" || name == "nearest_music" || name == "nearest_text";
}

/// Whether a field goes into JSON and files.
template <typename T>
bool is_written(std::string_view name, const T& v) {
  if constexpr (requires { v.empty(); }) {
    return !v.empty() || !is_left_out_where_empty(name);
  } else if constexpr (requires { v.has_value(); }) {
    return v.has_value() || !is_left_out_where_empty(name);
  } else {
    return true;
  }
}

template <Is<DatasetRecord> T, typename Visit>
void visit_fields(T& v, Visit&& visit) {
  visit("name", v.name);
  visit("kind", v.kind);
  visit("manifest_sha256", v.manifest_sha256);
  visit("n_items", v.n_items);
  visit("n_expected", v.n_expected);
  visit("about", v.about);
  visit("notes", v.notes);
  visit("audio_pcm_sha256", v.audio_pcm_sha256);
  visit("skipped", v.skipped);
  visit("pictures", v.pictures);
}

template <Is<Results> T, typename Visit>
void visit_fields(T& v, Visit&& visit) {
  visit("experiment", v.experiment);
  visit("title", v.title);
  visit("experiment_toml", v.experiment_toml);
  visit("experiment_sha256", v.experiment_sha256);
  visit("seed", v.seed);
  visit("provenance", v.provenance);
  visit("datasets", v.datasets);
  visit("rows", v.rows);
  visit("comparisons", v.comparisons);
  visit("letters", v.letters);
  visit("claims", v.claims);
  visit("retrievals", v.retrievals);
  visit("diagnoses", v.diagnoses);
  visit("measure_samples", v.measure_samples);
  visit("sweeps", v.sweeps);
  visit("fingerprints", v.fingerprints);
  visit("curves", v.curves);
  visit("citations", v.citations);
  visit("costs", v.costs);
  visit("volatile_facts", v.volatile_facts);
}

/// One line of the flat table: a row without its items and targets.
struct TableLine {
  std::string encoder;
  std::string encoder_kind;
  std::string encoder_version;
  std::string task;
  std::string dataset;
  std::string protocol;
  std::int64_t protocol_version = 0;
  std::string metric;
  std::string aggregation;
  std::optional<double> score;  ///< empty where the row failed; so for the next three
  std::optional<double> ci_low;
  std::optional<double> ci_high;
  std::optional<double> inner_score;  ///< mean over targets
  std::string letters;  ///< shared by encoders without a significant difference; empty: failed
  std::optional<double> baseline;
  std::int64_t n = 0;
  std::int64_t n_seeds = 1;
  std::int64_t dim = 0;
  std::int64_t n_configurations = 0;
  std::string pooling;
  std::optional<double> published;
  std::string published_source;
  std::string published_caveat;  ///< why the two cannot be compared; empty: they can
  std::string failure;
};

template <Is<TableLine> T, typename Visit>
void visit_fields(T& v, Visit&& visit) {
  visit("encoder", v.encoder);
  visit("encoder_kind", v.encoder_kind);
  visit("encoder_version", v.encoder_version);
  visit("task", v.task);
  visit("dataset", v.dataset);
  visit("protocol", v.protocol);
  visit("protocol_version", v.protocol_version);
  visit("metric", v.metric);
  visit("aggregation", v.aggregation);
  visit("score", v.score);
  visit("ci_low", v.ci_low);
  visit("ci_high", v.ci_high);
  visit("inner_score", v.inner_score);
  visit("letters", v.letters);
  visit("baseline", v.baseline);
  visit("n", v.n);
  visit("n_seeds", v.n_seeds);
  visit("dim", v.dim);
  visit("n_configurations", v.n_configurations);
  visit("pooling", v.pooling);
  visit("published", v.published);
  visit("published_source", v.published_source);
  visit("published_caveat", v.published_caveat);
  visit("failure", v.failure);
}

/// Mean over targets of the inner score; empty where some target has none.
std::optional<double> mean_inner_score(const ResultRow& row);

/// A line for every row, in order.
std::vector<TableLine> table_lines(const Results& results);

}  // namespace musicrep
