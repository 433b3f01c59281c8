#include "metrics/multiple_tests.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "core/random.h"

namespace musicrep {

TEST_CASE("Holm's adjustment on an example worked by hand") {
  CHECK(holm(std::vector<double>{0.01, 0.04, 0.03, 0.005})[0] == Approx(0.03));
  CHECK(holm(std::vector<double>{0.01, 0.04, 0.03, 0.005})[1] == Approx(0.06));
  CHECK(holm(std::vector<double>{0.01, 0.04, 0.03, 0.005})[2] == Approx(0.06));
  CHECK(holm(std::vector<double>{0.01, 0.04, 0.03, 0.005})[3] == Approx(0.02));
  CHECK(holm({}).empty());
  CHECK(holm(std::vector<double>{0.4}) == std::vector<double>{0.4});
  CHECK(holm(std::vector<double>{0.8, 0.9}) == std::vector<double>{1, 1});
}

TEST_CASE("Holm's adjustment keeps the order and never makes a p-value smaller") {
  Random random(5);
  for (int k = 0; k < 100; ++k) {
    std::vector<double> p(1 + random.below(20));
    for (double& v : p) v = random.uniform();
    const std::vector<double> adjusted = holm(p);
    for (std::size_t i = 0; i < p.size(); ++i) {
      CHECK(adjusted[i] >= p[i]);
      CHECK(adjusted[i] <= std::min(1.0, p[i] * static_cast<double>(p.size())));
      for (std::size_t j = 0; j < p.size(); ++j) {
        if (p[i] < p[j]) CHECK(adjusted[i] <= adjusted[j]);
      }
    }
  }
}

}  // namespace musicrep
