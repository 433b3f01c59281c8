#include "metrics/metric.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <numeric>

#include "core/random.h"

namespace musicrep {
namespace {

using Values = std::vector<double>;
constexpr const char* kNames[] = {
    "accuracy", "macro_f1", "balanced_accuracy", "r2", "pearson", "neg_rmse", "R@1", "R@5", "R@10",
    "mAP@10",   "MRR"};

}  // namespace

TEST_CASE("metrics are found by their names") {
  for (const char* name : kNames) {
    CHECK(is_metric(name));
    CHECK(metric_named(name).name == name);
  }
  CHECK_FALSE(is_metric("R2"));
  CHECK_FALSE(is_metric(""));
}

TEST_CASE("a task that names no metric has the first of its kind") {
  CHECK(default_metric(MetricTarget::kClasses).name == "accuracy");
  CHECK(default_metric(MetricTarget::kNumbers).name == "r2");
  CHECK(metric_names(MetricTarget::kClasses) ==
        std::vector<std::string>{"accuracy", "macro_f1", "balanced_accuracy"});
}

TEST_CASE("influences have mean 0 and as many items as the predictions") {
  Random random(1);
  for (const char* name : kNames) {
    const Metric& metric = metric_named(name);
    for (const std::size_t n : {1UL, 2UL, 7UL, 50UL}) {
      Values truth(n);
      Values predicted(n);
      for (std::size_t i = 0; i < n; ++i) {
        truth[i] = static_cast<double>(1 + random.below(4));
        predicted[i] = static_cast<double>(1 + random.below(12));
      }
      const Values influence = metric.influence(truth, predicted);
      REQUIRE(influence.size() == n);
      double size = 1;
      for (const double v : influence) size += std::abs(v);
      CHECK(std::abs(std::accumulate(influence.begin(), influence.end(), 0.0)) < 1e-12 * size);
    }
  }
}

TEST_CASE("influences are what repeating an item does to the score") {
  // To first order a second copy of item i moves the score of n items by influence / (n + 1).
  Random random(2);
  for (const char* name : kNames) {
    const Metric& metric = metric_named(name);
    const std::size_t n = 4000;
    Values truth(n);
    Values predicted(n);
    for (std::size_t i = 0; i < n; ++i) {
      truth[i] = static_cast<double>(random.below(5));
      predicted[i] = static_cast<double>(1 + random.below(12));
    }
    const double score = metric.score(truth, predicted);
    const Values influence = metric.influence(truth, predicted);
    for (std::size_t i = 0; i < 5; ++i) {
      Values more_truth = truth;
      Values more_predicted = predicted;
      more_truth.push_back(truth[i]);
      more_predicted.push_back(predicted[i]);
      const double moved = metric.score(more_truth, more_predicted) - score;
      CHECK(moved * static_cast<double>(n + 1) == Approx(influence[i]).epsilon(0.01).margin(1e-8));
    }
  }
}

TEST_CASE("baselines are what the best constant prediction scores") {
  const Values classes = {2, 0, 2, 1, 2};
  CHECK(metric_named("accuracy").baseline(classes) == 0.6);
  CHECK(metric_named("accuracy").baseline(Values{3}) == 1);
  CHECK(metric_named("macro_f1").baseline(classes) == Approx(0.75 / 3));
  CHECK(metric_named("balanced_accuracy").baseline(classes) == Approx(1.0 / 3));
  CHECK(metric_named("r2").baseline(classes) == 0);
  CHECK(metric_named("pearson").baseline(classes) == 0);
  CHECK(metric_named("neg_rmse").baseline(classes) == Approx(-0.8));
  CHECK(metric_named("R@5").baseline(Values(20)) == 0.25);
  CHECK(metric_named("R@10").baseline(Values(4)) == 1);
  CHECK(metric_named("mAP@10").baseline(Values(3)) == Approx((1 + 1.0 / 2 + 1.0 / 3) / 3));
  CHECK(metric_named("mAP@10").baseline(Values(100)) == Approx(2.9289682539682538 / 100));
  CHECK(metric_named("MRR").baseline(Values(3)) == Approx((1 + 1.0 / 2 + 1.0 / 3) / 3));
}

TEST_CASE("r2 of a single true value is degenerate and moved by no item") {
  const Metric& r2 = metric_named("r2");
  CHECK(r2.degenerate(Values{0.1, 0.1, 0.1}));
  CHECK(r2.degenerate(Values{4}));
  CHECK_FALSE(r2.degenerate(Values{0.1, 0.2}));
  CHECK_FALSE(metric_named("accuracy").degenerate(Values{1, 1}));
  CHECK(r2.influence(Values{0.1, 0.1}, Values{0, 1}) == Values{0, 0});
  CHECK(r2.influence(Values{0, 1e-200}, Values{0, 1}) == Values{0, 0});
}

TEST_CASE("Pearson's r and the RMSE of small lists") {
  const Values truth = {1, 2, 3, 4};
  CHECK(metric_named("pearson").score(truth, Values{2, 4, 6, 8}) == Approx(1));
  CHECK(metric_named("pearson").score(truth, Values{4, 3, 2, 1}) == Approx(-1));
  CHECK(metric_named("pearson").score(truth, Values{5, 5, 5, 5}) == 0);
  CHECK(metric_named("pearson").score(Values{3, 3}, Values{1, 2}) == 0);
  CHECK(metric_named("pearson").degenerate(Values{3, 3}));
  CHECK(metric_named("neg_rmse").score(truth, truth) == 0);
  CHECK(metric_named("neg_rmse").score(truth, Values{1, 2, 3, 6}) == -1);
  CHECK(metric_named("neg_rmse").influence(truth, truth) == Values(4, 0.0));
}

TEST_CASE("scores of ranks count those among the first") {
  const Values ranks = {1, 2, 5, 6, 10, 11};
  const Values truth(6, 1);
  CHECK(metric_named("R@1").score(truth, ranks) == Approx(1.0 / 6));
  CHECK(metric_named("R@5").score(truth, ranks) == 0.5);
  CHECK(metric_named("R@10").score(truth, ranks) == Approx(5.0 / 6));
  CHECK(metric_named("mAP@10").score(truth, ranks) == Approx((1 + 0.5 + 0.2 + 1.0 / 6 + 0.1) / 6));
  CHECK(metric_named("MRR").score(truth, ranks) ==
        Approx((1 + 0.5 + 0.2 + 1.0 / 6 + 0.1 + 1.0 / 11) / 6));
}

}  // namespace musicrep
