#include "metrics/intervals.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <set>
#include <vector>

#include "core/random.h"
#include "metrics/bootstrap.h"

namespace musicrep {
namespace {

using Items = std::span<const std::size_t>;

double mean_item(Items items) {
  double sum = 0;
  for (const std::size_t item : items) sum += static_cast<double>(item);
  return sum / static_cast<double>(items.size());
}

}  // namespace

TEST_CASE("Wilson's interval gives Newcombe's published figures") {
  // Newcombe 1998, Statistics in Medicine 17:857, table I, method 3.
  struct Row {
    std::size_t k, n;
    double low, high;
  };
  const Row row = GENERATE(Row{81, 263, 0.2553, 0.3662}, Row{15, 148, 0.0624, 0.1605},
                           Row{0, 20, 0.0000, 0.1611}, Row{1, 29, 0.0061, 0.1718});
  const Interval interval = wilson_interval(row.k, row.n);
  CHECK(interval.low == Approx(row.low).margin(0.00005).epsilon(0));
  CHECK(interval.high == Approx(row.high).margin(0.00005).epsilon(0));
}

TEST_CASE("Wilson's interval is exact at its edges, and symmetric") {
  CHECK(wilson_interval(0, 7).low == 0);
  CHECK(wilson_interval(7, 7).high == 1);
  CHECK(wilson_interval(0, 1).low == 0);
  CHECK(wilson_interval(1, 1).high == 1);
  CHECK(wilson_interval(1, 1).low == Approx(1 / (1 + 1.959963984540054 * 1.959963984540054)));
  CHECK(wilson_interval(7, 7).low == Approx(1 - wilson_interval(0, 7).high));
  CHECK(wilson_interval(2, 7).low == Approx(1 - wilson_interval(5, 7).high));
  CHECK(wilson_interval(0, 0).low == 0);
  CHECK(wilson_interval(0, 0).high == 1);
}

TEST_CASE("percentiles are interpolated as numpy does") {
  std::vector<double> values(41);  // the 2.5 percentile falls on an element: 40 * 0.025 = 1
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<double>(40 - i);
  CHECK(percentile_interval(values).low == Approx(1));
  CHECK(percentile_interval(values).high == Approx(39));
  CHECK(percentile_interval({1, 0}).low == 0.025);
  CHECK(percentile_interval({1, 0}).high == 0.975);
  CHECK(percentile_interval({5}).low == 5);
  CHECK(percentile_interval({5}).high == 5);
}

TEST_CASE("the bootstrap draws n items with replacement") {
  std::size_t calls = 0;
  std::set<std::size_t> seen;
  bool repeats = false;
  bootstrap_interval(
      10,
      [&](Items items) {
        ++calls;
        CHECK(items.size() == 10);
        seen.insert(items.begin(), items.end());
        repeats |= std::set(items.begin(), items.end()).size() < 10;
        return 0.0;
      },
      1, 50);
  CHECK(calls == 50);
  CHECK(seen.size() == 10);
  CHECK(*seen.rbegin() == 9);
  CHECK(repeats);
}

TEST_CASE("the bootstrap interval of a mean is near the normal one") {
  // Items 0 … 399: the mean's standard error is sqrt((400^2 - 1) / 12 / 400).
  const Interval interval = bootstrap_interval(400, mean_item, 7, 4000);
  const double standard_error = std::sqrt((400.0 * 400.0 - 1) / 12 / 400);
  CHECK(interval.low == Approx(199.5 - 1.96 * standard_error).margin(0.1 * standard_error));
  CHECK(interval.high == Approx(199.5 + 1.96 * standard_error).margin(0.1 * standard_error));
}

TEST_CASE("the bootstrap depends on its seed alone") {
  const Interval a = bootstrap_interval(30, mean_item, 5, 200);
  const Interval b = bootstrap_interval(30, mean_item, 5, 200);
  const Interval c = bootstrap_interval(30, mean_item, 6, 200);
  CHECK(a.low == b.low);
  CHECK(a.high == b.high);
  CHECK((a.low != c.low || a.high != c.high));
}

TEST_CASE("the bootstrap of one item, and of an encoder that is always right") {
  const Interval one = bootstrap_interval(1, mean_item, 1);
  CHECK(one.low == 0);
  CHECK(one.high == 0);
  const Interval right = bootstrap_interval(
      50, [](Items) { return 1.0; }, 1);
  CHECK(right.low == 1);
  CHECK(right.high == 1);
}

TEST_CASE("a score that is no number gives an interval that is none") {
  const Interval interval = bootstrap_interval(
      4,
      [](Items items) {
        return items[0] == 0 ? std::numeric_limits<double>::quiet_NaN() : mean_item(items);
      },
      1, 100);
  CHECK(std::isnan(interval.low));
  CHECK(std::isnan(interval.high));
}

TEST_CASE("the cluster bootstrap draws whole groups, and none that is empty") {
  const std::vector<std::size_t> group = {4, 0, 4, 2, 2, 2};  // groups 1 and 3 have no items
  std::set<std::vector<std::size_t>> draws;
  cluster_bootstrap_interval(
      group, 5,
      [&](Items items) {
        std::vector<std::size_t> count(6);
        for (const std::size_t item : items) ++count[item];
        CHECK(count[0] == count[2]);
        CHECK(count[3] == count[4]);
        CHECK(count[4] == count[5]);
        CHECK(count[0] + count[1] + count[3] == 3);
        draws.insert(count);
        return 0.0;
      },
      3, 300);
  CHECK(draws.size() == 10);  // multisets of 3 out of 3
}

TEST_CASE("the cluster bootstrap over groups of one is the bootstrap over items") {
  std::vector<std::size_t> group(25);
  for (std::size_t i = 0; i < group.size(); ++i) group[i] = i;
  const Interval clusters = cluster_bootstrap_interval(group, 25, mean_item, 9, 500);
  const Interval items = bootstrap_interval(25, mean_item, 9, 500);
  CHECK(clusters.low == items.low);
  CHECK(clusters.high == items.high);
}

TEST_CASE("items that err together widen the interval") {
  std::vector<std::size_t> group(100);
  for (std::size_t i = 0; i < group.size(); ++i) group[i] = i / 10;
  const auto first_half = [](Items items) {
    const auto hits = std::count_if(items.begin(), items.end(), [](auto i) { return i < 50; });
    return static_cast<double>(hits) / static_cast<double>(items.size());
  };
  const Interval clusters = cluster_bootstrap_interval(group, 10, first_half, 2);
  const Interval items = bootstrap_interval(100, first_half, 2);
  // sqrt(10) times as wide in expectation: 10 independent groups instead of 100 items.
  const double ratio = (clusters.high - clusters.low) / (items.high - items.low);
  CHECK(ratio == Approx(std::sqrt(10)).epsilon(0.15));
}

}  // namespace musicrep
