// Singular values of small matrices.
#pragma once

#include <vector>

#include "musicrep/matrix.h"

namespace musicrep {

/// The singular values of `m` [rows, cols], largest first, min(rows, cols) of them, by one-sided
/// Jacobi rotations (Hestenes 1958; Golub and Van Loan, Matrix Computations, 4th ed., 8.6.3). Time
/// grows with min(rows, cols)^2 max(rows, cols).
std::vector<double> singular_values(const Matrix& m);

}  // namespace musicrep
