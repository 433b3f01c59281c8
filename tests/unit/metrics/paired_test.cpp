#include "metrics/paired.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <numbers>
#include <utility>
#include <vector>

#include "core/random.h"

namespace musicrep {
namespace {

using Items = std::span<const std::size_t>;

/// The two lists of a table: both right, a alone, b alone, none.
std::pair<std::vector<char>, std::vector<char>> table(std::size_t both, std::size_t only_a,
                                                      std::size_t only_b, std::size_t none) {
  std::vector<char> a;
  std::vector<char> b;
  const auto add = [&](std::size_t n, char a_right, char b_right) {
    a.insert(a.end(), n, a_right);
    b.insert(b.end(), n, b_right);
  };
  add(both, 1, 1);
  add(only_a, 1, 0);
  add(only_b, 0, 1);
  add(none, 0, 0);
  return {a, b};
}

McNemar mcnemar_of(std::size_t both, std::size_t only_a, std::size_t only_b, std::size_t none) {
  const auto [a, b] = table(both, only_a, only_b, none);
  return mcnemar(a, b);
}

}  // namespace

TEST_CASE("McNemar's test on a table worked by hand") {
  // Bentur et al. 2009 in Fagerland, Lydersen, Laake 2013: 1 and 7 of 8 discordant pairs.
  // exact 2 (1 + 8) / 256 = 0.0703, mid-p less 8 / 256 = 0.0391.
  const McNemar m = mcnemar_of(1, 1, 7, 12);
  CHECK(m.only_a == 1);
  CHECK(m.only_b == 7);
  CHECK(m.p_exact == Approx(18.0 / 256));
  CHECK(m.p_mid == Approx(10.0 / 256));
  CHECK(m.p_chi2 == Approx(std::erfc(std::sqrt(25.0 / 8 / 2))));  // (|1 - 7| - 1)^2 / 8
}

TEST_CASE("McNemar's test on the table 101, 121, 59, 33") {
  // A textbook table: chi-squared with correction (|121 - 59| - 1)^2 / 180 = 20.67.
  const McNemar m = mcnemar_of(101, 121, 59, 33);
  CHECK(m.only_a == 121);
  CHECK(m.only_b == 59);
  CHECK(m.p_chi2 == Approx(std::erfc(std::sqrt(3721.0 / 180 / 2))));
  CHECK(m.p_chi2 == Approx(5.45e-6).epsilon(0.002));
  CHECK(m.p_mid < m.p_exact);
  CHECK(m.p_exact < 1e-5);
}

TEST_CASE("McNemar's test does not mind which encoder comes first") {
  const McNemar m = mcnemar_of(5, 3, 9, 2);
  const McNemar swapped = mcnemar_of(5, 9, 3, 2);
  CHECK(m.p_exact == swapped.p_exact);
  CHECK(m.p_mid == swapped.p_mid);
  CHECK(m.p_chi2 == swapped.p_chi2);
}

TEST_CASE("McNemar's test at its edges") {
  for (const McNemar& m : {mcnemar({}, {}), mcnemar_of(9, 0, 0, 0), mcnemar_of(3, 0, 0, 4)}) {
    CHECK(m.only_a + m.only_b == 0);
    CHECK(m.p_exact == 1);
    CHECK(m.p_mid == 1);
    CHECK(m.p_chi2 == 1);
  }
  const McNemar one = mcnemar_of(0, 1, 0, 0);
  CHECK(one.p_exact == 1);
  CHECK(one.p_mid == 0.5);
  CHECK(one.p_chi2 == 1);  // (1 - 1)^2
  const McNemar even = mcnemar_of(4, 2, 2, 4);
  CHECK(even.p_exact == 1);
  CHECK(even.p_mid == Approx(1 - 6.0 / 16 / 2));
  CHECK(even.p_chi2 == 1);
}

TEST_CASE("the paired bootstrap resamples both encoders alike") {
  // b is a plus 0.5 on every item: the difference has no variance at all, though the scores have.
  const auto difference = [](Items items) {
    double a = 0;
    double b = 0;
    for (const std::size_t i : items) {
      a += static_cast<double>(i);
      b += static_cast<double>(i) + 0.5;
    }
    return (b - a) / static_cast<double>(items.size());
  };
  const PairedDifference d = paired_bootstrap(20, difference, 1, 999);
  CHECK(d.difference == 0.5);
  CHECK(d.interval.low == 0.5);
  CHECK(d.interval.high == 0.5);
  CHECK(d.standard_error == 0);
  CHECK(d.p == 1.0 / 1000);  // never 0
}

TEST_CASE("the paired bootstrap of encoders that do not differ") {
  const PairedDifference d = paired_bootstrap(
      20, [](Items) { return 0.0; }, 1);
  CHECK(d.difference == 0);
  CHECK(d.p == 1);
  CHECK(d.standard_error == 0);
}

TEST_CASE("the paired bootstrap agrees with theory on a difference of means") {
  std::vector<double> differences(200);
  Random random(4);
  double mean = 0;
  for (double& d : differences) mean += (d = 0.15 + random.normal()) / 200;
  double variance = 0;
  for (const double d : differences) variance += (d - mean) * (d - mean) / 200;
  const double standard_error = std::sqrt(variance / 200);
  const PairedDifference d = paired_bootstrap(
      200,
      [&](Items items) {
        double sum = 0;
        for (const std::size_t i : items) sum += differences[i];
        return sum / 200;
      },
      3, 8000);
  CHECK(d.difference == Approx(mean));
  CHECK(d.standard_error == Approx(standard_error).epsilon(0.03));
  CHECK(d.interval.low == Approx(mean - 1.96 * standard_error).margin(0.1 * standard_error));
  CHECK(d.interval.high == Approx(mean + 1.96 * standard_error).margin(0.1 * standard_error));
  const double normal_p = std::erfc(mean / standard_error / std::numbers::sqrt2);
  CHECK(d.p == Approx(normal_p).margin(0.015));
}

TEST_CASE("the paired bootstrap at its edges") {
  const PairedDifference one = paired_bootstrap(
      1, [](Items) { return -0.25; }, 1, 1);
  CHECK(one.difference == -0.25);
  CHECK(one.interval.low == -0.25);
  CHECK(one.standard_error == 0);
  CHECK(one.p == 0.5);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const PairedDifference none = paired_bootstrap(
      3, [&](Items) { return nan; }, 1, 10);
  CHECK(none.p == 1);
  CHECK(std::isnan(none.interval.low));
  CHECK(std::isnan(none.standard_error));
}

TEST_CASE("the corrected resampled t-test worked by hand") {
  // Mean 2, variance ((-1)^2 + 0 + 1) / 2 = 1, corrected 1 * (1/3 + 1/9) = 4/9: t = 3. With two
  // degrees of freedom p = 1 - t / sqrt(2 + t^2).
  const std::vector<double> differences = {1, 2, 3};
  const CorrectedT test = nadeau_bengio(differences, 1.0 / 9);
  CHECK(test.t == Approx(3));
  CHECK(test.p == Approx(1 - 3 / std::sqrt(11)));
  // Without the correction it is Student's test, t = 2 sqrt(3).
  CHECK(nadeau_bengio(differences, 0).t == Approx(2 * std::sqrt(3)));
}

TEST_CASE("the corrected resampled t-test on two folds") {
  // Mean 1.5, variance 0.5, corrected 0.5 * (1/2 + 1) = 0.75; Cauchy's distribution.
  const CorrectedT test = nadeau_bengio(std::vector<double>{-1, -2}, 1);
  CHECK(test.t == Approx(-std::sqrt(3)));
  CHECK(test.p == Approx(1.0 / 3));
}

TEST_CASE("the corrected resampled t-test without variance") {
  const CorrectedT better = nadeau_bengio(std::vector<double>{0.1, 0.1, 0.1}, 0.1);
  CHECK(better.t == std::numeric_limits<double>::infinity());
  CHECK(better.p == 0);
  const CorrectedT worse = nadeau_bengio(std::vector<double>{-0.1, -0.1, -0.1}, 0.1);
  CHECK(worse.t == -std::numeric_limits<double>::infinity());
  CHECK(worse.p == 0);
  const CorrectedT same = nadeau_bengio(std::vector<double>(10), 0.1);
  CHECK(same.t == 0);
  CHECK(same.p == 1);
  const CorrectedT cancelling = nadeau_bengio(std::vector<double>{-0.5, 0.5}, 0.1);
  CHECK(cancelling.t == 0);
  CHECK(cancelling.p == 1);
}

TEST_CASE("the corrected resampled t-test on too little") {
  for (const auto& differences : {std::vector<double>{}, std::vector<double>{0.3}}) {
    const CorrectedT test = nadeau_bengio(differences, 0.1);
    CHECK(test.t == 0);
    CHECK(test.p == 1);
  }
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const CorrectedT test = nadeau_bengio(std::vector<double>{0.3, nan}, 0.1);
  CHECK(std::isnan(test.t));
  CHECK(test.p == 1);
}

TEST_CASE("the smallest difference that can be detected") {
  // z_.975 + z_.80 = 1.959964 + 0.841621.
  CHECK(smallest_detectable(1) == Approx(2.801585).epsilon(1e-6));
  CHECK(smallest_detectable(0.02) == Approx(0.0560317));
  CHECK(smallest_detectable_accuracy(1000, 0.1) == Approx(2.801585 * 0.01));
  CHECK(smallest_detectable_accuracy(1, 1) == smallest_detectable(1));
  CHECK(smallest_detectable_accuracy(290, 0) == 0);
}

TEST_CASE("Holm's adjustment of textbook p-values") {
  // 4 * 0.005, 3 * 0.01, 2 * 0.03, and 0.04 raised to its forerunner's 0.06.
  const std::vector<double> adjusted = holm(std::vector<double>{0.01, 0.04, 0.03, 0.005});
  CHECK(adjusted[0] == Approx(0.03));
  CHECK(adjusted[1] == Approx(0.06));
  CHECK(adjusted[2] == Approx(0.06));
  CHECK(adjusted[3] == Approx(0.02));
}

TEST_CASE("Holm's adjustment at its edges") {
  CHECK(holm({}).empty());
  CHECK(holm(std::vector<double>{0.2}) == std::vector<double>{0.2});
  CHECK(holm(std::vector<double>{0.6, 0.7, 1}) == std::vector<double>{1, 1, 1});
  CHECK(holm(std::vector<double>{0.25, 0.25}) == std::vector<double>{0.5, 0.5});
}

TEST_CASE("ranks are shared with the leader of a group") {
  const auto apart_by = [](const std::vector<double>& scores, double least) {
    return shared_ranks(scores, [&](std::size_t i, std::size_t j) {
      return std::abs(scores[i] - scores[j]) >= least;
    });
  };
  using Ranks = std::vector<std::int64_t>;
  CHECK(apart_by({0.70, 0.80, 0.79}, 0.02) == Ranks{3, 1, 1});
  // 0.79 cannot be told from 0.80 nor 0.78 from 0.79, but 0.78 is told from its leader.
  CHECK(apart_by({0.78, 0.79, 0.80, 0.50}, 0.02) == Ranks{3, 1, 1, 4});
  CHECK(apart_by({0.80, 0.79, 0.78, 0.77}, 0.02) == Ranks{1, 1, 3, 3});
  CHECK(apart_by({0.1, 0.2, 0.3}, 0.05) == Ranks{3, 2, 1});
  CHECK(apart_by({0.1, 0.2, 0.3}, 1) == Ranks{1, 1, 1});
  CHECK(apart_by({0.5}, 0.1) == Ranks{1});
  CHECK(apart_by({}, 0.1).empty());
}

}  // namespace musicrep
