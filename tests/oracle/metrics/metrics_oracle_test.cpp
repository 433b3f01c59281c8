// harness/metrics against scikit-learn, statsmodels and scipy; make_fixture.py wrote the fixture.
#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "metrics/intervals.h"
#include "metrics/paired.h"
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

}  // namespace

TEST_CASE("accuracy and confusion are scikit-learn's") {
  for (const json& c : cases("classes")) {
    const Values truth = c.at("truth");
    const Values predicted = c.at("predicted");
    CHECK(accuracy(truth, predicted) == c.at("accuracy").get<double>());
    const std::vector<std::int64_t> expected = c.at("confusion");
    CHECK(confusion(truth, predicted, c.at("n_classes")) == expected);
  }
}

TEST_CASE("r2 is scikit-learn's") {
  for (const json& c : cases("r2")) {
    CHECK(r2(c.at("truth").get<Values>(), c.at("predicted").get<Values>()) == near(c.at("r2")));
  }
}

TEST_CASE("McNemar's test is statsmodels'") {
  for (const json& c : cases("mcnemar")) {
    CAPTURE(c.at("table").dump());
    const std::vector<std::size_t> counts = c.at("table");
    std::vector<char> a;
    std::vector<char> b;
    for (std::size_t cell = 0; cell < 4; ++cell) {
      a.insert(a.end(), counts[cell], cell < 2 ? 1 : 0);
      b.insert(b.end(), counts[cell], cell % 2 == 0 ? 1 : 0);
    }
    const McNemar m = mcnemar(a, b);
    CHECK(m.only_a == counts[1]);
    CHECK(m.only_b == counts[2]);
    CHECK(m.p_exact == near(c.at("p_exact")));
    CHECK(m.p_mid == near(c.at("p_mid")));
    CHECK(m.p_chi2 == near(c.at("p_chi2")));
  }
}

TEST_CASE("Wilson's interval is statsmodels'") {
  for (const json& c : cases("wilson")) {
    CAPTURE(c.dump());
    const Interval interval = wilson_interval(c.at("k"), c.at("n"));
    // At the edge 0 statsmodels leaves a rounding error.
    CHECK(interval.low == near(c.at("low")).margin(c.at("k") == 0 ? 1e-15 : 0));
    CHECK(interval.high == near(c.at("high")));
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

TEST_CASE("the corrected t-test stretches scipy's t") {
  for (const json& c : cases("corrected_t")) {
    const CorrectedT test = nadeau_bengio(c.at("differences").get<Values>(), c.at("ratio"));
    CHECK(test.t == near(c.at("t")));
    CHECK(test.p == near(c.at("p")));
  }
}

TEST_CASE("the smallest detectable difference uses scipy's quantiles") {
  for (const json& c : cases("detectable")) {
    CHECK(smallest_detectable_accuracy(c.at("n"), c.at("discordance")) == near(c.at("smallest")));
  }
}

TEST_CASE("the bootstrap has the bits of a second implementation") {
  for (const json& c : cases("bootstrap")) {
    const Values values = c.at("values");
    const auto mean = [&](std::span<const std::size_t> items) {
      double total = 0;
      for (const std::size_t item : items) total += values[item];
      return total / static_cast<double>(items.size());
    };
    const std::uint64_t seed = c.at("seed");
    const std::size_t n_resamples = c.at("n_resamples");
    const Interval interval = bootstrap_interval(values.size(), mean, seed, n_resamples);
    CHECK(interval.low == c.at("interval").at(0).get<double>());
    CHECK(interval.high == c.at("interval").at(1).get<double>());

    const std::vector<std::size_t> group = c.at("group");
    const Interval clusters =
        cluster_bootstrap_interval(group, c.at("n_groups"), mean, seed, n_resamples);
    CHECK(clusters.low == c.at("cluster_interval").at(0).get<double>());
    CHECK(clusters.high == c.at("cluster_interval").at(1).get<double>());

    const PairedDifference paired = paired_bootstrap(values.size(), mean, seed, n_resamples);
    CHECK(paired.difference == c.at("difference").get<double>());
    CHECK(paired.interval.low == interval.low);
    CHECK(paired.interval.high == interval.high);
    CHECK(paired.standard_error == near(c.at("standard_error")));
    CHECK(paired.p == near(c.at("p")));
  }
}

}  // namespace musicrep
