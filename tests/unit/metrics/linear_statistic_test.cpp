#include "metrics/linear_statistic.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "core/random.h"

namespace musicrep {
namespace {

using Values = std::vector<double>;

Sample items(std::size_t n, std::size_t group_size = 1) {
  Sample out;
  for (std::size_t i = 0; i < n; ++i) out.group.push_back(i / group_size);
  out.n_groups = out.group.back() + 1;
  return out;
}

/// The mean of `values` in one run.
LinearStatistic mean_of(Values values) {
  double mean = 0;
  for (const double v : values) mean += v / static_cast<double>(values.size());
  for (double& v : values) v -= mean;
  return {{mean}, {values}};
}

Values normals(std::size_t n, Random& random) {
  Values out(n);
  for (double& v : out) v = random.normal();
  return out;
}

}  // namespace

TEST_CASE("the standard error of a mean is the textbook's") {
  const Estimate found = estimate(mean_of({1, 2, 3, 4}), items(4));
  CHECK(found.value == 2.5);
  CHECK(found.standard_error == Approx(std::sqrt(5.0 / 3 / 4)));
  CHECK(found.degrees_of_freedom == Approx(3));
}

TEST_CASE("training folds widen the standard error by 1 + test over training items") {
  Sample sample = items(4);
  const double alone = estimate(mean_of({1, 2, 3, 4}), sample).standard_error;
  sample.test_over_train = 0.25;
  CHECK(estimate(mean_of({1, 2, 3, 4}), sample).standard_error == Approx(alone * std::sqrt(1.25)));
}

TEST_CASE("items that are copies of their group add nothing") {
  Random random(1);
  const Values of_group = normals(12, random);
  Values of_item;
  for (const double v : of_group) of_item.insert(of_item.end(), 5, v);
  const Estimate groups = estimate(mean_of(of_group), items(12));
  const Estimate copies = estimate(mean_of(of_item), items(60, 5));
  CHECK(copies.standard_error == Approx(groups.standard_error));
  CHECK(copies.degrees_of_freedom == Approx(11));
}

TEST_CASE("the effective number of groups is Kish's") {
  CHECK(items(12).effective_groups() == 12);
  CHECK(items(12, 4).effective_groups() == Approx(3));
  Sample uneven = items(4);
  uneven.group = {0, 0, 0, 1};
  uneven.n_groups = 2;
  CHECK(uneven.effective_groups() == Approx(16.0 / 10));
}

TEST_CASE("one group says nothing") {
  for (const auto& of : {estimate, estimate_of_share_difference}) {
    const Estimate found = of(mean_of({0, 1, 1}), items(3, 3));
    CHECK(found.value == Approx(2.0 / 3));
    CHECK(std::isinf(found.standard_error));
    CHECK(found.degrees_of_freedom == 1);
  }
}

TEST_CASE("a mean over folds is no better known than its folds are alike") {
  LinearStatistic statistic = mean_of({0.1, -0.1, 0.1, -0.1});
  statistic.of_fold = {0, 1, 0.5, 0.5};
  const Estimate found = estimate(statistic, items(4));
  CHECK(found.standard_error == Approx(std::sqrt(0.5 / 12)));
  CHECK(found.degrees_of_freedom == Approx(3));
  statistic.of_fold = {0.5, 0.5, 0.5, 0.5};
  CHECK(estimate(statistic, items(4)).standard_error ==
        estimate(mean_of({0.1, -0.1, 0.1, -0.1}), items(4)).standard_error);
}

TEST_CASE("equal runs change nothing, runs that differ add their variance") {
  Random random(2);
  const LinearStatistic once = mean_of(normals(30, random));
  LinearStatistic thrice = {{once.value(), once.value(), once.value()},
                            {once.influence[0], once.influence[0], once.influence[0]}};
  const Estimate alone = estimate(once, items(30));
  const Estimate equal = estimate(thrice, items(30));
  CHECK(equal.standard_error == Approx(alone.standard_error));
  CHECK(equal.degrees_of_freedom == Approx(alone.degrees_of_freedom));
  thrice.of_run = {once.value() - 1, once.value(), once.value() + 1};
  const Estimate spread = estimate(thrice, items(30));
  CHECK(spread.standard_error ==
        Approx(std::sqrt(1.0 / 3 + alone.standard_error * alone.standard_error)));
  CHECK(spread.degrees_of_freedom < 5);
}

TEST_CASE("runs never take away from the variance, freedom is at least 1") {
  Random random(3);
  for (int k = 0; k < 300; ++k) {
    const std::size_t n = 4 + random.below(20);
    const std::size_t n_runs = 2 + random.below(4);
    LinearStatistic statistic;
    Values mean(n);
    for (std::size_t r = 0; r < n_runs; ++r) {
      const LinearStatistic run = mean_of(normals(n, random));
      statistic.of_run.push_back(run.value());
      statistic.influence.push_back(run.influence.front());
      for (std::size_t i = 0; i < n; ++i) {
        mean[i] += run.influence.front()[i] / static_cast<double>(n_runs);
      }
    }
    const Sample sample = items(n, 1 + random.below(2));
    const Estimate all = estimate(statistic, sample);
    const Estimate without = estimate({{statistic.value()}, {mean}}, sample);
    CHECK(all.standard_error >= without.standard_error * (1 - 1e-12));
    CHECK(all.degrees_of_freedom >= 1);
    // Only the mean influence kept: what groups and runs share is counted in both.
    const Estimate kept = estimate({statistic.of_run, {mean}}, sample);
    CHECK(kept.standard_error >= all.standard_error * (1 - 1e-12));
  }
}

TEST_CASE("differences are taken run by run, one run against each of many") {
  const LinearStatistic a = {{1, 2, 3}, {{1, -1}, {2, -2}, {3, -3}}, {0.5, 0.6}};
  const LinearStatistic b = {{1}, {{0.5, -0.5}}, {0.1, 0.3}};
  const LinearStatistic ab = difference(a, b);
  CHECK(ab.of_run == Values{0, 1, 2});
  CHECK(ab.influence == std::vector<Values>{{0.5, -0.5}, {1.5, -1.5}, {2.5, -2.5}});
  CHECK(ab.of_fold[0] == Approx(0.4));
  const LinearStatistic ba = difference(b, a);
  CHECK(ba.of_run == Values{0, -1, -2});
  CHECK(ba.influence[2] == Values{-2.5, 2.5});
  CHECK(difference(a, {{1}, {{0, 0}}}).of_fold.empty());
}

TEST_CASE("two encoders that never differ are not known to be equal") {
  const Estimate found = estimate_of_share_difference({{0}, {Values(20)}}, items(20));
  CHECK(found.value == 0);
  CHECK(found.standard_error == Approx(std::sqrt(2.0 / 22 / 22)));
  CHECK(p_value(found) == 1);
  CHECK(p_equivalent(found, 0.02) > 0.05);
}

TEST_CASE("items of a group that differ together widen the error of a difference of shares") {
  Values difference;
  for (int g = 0; g < 10; ++g) difference.insert(difference.end(), 6, g % 2 == 0 ? 1 : -1);
  const double alone = estimate_of_share_difference(mean_of(difference), items(60)).standard_error;
  const double grouped =
      estimate_of_share_difference(mean_of(difference), items(60, 6)).standard_error;
  // By sqrt(6), but for the n - 1 and G - 1.
  CHECK(grouped / alone == Approx(std::sqrt(6.0 * 10 / 9 * 59 / 60)));
}

TEST_CASE("groups whose items differ in the same way do not make a difference certain") {
  // One of two items in each of three groups.
  const Values difference = {1, 0, 1, 0, 1, 0};
  const Estimate found = estimate_of_share_difference(mean_of(difference), items(6, 2));
  CHECK(found.value == Approx(0.5));
  CHECK(found.standard_error > 0);
  CHECK(p_value(found) > 0.01);
}

}  // namespace musicrep
