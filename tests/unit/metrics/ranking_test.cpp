#include "metrics/ranking.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <numeric>

#include "core/random.h"
#include "metrics/metric.h"

namespace musicrep {
namespace {

using Values = std::vector<double>;

struct Tagged {
  Values truth;
  Values ranking;
};

/// n items of which a third has the tag, in ranks with ties.
Tagged random_items(std::size_t n, Random& random) {
  Tagged out;
  for (std::size_t i = 0; i < n; ++i) {
    out.truth.push_back(i % 3 == 0 ? 1 : 0);
    out.ranking.push_back(std::round(10 * (out.truth.back() + random.normal())));
  }
  return out;
}

}  // namespace

TEST_CASE("a ranking is scored by its order alone") {
  const Values truth = {1, 0, 1, 0};
  CHECK(roc_auc(truth, Values{4, 1, 3, 2}) == 1);
  CHECK(roc_auc(truth, Values{1, 4, 2, 3}) == 0);
  CHECK(roc_auc(truth, Values{4, 3, 2, 1}) == 0.75);
  CHECK(roc_auc(truth, Values{400, 3, -2, -1e9}) == 0.75);
  CHECK(roc_auc(truth, Values{5, 5, 5, 5}) == 0.5);
  CHECK(average_precision(truth, Values{4, 1, 3, 2}) == 1);
  CHECK(average_precision(truth, Values{4, 3, 2, 1}) == Approx((1 + 2.0 / 3) / 2));
  CHECK(average_precision(truth, Values{5, 5, 5, 5}) == 0.5);
}

TEST_CASE("a tag of no item, or of every item, has a score by rule and is called degenerate") {
  for (const double y : {0.0, 1.0}) {
    const Values truth(3, y);
    const Values ranking = {1, 2, 3};
    CHECK(roc_auc(truth, ranking) == 0.5);
    CHECK(average_precision(truth, ranking) == y);
    CHECK(roc_auc_influence(truth, ranking) == Values(3, 0.0));
    CHECK(average_precision_influence(truth, ranking) == Values(3, 0.0));
    CHECK(metric_named("roc_auc").degenerate(truth));
    CHECK(metric_named("average_precision").degenerate(truth));
  }
  CHECK_FALSE(metric_named("roc_auc").degenerate(Values{0, 1}));
}

TEST_CASE("influences on the scores of tags have mean 0 and say what repeating an item does") {
  Random random(4);
  for (const char* name : {"roc_auc", "average_precision"}) {
    CAPTURE(name);
    const Metric& metric = metric_named(name);
    const Tagged items = random_items(3000, random);
    const Values influence = metric.influence(items.truth, items.ranking);
    double size = 1;
    for (const double v : influence) size += std::abs(v);
    CHECK(std::abs(std::accumulate(influence.begin(), influence.end(), 0.0)) < 1e-12 * size);
    const double score = metric.score(items.truth, items.ranking);
    for (const std::size_t i : {0UL, 1UL, 2UL, 3UL, 1500UL, 2999UL}) {
      Tagged more = items;
      more.truth.push_back(items.truth[i]);
      more.ranking.push_back(items.ranking[i]);
      const double moved = metric.score(more.truth, more.ranking) - score;
      CHECK(moved * 3001 == Approx(influence[i]).epsilon(0.01).margin(2e-3));
    }
  }
}

TEST_CASE("items without the tag are tied between those with it, and no score moves") {
  const std::vector<double> truth = {0, 0, 1, 0, 0, 0, 1, 0};
  const std::vector<double> ranking = {1, 2, 3.5, 3.5, 5, 6, 7, 8};
  const std::vector<double> tied = ranks_between_tagged(truth, ranking);
  CHECK(tied == std::vector<double>{1, 1, 2, 2, 3, 3, 4, 5});
  CHECK(roc_auc(truth, tied) == roc_auc(truth, ranking));
  CHECK(average_precision(truth, tied) == average_precision(truth, ranking));
  CHECK(roc_auc_influence(truth, tied) == roc_auc_influence(truth, ranking));
  CHECK(average_precision_influence(truth, tied) == average_precision_influence(truth, ranking));

  const std::vector<double> untagged(8, 0.0);
  CHECK(ranks_between_tagged(untagged, ranking) == std::vector<double>(8, 1.0));
}

TEST_CASE("few items with a tag weigh as a sample, few groups too") {
  const Values truth = {1, 1, 0, 0, 0, 0};
  const std::vector<std::int64_t> each = {0, 1, 2, 3, 4, 5};
  Values influence = {1, -1, 2, 0, 0, -2};
  correct_for_few(truth, each, influence);
  CHECK(influence[0] == Approx(std::sqrt(2.0)));
  CHECK(influence[1] == Approx(-std::sqrt(2.0)));
  CHECK(influence[2] == Approx(2 * std::sqrt(4.0 / 3)));
  // Deviations from the mean of each side grow, the means stay.
  influence = {3, 1, -1, -1, -1, -1};
  correct_for_few(truth, each, influence);
  CHECK(influence[0] + influence[1] == Approx(4));
  CHECK(influence[0] == Approx(2 + std::sqrt(2.0)));
  CHECK(influence[2] == -1);
  // Four items of two groups count as two; one of a kind has nothing to deviate from.
  influence = {5, 1, 2, 2, -2, -2};
  correct_for_few(Values{1, 0, 0, 0, 0, 0}, each, influence);
  CHECK(influence[0] == 5);
  influence = {1, -1, 2, 2, -2, -2};
  const std::vector<std::int64_t> pairs = {0, 1, 2, 2, 3, 3};
  correct_for_few(truth, pairs, influence);
  CHECK(influence[2] == Approx(2 * std::sqrt(2.0)));
}

TEST_CASE("a random ranking scores one half, or the share of items with the tag") {
  CHECK(default_metric(MetricTarget::kTags).name == "roc_auc");
  CHECK(metric_names(MetricTarget::kTags) ==
        std::vector<std::string>{"roc_auc", "average_precision"});
  CHECK(metric_named("roc_auc").baseline(Values{1, 0, 0, 0}) == 0.5);
  CHECK(metric_named("average_precision").baseline(Values{1, 0, 0, 0}) == 0.25);
}

}  // namespace musicrep
