// Nearest neighbours against scikit-learn; make_knn_fixture.py wrote the fixture.
#include <catch2/catch.hpp>
#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "probe/probe.h"

namespace musicrep {
namespace {

nlohmann::json read(const char* name) {
  std::ifstream in(std::string(MUSICREP_TEST_DIR "/oracle/probe/") + name);
  REQUIRE(in);
  return nlohmann::json::parse(in);
}

}  // namespace

TEST_CASE("nearest neighbours are scikit-learn's, and the same on any number of threads") {
  const nlohmann::json items = read("fixture.json");
  const nlohmann::json fixture = read("knn.json");
  Matrix x(items.at("x").size(), items.at("x").at(0).size());
  for (std::size_t i = 0; i < x.rows(); ++i) {
    const std::vector<double> row = items.at("x").at(i);
    std::ranges::copy(row, x.row(i).begin());
  }
  const std::vector<Split> splits = {{items.at("train"), items.at("test")}};
  REQUIRE(fixture.at("cases").size() == 28);
  for (const auto& c : fixture.at("cases")) {
    const std::string target = c.at("target");
    CAPTURE(target, c.at("k").dump(), c.at("standardise").dump());
    const std::vector<double> y = items.at(target);
    ProbeConfig config;
    config.c = c.at("k");
    config.standardise = c.at("standardise");
    const std::vector<ProbeConfig> configs = {config};
    const std::vector<FitJob> jobs = all_jobs(1, 1);
    for (const std::size_t threads : {1U, 3U}) {
      FitOptions options;
      options.threads = threads;
      const auto found = find_probe("knn").fit_predict(
          {x, y, target == "classes", splits, configs, jobs}, options);
      const std::vector<double> expected = c.at("predicted");
      REQUIRE(found.size() == 1);
      REQUIRE(found[0].predicted.size() == expected.size());
      for (std::size_t i = 0; i < expected.size(); ++i) {
        CHECK(found[0].predicted[i] == Approx(expected[i]).epsilon(1e-12));
      }
    }
  }
}

TEST_CASE("several numbers of neighbours share a split, each with its own result") {
  Matrix x(6, 1);
  for (std::size_t i = 0; i < 6; ++i) x.at(i, 0) = static_cast<double>(i);
  const std::vector<double> y = {0, 0, 0, 1, 1, 1};
  const std::vector<Split> splits = {{{0, 1, 3, 4, 5}, {2}}, {{0, 1, 2, 4, 5}, {3}}};
  std::vector<ProbeConfig> configs(3);
  configs[0].c = 1;
  configs[1].c = 5;
  configs[2].c = 99;
  const auto jobs = all_jobs(2, 3);
  const auto found = find_probe("knn").fit_predict({x, y, true, splits, configs, jobs}, {});
  REQUIRE(found.size() == 6);
  CHECK(found[0].predicted == std::vector<double>{0});  // 1 and 3 are as near: the first counts
  CHECK(found[1].predicted == std::vector<double>{1});
  CHECK(found[2].predicted == std::vector<double>{1});  // more than there are: all
  CHECK(found[4].predicted == std::vector<double>{0});
}

}  // namespace musicrep
