#include "audio/fit_length.h"

#include <catch2/catch.hpp>
#include <vector>

#include "musicrep/error.h"
#include "test_files.h"

namespace musicrep {
namespace {

TEST_CASE("trimmed, padded, tiled") {
  const std::vector<float> clip = {1, 2, 3};
  for (const Fit fit : {Fit::kTrim, Fit::kZeroPad, Fit::kTile}) {
    CHECK(fit_length(clip, 2, fit) == std::vector<float>{1, 2});
    CHECK(fit_length(clip, 3, fit) == clip);
    CHECK(fit_length(clip, 0, fit).empty());
  }
  CHECK(fit_length(clip, 5, Fit::kTrim) == clip);
  CHECK(fit_length(clip, 5, Fit::kZeroPad) == std::vector<float>{1, 2, 3, 0, 0});
  CHECK(fit_length(clip, 8, Fit::kTile) == std::vector<float>{1, 2, 3, 1, 2, 3, 1, 2});
}

TEST_CASE("nothing cannot be repeated") {
  CHECK_THAT(message_of<DataError>([] { fit_length({}, 4, Fit::kTile); }),
             Catch::Contains("0 samples, expected at least 1"));
  CHECK(fit_length({}, 2, Fit::kZeroPad) == std::vector<float>{0, 0});
}

}  // namespace
}  // namespace musicrep
