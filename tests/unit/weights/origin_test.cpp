#include "weights/origin.h"

#include <catch2/catch.hpp>
#include <limits>
#include <nlohmann/json.hpp>

namespace musicrep {
namespace {

using Catch::Matchers::Contains;

TEST_CASE("the explained share is of the least validation loss") {
  const LearnedShare learned = learned_share({0.5, 0.3, 0.4}, 0.6);
  REQUIRE(learned.known);
  CHECK(learned.loss == 0.3);
  CHECK(learned.base == 0.6);
  CHECK(learned.share == Approx(0.5));
  CHECK(learned_share({0.9}, 0.6).share == Approx(-0.5));
  CHECK_FALSE(learned_share({}, 0.6).known);
  for (const double base : {0.0, -1.0, std::numeric_limits<double>::quiet_NaN(),
                            std::numeric_limits<double>::infinity()}) {
    CHECK_FALSE(learned_share({0.5}, base).known);
  }
  CHECK(learned_share({{"validation_loss", {0.5}}, {"base_loss", {1.0}}}).share == Approx(0.5));
  CHECK_FALSE(learned_share({{"validation_loss", {0.5}}}).known);
  CHECK_FALSE(learned_share({{"validation_loss", {0.5}}, {"base_loss", {}}}).known);
}

TEST_CASE("weights that explain less than a twentieth are noted as not trained") {
  Weights weights;
  weights.source = {
      {"kind", "trained"}, {"corpus", "events"}, {"corpus_sha256", "abc"}, {"steps", 9}};
  weights.curves = {{"validation_loss", {0.97}}, {"base_loss", {1.0}}};
  REQUIRE(origin_notes(weights).size() == 2);
  CHECK_THAT(origin_notes(weights)[1], Contains("not trained: 0.97") && Contains("3.0 %"));
  weights.curves["validation_loss"] = {0.94};
  CHECK(origin_notes(weights).size() == 1);
}

}  // namespace
}  // namespace musicrep
