// Fingerprints of two results side by side: which encoders moved, and how far.
#pragma once

#include <string>
#include <vector>

#include "store/results.h"

namespace musicrep {

/// What became of one encoder's fingerprint.
enum class Drift {
  kSameBits,
  kRounding,   ///< moved by less than arithmetic on another machine moves it
  kMoved,      ///< all that it declares is the same, and yet its vectors moved
  kDeclared,   ///< it declares something else: version, options, weights, training, seed
  kRetrained,  ///< moved, but its weights were retrained on another machine
  kBatch,      ///< its vectors have come to depend on the others in a call
  kNone,       ///< no fingerprint on one side or both: what it declares is the same
};

struct EncoderDrift {
  std::string encoder;
  std::string dataset;
  std::int64_t seed = 0;
  Drift drift = Drift::kSameBits;
  double share = 0;  ///< of the norm of its vectors, where both have fingerprints
  std::vector<std::string>
      declared;  ///< what it declares differently: "options.steps: 200, was 180"
};

/// Vectors that moved by more than this share of their norm moved by more than rounding: float32
/// networks differ by 1e-6 between processors, a filter that is off by one bin by 1e-2.
inline constexpr double kRoundingDrift = 1e-5;

/// How a declared difference of an encoder's weights or files begins.
inline constexpr const char* kFilesDeclared = "weights or files";

/// For every encoder, data set and seed of both results. `reference` is what was, `run` what is.
/// `same_machine`: same_machine() of the two.
std::vector<EncoderDrift> drifts(const Results& reference, const Results& run, double rounding,
                                 bool same_machine);

/// "moved by 3.1e-02 of its norm".
std::string drift_text(const EncoderDrift& drift);

/// Encoders that occur on several data sets with one finding: "mfcc", "tlm (seeds 0, 2)".
struct DriftGroup {
  std::string who;
  EncoderDrift worst;  ///< of those that are in it
};
std::vector<DriftGroup> grouped(const std::vector<EncoderDrift>& drifts);

}  // namespace musicrep
