// The probe against scikit-learn, whose SVC and SVR are libsvm; make_fixture.py wrote the fixture.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <numeric>

#include "probe/fit.h"

namespace musicrep {
namespace {

using nlohmann::json;
using Values = std::vector<double>;

const json& fixture() {
  static const json parsed = [] {
    std::ifstream in(MUSICREP_TEST_DIR "/oracle/probe/fixture.json");
    REQUIRE(in);
    return json::parse(in);
  }();
  return parsed;
}

Matrix to_matrix(const json& rows) {
  Matrix out(rows.size(), rows.at(0).size());
  for (std::size_t i = 0; i < out.rows(); ++i) {
    const Values row = rows.at(i);
    std::ranges::copy(row, out.row(i).begin());
  }
  return out;
}

GammaRule to_gamma(const json& gamma) {
  if (gamma.is_number()) return {GammaRule::Kind::kValue, gamma.get<double>(), "number"};
  if (gamma == "auto") return {GammaRule::Kind::kAuto, 0, "1/d"};
  return {};
}

ProbeConfig to_config(const json& c) {
  const bool rbf = c.at("kernel") == "rbf";
  return {rbf ? Kernel::kRbf : Kernel::kLinear, c.at("c"), to_gamma(c.at("gamma")),
          c.at("standardise")};
}

Split the_split() { return {fixture().at("train"), fixture().at("test")}; }

/// Greatest difference of predictions, in units of the targets' spread over the training items.
double difference(const Values& a, const Values& b, double spread) {
  REQUIRE(a.size() == b.size());
  double worst = 0;
  for (std::size_t k = 0; k < a.size(); ++k) worst = std::max(worst, std::abs(a[k] - b[k]));
  return worst / spread;
}

double spread_of(const Values& values) {
  const auto [least, greatest] = std::ranges::minmax(values);
  return greatest - least;
}

// Both solvers stop where the KKT conditions are violated by less than 1e-3, and two solutions that
// do may differ by about as much. Ours is held to far less, because it walks libsvm's path: what is
// left is the rounding of kernel values to float32 (6e-8 of each) times a few hundred of them.
constexpr double kSvrTolerance = 1e-6;

void check_cases(const json& cases, const Values& y, bool classification, Solver solver) {
  REQUIRE(cases.size() >= 40);
  const Matrix x = to_matrix(fixture().at("x"));
  std::vector<ProbeConfig> configs;
  for (const json& c : cases) configs.push_back(to_config(c));
  const std::vector<Split> splits = {the_split()};
  FitOptions options;
  options.solver = solver;
  const auto results =
      fit_predict({x, y, classification, splits, configs, all_jobs(1, configs.size())}, options);
  for (std::size_t k = 0; k < results.size(); ++k) {
    const json& c = cases.at(k);
    CAPTURE(c.at("kernel"), c.at("c"), c.at("gamma"), c.at("standardise"), results[k].iterations);
    CHECK(results[k].gamma == Approx(c.at("gamma_used").get<double>()).epsilon(1e-13));
    const Values expected = c.at("predicted");
    if (classification) {
      CHECK(results[k].predicted == expected);
    } else {
      CHECK(difference(results[k].predicted, expected, spread_of(y)) < kSvrTolerance);
    }
  }
}

}  // namespace

TEST_CASE("SVC predicts scikit-learn's classes") {
  const Solver solver = GENERATE(Solver::kOwn, Solver::kLibsvm);
  check_cases(fixture().at("svc"), fixture().at("classes"), true, solver);
}

TEST_CASE("SVR predicts scikit-learn's values") {
  const Solver solver = GENERATE(Solver::kOwn, Solver::kLibsvm);
  check_cases(fixture().at("svr"), fixture().at("values"), false, solver);
}

TEST_CASE("precomputed kernels predict as scikit-learn's") {
  const Matrix kernel = to_matrix(fixture().at("precomputed").at("kernel"));
  for (const bool classification : {true, false}) {
    const Values y = fixture().at(classification ? "classes" : "values");
    for (const json& c : fixture().at("precomputed").at(classification ? "svc" : "svr")) {
      CAPTURE(classification, c.at("c"));
      const std::vector<ProbeConfig> configs = {{Kernel::kPrecomputed, c.at("c"), {}, false}};
      const std::vector<Split> splits = {the_split()};
      const auto results =
          fit_predict({kernel, y, classification, splits, configs, all_jobs(1, 1)}, FitOptions{});
      CHECK(difference(results[0].predicted, c.at("predicted"), spread_of(y)) <
            (classification ? 1e-9 : kSvrTolerance));
    }
  }
}

TEST_CASE("the scaler is scikit-learn's StandardScaler") {
  const json& given = fixture().at("scaler");
  const Matrix x = to_matrix(given.at("x"));
  std::vector<std::uint32_t> rows(x.rows());
  std::iota(rows.begin(), rows.end(), 0U);
  const Scaler scaler = fit_scaler(x, rows);
  const Matrix scaled = apply_scaler(x, scaler);
  const Matrix expected = to_matrix(given.at("scaled"));
  for (std::size_t k = 0; k < x.cols(); ++k) {
    CAPTURE(k);
    CHECK(scaler.mean[k] == Approx(given.at("mean").at(k).get<double>()).epsilon(1e-14));
    CHECK(scaler.scale[k] == Approx(given.at("scale").at(k).get<double>()).epsilon(1e-9));
    for (std::size_t i = 0; i < x.rows(); ++i) {
      // A mean of 1e9 is known to 1e-7.
      CHECK(scaled.at(i, k) == Approx(expected.at(i, k)).epsilon(1e-9).margin(1e-6));
    }
  }
  // Both constant columns, one of them up to rounding, are left at scale 1.
  CHECK(scaler.scale[0] == 1);
  CHECK(scaler.scale[1] == 1);
}

TEST_CASE("a grid search finds GridSearchCV's best point") {
  const Matrix all = to_matrix(fixture().at("x"));
  Matrix x(all.rows(), fixture().at("grid_columns"));
  for (std::size_t i = 0; i < x.rows(); ++i) {
    std::ranges::copy(all.row(i).first(x.cols()), x.row(i).begin());
  }
  const Values y = fixture().at("classes");
  for (const json& grid : fixture().at("grid")) {
    const std::vector<int> folds = grid.at("folds");
    std::vector<Split> splits(5);
    for (std::uint32_t i = 0; i < folds.size(); ++i) {
      for (int s = 0; s < 5; ++s) {
        Split& split = splits[static_cast<std::size_t>(s)];
        (folds[i] == s ? split.test : split.train).push_back(i);
      }
    }
    std::vector<ProbeConfig> configs;
    for (const json& point : grid.at("points")) {
      const bool rbf = !point.at("gamma").is_null();
      configs.push_back({rbf ? Kernel::kRbf : Kernel::kLinear, point.at("c"),
                         to_gamma(point.at("gamma")), grid.at("standardise")});
    }
    FitOptions options;
    options.threads = 2;
    const auto results = fit_predict(
        {x, y, true, splits, configs, all_jobs(splits.size(), configs.size())}, options);
    std::size_t best = 0;
    Values mean(configs.size());
    for (std::size_t c = 0; c < configs.size(); ++c) {
      for (std::size_t s = 0; s < splits.size(); ++s) {
        const FitResult& result = results[s * configs.size() + c];
        double hits = 0;
        for (std::size_t k = 0; k < splits[s].test.size(); ++k) {
          if (result.predicted[k] == y[splits[s].test[k]]) ++hits;
        }
        const double score = hits / static_cast<double>(splits[s].test.size());
        CAPTURE(c, s);
        CHECK(score == Approx(grid.at("scores").at(c).at(s).get<double>()).epsilon(1e-14));
        mean[c] += score / static_cast<double>(splits.size());
      }
      if (mean[c] > mean[best] + 1e-12) best = c;
    }
    CHECK(best == grid.at("best_index").get<std::size_t>());
    CHECK(mean[best] == Approx(grid.at("best_score").get<double>()).epsilon(1e-12));
  }
}

}  // namespace musicrep
