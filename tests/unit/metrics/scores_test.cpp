#include "metrics/scores.h"

#include <catch2/catch.hpp>
#include <limits>
#include <string>
#include <vector>

#include "musicrep/error.h"

using Catch::Matchers::Contains;
using Values = std::vector<double>;

namespace musicrep {

TEST_CASE("accuracy is the share of right classes") {
  CHECK(accuracy(Values{0, 1, 2, 2}, Values{0, 2, 2, 2}) == 0.75);
  CHECK(accuracy(Values{3}, Values{3}) == 1);
  CHECK(accuracy(Values{3}, Values{2}) == 0);
}

TEST_CASE("r2 of the worked example in scikit-learn's manual") {
  CHECK(r2(Values{3, -0.5, 2, 7}, Values{2.5, 0.0, 2, 8}) == Approx(0.9486081370449679));
}

TEST_CASE("r2 of the mean is 0, and worse predictions are negative") {
  CHECK(r2(Values{1, 2, 3}, Values{2, 2, 2}) == 0);
  CHECK(r2(Values{1, 2, 3}, Values{3, 2, 1}) == Approx(-3));
  CHECK(r2(Values{1, 2, 3}, Values{1, 2, 3}) == 1);
}

TEST_CASE("r2 of a constant truth is 1 or 0") {
  CHECK(r2(Values{2}, Values{2}) == 1);
  CHECK(r2(Values{2}, Values{3}) == 0);
  // The mean of three times 0.1 is not 0.1 in doubles; the rule holds all the same.
  CHECK(r2(Values{0.1, 0.1, 0.1}, Values{0.1, 0.1, 0.1}) == 1);
  CHECK(r2(Values{0.1, 0.1, 0.1}, Values{0.1, 0.1, 0.2}) == 0);
  // Not equal, but their squared deviations are below the smallest double.
  CHECK(r2(Values{0, 1e-200}, Values{0, 1}) == 0);
}

TEST_CASE("confusion counts truth in rows and predictions in columns") {
  const std::vector<std::int64_t> expected = {2, 0, 0, 0, 0, 1, 1, 0, 2};
  CHECK(confusion(Values{2, 0, 2, 2, 0, 1}, Values{0, 0, 2, 2, 0, 2}, 3) == expected);
  CHECK(confusion(Values{}, Values{}, 2) == std::vector<std::int64_t>(4));
}

TEST_CASE("confusion refuses what is no class, all of it at once") {
  CHECK_THROWS_WITH(confusion(Values{0, 1}, Values{0, 3}, 3),
                    "confusion matrix: item 1: class 1, predicted 3, expected whole numbers in "
                    "[0, 3)");
  CHECK_THROWS_AS(confusion(Values{-1}, Values{0}, 3), DataError);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_WITH(confusion(Values{0, 1.5, nan}, Values{0, 1, 1}, 3),
                    Contains("item 1: class 1.5") && Contains("item 2: class nan"));
}

}  // namespace musicrep
