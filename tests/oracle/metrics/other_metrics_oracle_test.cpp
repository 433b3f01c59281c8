// Scores of tags and of numbers against scikit-learn and SciPy; make_other_metrics_fixture.py wrote
// other_metrics.json.
#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "metrics/metric.h"

namespace musicrep {

TEST_CASE("ROC-AUC and average precision are scikit-learn's, and so is what each item adds") {
  std::ifstream in(MUSICREP_TEST_DIR "/oracle/metrics/other_metrics.json");
  REQUIRE(in);
  const nlohmann::json cases = nlohmann::json::parse(in).at("tags");
  REQUIRE(cases.size() == 8);
  for (const nlohmann::json& c : cases) {
    const std::vector<double> truth = c.at("truth");
    const std::vector<double> ranking = c.at("ranking");
    for (const std::string name : {"roc_auc", "average_precision"}) {
      CAPTURE(name, truth.size());
      const Metric& metric = metric_named(name);
      CHECK(metric.score(truth, ranking) == Approx(c.at(name).get<double>()).epsilon(1e-12));
      const std::vector<double> expected = c.at(name + "_influence");
      const std::vector<double> found = metric.influence(truth, ranking);
      REQUIRE(found.size() == expected.size());
      for (std::size_t i = 0; i < found.size(); ++i) {
        CHECK(found[i] == Approx(expected[i]).epsilon(1e-5).margin(1e-6));
      }
    }
  }
}

TEST_CASE("Pearson's r and the RMSE are SciPy's and scikit-learn's") {
  std::ifstream in(MUSICREP_TEST_DIR "/oracle/metrics/other_metrics.json");
  REQUIRE(in);
  const nlohmann::json cases = nlohmann::json::parse(in).at("numbers");
  REQUIRE(cases.size() == 5);
  for (const nlohmann::json& c : cases) {
    const std::vector<double> truth = c.at("truth");
    const std::vector<double> predicted = c.at("predicted");
    for (const std::string name : {"pearson", "neg_rmse"}) {
      CAPTURE(name, truth.size());
      CHECK(metric_named(name).score(truth, predicted) ==
            Approx(c.at(name).get<double>()).epsilon(1e-9));
    }
  }
}

}  // namespace musicrep
