#include "probe/kernel.h"

#include <cblas.h>
#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <mutex>
#include <numeric>
#include <vector>

#include "musicrep/error.h"
#include "probe/fit.h"
#include "probe/simd.h"

namespace musicrep {
namespace {

int blas_int(std::size_t n) {
  assert(n <= static_cast<std::size_t>(std::numeric_limits<int>::max()));
  return static_cast<int>(n);
}

class DenseKernel final : public KernelMatrix {
 public:
  DenseKernel(Kernel kernel, double gamma, std::shared_ptr<const Matrix> inner)
      : inner_(std::move(inner)) {
    if (kernel != Kernel::kRbf) return;
    const std::size_t n = inner_->rows();
    Matrix values(n, n);
    for (std::size_t i = 0; i < n; ++i) {
      // |x - z|^2 = x'x + z'z - 2 x'z, one triangle; the diagonal is exactly 0.
      for (std::size_t j = 0; j <= i; ++j) {
        values.at(i, j) = inner_->at(i, i) + inner_->at(j, j) - 2 * inner_->at(i, j);
      }
      simd::rbf_in_place(values.row(i).data(), i + 1, gamma);
    }
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < i; ++j) values.at(j, i) = values.at(i, j);
    }
    inner_ = std::make_shared<const Matrix>(std::move(values));
  }

  void block(std::span<const std::uint32_t> rows, std::span<const std::uint32_t> cols,
             double* out) const override {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const double* row = inner_->row(rows[i]).data();
      for (std::size_t j = 0; j < cols.size(); ++j) out[i * cols.size() + j] = row[cols[j]];
    }
  }

  void square(std::span<const std::uint32_t> rows, float* out) const override {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const double* row = inner_->row(rows[i]).data();
      float* to = out + i * rows.size();
      for (std::size_t j = 0; j < rows.size(); ++j) to[j] = static_cast<float>(row[rows[j]]);
    }
  }

  [[nodiscard]] std::vector<double> diagonal(std::span<const std::uint32_t> rows) const override {
    std::vector<double> out;
    out.reserve(rows.size());
    for (const std::uint32_t r : rows) out.push_back(inner_->at(r, r));
    return out;
  }

 private:
  std::shared_ptr<const Matrix> inner_;  // K itself
};

class StreamedKernel final : public KernelMatrix {
 public:
  StreamedKernel(Kernel kernel, double gamma, std::shared_ptr<const Matrix> x)
      : kernel_(kernel), gamma_(gamma), x_(std::move(x)), norm_(x_->rows()) {
    for (std::size_t i = 0; i < norm_.size(); ++i) {
      norm_[i] = simd::dot(x_->row(i).data(), x_->row(i).data(), x_->cols());
    }
  }

  void block(std::span<const std::uint32_t> rows, std::span<const std::uint32_t> cols,
             double* out) const override {
    const Matrix a = gather_rows(rows);
    const Matrix b = gather_rows(cols);
    multiply(a, 0, a.rows(), b, out);
    finish(rows, cols, out);
  }

  void square(std::span<const std::uint32_t> rows, float* out) const override {
    const Matrix a = gather_rows(rows);
    std::vector<double> strip(std::min(kStrip, rows.size()) * rows.size());
    for (std::size_t begin = 0; begin < rows.size(); begin += kStrip) {
      const std::size_t count = std::min(kStrip, rows.size() - begin);
      multiply(a, begin, count, a, strip.data());
      finish(rows.subspan(begin, count), rows, strip.data());
      for (std::size_t k = 0; k < count * rows.size(); ++k) {
        out[begin * rows.size() + k] = static_cast<float>(strip[k]);
      }
    }
  }

  [[nodiscard]] std::vector<double> diagonal(std::span<const std::uint32_t> rows) const override {
    std::vector<double> out;
    out.reserve(rows.size());
    for (const std::uint32_t r : rows) out.push_back(kernel_ == Kernel::kRbf ? 1.0 : norm_[r]);
    return out;
  }

 private:
  static constexpr std::size_t kStrip = 128;

  [[nodiscard]] Matrix gather_rows(std::span<const std::uint32_t> rows) const {
    Matrix out(rows.size(), x_->cols());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      std::ranges::copy(x_->row(rows[i]), out.row(i).begin());
    }
    return out;
  }

  static void multiply(const Matrix& a, std::size_t begin, std::size_t count, const Matrix& b,
                       double* out) {
    if (count == 0 || b.rows() == 0) return;
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, blas_int(count), blas_int(b.rows()),
                blas_int(a.cols()), 1.0, a.row(begin).data(), blas_int(a.cols()), b.data(),
                blas_int(b.cols()), 0.0, out, blas_int(b.rows()));
  }

  void finish(std::span<const std::uint32_t> rows, std::span<const std::uint32_t> cols,
              double* out) const {
    if (kernel_ != Kernel::kRbf) return;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      double* row = out + i * cols.size();
      for (std::size_t j = 0; j < cols.size(); ++j) {
        // An item's distance to itself is 0, whatever BLAS rounds.
        row[j] = rows[i] == cols[j] ? 0.0 : norm_[rows[i]] + norm_[cols[j]] - 2 * row[j];
      }
      simd::rbf_in_place(row, cols.size(), gamma_);
    }
  }

  Kernel kernel_;
  double gamma_;
  std::shared_ptr<const Matrix> x_;
  std::vector<double> norm_;
};

}  // namespace

