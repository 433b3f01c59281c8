// Kernel matrices: Gram and squared distances by BLAS, shared where sharing is exact.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "musicrep/matrix.h"

namespace musicrep {

enum class Kernel {
  kLinear,       ///< x'z
  kRbf,          ///< exp(-gamma |x - z|^2)
  kPrecomputed,  ///< the feature matrix is K itself, [n, n], columns in item order
};

std::string to_string(Kernel kernel);

/// Mean and scale of each column over some rows, as scikit-learn's StandardScaler: population
/// standard deviation, and scale 1 for a column that is constant up to rounding.
struct Scaler {
  std::vector<double> mean;   ///< [d]
  std::vector<double> scale;  ///< [d]
};
Scaler fit_scaler(const Matrix& x, std::span<const std::uint32_t> rows);

/// (x - mean) / scale for all rows.
Matrix apply_scaler(const Matrix& x, const Scaler& scaler);

/// Population variance of all entries of the given rows, 0 where they are constant up to rounding:
/// what gamma 'scale' is made from.
double variance_of_entries(const Matrix& x, std::span<const std::uint32_t> rows);

/// Blocks of one kernel matrix over all items of a feature matrix [n, d].
class KernelMatrix {
 public:
  virtual ~KernelMatrix() = default;
  KernelMatrix() = default;
  KernelMatrix(const KernelMatrix&) = delete;
  KernelMatrix& operator=(const KernelMatrix&) = delete;
  /// K[rows, cols] in double into out, row-major [rows.size(), cols.size()].
  virtual void block(std::span<const std::uint32_t> rows, std::span<const std::uint32_t> cols,
                     double* out) const = 0;
  /// K[rows, rows] in float32, row-major.
  virtual void square(std::span<const std::uint32_t> rows, float* out) const = 0;
  /// K[i, i] for each of rows.
  [[nodiscard]] virtual std::vector<double> diagonal(std::span<const std::uint32_t> rows) const = 0;
};

/// Inner products of all pairs of rows, [n, n], symmetric to the bit.
Matrix gram(const Matrix& x);

/// The whole matrix in memory, made from inner products: for data whose n x n fits in memory. Many
/// folds, and for the Gram matrix many gammas, share it.
std::unique_ptr<KernelMatrix> make_dense_kernel(Kernel kernel, double gamma,
                                                std::shared_ptr<const Matrix> inner_products);

/// Blocks computed from the features when asked for, [n, d]: for data whose n x n does not fit.
std::unique_ptr<KernelMatrix> make_streamed_kernel(Kernel kernel, double gamma,
                                                   std::shared_ptr<const Matrix> x);

/// Keeps BLAS on the calling thread: parallelism is over fits, and bits must not depend on how many
/// threads BLAS would take. Called by everything here; harmless to repeat.
void keep_blas_single_threaded();

}  // namespace musicrep
