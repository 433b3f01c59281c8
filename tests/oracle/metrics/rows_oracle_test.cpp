// Scores of rows against scikit-learn; make_fixture.py wrote rows.json.
#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "statistics/row_statistics.h"

namespace musicrep {
namespace {

using nlohmann::json;

ResultRow row_in(const json& c) {
  ResultRow row;
  row.metric = c.at("kind") == "classes" ? "accuracy" : "r2";
  row.n = c.at("n");
  row.n_repeats = c.at("n_repeats");
  row.n_seeds = c.at("n_seeds");
  for (const json& id : c.at("id")) row.item_ids.push_back(id.dump());
  row.item_fold = c.at("fold").get<std::vector<std::int64_t>>();
  row.item_seed = c.at("seed").get<std::vector<std::int64_t>>();
  row.targets.resize(1);
  row.targets.front().truth = c.at("truth").get<std::vector<double>>();
  row.targets.front().predicted = c.at("predicted").get<std::vector<double>>();
  return row;
}

Approx near(double expected) { return Approx(expected).epsilon(1e-9).margin(1e-12); }

TEST_CASE("scores of rows with repeats, trainings and small folds are scikit-learn's") {
  std::ifstream in(MUSICREP_TEST_DIR "/oracle/metrics/rows.json");
  REQUIRE(in);
  const json cases = json::parse(in).at("rows");
  REQUIRE(cases.size() == 64);
  for (const json& c : cases) {
    CAPTURE(c.dump());
    ResultRow row = row_in(c);
    row.aggregation = kPooled;
    CHECK(row_score(row) == near(c.at("pooled")));
    row.aggregation = kMeanOverFolds;
    CHECK(row_score(row) == near(c.at("mean_over_folds")));
  }
}

}  // namespace
}  // namespace musicrep