std::string to_string(Kernel kernel) {
  switch (kernel) {
    case Kernel::kLinear:
      return "linear";
    case Kernel::kRbf:
      return "rbf";
    case Kernel::kPrecomputed:
      return "precomputed";
  }
  return {};
}

Scaler fit_scaler(const Matrix& x, std::span<const std::uint32_t> rows) {
  const std::size_t d = x.cols();
  const auto n = static_cast<double>(rows.size());
  Scaler scaler{std::vector<double>(d, 0.0), std::vector<double>(d, 0.0)};
  for (const std::uint32_t r : rows) {
    for (std::size_t k = 0; k < d; ++k) scaler.mean[k] += x.at(r, k);
  }
  for (double& mean : scaler.mean) mean /= n;
  // Two passes, with the rounding of the mean taken out again (Chan, Golub and LeVeque 1983).
  std::vector<double> rest(d, 0.0);
  for (const std::uint32_t r : rows) {
    for (std::size_t k = 0; k < d; ++k) {
      const double deviation = x.at(r, k) - scaler.mean[k];
      scaler.scale[k] += deviation * deviation;
      rest[k] += deviation;
    }
  }
  constexpr double kEpsilon = std::numeric_limits<double>::epsilon();
  for (std::size_t k = 0; k < d; ++k) {
    const double variance = (scaler.scale[k] - rest[k] * rest[k] / n) / n;
    const double mean = scaler.mean[k];
    const double noise = n * kEpsilon * variance + (n * mean * kEpsilon) * (n * mean * kEpsilon);
    scaler.scale[k] = variance <= noise ? 1.0 : std::sqrt(variance);
  }
  return scaler;
}

Matrix apply_scaler(const Matrix& x, const Scaler& scaler) {
  Matrix out(x.rows(), x.cols());
  for (std::size_t i = 0; i < x.rows(); ++i) {
    for (std::size_t k = 0; k < x.cols(); ++k) {
      out.at(i, k) = (x.at(i, k) - scaler.mean[k]) / scaler.scale[k];
    }
  }
  return out;
}

double variance_of_entries(const Matrix& x, std::span<const std::uint32_t> rows) {
  const double count = static_cast<double>(rows.size()) * static_cast<double>(x.cols());
  double mean = 0;
  for (const std::uint32_t r : rows) {
    for (const double v : x.row(r)) mean += v;
  }
  mean /= count;
  double sum = 0;
  for (const std::uint32_t r : rows) {
    for (const double v : x.row(r)) sum += (v - mean) * (v - mean);
  }
  // What the rounding of the mean alone can leave is no variance; compare fit_scaler().
  const double noise = count * mean * std::numeric_limits<double>::epsilon();
  const double variance = sum / count;
  return variance <= noise * noise ? 0 : variance;
}

Matrix gram(const Matrix& x) {
  keep_blas_single_threaded();
  const std::size_t n = x.rows();
  Matrix out(n, n);
  if (n == 0 || x.cols() == 0) return out;
  cblas_dsyrk(CblasRowMajor, CblasLower, CblasNoTrans, blas_int(n), blas_int(x.cols()), 1.0,
              x.data(), blas_int(x.cols()), 0.0, out.data(), blas_int(n));
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < i; ++j) out.at(j, i) = out.at(i, j);
  }
  return out;
}

namespace {

/// Builds of OpenBLAS are known that compute wrongly on processors newer than themselves. Small
/// whole numbers: every sum of products is exact in any order.
void check_blas() {
  constexpr std::size_t kRows = 37;
  constexpr std::size_t kCols = 130;
  std::vector<double> x(kRows * kCols);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<double>((i * 5) % 9) - 4;
  std::vector<double> product(kRows * kRows);
  std::vector<double> lower(kRows * kRows);
  cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, blas_int(kRows), blas_int(kRows),
              blas_int(kCols), 1.0, x.data(), blas_int(kCols), x.data(), blas_int(kCols), 0.0,
              product.data(), blas_int(kRows));
  cblas_dsyrk(CblasRowMajor, CblasLower, CblasNoTrans, blas_int(kRows), blas_int(kCols), 1.0,
              x.data(), blas_int(kCols), 0.0, lower.data(), blas_int(kRows));
  for (std::size_t i = 0; i < kRows; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      double expected = 0;
      for (std::size_t k = 0; k < kCols; ++k) expected += x[i * kCols + k] * x[j * kCols + k];
      const double found = product[i * kRows + j];
      if (found == expected && lower[i * kRows + j] == expected) continue;
      throw ConfigError(fmt::format(
          "OpenBLAS computes wrongly on this processor with its kernels '{}': a product of rows is "
          "{} and {}, expected {}; set OPENBLAS_CORETYPE=Haswell, or Prescott on processors "
          "without AVX2",
          openblas_get_corename(), found, lower[i * kRows + j], expected));
    }
  }
}

}  // namespace

std::unique_ptr<KernelMatrix> make_dense_kernel(Kernel kernel, double gamma,
                                                std::shared_ptr<const Matrix> inner_products) {
  return std::make_unique<DenseKernel>(kernel, gamma, std::move(inner_products));
}

std::unique_ptr<KernelMatrix> make_streamed_kernel(Kernel kernel, double gamma,
                                                   std::shared_ptr<const Matrix> x) {
  keep_blas_single_threaded();
  return std::make_unique<StreamedKernel>(kernel, gamma, std::move(x));
}

std::string blas_description() { return openblas_get_config(); }

void keep_blas_single_threaded() {
  static std::once_flag once;
  std::call_once(once, [] {
    openblas_set_num_threads(1);
    check_blas();
  });
}

}  // namespace musicrep
