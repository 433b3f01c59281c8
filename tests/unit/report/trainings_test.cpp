// What the trainings learned, in the report.
#include <catch2/catch.hpp>
#include <cmath>
#include <string>

#include "report/markdown.h"
#include "store/results.h"

namespace musicrep {
namespace {

using Catch::Matchers::Contains;

TEST_CASE("what the trainings learned is compared with base rates") {
  Results results;
  const auto curve = [](const char* encoder, std::int64_t seed, double validation, double base) {
    return TrainingCurve{encoder, "events",     seed, {10, 20}, {0.9, 0.7},
                         {20},    {validation}, base, {}};
  };
  results.curves = {curve("tlm", 0, 0.4, 1.0),      curve("tlm", 1, 0.2, 1.0),
                    curve("vggish", 0, 0.97, 1.0),  curve("vggish", 1, 0.99, 1.0),
                    curve("mtlmr", 0, 0.96, 1.0),   curve("mtlmr", 1, 0.5, 1.0),
                    curve("unknown", 0, 0.97, NAN), curve("unchecked", 0, 0.97, 1.0)};
  results.curves[0].average_precision = 0.25;
  results.curves[1].average_precision = 0.35;
  results.curves[6].base_loss.reset();
  results.curves[7].validation_step.clear();
  results.curves[7].validation_loss.clear();
  const std::string report = markdown_report(results, {});
  CHECK_THAT(report, Contains("## What the trainings learned"));
  CHECK_THAT(report, Contains("| TLM | events | 2 | 20 | 0.3 (0.2 to 0.4) | 1 | 70.0 % (60.0 % to "
                              "80.0 %) | 0.300 (0.250 to 0.350) |"));
  CHECK_THAT(report, Contains("| **not trained**: 2.0 % (1.0 % to 3.0 %) | – |"));
  CHECK_THAT(report, Contains("| **1 of 2 not trained**: 27.0 % (4.0 % to 50.0 %) | – |"));
  CHECK_THAT(report, Contains("| unknown | events | 1 | 20 | 0.97 | – | – | – |"));
  CHECK_THAT(report, Contains("| unchecked | events | 1 | 20 | – | – | – | – |"));
  for (TrainingCurve& each : results.curves) {
    each.validation_step.clear();
    each.validation_loss.clear();
  }
  CHECK_THAT(markdown_report(results, {}), !Contains("What the trainings learned"));
}

}  // namespace
}  // namespace musicrep
