// The SVM: every (split, configuration) that a protocol asks for at once, sharing kernels.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "musicrep/matrix.h"
#include "probe/probe.h"

namespace musicrep {

/// Fits and predicts every job. x [n, d] finite; y [n]: class numbers from 0, or values. Returns
/// one result a job, in order; bits do not depend on options.threads. Each split's training rows
/// must hold two classes or more (classification), and both parts at least one item; breaking that
/// is our own mistake: protocols check folds first.
std::vector<FitResult> fit_predict(const Matrix& x, std::span<const double> y, bool classification,
                                   std::span<const Split> splits,
                                   std::span<const ProbeConfig> configs,
                                   std::span<const FitJob> jobs, const FitOptions& options);

/// The BLAS library in use and the processor that it has chosen its code for.
std::string blas_description();

/// The version of libsvm that this was built with.
std::string libsvm_description();

/// The instruction set of the solver's loops: it does not affect results, but explains run times.
std::string solver_instruction_set();

}  // namespace musicrep
