// The measures against NumPy's: fixture.json, made by make_fixture.py.
#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>
#include <vector>

#include "diagnose/measures.h"

namespace musicrep {
namespace {

Matrix matrix_of(const nlohmann::json& rows) {
  std::vector<double> values;
  for (const auto& row : rows) {
    for (const auto& v : row) values.push_back(v.get<double>());
  }
  return {rows.size(), rows.at(0).size(), std::move(values)};
}

TEST_CASE("measures of variability and blur agree with NumPy") {
  std::ifstream file(MUSICREP_TEST_DIR "/oracle/diagnose/fixture.json");
  const nlohmann::json fixture = nlohmann::json::parse(file);
  std::size_t n_checked = 0;
  for (const auto& each : fixture.at("cases")) {
    std::vector<LayerTrace> clips;
    for (std::size_t i = 0; i < each.at("clips").size(); ++i) {
      clips.push_back({"a layer", matrix_of(each.at("clips")[i]), {}});
      for (const auto& map : each.at("attention")[i]) {
        clips.back().attention.push_back({0, matrix_of(map), 2});
      }
    }
    std::vector<const LayerTrace*> pointers;
    for (const LayerTrace& clip : clips) pointers.push_back(&clip);
    for (const Measure& measure : layer_measures(pointers, 1, 1)) {
      if (measure.name.starts_with("random")) continue;  // by other random numbers
      CAPTURE(measure.name);
      const auto& expected = each.at("measures").at(measure.name);
      CHECK(measure.value == Approx(expected.at(0).get<double>()).epsilon(1e-12));
      CHECK(measure.n_clips == expected.at(1).get<std::size_t>());
      ++n_checked;
    }
  }
  CHECK(n_checked == 8 + 8 + 13);
}

}  // namespace
}  // namespace musicrep
