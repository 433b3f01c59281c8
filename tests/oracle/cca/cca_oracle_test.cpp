// Canonical correlation analysis as SciPy's generalised eigenvalue problem gives it.
#include "cca/cca_solve.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>

using namespace musicrep;  // NOLINT: a test of one header

namespace {

torch::Tensor matrix(const nlohmann::json& rows) {
  std::vector<double> values;
  for (const auto& row : rows) {
    for (const auto& value : row) values.push_back(value.get<double>());
  }
  return torch::tensor(values, torch::kDouble)
      .view({static_cast<std::int64_t>(rows.size()), static_cast<std::int64_t>(rows[0].size())});
}

nlohmann::json fixture() {
  return nlohmann::json::parse(std::ifstream(MUSICREP_TEST_DIR "/oracle/cca/fixture.json"));
}

bool close(const torch::Tensor& a, const torch::Tensor& b) {
  return a.sizes() == b.sizes() && torch::allclose(a, b, 1e-8, 1e-9);
}

}  // namespace

TEST_CASE("cca: correlations, directions and cosines are SciPy's") {
  const nlohmann::json expected = fixture();
  const torch::Tensor music = matrix(expected["music"]);
  const torch::Tensor text = matrix(expected["text"]);
  const CcaSolution found = solve_cca(music, text, expected["regularisation"].get<double>(), 100);
  CHECK(close(found.correlations.unsqueeze(0), matrix(nlohmann::json::array({expected["correlations"]}))));
  const torch::Tensor directions = matrix(expected["music_directions"]);  // up to their signs
  CHECK(close(found.music.t().abs(), directions.abs()));
  const auto unit = [](const torch::Tensor& x) { return x / x.norm(2, 1, true); };
  const torch::Tensor cosines = torch::matmul(unit(torch::matmul(music, found.music)),
                                              unit(torch::matmul(text, found.text)).t());
  CHECK(close(cosines.narrow(0, 0, 3), matrix(expected["cosines"])));
  CHECK(solve_cca(music, text, 1, 2).music.size(1) == 2);
}

TEST_CASE("cca: latent directions are NumPy's singular vectors, whichever side is longer") {
  const nlohmann::json expected = fixture();
  const torch::Tensor bags = matrix(expected["bags"]);
  const torch::Tensor latent = matrix(expected["latent"]);
  CHECK(close(latent_directions(bags, 3).t().abs(), latent.abs()));
  const torch::Tensor tall = torch::cat({bags, bags, bags});
  CHECK(close(latent_directions(tall, 3).t().abs(), latent.abs()));
  CHECK(latent_directions(bags, 100).size(1) == 6);
}
