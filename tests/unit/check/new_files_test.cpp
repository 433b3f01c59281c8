#include <catch2/catch.hpp>
#include <cmath>
#include <string>
#include <vector>

#include "check/check.h"
#include "two_runs.h"

namespace musicrep {

TEST_CASE("files of an encoder may be new where its scores are not") {
  const auto with_new_files = [](std::size_t right, const char* declared, const char* allowed) {
    const Results reference = two_encoders();
    Results run = reference;
    run.fingerprints[1].declared = declared;
    run.fingerprints[1].sha256 = "x";
    run.fingerprints[1].summary[2] += 0.4;
    run.rows[1] = counted_row("q", 100, right);
    run.rows[1].embeddings_sha256 = "x";
    derive_statistics(run);
    Tolerances tolerances = derive_tolerances(reference);
    tolerances.allow_new_files(std::vector<std::string>{allowed});
    return check(run, reference, tolerances, false);
  };
  const Results reference = two_encoders();
  const auto right = static_cast<std::size_t>(std::lround(reference.rows[1].score * 100));
  const char* const other_file =
      R"({"content":"another","encoder":"mfcc","encoder_version":"1","options":{"a":1},"seed":1})";
  CHECK(with_new_files(right, other_file, "q").rows[1].verdict == Verdict::kSame);
  CHECK_FALSE(with_new_files(right, other_file, "q").moved());
  CHECK(with_new_files(right - 20, other_file, "q").rows[1].verdict == Verdict::kRegressed);
  CHECK(with_new_files(right, other_file, "p").rows[1].verdict == Verdict::kNotComparable);
  // Nothing but files is allowed.
  const char* const other_option =
      R"({"content":"another","encoder":"mfcc","encoder_version":"1","options":{"a":2},"seed":1})";
  CHECK(with_new_files(right, other_option, "q").rows[1].verdict == Verdict::kNotComparable);
}

}  // namespace musicrep
