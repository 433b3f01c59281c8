// How far a score may be from its reference.
#pragma once

#include <filesystem>
#include <span>
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
  bool trained = false;      ///< trained here: other vectors need not be a fault
};

struct Tolerances {
  std::string content_digest;  ///< of the results that they were derived from
  double rounding = kRoundingDrift;
  /// Encoders whose weights or files may be others than the reference's: their scores compare.
  std::vector<std::string> new_files;
  std::vector<Tolerance> rows;
  bool are_derived = false;  ///< just now, not read from a file
  /// That of a row; throws DataError, naming it, where there is none.
  [[nodiscard]] const Tolerance& of(const ResultRow& row) const;
  /// Whether a row is known and its encoder was trained in the reference's run.
  [[nodiscard]] bool is_trained(const std::string& encoder, const std::string& task,
                                const std::string& protocol) const;
  /// Adds labels of encoders to new_files. Throws ConfigError where no row has one.
  void allow_new_files(std::span<const std::string> labels);
};

/// From the reference itself. With the same vectors only the SVM may differ, in a decision on the
/// edge: one of the row's predictions (r2: 0.0005). With other vectors:
/// - encoders trained here, with s seeds each: t * sd * sqrt(2 / s). sd is the standard deviation
///   between seeds, pooled over the trained rows of the same task and protocol; t the quantile of
///   Student's distribution that all trained rows of the reference stay within together in 95 of
///   100 checks (Bonferroni), with the pooled degrees of freedom: where the mean of s new trainings
///   lies when nothing has changed but their rounding;
/// - trained here with one seed, where no spread is known: half of the 95 % interval;
/// - all others: three predictions (r2: 0.0015).
Tolerances derive_tolerances(const Results& reference);

/// Whether the encoder of a row was trained in its run.
bool is_trained_here(const Results& results, const ResultRow& row);

/// The standard deviation between training seeds of the trained rows of one task and protocol.
struct SeedSpread {
  double deviation = 0;
  double degrees_of_freedom = 0;  ///< 0: no row has two seeds
};
SeedSpread seed_spread(const Results& reference, const std::string& task,
                       const std::string& protocol);

/// The file next to a reference, and its content. read_tolerances throws ConfigError for a file
/// that is none.
std::string tolerances_toml(const Tolerances& tolerances);
Tolerances read_tolerances(const std::filesystem::path& path);

}  // namespace musicrep
