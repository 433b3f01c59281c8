// What learns from frozen vectors and is scored: the interface of all probes.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "musicrep/matrix.h"
#include "probe/kernel.h"
#include "probe/svm.h"

namespace musicrep {

/// How the RBF kernel's gamma is found.
struct GammaRule {
  enum class Kind {
    kValue,  ///< a number
    kAuto,   ///< 1 / d, scikit-learn's 'auto'
    kScale,  ///< 1 / (d * population variance of all entries of the fold's training rows), 'scale'
  };
  Kind kind = Kind::kScale;
  double value = 0;
  std::string name = "scale";  ///< as the protocol writes it: "2^-9", "1/d", "scale"
};

/// One point of a protocol's grid.
struct ProbeConfig {
  Kernel kernel = Kernel::kRbf;  ///< of the SVM
  double c = 1;                  ///< C of the SVM; of other probes their one parameter
  GammaRule gamma;               ///< of the SVM
  bool standardise = false;      ///< columns, by the split's training rows
};

/// One fit that is asked for.
struct FitJob {
  std::size_t split = 0;
  std::size_t config = 0;
};

/// All configurations on all splits: job = split * n_configs + config.
std::vector<FitJob> all_jobs(std::size_t n_splits, std::size_t n_configs);

enum class Solver {
  kOwn,     ///< precomputed kernels, libsvm's rules
  kLibsvm,  ///< libsvm itself
};

/// As command lines, keys and provenance have it: "own" or "libsvm".
std::string to_string(Solver solver);

struct FitOptions {
  Solver solver = Solver::kOwn;  ///< of the SVM
  std::size_t threads = 1;
  double epsilon = 0.1;    ///< of the SVR
  FitLimits limits;        ///< iterations: of all; the rest of the SVM
  std::uint64_t seed = 1;  ///< of probes that begin at random
  /// Up to this many items the SVM holds the whole n x n kernel matrix, shared.
  std::size_t max_dense_items = 3000;
  /// Called with (jobs done, jobs in all) from worker threads, one at a time; may be empty.
  std::function<void(std::size_t, std::size_t)> progress;
};

/// What is to be fitted. Each split's training rows must hold two classes or more (classification),
/// and both parts at least one item; breaking that is our own mistake: protocols check folds first.
struct FitProblem {
  const Matrix& x;            ///< [n, d], finite
  std::span<const double> y;  ///< [n]: class numbers from 0, or values
  bool classification = false;
  std::span<const Split> splits;
  std::span<const ProbeConfig> configs;
  std::span<const FitJob> jobs;
};

/// One fit of one tag that is asked for.
struct TagJob {
  std::size_t split = 0;
  std::size_t config = 0;
  std::size_t tag = 0;
};

/// Tags to be fitted, each against the items without it. Each split's training rows must hold items
/// with and without each tag: tasks leave out other tags first.
struct TagProblem {
  const Matrix& x;                            ///< [n, d], finite
  std::span<const std::vector<double>> tags;  ///< [n] each: 1 for items that have it, else 0
  std::span<const Split> splits;
  std::span<const ProbeConfig> configs;
  std::span<const TagJob> jobs;
};

/// One kind of probe. One object each, in a file of its own under probe/probes.
struct Probe {
  std::string_view name;       ///< "svm", as protocols have it
  std::string_view title;      ///< "support vector machine"
  std::string_view parameter;  ///< what ProbeConfig::c is: "C", "neighbours"
  bool has_kernels = false;    ///< its grid is rbf_c, rbf_gamma and linear_c; of others, `values`
  bool whole_numbers = false;  ///< its parameter counts something
  bool fits_numbers = true;    ///< classes and tags alone otherwise
  std::int64_t max_iterations = 10'000'000;  ///< of one fit, where the protocol has no limit
  /// One result a job, in order; bits do not depend on options.threads.
  std::vector<FitResult> (*fit_predict)(const FitProblem& problem,
                                        const FitOptions& options) = nullptr;
  /// One result a job, in order: `predicted` is higher where the tag is more likely (a decision
  /// value, log-odds or a share). Bits do not depend on options.threads.
  std::vector<FitResult> (*fit_tags)(const TagProblem& problem,
                                     const FitOptions& options) = nullptr;
};

/// The jobs of one split and scaling: what a probe does with the same items.
struct TagUnit {
  std::size_t split = 0;
  bool standardise = false;
  std::vector<std::size_t> jobs;  ///< places in TagProblem::jobs, ascending
};

/// All jobs by split, then by scaling.
std::vector<TagUnit> tag_units(const TagProblem& problem);

/// The probe of that name. Throws ConfigError with the nearest name.
const Probe& find_probe(std::string_view name);

/// Names of all probes, in alphabetical order.
std::vector<std::string> probe_names();

}  // namespace musicrep
