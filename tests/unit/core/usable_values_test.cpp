#include "core/usable_values.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

using Catch::Matchers::Contains;
using musicrep::Matrix;
using musicrep::unusable_value_text;
using musicrep::unusable_values;

namespace {

/// Three rows of two columns; the value stands in row 1, column 1, beside others around 1.
Matrix with(double value) { return {3, 2, {1, -0.5, 2, value, 3, 0.25}}; }

}  // namespace

TEST_CASE("usable values: what is not finite or stands for infinity is refused, with its place") {
  for (const double value :
       {std::nan(""), HUGE_VAL, -HUGE_VAL, std::numeric_limits<double>::max(),
        static_cast<double>(-std::numeric_limits<float>::max()), 1e155, -1e150, 1e38, 1e30, 1e16}) {
    INFO(value);
    const auto found = unusable_values(with(value));
    REQUIRE(found.size() == 1);
    CHECK(found[0].row == 1);
    CHECK(found[0].column == 1);
    CHECK_THAT(unusable_value_text(found[0]), Contains("column 1: found ") && Contains("expected"));
  }
  CHECK_THAT(unusable_value_text(unusable_values(with(1.797693134862315708e308)).at(0)),
             Contains("1.797") && Contains("what numpy.nan_to_num makes of infinity"));
}

TEST_CASE("usable values: tiny, large, shifted and constant columns are usable") {
  for (const double scale : {1e-300, 1e-30, 1.0, 1e6, 1e12, 1e100}) {
    Matrix x = with(0.75);
    for (std::size_t r = 0; r < x.rows(); ++r) {
      for (double& v : x.row(r)) v *= scale;
    }
    INFO(scale);
    CHECK(unusable_values(x).empty());
  }
  CHECK(unusable_values(with(1e15)).empty());
  CHECK(unusable_values(Matrix(2, 1, {0, 0})).empty());
  CHECK(unusable_values(Matrix(2, 1, {1e12 + 1, 1e12})).empty());
  CHECK(unusable_values(Matrix()).empty());
}

TEST_CASE("usable values: a column of zeros with one huge value, and the square that overflows") {
  CHECK(unusable_values(Matrix(3, 1, {0, 0, 1e20})).size() == 1);
  CHECK(unusable_values(Matrix(3, 1, {1e160, 2e160, -1e160})).size() == 3);
}
