#include "probe/kernel.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <numeric>

#include "probe_problems.h"

namespace musicrep {
namespace {

std::vector<std::uint32_t> first_rows(std::size_t n) {
  std::vector<std::uint32_t> rows(n);
  std::iota(rows.begin(), rows.end(), 0U);
  return rows;
}

}  // namespace

TEST_CASE("a scaler gives mean 0 and deviation 1 on its own rows") {
  const Matrix x(4, 2, {1, 10, 3, 10, 5, 40, 100, -7});
  const std::vector<std::uint32_t> rows = {0, 1, 2};
  const Scaler scaler = fit_scaler(x, rows);
  CHECK(scaler.mean == std::vector<double>{3, 20});
  CHECK(scaler.scale[0] == Approx(std::sqrt(8.0 / 3)).epsilon(1e-15));
  CHECK(scaler.scale[1] == Approx(std::sqrt(200.0)).epsilon(1e-15));
  const Matrix scaled = apply_scaler(x, scaler);
  CHECK(scaled.at(0, 0) == Approx(-2 / std::sqrt(8.0 / 3)).epsilon(1e-15));
  // The row outside takes the scale of the others.
  CHECK(scaled.at(3, 0) == Approx(97 / std::sqrt(8.0 / 3)).epsilon(1e-15));
}

TEST_CASE("a constant column is left at scale 1") {
  const std::size_t n = 100;
  Matrix x(n, 4);
  for (std::size_t i = 0; i < n; ++i) {
    const double sign = i % 2 == 0 ? 1 : -1;
    x.at(i, 0) = 0.1;                // its mean is not exactly 0.1
    x.at(i, 1) = 1e9 + sign * 1e-7;  // nothing but rounding
    x.at(i, 2) = 1e9 + sign * 1e-3;  // small, and real
    x.at(i, 3) = 0;
  }
  const Scaler scaler = fit_scaler(x, first_rows(n));
  CHECK(scaler.scale[0] == 1);
  CHECK(scaler.scale[1] == 1);
  CHECK(scaler.scale[2] == Approx(1e-3).epsilon(1e-3));
  CHECK(scaler.scale[3] == 1);
}

TEST_CASE("the variance of entries is the population's, and 0 for constants") {
  const Matrix x(3, 2, {1, 2, 3, 4, 100, 100});
  const std::vector<std::uint32_t> rows = {0, 1};
  CHECK(variance_of_entries(x, rows) == Approx(1.25).epsilon(1e-15));
  for (const double value : {0.0, 0.1, 1.0 / 3, 1e6 + 0.1, -1e-20}) {
    CAPTURE(value);
    const Matrix constant(50, 7, std::vector<double>(350, value));
    CHECK(variance_of_entries(constant, first_rows(50)) == 0);
  }
  // Small beside its mean, yet no rounding.
  const Matrix near(2, 1, {1e6, 1e6 + 1e-3});
  CHECK(variance_of_entries(near, rows) == Approx(2.5e-7).epsilon(1e-6));
}

TEST_CASE("the Gram matrix is symmetric to the bit") {
  const TestProblem problem = random_values(67, 13, 0.1, 3);
  const Matrix inner = gram(problem.x);
  const Matrix plain = plain_kernel(problem.x, Kernel::kLinear, 0);
  for (std::size_t i = 0; i < 67; ++i) {
    for (std::size_t j = 0; j < 67; ++j) {
      REQUIRE(inner.at(i, j) == inner.at(j, i));
      REQUIRE(inner.at(i, j) == Approx(plain.at(i, j)).epsilon(1e-12).margin(1e-12));
    }
  }
  CHECK(gram(Matrix()).empty());
}

TEST_CASE("dense and streamed kernels hold the same values") {
  const Kernel kernel = GENERATE(Kernel::kLinear, Kernel::kRbf);
  CAPTURE(to_string(kernel));
  const std::size_t n = 300;  // more than two strips of the streamed kernel
  const auto x = std::make_shared<const Matrix>(random_values(n, 9, 0.1, 4).x);
  const Matrix plain = plain_kernel(*x, kernel, 0.05);
  const auto dense = make_dense_kernel(kernel, 0.05, std::make_shared<const Matrix>(gram(*x)));
  const auto streamed = make_streamed_kernel(kernel, 0.05, x);
  std::vector<std::uint32_t> rows = first_rows(n);
  std::swap(rows[3], rows[250]);
  const std::vector<std::uint32_t> few = {7, 0, 299};
  std::vector<double> block(few.size() * n);
  std::vector<float> square(n * n);
  for (const KernelMatrix* matrix : {dense.get(), streamed.get()}) {
    matrix->block(few, rows, block.data());
    matrix->square(rows, square.data());
    const std::vector<double> diagonal = matrix->diagonal(rows);
    for (std::size_t j = 0; j < n; ++j) {
      REQUIRE(diagonal[j] == Approx(plain.at(rows[j], rows[j])).epsilon(1e-12));
      for (std::size_t i = 0; i < few.size(); ++i) {
        REQUIRE(block[i * n + j] == Approx(plain.at(few[i], rows[j])).epsilon(1e-11).margin(1e-11));
      }
      for (std::size_t i = 0; i < n; ++i) {
        const double expected = plain.at(rows[i], rows[j]);
        REQUIRE(static_cast<double>(square[i * n + j]) ==
                Approx(expected).epsilon(1e-7).margin(1e-11));
      }
    }
    // An item and itself: exactly 1.
    if (kernel == Kernel::kRbf) {
      for (std::size_t i = 0; i < n; ++i) REQUIRE(square[i * n + i] == 1.0F);
    }
  }
}

}  // namespace musicrep
