// harness/metrics against scikit-learn, statsmodels, scipy and NumPy; make_fixture.py wrote the
// fixture.
#include <catch2/catch.hpp>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "metrics/estimate.h"
#include "metrics/linear_statistic.h"
#include "metrics/metric.h"
#include "metrics/multiple_tests.h"
#include "metrics/scores.h"

namespace musicrep {
namespace {

using nlohmann::json;
using Values = std::vector<double>;

/// The cases under `name`; a fixture without them is a failure, not an empty loop.
json cases(const std::string& name) {
  static const json fixture = [] {
    std::ifstream in(MUSICREP_TEST_DIR "/oracle/metrics/fixture.json");
    REQUIRE(in);
    return json::parse(in);
  }();
  json found = fixture.at(name);
  REQUIRE(!found.empty());
  return found;
}

Approx near(double expected) { return Approx(expected).epsilon(1e-12).margin(0); }

/// For what goes through quantiles and tails of Student's t.
Approx close(double expected) { return Approx(expected).epsilon(1e-9).margin(1e-13); }

Estimate estimate_in(const json& c) { return {c.at("value"), c.at("error"), c.at("freedom")}; }

Sample sample_in(const json& c) {
  return {c.at("group").get<std::vector<std::size_t>>(), c.at("n_groups"), c.value("ratio", 0.0)};
}

}  // namespace

TEST_CASE("scores of classes and confusion are scikit-learn's") {
  for (const json& c : cases("classes")) {
    const Values truth = c.at("truth");
    const Values predicted = c.at("predicted");
    CHECK(accuracy(truth, predicted) == c.at("accuracy").get<double>());
    for (const char* name : {"macro_f1", "balanced_accuracy"}) {
      CHECK(metric_named(name).score(truth, predicted) == near(c.at(name)));
    }
    const std::vector<std::int64_t> expected = c.at("confusion");
    CHECK(confusion(truth, predicted, c.at("n_classes")) == expected);
  }
}

TEST_CASE("r2 is scikit-learn's") {
  for (const json& c : cases("r2")) {
    CHECK(r2(c.at("truth").get<Values>(), c.at("predicted").get<Values>()) == near(c.at("r2")));
  }
}

TEST_CASE("influences on r2 are finite differences of scikit-learn's weighted r2") {
  for (const json& c : cases("influence")) {
    const Values found =
        metric_named("r2").influence(c.at("truth").get<Values>(), c.at("predicted").get<Values>());
    const Values expected = c.at("influence");
    REQUIRE(found.size() == expected.size());
    for (std::size_t i = 0; i < found.size(); ++i) {
      CHECK(found[i] == Approx(expected[i]).epsilon(1e-6).margin(1e-7));
    }
  }
}

TEST_CASE("Holm's adjustment is statsmodels'") {
  for (const json& c : cases("holm")) {
    const Values adjusted = holm(c.at("p").get<Values>());
    const Values expected = c.at("adjusted");
    REQUIRE(adjusted.size() == expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) CHECK(adjusted[i] == near(expected[i]));
  }
}

TEST_CASE("Student's quantiles are scipy's") {
  for (const json& c : cases("quantile")) {
    CAPTURE(c.dump());
    CHECK(student_quantile(c.at("p"), c.at("freedom")) == close(c.at("quantile")));
  }
}

TEST_CASE("t-tests, equivalence and the smallest detectable difference use scipy's t") {
  for (const json& c : cases("t")) {
    CAPTURE(c.dump());
    const Estimate estimate = estimate_in(c);
    CHECK(p_value(estimate, c.at("expected")) == close(c.at("p")).margin(0));
    CHECK(p_equivalent(estimate, c.at("margin")) == close(c.at("p_equivalent")).margin(0));
    CHECK(smallest_detectable(estimate) == close(c.at("smallest")));
    CHECK(t_interval(estimate).low == close(c.at("low")));
    CHECK(t_interval(estimate).high == close(c.at("high")));
  }
}

TEST_CASE("Wilson's interval with Student's t solves its equation") {
  for (const json& c : cases("share")) {
    CAPTURE(c.dump());
    const Interval found = interval_of(estimate_in(c), Scale::kShare, c.at("n"), c.at("level"));
    CHECK(found.low == close(c.at("low")));
    CHECK(found.high == close(c.at("high")));
  }
}

TEST_CASE("Wilson's interval is statsmodels' where Student's t is normal") {
  for (const json& c : cases("wilson")) {
    CAPTURE(c.dump());
    const double n = c.at("n");
    const double share = c.at("k").get<double>() / n;
    const Estimate estimate = {share, std::sqrt(share * (1 - share) / n), 1e12};
    const Interval found = interval_of(estimate, Scale::kShare, n);
    CHECK(found.low == close(c.at("low")));
    CHECK(found.high == close(c.at("high")));
  }
}

TEST_CASE("intervals of r2 are Student's on the scale of its logarithm") {
  for (const json& c : cases("ratio")) {
    const Interval found = interval_of(estimate_in(c), Scale::kRatio, 100);
    CHECK(found.low == close(c.at("low")));
    CHECK(found.high == close(c.at("high")));
  }
}

TEST_CASE("intervals of means are Student's, cut at 0 and 1") {
  for (const json& c : cases("mean")) {
    const Interval found = interval_of(estimate_in(c), Scale::kMean, 100);
    CHECK(found.low == close(c.at("low")));
    CHECK(found.high == close(c.at("high")));
  }
}

TEST_CASE("standard errors over groups are statsmodels' cluster-robust ones") {
  for (const json& c : cases("cluster")) {
    Values influence = c.at("values");
    double mean = 0;
    for (const double v : influence) mean += v / static_cast<double>(influence.size());
    for (double& v : influence) v -= mean;
    const Sample sample = sample_in(c);
    CHECK(sample.effective_groups() == near(c.at("effective")));
    CHECK(estimate({{mean}, {influence}}, sample).standard_error == close(c.at("error")));
  }
}

TEST_CASE("variances of crossed groups and runs are NumPy's, and Satterthwaite's freedom") {
  for (const json& c : cases("crossed")) {
    const LinearStatistic statistic = {c.at("of_run").get<Values>(),
                                       c.at("influence").get<std::vector<Values>>()};
    const Estimate found = estimate(statistic, sample_in(c));
    CHECK(found.value == near(c.at("value")).margin(1e-15));
    CHECK(found.standard_error == close(c.at("error")));
    CHECK(found.degrees_of_freedom == close(c.at("freedom")));
  }
}

TEST_CASE("standard errors of differences of shares are Bonett and Price's") {
  for (const json& c : cases("share_difference")) {
    CAPTURE(c.at("table").dump());
    const std::vector<std::size_t> counts = c.at("table");
    Values difference;
    for (std::size_t cell = 0; cell < 4; ++cell) {
      difference.insert(difference.end(), counts[cell], cell == 1 ? 1 : cell == 2 ? -1 : 0);
    }
    const double value = c.at("value");
    Sample sample;
    sample.n_groups = difference.size();
    for (std::size_t i = 0; i < difference.size(); ++i) {
      sample.group.push_back(i);
      difference[i] -= value;
    }
    const Estimate found = estimate_of_share_difference({{value}, {difference}}, sample);
    CHECK(found.value == value);
    CHECK(found.standard_error == close(c.at("error")));
    CHECK(found.degrees_of_freedom == near(c.at("freedom")));
  }
}

}  // namespace musicrep
