// The gate: a run against a reference, layer by layer: provenance, fingerprints, scores.
#pragma once

#include <string>
#include <vector>

#include "check/drift.h"
#include "check/facts.h"
#include "check/tolerances.h"
#include "store/results.h"

namespace musicrep {

enum class Verdict {
  kSame,           ///< within its tolerance
  kRegressed,      ///< lower by more
  kImproved,       ///< higher by more: has moved, too
  kMissing,        ///< the run has no such row
  kExtra,          ///< the reference has none
  kNotComparable,  ///< data, protocol, version, options or seed differ
  kNotMeasured,    ///< the run has the row and no score in it
};
const char* verdict_name(Verdict verdict);

/// In the order in which they are looked at.
enum class Layer { kProvenance, kFingerprints, kScores };
inline constexpr Layer kLayers[] = {Layer::kProvenance, Layer::kFingerprints, Layer::kScores};
const char* layer_name(Layer layer);

struct RowCheck {
  std::string encoder;
  std::string task;
  std::string protocol;
  Verdict verdict = Verdict::kSame;
  Layer layer = Layer::kScores;      ///< that gave the verdict
  std::vector<std::string> reasons;  ///< of a verdict that is not kSame
  bool undeclared = false;           ///< not comparable, and no version or hash says why
  bool has_scores = false;           ///< of both; the next five fields
  double score = 0;
  double reference = 0;
  double tolerance = 0;
  bool same_vectors = false;
  std::size_t n_other_predictions = 0;
  std::string drift;  ///< of its encoder, where its fingerprint moved
};

struct CheckReport {
  std::string reference;  ///< its experiment
  std::vector<FactDifference> facts;
  std::vector<EncoderDrift> drifts;
  std::vector<RowCheck> rows;
  bool exact = false;
  std::vector<std::string> exact_problems;  ///< what is not bit for bit the same; with `exact`

  [[nodiscard]] std::size_t count(Verdict verdict) const;
  /// A score or an encoder has moved that should not have.
  [[nodiscard]] bool moved() const;
  /// Something could not be compared or measured.
  [[nodiscard]] bool incomplete() const;
};

/// Whether an encoder's vectors moved without its saying so.
bool is_fault(Drift drift);

/// Compares. With `exact`, whatever is not the same bits is told, too: everything but the code's
/// version, and what is volatile.
CheckReport check(const Results& run, const Results& reference, const Tolerances& tolerances,
                  bool exact);

/// What a CI log needs first: one line that says whether all is well, or which layers caught what.
std::string check_headline(const CheckReport& report);
/// The whole, at most 100 columns wide.
std::string check_text(const CheckReport& report);
/// A test case for each layer of each row.
std::string check_junit(const CheckReport& report);

}  // namespace musicrep
