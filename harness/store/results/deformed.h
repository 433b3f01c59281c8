// Rows on deformed audio.
// A list of fields follows each struct (results/fields.h).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "store/results/fields.h"

namespace musicrep {

/// What one target's items are predicted to be.
struct DeformedTarget {
  std::string name;               ///< of a target of the row
  std::vector<double> predicted;  ///< [m], as ResultRow::item_ids of the row
};

template <Is<DeformedTarget> T, typename Visit>
void visit_fields(T& v, Visit&& visit) {
  visit("name", v.name);
  visit("predicted", v.predicted);
}

/// What a row predicts of deformed audio with the probes that it learned from clean audio.
struct Deformed {
  std::string encoder;  ///< with the next two, the row that is clean
  std::string task;
  std::string protocol;
  std::string dataset;
  std::string deformation;   ///< "white noise, 20 dB SNR"
  std::string spec;          ///< its kind, version, options and library, as JSON
  std::string metric;        ///< the row's
  std::string failure;       ///< why there is no score; empty: there is one
  std::int64_t n_seeds = 1;  ///< trainings of the encoder that were scored
  std::int64_t n_refit = 0;  ///< clean items that the repeated fits predict otherwise: rounding
  double score = 0;          ///< as the row's, of the deformed items
  double ci_low = 0;         ///< 95 % interval
  double ci_high = 0;
  double drop = 0;      ///< score of the row less this score
  double drop_low = 0;  ///< 95 % interval, paired
  double drop_high = 0;
  double standard_error = 0;  ///< of the drop
  double degrees_of_freedom = 0;
  std::string test;       ///< "paired t over 250 artists, 3 trainings, training folds"
  double p = 1;           ///< of a drop of 0, two-sided
  double p_adjusted = 1;  ///< Holm, over all deformations and encoders of a task and protocol
  /// Norm of the difference of an item's deformed and clean vectors, as a share of the clean one's
  /// norm; mean over scored items and trainings. NaN where no vector has a norm.
  double distance = 0;
  double cosine = 0;  ///< of the angle between the two, mean of the same
  std::string embeddings_sha256;
  std::string step_key;
  std::vector<DeformedTarget> targets;
};

template <Is<Deformed> T, typename Visit>
void visit_fields(T& v, Visit&& visit) {
  visit("encoder", v.encoder);
  visit("task", v.task);
  visit("protocol", v.protocol);
  visit("dataset", v.dataset);
  visit("deformation", v.deformation);
  visit("spec", v.spec);
  visit("metric", v.metric);
  visit("failure", v.failure);
  visit("n_seeds", v.n_seeds);
  visit("n_refit", v.n_refit);
  visit("score", v.score);
  visit("ci_low", v.ci_low);
  visit("ci_high", v.ci_high);
  visit("drop", v.drop);
  visit("drop_low", v.drop_low);
  visit("drop_high", v.drop_high);
  visit("standard_error", v.standard_error);
  visit("degrees_of_freedom", v.degrees_of_freedom);
  visit("test", v.test);
  visit("p", v.p);
  visit("p_adjusted", v.p_adjusted);
  visit("distance", v.distance);
  visit("cosine", v.cosine);
  visit("embeddings_sha256", v.embeddings_sha256);
  visit("step_key", v.step_key);
  visit("targets", v.targets);
}

}  // namespace musicrep
