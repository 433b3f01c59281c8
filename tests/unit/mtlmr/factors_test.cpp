#include <catch2/catch.hpp>
#include <cmath>
#include <numeric>

#include "mtlmr/mixture.h"
#include "mtlmr/plsa.h"

namespace musicrep {
namespace {

double sum(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}

TEST_CASE("pLSA finds the two topics that there are") {
  const Matrix counts(4, 4, {9, 7, 0, 0, 3, 2, 0, 0, 0, 0, 5, 5, 0, 0, 2, 1});
  const Plsa plsa = fit_plsa(counts, 2, 200, 1);
  for (std::size_t d = 0; d < 4; ++d) {
    CHECK(sum(plsa.topic_of_document.row(d)) == Approx(1));
    // Each document is of one topic, the one of the first two not that of the last two.
    const std::size_t topic = plsa.topic_of_document.at(0, 0) > 0.5 ? 0 : 1;
    CHECK(plsa.topic_of_document.at(d, d < 2 ? topic : 1 - topic) == Approx(1).margin(1e-6));
  }
  const Matrix other(1, 4, {0, 0, 1, 0});
  const Matrix folded = fold_in(other, plsa.term_of_topic, 100);
  for (std::size_t z = 0; z < 2; ++z) {
    CHECK(folded.at(0, z) == Approx(plsa.topic_of_document.at(2, z)).margin(1e-6));
  }
}

TEST_CASE("pLSA: the same seed gives the same bits, nothing known means all topics alike") {
  const Matrix counts(3, 2, {1, 2, 3, 1, 0, 0});
  const Plsa a = fit_plsa(counts, 5, 20, 3);
  CHECK(a.topic_of_document == fit_plsa(counts, 5, 20, 3).topic_of_document);
  CHECK_FALSE(a.topic_of_document == fit_plsa(counts, 5, 20, 4).topic_of_document);
  for (std::size_t z = 0; z < 5; ++z) CHECK(a.topic_of_document.at(2, z) == Approx(0.2));
  // A term that no training document had.
  const Matrix terms(1, 2, {1, 0});
  const Matrix unknown(1, 2, {0, 3});
  CHECK(fold_in(unknown, terms, 3).at(0, 0) == 1);
}

TEST_CASE("a mixture parts two heaps of numbers") {
  const std::vector<double> values = {99, 100, 101, 100.5, 139, 140, 141, 140.5};
  const Mixture mixture = fit_mixture(values, 2, 100);
  CHECK(mixture.means[0] == Approx(100.125).epsilon(1e-3));
  CHECK(mixture.means[1] == Approx(140.125).epsilon(1e-3));
  CHECK(mixture.posterior(98)[0] == Approx(1));
  CHECK(mixture.posterior(200)[1] == Approx(1));
  CHECK(sum(mixture.posterior(120)) == Approx(1));
}

TEST_CASE("a mixture of equal numbers, of fewer numbers than components, far away: still shares") {
  for (const std::vector<double>& values :
       {std::vector<double>(9, 120.0), std::vector<double>{60, 180}}) {
    const Mixture mixture = fit_mixture(values, 50, 100);
    for (const double x : {values[0], 1e6, -1e6}) {
      const std::vector<double> shares = mixture.posterior(x);
      CHECK(sum(shares) == Approx(1));
      for (const double share : shares) CHECK(std::isfinite(share));
    }
  }
  CHECK(fit_mixture(std::vector<double>(9, 120.0), 4, 10).posterior(120)[2] == Approx(0.25));
}

}  // namespace
}  // namespace musicrep
