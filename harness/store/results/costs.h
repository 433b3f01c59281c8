// What steps cost, and whom to cite.
// A list of fields follows each struct (results/fields.h).
#pragma once

#include <cstdint>
#include <string>

#include "store/results/fields.h"

namespace musicrep {

/// What a step cost when it was run, now or earlier: of one machine and one day, so no part of the
/// digest.
struct StepCost {
  std::string step;       ///< one of those below
  std::string encoder;    ///< label in the experiment; empty where none is concerned
  std::string on;         ///< data set; or task and protocol
  std::int64_t seed = 0;  ///< place of the training seed
  double wall_s = 0;
  double cpu_s = 0;  ///< processor time, of all threads
  double peak_mib =
      0;  ///< most memory of the program meanwhile, with all that ran at the same time
  double disk_mib = 0;  ///< of what it left in the store
  std::int64_t n = 0;   ///< items that were made, encoded or scored, or steps that were trained
};

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

inline constexpr const char* kMakeStep = "make";  ///< a built-in corpus' audio
inline constexpr const char* kTrainStep = "train";
inline constexpr const char* kEncodeStep = "encode";
inline constexpr const char* kEvaluateStep = "evaluate";

/// A publication that the run uses.
struct Citation {
  std::string used_by;  ///< "encoder tlm", "data set gtzan", "protocol nested"
  std::string text;
};

template <Is<Citation> T, typename Visit>
void visit_fields(T& v, Visit&& visit) {
  visit("used_by", v.used_by);
  visit("text", v.text);
}

}  // namespace musicrep
