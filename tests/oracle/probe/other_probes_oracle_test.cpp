// Logistic and ridge regression, the perceptron, and tags under every probe, against scikit-learn;
// make_other_probes_fixture.py wrote the fixture.
#include <catch2/catch.hpp>
#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "probe/mlp.h"
#include "probe/probe.h"

namespace musicrep {
namespace {

using nlohmann::json;

json read_fixture(const char* name) {
  std::ifstream in(std::string(MUSICREP_TEST_DIR "/oracle/probe/") + name);
  REQUIRE(in);
  return json::parse(in);
}

Matrix matrix_of(const json& rows) {
  Matrix out(rows.size(), rows.at(0).size());
  for (std::size_t i = 0; i < out.rows(); ++i) {
    const std::vector<double> row = rows.at(i);
    std::ranges::copy(row, out.row(i).begin());
  }
  return out;
}

void check_near(const std::vector<double>& found, const std::vector<double>& expected,
                double margin) {
  REQUIRE(found.size() == expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    CHECK(found[i] == Approx(expected[i]).epsilon(margin).margin(margin));
  }
}

double margin_of(const std::string& probe) {
  if (probe == "svm") return 2e-3;  // both stop at a violation of 1e-4
  return probe == "logistic" ? 5e-4 : 1e-9;
}

}  // namespace

TEST_CASE("classes and values of logistic and ridge regression are scikit-learn's") {
  const json items = read_fixture("fixture.json");
  const json fixture = read_fixture("other_probes.json");
  const Matrix x = matrix_of(items.at("x"));
  REQUIRE(fixture.at("predictions").size() == 18);
  for (const json& c : fixture.at("predictions")) {
    const std::string target = c.at("target");
    CAPTURE(target, c.at("probe").dump(), c.at("c").dump(), c.contains("few"));
    const json& of_target = target == "tag 1" ? fixture.at("tags").at(1) : items.at(target);
    const std::vector<double> y = of_target;
    std::vector<Split> splits = {{items.at("train"), items.at("test")}};
    if (c.contains("few")) splits[0].train.resize(c.at("few"));
    ProbeConfig config;
    config.c = c.at("c");
    config.standardise = true;
    const std::vector<ProbeConfig> configs = {config};
    const auto jobs = all_jobs(1, 1);
    FitOptions options;
    options.limits.max_iterations = 1000;
    const auto found = find_probe(c.at("probe").get<std::string>())
                           .fit_predict({x, y, target != "values", splits, configs, jobs}, options);
    CHECK_FALSE(found.at(0).cap_hit);
    check_near(found.at(0).predicted, c.at("predicted"), 1e-9);
  }
}

TEST_CASE("decision values of tags are scikit-learn's, and the same on any number of threads") {
  const json items = read_fixture("fixture.json");
  const json fixture = read_fixture("other_probes.json");
  const Matrix x = matrix_of(items.at("x"));
  const std::vector<std::vector<double>> tags = fixture.at("tags");
  const std::vector<Split> splits = {{items.at("train"), items.at("test")}};
  for (const std::string name : {"logistic", "ridge", "svm", "knn"}) {
    std::vector<ProbeConfig> configs;
    std::vector<TagJob> jobs;
    std::vector<std::vector<double>> expected;
    for (const json& c : fixture.at("decisions")) {
      if (c.at("probe") != name) continue;
      ProbeConfig config;
      config.c = c.at("c");
      config.standardise = true;
      if (c.value("kernel", "") == "linear") config.kernel = Kernel::kLinear;
      jobs.push_back({0, configs.size(), c.at("tag")});
      configs.push_back(config);
      expected.push_back(c.at("decision"));
    }
    REQUIRE(jobs.size() >= 9);
    // All in one call, in which they share what they can.
    FitOptions options;
    options.limits.tolerance = 1e-4;
    options.limits.max_iterations = 100000;
    const auto found = find_probe(name).fit_tags({x, tags, splits, configs, jobs}, options);
    options.threads = 3;
    const auto again = find_probe(name).fit_tags({x, tags, splits, configs, jobs}, options);
    REQUIRE(found.size() == jobs.size());
    for (std::size_t j = 0; j < jobs.size(); ++j) {
      CAPTURE(name, jobs[j].tag, configs[j].c, to_string(configs[j].kernel));
      check_near(found[j].predicted, expected[j], margin_of(name));
      CHECK(found[j].predicted == again[j].predicted);
    }
    if (name != "svm") continue;
    options.solver = Solver::kLibsvm;
    const auto libsvm = find_probe(name).fit_tags({x, tags, splits, configs, jobs}, options);
    for (std::size_t j = 0; j < jobs.size(); ++j) {
      check_near(libsvm[j].predicted, expected[j], margin_of(name));
    }
  }
}

TEST_CASE("a perceptron from given weights is trained as scikit-learn's") {
  const json items = read_fixture("fixture.json");
  const json fixture = read_fixture("other_probes.json");
  const Matrix x = matrix_of(items.at("x"));
  const Split split = {items.at("train"), items.at("test")};
  const DenseSplit dense = dense_split(x, split, true);
  REQUIRE(fixture.at("perceptrons").size() == 12);
  for (const json& c : fixture.at("perceptrons")) {
    const std::string loss = c.at("loss");
    CAPTURE(loss, c.at("max_epochs").dump());
    MlpOptions options;
    options.n_hidden = 5;
    options.batch_size = 32;
    options.penalty = 0.01;
    options.learning_rate = 0.01;
    options.tolerance = 1e-3;
    options.max_epochs = c.at("max_epochs");
    options.loss = loss == "binomial"      ? MlpLoss::kBinomial
                   : loss == "multinomial" ? MlpLoss::kMultinomial
                                           : MlpLoss::kSquared;
    Mlp network{matrix_of(c.at("hidden")), c.at("hidden_bias"), matrix_of(c.at("output")),
                c.at("output_bias")};
    const Matrix all = matrix_of(c.at("y"));
    Matrix y(split.train.size(), all.cols());
    for (std::size_t i = 0; i < split.train.size(); ++i) {
      std::ranges::copy(all.row(split.train[i]), y.row(i).begin());
    }
    const MlpTraining trained = train_mlp(network, dense.train, y, options, nullptr);
    CHECK(trained.epochs == c.at("epochs").get<std::int64_t>());
    CHECK(trained.converged == (trained.epochs < options.max_epochs));
    CHECK(trained.loss == Approx(c.at("final_loss").get<double>()).epsilon(1e-7));
    const Matrix expected = matrix_of(c.at("outputs"));
    check_near(outputs_of(network, dense.test).values(), expected.values(), 1e-6);
  }
}

}  // namespace musicrep
