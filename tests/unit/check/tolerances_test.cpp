#include "check/tolerances.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <string>
#include <vector>

#include "musicrep/error.h"
#include "test_files.h"
#include "two_runs.h"

namespace musicrep {
namespace {

using Catch::Matchers::Contains;

TEST_CASE("a tolerance follows from the spread of the seeds") {
  Results results = two_encoders();
  results.rows = {counted_row("p", 100, 80), counted_row("q", 100, 60, 3)};
  results.fingerprints[1].declared = kTrained;
  const Tolerances out = derive_tolerances(results);
  CHECK(out.rows[0].same_vectors == Approx(0.01));
  CHECK(out.rows[0].other_vectors == Approx(0.03));
  CHECK(out.rows[1].same_vectors == Approx(1.0 / 300).margin(1e-6));
  // Seeds score 0.60, 0.61, 0.62: their deviation is 0.01; t of 2 degrees of freedom is 4.303.
  CHECK(out.rows[1].other_vectors == Approx(4.30265 * 0.01 * std::sqrt(2.0 / 3)).margin(2e-6));
}

TEST_CASE("one training is allowed half of its interval") {
  Results results = two_encoders();
  results.fingerprints[0].declared = R"({"content":"fit 12","encoder":"tlm"})";
  const ResultRow& row = results.rows[0];
  CHECK(derive_tolerances(results).rows[0].other_vectors ==
        Approx((row.ci_high - row.ci_low) / 2).margin(2e-6));
}

TEST_CASE("tolerances go through their file and back") {
  Results results = two_encoders();
  results.rows[0].encoder = "quoted \"name\" \\ of it";
  Tolerances out = derive_tolerances(results);
  out.allow_new_files(std::vector<std::string>{results.rows[0].encoder, results.rows[0].encoder});
  CHECK_THAT(message_of<ConfigError>([&] { out.allow_new_files(std::vector<std::string>{"z"}); }),
             Contains("new files: ") && Contains("'z'"));
  const TempFolder folder;
  const Tolerances back = read_tolerances(folder.write("t.toml", tolerances_toml(out)));
  CHECK(back.content_digest == content_digest(results));
  CHECK(back.rounding == out.rounding);
  CHECK(back.new_files == std::vector<std::string>{results.rows[0].encoder});
  CHECK(back.of(results.rows[0]).same_vectors == Approx(out.rows[0].same_vectors));
  CHECK_THAT(message_of<Error>([&] { static_cast<void>(back.of(counted_row("r", 1, 1))); }),
             Contains("no tolerance for r on genre under nested"));
}

}  // namespace
}  // namespace musicrep
