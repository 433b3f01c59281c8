// Scores by pooling, scaling, layer and number of labels.
// A list of fields follows each struct (results/fields.h).
#pragma once

#include <cstdint>
#include <string>

#include "store/results/fields.h"

namespace musicrep {

/// What one way of reading an encoder's vectors scores with this many labels, nothing chosen.
struct SweepPoint {
  std::string encoder;  ///< label in the experiment
  std::string task;
  std::string dataset;
  std::string protocol;  ///< whose folds are tested
  std::string metric;
  std::string factor;  ///< kSweepBase, "pooling", "scaling" or "layer": what differs from the base
  std::string value;   ///< "max", "l2", "layer 2, mean of frames", ...
  std::int64_t labels = 0;  ///< items to learn from: of each class, or in all for numbers; 0: all
  double n_train = 0;       ///< items that were learned from, mean over folds and draws
  std::int64_t dim = 0;
  double score = 0;  ///< mean over draws and training seeds
  double low = 0;    ///< 95 % interval
  double high = 0;
  std::int64_t n_scores = 1;  ///< draws times training seeds
  double difference = 0;      ///< score less that of the base with as many labels
  double difference_low = 0;  ///< 95 % interval, paired
  double difference_high = 0;
  double p = 1;           ///< of the paired t-test against the base
  double p_adjusted = 1;  ///< Holm, over the encoder's points of one sweep
};

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

/// The factor of vectors pooled and scaled as the protocol says.
inline constexpr const char* kSweepBase = "base";

}  // namespace musicrep
