#include "metrics/estimate.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "core/random.h"

namespace musicrep {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNormal = 1e12;  // degrees of freedom with which Student's t is normal

Estimate share_of(std::size_t k, double n) {
  const double p = static_cast<double>(k) / n;
  return {p, std::sqrt(p * (1 - p) / n), kNormal};
}

}  // namespace

TEST_CASE("the interval of a share gives Newcombe's published figures") {
  // Newcombe 1998, Statistics in Medicine 17:857, table I, method 3.
  struct Row {
    std::size_t k;
    double n, low, high;
  };
  const Row row = GENERATE(Row{81, 263, 0.2553, 0.3662}, Row{15, 148, 0.0624, 0.1605},
                           Row{0, 20, 0.0000, 0.1611}, Row{1, 29, 0.0061, 0.1718});
  const Interval interval = interval_of(share_of(row.k, row.n), Scale::kShare, row.n);
  CHECK(interval.low == Approx(row.low).margin(0.00005).epsilon(0));
  CHECK(interval.high == Approx(row.high).margin(0.00005).epsilon(0));
}

TEST_CASE("intervals of the shares 0 and 1 have a width, and end at the edge") {
  for (const double n : {2.0, 3.5, 20.0, 1e6}) {
    const Interval none = interval_of({0, 0, n - 1}, Scale::kShare, n);
    const Interval all = interval_of({1, 0, n - 1}, Scale::kShare, n);
    CHECK(none.low == 0);
    CHECK(all.high == 1);
    CHECK(none.high > 0);
    CHECK(all.low == Approx(1 - none.high));
  }
}

TEST_CASE("a share that is the same in every group has the interval of as many units") {
  const Interval interval = interval_of({0.5, 0, 9}, Scale::kShare, 10);
  const Interval of_items = interval_of({0.5, std::sqrt(0.25 / 10), 9}, Scale::kShare, 10);
  CHECK(interval.low == Approx(of_items.low));
  CHECK(interval.high == Approx(of_items.high));
  CHECK(interval.high > interval.low);
}

TEST_CASE("fewer degrees of freedom widen every interval") {
  for (const Scale scale :
       {Scale::kShare, Scale::kRatio, Scale::kMean, Scale::kCorrelation, Scale::kUnbounded}) {
    const Interval few = interval_of({0.6, 0.02, 3}, scale, 100);
    const Interval many = interval_of({0.6, 0.02, 300}, scale, 100);
    CHECK(few.low < many.low);
    CHECK(few.high > many.high);
  }
}

TEST_CASE("an interval of r2 stays below 1 and is longer on its lower side") {
  const Interval interval = interval_of({0.9, 0.08, 10}, Scale::kRatio, 100);
  CHECK(interval.high < 1);
  CHECK(0.9 - interval.low > interval.high - 0.9);
  const Interval perfect = interval_of({1, 0, 10}, Scale::kRatio, 100);
  CHECK(perfect.low == 1);
  CHECK(perfect.high == 1);
}

TEST_CASE("an estimate of one unit says nothing") {
  const Estimate one = {0.3, kInfinity, 1};
  CHECK(interval_of(one, Scale::kShare, 1).low == 0);
  CHECK(interval_of(one, Scale::kShare, 1).high == 1);
  CHECK(interval_of(one, Scale::kRatio, 1).low == -kInfinity);
  CHECK(interval_of(one, Scale::kRatio, 1).high == 1);
  CHECK(interval_of(one, Scale::kMean, 1).high == 1);
  CHECK(t_interval(one).low == -kInfinity);
  CHECK(t_interval(one).high == kInfinity);
  CHECK(p_value(one) == 1);
  CHECK(p_equivalent(one, 0.5) == 1);
  CHECK(smallest_detectable(one) == kInfinity);
}

