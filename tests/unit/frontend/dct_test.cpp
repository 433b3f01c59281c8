#include "frontend/dct.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <numbers>
#include <vector>

namespace musicrep {
namespace {

TEST_CASE("DCT: a constant has its first coefficient alone") {
  const Dct dct(16, 16);
  std::vector<double> out(16);
  dct.apply(std::vector<double>(16, 3.0), out);
  CHECK(out[0] == Approx(3 * 4));
  for (std::size_t k = 1; k < 16; ++k) CHECK(out[k] == Approx(0).margin(1e-12));
}

TEST_CASE("DCT: orthonormal, so a whole transform keeps the sum of squares") {
  std::vector<double> values;
  double squares = 0;
  for (int i = 0; i < 40; ++i) {
    values.push_back(std::sin(i * i));
    squares += values.back() * values.back();
  }
  std::vector<double> out(40);
  Dct(40, 40).apply(values, out);
  double sum = 0;
  for (const double value : out) sum += value * value;
  CHECK(sum == Approx(squares));
}

TEST_CASE("DCT: a basis function is its own transform, whatever the number of coefficients") {
  std::vector<double> values;
  for (int i = 0; i < 32; ++i) values.push_back(std::cos(std::numbers::pi * 5 * (i + 0.5) / 32));
  std::vector<double> out(8);
  Dct(32, 8).apply(values, out);
  for (std::size_t k = 0; k < 8; ++k) {
    CHECK(out[k] == Approx(k == 5 ? 4 : 0).margin(1e-12));  // sqrt(32 / 2)
  }
}

}  // namespace
}  // namespace musicrep
