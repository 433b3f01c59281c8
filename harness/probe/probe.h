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

/// Items to learn from and items to predict.
struct Split {
  std::vector<std::uint32_t> train;
  std::vector<std::uint32_t> test;
};

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
  double epsilon = 0.1;  ///< of the SVR
  FitLimits limits;      ///< of the SVM
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

/// One kind of probe. One object each, in a file of its own under probe/probes.
struct Probe {
  std::string_view name;       ///< "svm", as protocols have it
  std::string_view title;      ///< "support vector machine"
  std::string_view parameter;  ///< what ProbeConfig::c is: "C", "neighbours"
  bool has_kernels = false;    ///< its grid is rbf_c, rbf_gamma and linear_c; of others, `values`
  bool whole_numbers = false;  ///< its parameter counts something
  /// One result a job, in order; bits do not depend on options.threads.
  std::vector<FitResult> (*fit_predict)(const FitProblem& problem,
                                        const FitOptions& options) = nullptr;
};

/// The probe of that name. Throws ConfigError with the nearest name.
const Probe& find_probe(std::string_view name);

/// Names of all probes, in alphabetical order.
std::vector<std::string> probe_names();

}  // namespace musicrep
