// The gate: compares a run with a reference, layer by layer: consistency (does each part follow
// from the predictions?), provenance, fingerprints, scores, statements (sweeps, measures, letters,
// verdicts).
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
  kNoScore,        ///< the run has the row and no score in it
  kVectorsMoved,   ///< its vectors changed although nothing that may change them did
  kCannotJudge,    ///< no tolerance for its score is known, or too much may
};
const char* verdict_name(Verdict verdict);

/// In the order in which they are looked at.
enum class Layer { kConsistency, kProvenance, kFingerprints, kScores, kStatements };
inline constexpr Layer kLayers[] = {Layer::kConsistency, Layer::kProvenance, Layer::kFingerprints,
                                    Layer::kScores, Layer::kStatements};
/// The layers that check single rows.
inline constexpr Layer kRowLayers[] = {Layer::kProvenance, Layer::kFingerprints, Layer::kScores};
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
  std::int64_t n_seeds = 1;
  bool same_vectors = false;
  std::size_t n_other_predictions = 0;
  std::string drift;  ///< of its encoder, where its fingerprint moved
};

/// The trained rows of one task and protocol together, where they were retrained elsewhere.
struct JointShift {
  std::string task;
  std::string protocol;
  std::size_t n_rows = 0;
  double shift = 0;      ///< mean over rows of run less reference
  double tolerance = 0;  ///< that nothing but other rounding stays within in 95 of 100 checks
  [[nodiscard]] bool moved() const { return shift > tolerance || shift < -tolerance; }
};

/// A statement of a report besides its scores (a sweep, a layer's measure, a verdict, a letter)
/// that is not the reference's.
struct StatementChange {
  std::string what;
  bool is_fault = false;  ///< false: it may follow from retraining elsewhere
};

struct CheckReport {
  std::string reference;  ///< its experiment
  std::vector<FactDifference> facts;
  std::vector<EncoderDrift> drifts;
  std::vector<RowCheck> rows;
  /// Parts of the run, or of the reference, that do not follow from the rest of it.
  std::vector<std::string> broken_run;
  std::vector<std::string> broken_reference;
  /// Why the parts of one cannot be worked out again: it follows other rules.
  std::string rules_of_run;
  std::string rules_of_reference;
  bool tolerances_derived = false;  ///< there was no file with the reference's
  std::vector<JointShift> joint;
  std::vector<StatementChange> statements;
  bool exact = false;
  std::vector<std::string> exact_problems;  ///< what is not bit for bit the same; with `exact`

  [[nodiscard]] std::size_t count(Verdict verdict) const;
  /// A score or an encoder has moved that should not have.
  [[nodiscard]] bool moved() const;
  /// The largest loss of one row that a check like this lets pass: the widest tolerance of a row
  /// that was judged.
  [[nodiscard]] double largest_unseen_loss() const;
  /// Something could not be compared or measured.
  [[nodiscard]] bool incomplete() const;
};

/// Whether an encoder's vectors moved without its saying so.
bool is_fault(Drift drift);

/// Compares. With `exact`, every part of the content digest has to be the same bits, but for the
/// code's version.
CheckReport check(const Results& run, const Results& reference, const Tolerances& tolerances,
                  bool exact);

/// The first line for a CI log: whether all is well, or which layers found what.
std::string check_headline(const CheckReport& report);
/// The whole, at most 100 columns wide.
std::string check_text(const CheckReport& report);
/// A test case for each layer of each row.
std::string check_junit(const CheckReport& report);

}  // namespace musicrep
