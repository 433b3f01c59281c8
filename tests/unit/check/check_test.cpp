#include "check/check.h"

#include <catch2/catch.hpp>

#include "check/approve.h"
#include "two_runs.h"

namespace musicrep {
namespace {

using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

/// The check of two_encoders() after `change`, against two_encoders() as it is.
template <typename Change>
CheckReport checked(Change change, bool exact = false) {
  const Results reference = two_encoders();
  Results run = reference;
  change(run);
  return check(run, reference, derive_tolerances(reference), exact);
}

TEST_CASE("the same results are the same, and of another commit still") {
  const CheckReport report = checked(
      [](Results& run) {
        run.provenance["code_commit"] = "5678";
        run.volatile_facts["host"] = "other";
      },
      true);
  CHECK(report.count(Verdict::kSame) == 2);
  CHECK_FALSE(report.moved());
  CHECK_FALSE(report.incomplete());
  CHECK(check_headline(report) == "check: same as the reference of small: 2 rows, bit for bit");
}

TEST_CASE("what is declared makes rows incomparable and names itself") {
  const auto headline = [](auto change) {
    const CheckReport report = checked(change);
    CHECK(report.incomplete());
    CHECK_FALSE(report.moved());
    return check_headline(report);
  };
  CHECK_THAT(headline([](Results& run) { run.seed = 2; }),
             Contains("2 of 2 rows not comparable") && Contains("master seed: 2, was 1"));
  CHECK_THAT(headline([](Results& run) { run.datasets[0].manifest_sha256 = "x"; }),
             Contains("2 of 2 rows") && Contains("data set 'd': manifest"));
  CHECK_THAT(headline([](Results& run) { run.rows[0].protocol_version = 2; }),
             Contains("1 of 2 rows") && Contains("protocol 'nested': version: 2, was 1"));
  CHECK_THAT(headline([](Results& run) { run.provenance["evaluation_version"] = "2"; }),
             Contains("2 of 2 rows") && Contains("scoring: evaluation_version: 2, was 1"));
  CHECK_THAT(
      headline([](Results& run) {
        run.fingerprints[1].declared =
            R"({"content":"","encoder":"mfcc","encoder_version":"1","options":{"a":2},"seed":1})";
        run.fingerprints[1].sha256 = "x";
        run.rows[1].score = 0.1;
      }),
      Contains("1 of 2 rows") && Contains("encoder 'q': options.a: 2, was 1"));
  CHECK_THAT(
      headline([](Results& run) { run.rows[0].item_fold[3] = 4; }),
      Contains("1 of 100 items are tested by another fold, data and protocol being the same"));
}

TEST_CASE("an encoder that moved is told from a score that moved") {
  const CheckReport report = checked([](Results& run) {
    run.fingerprints[0].sha256 = "x";
    run.fingerprints[0].summary[2] += 0.4;
  });
  CHECK(report.moved());
  CHECK(report.count(Verdict::kSame) == 2);
  CHECK_THAT(check_headline(report),
             StartsWith("check: MOVED: caught in fingerprints: p moved by 1.0e-01 of its norm"));

  const CheckReport rounding = checked([](Results& run) {
    run.fingerprints[0].sha256 = "x";
    run.fingerprints[0].summary[2] += 1e-7;
  });
  CHECK_FALSE(rounding.moved());
  CHECK(rounding.drifts[0].drift == Drift::kRounding);

  const CheckReport batch = checked([](Results& run) { run.fingerprints[0].batch_drift = 0.01; });
  CHECK(batch.moved());
  CHECK(batch.drifts[0].drift == Drift::kBatch);
}

TEST_CASE("weights that are trained anew on another machine may move, on the same they may not") {
  Results reference = two_encoders();
  reference.fingerprints[0].declared =
      R"({"content":"fit 12","encoder":"tlm","encoder_version":"1","options":{},"seed":1})";
  Results run = reference;
  run.fingerprints[0].sha256 = "x";
  run.fingerprints[0].summary[2] += 0.4;
  CHECK(check(run, reference, derive_tolerances(reference), false).drifts[0].drift ==
        Drift::kMoved);
  run.provenance["cpu"] = "two";
  const CheckReport report = check(run, reference, derive_tolerances(reference), false);
  CHECK(report.drifts[0].drift == Drift::kRetrained);
  CHECK_FALSE(report.moved());
}

TEST_CASE("scores are judged by their tolerance, predictions by the machine") {
  const auto with_right = [](std::size_t right, bool other_machine) {
    return checked([&](Results& run) {
      run.rows[0] = counted_row("p", 100, right);
      if (other_machine) run.provenance["cpu"] = "two";
    });
  };
  // One prediction of 100 is within the tolerance elsewhere, and a change of the code here.
  CHECK(with_right(79, true).rows[0].verdict == Verdict::kSame);
  CHECK(with_right(79, false).rows[0].verdict == Verdict::kRegressed);
  CHECK(with_right(78, true).rows[0].verdict == Verdict::kRegressed);
  CHECK(with_right(83, true).rows[0].verdict == Verdict::kImproved);
  CHECK_THAT(check_headline(with_right(70, true)),
             Contains("caught in scores: 1 of 2 rows regressed: p on genre under nested: 0.7000, "
                      "reference 0.8000, tolerance 0.0100"));
  // Other vectors are allowed three predictions.
  const auto other_vectors = [](std::size_t right) {
    return checked([&](Results& run) {
             run.rows[0] = counted_row("p", 100, right);
             run.rows[0].embeddings_sha256 = "x";
           })
        .rows[0]
        .verdict;
  };
  CHECK(other_vectors(77) == Verdict::kSame);
  CHECK(other_vectors(76) == Verdict::kRegressed);
}

TEST_CASE("rows that are missing, extra or without a score are told from worse ones") {
  const CheckReport missing = checked([](Results& run) { run.rows.pop_back(); });
  CHECK(missing.rows[1].verdict == Verdict::kMissing);
  const CheckReport extra =
      checked([](Results& run) { run.rows.push_back(counted_row("new", 100, 50)); });
  CHECK(extra.rows[2].verdict == Verdict::kExtra);
  const CheckReport failed = checked([](Results& run) { run.rows[0].failure = "no <audio>"; });
  CHECK(failed.rows[0].verdict == Verdict::kNotMeasured);
  for (const CheckReport* report : {&missing, &extra, &failed}) {
    CHECK(report->incomplete());
    CHECK_FALSE(report->moved());
  }
  CHECK_THAT(check_junit(failed), Contains("errors=\"1\"") && Contains("no &lt;audio&gt;"));
  CHECK(check(Results{}, Results{}, {}, false).incomplete());
}

TEST_CASE("retrievals are judged as rows are, and approved alone") {
  Retrieval retrieval;
  retrieval.encoder = "align";
  retrieval.dataset = "d";
  retrieval.split = "test";
  retrieval.centring = kNoCentring;
  retrieval.n = 2;
  retrieval.embeddings_sha256 = std::string(64, 'b');
  retrieval.item_ids = {"x", "y"};
  retrieval.music_rank = {1, 2};
  retrieval.text_rank = {1, 1};
  retrieval.measures = {{kTextToMusic, "R@1", 0.5, 0.2, 0.8, 0.5},
                        {kMusicToText, "R@1", 1, 0.8, 1, 0.5}};
  Results reference = two_encoders();
  reference.rows.clear();
  reference.retrievals = {retrieval};
  const Tolerances tolerances = derive_tolerances(reference);
  CHECK(approval_problems(reference, std::nullopt).empty());
  CHECK(check(reference, reference, tolerances, true).count(Verdict::kSame) == 2);

  Results run = reference;
  run.retrievals[0].measures[0].value = 0.3;
  CHECK(check(run, reference, tolerances, false).count(Verdict::kRegressed) == 1);
  run.retrievals[0].embeddings_sha256 = std::string(64, 'd');  // within half of its interval then
  CHECK(check(run, reference, tolerances, false).count(Verdict::kSame) == 2);
  run.retrievals[0].measures[0].value = 0.1;
  CHECK(check(run, reference, tolerances, false).count(Verdict::kRegressed) == 1);
  run.retrievals.clear();
  CHECK(check(run, reference, tolerances, false).count(Verdict::kMissing) == 2);

  run = reference;
  run.provenance["only"] = "align";
  CHECK(approval_problems(run, std::nullopt).size() == 1);
}

TEST_CASE("a page is no wider than a terminal of 100 columns") {
  const CheckReport report = checked([](Results& run) {
    run.seed = 3;
    run.experiment_toml +=
        "# " + std::string(300, 'x') + "\n[task.long]\na = '" + std::string(300, 'y') + "'\n";
    run.provenance["cpu"] = std::string(300, 'z');
    run.rows[0].failure = "w w w " + std::string(80, 'w');
  });
  const std::string text = check_text(report);
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    CHECK(end - at <= 104);  // bytes; "±" has two of them
    at = end + 1;
  }
}

TEST_CASE("what moved without a version is not approved") {
  const Results reference = two_encoders();
  const Reference old = {reference, derive_tolerances(reference)};
  const auto problems = [&](auto change) {
    Results run = reference;
    change(run);
    return approval_problems(run, old);
  };
  CHECK(problems([](Results&) {}).empty());
  CHECK(problems([](Results& run) {
          run.rows[0] = counted_row("p", 100, 50);
          run.rows[0].encoder_version = "2";
        }).empty());
  CHECK(problems([](Results& run) { run.rows[0] = counted_row("p", 100, 50); }).size() == 1);
  CHECK(problems([](Results& run) {
          run.fingerprints[0].sha256 = "x";
          run.fingerprints[0].summary[2] += 0.4;
        }).size() == 1);
  CHECK(problems([](Results& run) { run.rows[0].protocol_sha256 = "x"; }).size() == 1);
  CHECK(problems([](Results& run) { run.rows[0].item_fold[0] = 3; }).size() == 1);
  CHECK(problems([](Results& run) { run.rows.pop_back(); }).size() == 1);
  CHECK(problems([](Results& run) {
          run.rows.pop_back();
          run.experiment_toml = "seed = 1\n";
        }).empty());
  CHECK(problems([](Results& run) { run.provenance["limit"] = "10"; }).size() == 1);
  CHECK(approval_problems(Results{}, std::nullopt).size() == 1);
}

}  // namespace
}  // namespace musicrep
