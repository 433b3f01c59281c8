// How trainings went.
// A list of fields follows each struct (results/fields.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "store/results/fields.h"

namespace musicrep {

/// How a training went: at most 100 points, each the mean of the steps since the one before. Known
/// as long as the weights are in the store, so no part of the digest.
struct TrainingCurve {
  std::string encoder;    ///< label in the experiment
  std::string corpus;     ///< data set that it was trained on
  std::int64_t seed = 0;  ///< place of the training seed
  std::vector<double> step;
  std::vector<double> loss;             ///< of the training batches
  std::vector<double> validation_step;  ///< empty where nothing was validated
  std::vector<double> validation_loss;
  /// Validation loss of predicting every item alike: tags' base rates, or the mean. Empty where not
  /// known; so is the next.
  std::optional<double> base_loss;
  std::optional<double> average_precision;  ///< of tags on held-out items, mean over tags
};

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

}  // namespace musicrep
