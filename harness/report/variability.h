// What was diagnosed, a line a layer: the pivot of Results::diagnoses.
#pragma once

#include <string>
#include <vector>

#include "store/results.h"

namespace musicrep {

/// One layer of one encoder.
struct LayerLine {
  std::string encoder;
  std::string layer;
  std::int64_t layer_index = 0;
  std::int64_t n_seeds = 1;
  std::vector<const Diagnosis*> measures;  ///< as measure_infos(); null where it has none
};

/// The layers of all encoders on one data set, in the order of the results.
struct VariabilityTable {
  std::string dataset;
  std::int64_t n_clips = 0;  ///< the most that a measure is computed from
  std::int64_t n_short = 0;  ///< the most of these that a cosine of two frames does without
  std::vector<LayerLine> lines;
};

/// In order of first appearance; they point into `results`.
std::vector<VariabilityTable> variability_tables(const Results& results);

/// A measure of a line by its name; null where it has none.
const Diagnosis* measure_of(const LayerLine& line, const std::string& name);

}  // namespace musicrep
