// Measures of layers.
// A list of fields follows each struct (results/fields.h).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "store/results/fields.h"

namespace musicrep {

/// One measure of one layer of one encoder on some clips of one data set (harness/diagnose).
struct Diagnosis {
  std::string encoder;  ///< label in the experiment
  std::string dataset;
  std::string layer;             ///< "input", "layer 1 attention", "layer 1", ...
  std::int64_t layer_index = 0;  ///< from the input on
  std::string measure;           ///< MeasureInfo::name
  double value = 0;              ///< mean over training seeds; NaN where no clip gives it
  double low = 0;                ///< 95 % interval over clips and trainings; NaN: not known
  double high = 0;
  std::int64_t n_clips = 0;  ///< clips that it is computed from, at least in each seed
  std::int64_t n_seeds = 1;
};

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

/// What a claim about a measure is tested with: its value in each training, and what each clip
/// adds to it.
struct MeasureSample {
  std::string encoder;
  std::string dataset;
  std::string layer;
  std::string measure;
  std::vector<double> of_run;          ///< [n_seeds]
  std::vector<double> clip_influence;  ///< [n clips] averaged over trainings, of mean 0
};

template <Is<MeasureSample> T, typename Visit>
void visit_fields(T& v, Visit&& visit) {
  visit("encoder", v.encoder);
  visit("dataset", v.dataset);
  visit("layer", v.layer);
  visit("measure", v.measure);
  visit("of_run", v.of_run);
  visit("clip_influence", v.clip_influence);
}

}  // namespace musicrep
