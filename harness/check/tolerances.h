// How far a score may be from its reference.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "check/drift.h"
#include "store/results.h"

namespace musicrep {

/// What one score may differ by.
struct Tolerance {
  std::string encoder;
  std::string task;
  std::string protocol;
  double same_vectors = 0;   ///< where the run has the reference's vectors, bit for bit
  double other_vectors = 0;  ///< where it has not
};

struct Tolerances {
  std::string content_digest;  ///< of the results that they were derived from
  double rounding = kRoundingDrift;
  std::vector<Tolerance> rows;
  /// That of a row; throws DataError, naming it, where there is none.
  [[nodiscard]] const Tolerance& of(const ResultRow& row) const;
};

/// From the reference itself. With the same vectors only the SVM may differ, in a decision on the
/// edge: one of the row's predictions (r2: 0.0005). With other vectors:
/// - encoders trained here, with s >= 2 seeds: t * sd * sqrt(2 / s), where sd is the standard
///   deviation of the seeds' scores and t the 97.5 % quantile of Student's distribution with s - 1
///   degrees of freedom: where the mean of s new trainings lies, 95 times in 100, when nothing has
///   changed but their rounding;
/// - trained here with one seed: half of the 95 % interval, as no spread is known;
/// - all others: three predictions (r2: 0.0015).
Tolerances derive_tolerances(const Results& reference);

/// The file beside a reference, and what it says. read_tolerances throws ConfigError for a file
/// that is none.
std::string tolerances_toml(const Tolerances& tolerances);
Tolerances read_tolerances(const std::filesystem::path& path);

}  // namespace musicrep
