#include "frontend/decibel.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

namespace musicrep {
namespace {

TEST_CASE("decibels: ten for a factor of ten, and a least value") {
  std::vector<double> values = {1, 10, 100, 0, 1e-12, 0.5};
  to_decibel(values, 1e-10);
  CHECK(values[0] == 0);
  CHECK(values[1] == Approx(10));
  CHECK(values[2] == Approx(20));
  CHECK(values[3] == Approx(-100));
  CHECK(values[4] == Approx(-100));
  CHECK(values[5] == Approx(-3.0103).margin(1e-5));
}

TEST_CASE("range: nothing lies further below the maximum") {
  std::vector<double> values = {-100, -60, 12, -50};
  SECTION("reference 1") {
    limit_range(values, Reference::kOne, 80);
    CHECK(values == std::vector<double>{-68, -60, 12, -50});
  }
  SECTION("reference is the maximum") {
    limit_range(values, Reference::kClipMax, 80);
    CHECK(values == std::vector<double>{-80, -72, 0, -62});
  }
  SECTION("no range") {
    limit_range(values, Reference::kClipMax, 0);
    CHECK(values == std::vector<double>{-112, -72, 0, -62});
  }
  SECTION("nothing at all") { limit_range({}, Reference::kClipMax, 80); }
}

TEST_CASE("natural logarithm with an offset") {
  std::vector<double> values = {0, 0.99};
  apply_log(values, {.kind = LogConfig::Kind::kNatural, .offset = 0.01});
  CHECK(values[0] == Approx(std::log(0.01)));
  CHECK(values[1] == Approx(0).margin(1e-12));
}

TEST_CASE("standardised to mean 0 and deviation 1, and silence stays finite") {
  std::vector<double> values = {1, 2, 3, 6};
  standardise(values);
  double sum = 0;
  double squares = 0;
  for (const double value : values) {
    sum += value;
    squares += value * value;
  }
  CHECK(sum == Approx(0).margin(1e-12));
  CHECK(squares == Approx(4));
  std::vector<double> same(5, -80.0);
  standardise(same);
  CHECK(same == std::vector<double>(5, 0.0));
}

}  // namespace
}  // namespace musicrep
