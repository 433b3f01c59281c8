// libsvm itself: the oracle, and the solver where --solver libsvm is asked for.
#pragma once

#include <cstdint>
#include <span>

#include "musicrep/matrix.h"
#include "probe/svm.h"

namespace musicrep {

struct LibsvmParameters {
  Kernel kernel = Kernel::kRbf;
  double gamma = 0;
  double c = 1;
  double epsilon = 0.1;  ///< of the SVR
  /// Of two classes, 0 and 1: predictions are decision values, positive for 1.
  bool decisions = false;
};

/// Trains on x[split.train] and predicts x[split.test] with svm_train and svm_predict; rows of a
/// classification are sorted by class first, since libsvm orders classes by first appearance. The
/// iteration cap is libsvm's own. Objective and iterations are not reported by libsvm: 0.
FitResult fit_predict_libsvm(const Matrix& x, std::span<const double> y, bool classification,
                             const Split& split, const LibsvmParameters& parameters,
                             const FitLimits& limits);

}  // namespace musicrep
