// The SVM: every (split, configuration) that a protocol asks for at once, sharing kernels.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "musicrep/matrix.h"
#include "probe/probe.h"

namespace musicrep {

/// Fits and predicts every job. Returns one result a job, in order; bits do not depend on
/// options.threads.
std::vector<FitResult> fit_predict(const FitProblem& problem, const FitOptions& options);

/// The tags of every job, with their decision values. Jobs of one split and kernel share its
/// training block. Items keep the order of the split, where libsvm sorts them by class: the two
/// agree to the solver's tolerance.
std::vector<FitResult> fit_tags_svm(const TagProblem& problem, const FitOptions& options);

/// The number that a configuration's gamma comes to on one split of x [n, d]; 0 without an RBF.
double gamma_of(const ProbeConfig& config, const Matrix& x, const Split& split);

/// Kernel rows are float32: throws DataError where what is multiplied unscaled is too large for it.
void require_no_overflow(const Matrix& x, std::span<const ProbeConfig> configs);

/// The BLAS library in use and the processor that it has chosen its code for.
std::string blas_description();

/// The version of libsvm that this was built with.
std::string libsvm_description();

/// The instruction set of the solver's loops: it does not affect results, but explains run times.
std::string solver_instruction_set();

}  // namespace musicrep
