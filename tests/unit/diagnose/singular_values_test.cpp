#include "diagnose/singular_values.h"

#include <catch2/catch.hpp>

namespace musicrep {
namespace {

TEST_CASE("singular values of matrices where they are known") {
  CHECK(singular_values(Matrix(2, 3)) == std::vector<double>{0, 0});
  const auto of_diagonal = singular_values(Matrix(3, 3, {0, 0, -2, 5, 0, 0, 0, 3, 0}));
  CHECK(of_diagonal == std::vector<double>{5, 3, 2});
  // A A' has the eigenvalues 25 and 9.
  const auto wide = singular_values(Matrix(2, 3, {3, 2, 2, 2, 3, -2}));
  REQUIRE(wide.size() == 2);
  CHECK(wide[0] == Approx(5).epsilon(1e-14));
  CHECK(wide[1] == Approx(3).epsilon(1e-14));
  const auto tall = singular_values(Matrix(3, 2, {3, 2, 2, 3, 2, -2}));
  REQUIRE(tall.size() == 2);
  CHECK(tall[0] == Approx(5).epsilon(1e-14));
  CHECK(tall[1] == Approx(3).epsilon(1e-14));
}

TEST_CASE("singular values of equal rows: one, and nothing else") {
  const auto values = singular_values(Matrix(4, 2, {3, 4, 3, 4, 3, 4, 3, 4}));
  REQUIRE(values.size() == 2);
  CHECK(values[0] == Approx(10).epsilon(1e-14));
  CHECK(values[1] < 1e-14);
}

TEST_CASE("singular values far apart, and very small and large ones") {
  const auto apart = singular_values(Matrix(2, 2, {1e8, 1, 0, 1e-8}));
  CHECK(apart[0] == Approx(1e8).epsilon(1e-14));
  CHECK(apart[1] == Approx(1e-8).epsilon(1e-7));
  for (const double scale : {1e-140, 1e140}) {
    const auto values = singular_values(Matrix(2, 2, {3 * scale, 0, 0, 4 * scale}));
    CHECK(values[0] == Approx(4 * scale).epsilon(1e-14));
    CHECK(values[1] == Approx(3 * scale).epsilon(1e-14));
  }
}

}  // namespace
}  // namespace musicrep
