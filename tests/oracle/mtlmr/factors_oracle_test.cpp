// pLSA against NumPy, mixtures against scikit-learn (make_fixture.py).
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "formats/npz.h"
#include "mtlmr/mixture.h"
#include "mtlmr/plsa.h"

namespace musicrep {
namespace {

constexpr const char* kFixture = MUSICREP_TEST_DIR "/oracle/mtlmr/fixture.npz";

double worst_difference(const Matrix& a, const Matrix& b) {
  REQUIRE(a.rows() == b.rows());
  REQUIRE(a.cols() == b.cols());
  double worst = 0;
  for (std::size_t i = 0; i < a.values().size(); ++i) {
    worst = std::max(worst, std::abs(a.values()[i] - b.values()[i]));
  }
  return worst;
}

TEST_CASE("pLSA agrees with NumPy") {
  const NpzFile file(kFixture);
  const Matrix counts = file.read("plsa_counts").to_matrix();
  const Plsa plsa = fit_plsa(counts, 4, 30, 5);
  CHECK(worst_difference(plsa.topic_of_document, file.read("plsa_topics").to_matrix()) < 1e-9);
  CHECK(worst_difference(plsa.term_of_topic, file.read("plsa_terms").to_matrix()) < 1e-9);
  CHECK(worst_difference(fold_in(counts, plsa.term_of_topic, 30),
                         file.read("plsa_folded").to_matrix()) < 1e-9);
}

TEST_CASE("mixtures agree with scikit-learn") {
  const NpzFile file(kFixture);
  const std::vector<double> values = file.read("mixture_values").to_numbers();
  const Mixture mixture = fit_mixture(values, 5, 25);
  const std::vector<double> weights = file.read("mixture_weights").to_numbers();
  const std::vector<double> means = file.read("mixture_means").to_numbers();
  const std::vector<double> variances = file.read("mixture_variances").to_numbers();
  for (std::size_t k = 0; k < 5; ++k) {
    CHECK(mixture.weights[k] == Approx(weights[k]).epsilon(1e-9));
    CHECK(mixture.means[k] == Approx(means[k]).epsilon(1e-9));
    CHECK(mixture.variances[k] == Approx(variances[k]).epsilon(1e-9));
  }
  Matrix posteriors(values.size(), 5);
  for (std::size_t i = 0; i < values.size(); ++i) {
    std::ranges::copy(mixture.posterior(values[i]), posteriors.row(i).begin());
  }
  CHECK(worst_difference(posteriors, file.read("mixture_posteriors").to_matrix()) < 1e-9);
}

}  // namespace
}  // namespace musicrep
