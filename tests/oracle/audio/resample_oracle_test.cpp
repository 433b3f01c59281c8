// kaiser_best against resampy's own loop, written out in resampy_literal.py.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <vector>

#include "audio/resample.h"
#include "oracle/audio/signals.h"

namespace musicrep {
namespace {

TEST_CASE("kaiser_best is resampy 0.2's, on noise at full scale") {
  std::ifstream in(MUSICREP_TEST_DIR "/oracle/audio/fixture.json");
  const nlohmann::json cases = nlohmann::json::parse(in);
  REQUIRE(cases.size() == 12);
  for (const nlohmann::json& c : cases) {
    const double from_hz = c["rate_from"];
    const double to_hz = c["rate_to"];
    const std::size_t n = c["n"];
    CAPTURE(from_hz, to_hz, n);
    const std::vector<float> out = resample_kaiser_best(noise(n), from_hz, to_hz);
    CHECK(out.size() == c["n_out"].get<std::size_t>());
    const std::size_t first = c["first"];
    const std::vector<double> expected = c["values"];
    REQUIRE(first + expected.size() <= out.size());
    double worst = 0;
    for (std::size_t i = 0; i < expected.size(); ++i) {
      worst = std::max(worst, std::abs(static_cast<double>(out[first + i]) - expected[i]));
    }
    CHECK(worst < 1e-6);
  }
}

}  // namespace
}  // namespace musicrep