TEST_CASE("p-values at their edges") {
  CHECK(p_value({0, 0.1, 5}) == 1);
  CHECK(p_value({0, 0, 5}) == 1);
  CHECK(p_value({0.1, 0, 5}) == 0);
  CHECK(p_value({0.1, 0.1, 5}, 0.1) == 1);
  CHECK(p_value({0.1, 0.05, 5}) == p_value({-0.1, 0.05, 5}));
  CHECK(p_equivalent({0.1, 0, 5}, 0.2) == 0);
  CHECK(p_equivalent({0.2, 0, 5}, 0.2) == 1);
  CHECK(p_equivalent({0.2, 0.01, 5}, 0.2) == 0.5);
}

TEST_CASE("an interval leaves 0 out exactly where the test rejects") {
  Random random(3);
  for (int k = 0; k < 2000; ++k) {
    const Estimate e = {random.normal(), 0.1 + random.uniform(), 1 + 50 * random.uniform()};
    const Interval interval = t_interval(e);
    CHECK((p_value(e) < 0.05) == (interval.low > 0 || interval.high < 0));
    // Two one-sided tests at 5 %: the 90 % interval lies within the margin.
    const Interval inner = t_interval(e, 0.9);
    CHECK((p_equivalent(e, 1) < 0.05) == (inner.low > -1 && inner.high < 1));
  }
}

TEST_CASE("an interval leaves a value out exactly where the test against it rejects") {
  Random random(5);
  for (int k = 0; k < 2000; ++k) {
    const double share = std::floor(random.uniform() * 11) / 10;
    const double n = 2 + 30 * random.uniform();
    const Estimate e = {share, random.below(3) == 0 ? 0 : random.uniform() / 2, n - 1};
    const double expected = random.uniform();
    for (const Scale scale :
         {Scale::kShare, Scale::kMean, Scale::kRatio, Scale::kCorrelation, Scale::kUnbounded}) {
      const Interval interval = interval_of(e, scale, n);
      CAPTURE(e.value, e.standard_error, n, expected, interval.low, interval.high);
      CHECK((p_value_of(e, scale, n, expected) < 0.05) ==
            (expected < interval.low || expected > interval.high));
    }
  }
}

TEST_CASE("none of 90 found is not less than one by chance") {
  CHECK(p_value_of({0, 0, 89}, Scale::kShare, 90, 1.0 / 90) > 0.3);
  CHECK(p_value_of({1, 0, 2}, Scale::kShare, 3, 2.0 / 3) > 0.2);
  CHECK(p_value_of({1, 0, 2}, Scale::kShare, 3, 1) == 1);
  CHECK(p_value_of({0.5, 0.1, 2}, Scale::kShare, 3, 1) == 0);
  CHECK(p_value_of({1, 0, 9}, Scale::kRatio, 10, 0) == 0);
}

TEST_CASE("intervals hold their estimate and no value that it cannot take") {
  Random random(4);
  for (int k = 0; k < 2000; ++k) {
    const double share = std::min(1.0, std::floor(random.uniform() * 11) / 10);
    const double n = 2 + 30 * random.uniform();
    const Estimate e = {share, random.below(3) == 0 ? 0 : random.uniform() / 2, n - 1};
    for (const Scale scale :
         {Scale::kShare, Scale::kMean, Scale::kRatio, Scale::kCorrelation, Scale::kUnbounded}) {
      const Interval interval = interval_of(e, scale, n);
      CHECK(std::isfinite(interval.low));
      CHECK(interval.low <= share + 1e-15);
      CHECK(interval.high >= share - 1e-15);
      if (scale != Scale::kUnbounded) CHECK(interval.high <= 1);
      if (scale == Scale::kShare || scale == Scale::kMean) CHECK(interval.low >= 0);
      if (scale == Scale::kCorrelation) CHECK(interval.low >= -1);
      if (scale == Scale::kShare) CHECK(interval.low < interval.high);
    }
  }
}

TEST_CASE("Student's quantiles are symmetric, and Cauchy's with one degree of freedom") {
  CHECK(student_quantile(0.75, 1) == Approx(1));
  CHECK(student_quantile(0.975, 7.5) == Approx(-student_quantile(0.025, 7.5)));
  CHECK(student_quantile(0.975, kNormal) == Approx(1.959963984540054));
}

}  // namespace musicrep
