// Many fits at once: every (split, configuration) that a protocol asks for, sharing kernels.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
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

/// One configuration of the SVM.
struct SvmConfig {
  Kernel kernel = Kernel::kRbf;
  double c = 1;
  GammaRule gamma;
  bool standardise = false;  ///< scaler fitted on the split's training rows
};

/// Items to learn from and items to predict.
struct Split {
  std::vector<std::uint32_t> train;
  std::vector<std::uint32_t> test;
};

/// One fit that is asked for.
struct FitJob {
  std::size_t split = 0;
  std::size_t config = 0;
};

enum class Solver {
  kOwn,     ///< precomputed kernels, libsvm's rules
  kLibsvm,  ///< libsvm itself
};

struct FitOptions {
  Solver solver = Solver::kOwn;
  std::size_t threads = 1;
  double epsilon = 0.1;  ///< of the SVR
  FitLimits limits;
  /// Up to this many items the whole n x n kernel matrix is held and shared.
  std::size_t max_dense_items = 3000;
  /// Told (jobs done, jobs in all) from worker threads, one at a time; may be empty.
  std::function<void(std::size_t, std::size_t)> progress;
};

/// Fits and predicts every job. x [n, d] finite; y [n]: class numbers from 0, or values. Returns
/// one result a job, in order; bits do not depend on options.threads. Each split's training rows
/// must hold two classes or more (classification), and both parts at least one item; breaking that
/// is our own mistake: protocols check folds first.
std::vector<FitResult> fit_predict(const Matrix& x, std::span<const double> y, bool classification,
                                   std::span<const Split> splits,
                                   std::span<const SvmConfig> configs, std::span<const FitJob> jobs,
                                   const FitOptions& options);

/// The BLAS library in use and the processor that it has chosen its code for.
std::string blas_description();

/// The version of libsvm that this was built with.
std::string libsvm_description();

/// The instruction set of the solver's loops: it moves no bit, but explains a difference in time.
std::string solver_instruction_set();

/// All configurations on all splits: job = split * configs.size() + config.
std::vector<FitJob> all_jobs(std::size_t n_splits, std::size_t n_configs);

}  // namespace musicrep
