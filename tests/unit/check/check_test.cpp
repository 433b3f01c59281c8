#include "check/check.h"

#include <catch2/catch.hpp>

#include "check/approve.h"
#include "two_runs.h"

namespace musicrep {
namespace {

using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

/// The check of two_encoders() after `change`, its statistics derived again, against two_encoders()
/// as it is.
template <typename Change>
CheckReport checked(Change change, bool exact = false) {
  const Results reference = two_encoders();
  Results run = reference;
  change(run);
  derive_statistics(run);
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

TEST_CASE("an encoder that moved is reported from a score that moved") {
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

TEST_CASE("weights that are trained again on another machine may move, on the same they may not") {
  Results reference = two_encoders();
  reference.fingerprints[0].declared = kTrained;
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

TEST_CASE("scores are tested with their tolerance, predictions by the machine") {
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
  CHECK_THAT(
      check_headline(with_right(70, true)),
      Contains(
          "caught in scores: 1 of 2 rows regressed: p on genre under nested: 0.7000, reference 0.8000, tolerance 0.0100"));
  // Other vectors are allowed three predictions.
  const auto other_vectors = [](std::size_t right) {
    return checked([&](Results& run) {
             run.rows[0] = counted_row("p", 100, right);
             run.rows[0].embeddings_sha256 = "x";
             run.provenance["cpu"] = "two";
           })
        .rows[0]
        .verdict;
  };
  CHECK(other_vectors(77) == Verdict::kSame);
  CHECK(other_vectors(76) == Verdict::kRegressed);
}

TEST_CASE("rows that are missing, extra or without a score are reported from worse ones") {
  const CheckReport missing = checked([](Results& run) { run.rows.pop_back(); });
  CHECK(missing.rows[1].verdict == Verdict::kMissing);
  const CheckReport extra =
      checked([](Results& run) { run.rows.push_back(counted_row("new", 100, 50)); });
  CHECK(extra.rows[2].verdict == Verdict::kExtra);
  const CheckReport failed = checked([](Results& run) { run.rows[0].failure = "no <audio>"; });
  CHECK(failed.rows[0].verdict == Verdict::kNoScore);
  for (const CheckReport* report : {&missing, &extra, &failed}) {
    CHECK(report->incomplete());
    CHECK_FALSE(report->moved());
  }
  CHECK_THAT(check_junit(failed), Contains("errors=\"1\"") && Contains("no &lt;audio&gt;"));
  Results nothing;
  derive_statistics(nothing);
  CHECK(check(nothing, nothing, {}, false).incomplete());
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
  Results reference = two_encoders();
  reference.rows.clear();
  reference.retrievals = {retrieval};
  derive_statistics(reference);
  const Tolerances tolerances = derive_tolerances(reference);
  CHECK(approval_problems(reference, std::nullopt).empty());
  const std::size_t n_measures = 12;  // six in each direction
  CHECK(check(reference, reference, tolerances, true).count(Verdict::kSame) == n_measures);

  Results run = reference;
  run.retrievals[0].music_rank = {2, 2};
  derive_statistics(run);
  // All measures of the direction: its predictions are others, of the same vectors.
  const CheckReport same_vectors = check(run, reference, tolerances, false);
  CHECK(same_vectors.moved());
  CHECK(same_vectors.count(Verdict::kSame) == n_measures - 6);
  run.retrievals[0].embeddings_sha256 = std::string(64, 'd');
  CHECK(check(run, reference, tolerances, false).count(Verdict::kVectorsMoved) > 0);
  run.provenance["cpu"] = "two";  // within half of its interval then
  CHECK(check(run, reference, tolerances, false).count(Verdict::kSame) == n_measures);
  run.retrievals.clear();
  CHECK(check(run, reference, tolerances, false).count(Verdict::kMissing) == n_measures);

  run = reference;
  run.provenance["only"] = "align";
  CHECK(approval_problems(run, std::nullopt).size() == 1);
}

TEST_CASE("results that contradict themselves are caught, whatever the reference says") {
  const Results reference = two_encoders();
  const auto caught = [&](auto change) {
    Results run = reference;
    change(run);
    const CheckReport report = check(run, reference, derive_tolerances(reference), false);
    CHECK(report.moved());
    return check_headline(report);
  };
  CHECK_THAT(
      caught([](Results& run) { run.rows[0].score = 0.9; }),
      StartsWith(
          "check: MOVED: caught in consistency: the run is inconsistent: row 'p' of 'genre' under 'nested': score is 0.9, recomputed 0.8"));
  CHECK_THAT(caught([](Results& run) { run.rows[0].ci_low += 0.01; }), Contains("ci_low"));
  CHECK_THAT(caught([](Results& run) { run.comparisons[0].p = 0.5; }), Contains("p is 0.5"));
  CHECK_THAT(caught([](Results& run) { run.letters[0].letters = "b"; }), Contains("letters is b"));
  CHECK_THAT(caught([](Results& run) {
               for (double& v : run.rows[0].targets[0].predicted) v = 0;
             }),
             Contains("caught in consistency"));
  Results old = reference;
  old.provenance.erase("statistics_version");
  const CheckReport against_old = check(reference, old, derive_tolerances(reference), false);
  CHECK_FALSE(against_old.moved());
  CHECK(against_old.incomplete());
  CHECK_THAT(check_headline(against_old), Contains("musicrep restate"));
}

TEST_CASE("vectors that change although nothing that may change them did are a fault") {
  const CheckReport here = checked([](Results& run) { run.rows[0].embeddings_sha256 = "x"; });
  CHECK(here.rows[0].verdict == Verdict::kVectorsMoved);
  CHECK(here.moved());
  const CheckReport elsewhere = checked([](Results& run) {
    run.rows[0].embeddings_sha256 = "x";
    run.provenance["cpu"] = "two";
  });
  CHECK(elsewhere.rows[0].verdict == Verdict::kSame);
  // Another build type is not another machine.
  CHECK(checked([](Results& run) {
          run.rows[0].embeddings_sha256 = "x";
          run.provenance["build_type"] = "Debug";
        })
            .rows[0]
            .verdict == Verdict::kVectorsMoved);
}

TEST_CASE("a single training, a single item or artist judge nothing that moved") {
  Results reference = two_encoders();
  for (Fingerprint& print : reference.fingerprints) print.declared = kTrained;
  Results run = reference;
  run.provenance["cpu"] = "two";
  for (ResultRow& row : run.rows) row.embeddings_sha256 = "x";
  CheckReport report = check(run, reference, derive_tolerances(reference), false);
  CHECK(report.count(Verdict::kCannotJudge) == 2);
  CHECK(report.incomplete());
  CHECK_FALSE(report.moved());
  CHECK_THAT(check_headline(report), Contains("the reference has a single training"));

  reference = two_encoders();
  for (ResultRow& row : reference.rows) row.item_group.assign(row.item_ids.size(), 0);
  derive_statistics(reference);
  run = reference;
  CHECK(check(run, reference, derive_tolerances(reference), false).count(Verdict::kSame) == 2);
  run.provenance["cpu"] = "two";
  double& prediction = run.rows[0].targets[0].predicted[0];
  prediction = 1 - prediction;
  derive_statistics(run);
  report = check(run, reference, derive_tolerances(reference), false);
  CHECK(report.rows[0].verdict == Verdict::kCannotJudge);
  CHECK_THAT(check_headline(report), Contains("the reference has a single artist"));
}

/// Two encoders that were trained here, three times each, near to each other.
Results two_trained(std::size_t right, const char* cpu) {
  Results out = two_encoders();
  out.rows = {counted_row("p", 100, right, 3), counted_row("q", 100, right - 1, 3)};
  for (Fingerprint& print : out.fingerprints) print.declared = kTrained;
  out.provenance["cpu"] = cpu;
  for (ResultRow& row : out.rows) row.embeddings_sha256 = std::string(64, *cpu);
  derive_statistics(out);
  return out;
}

TEST_CASE("retrained rows move together, or cannot be judged") {
  const Results reference = two_trained(80, "one");
  const Tolerances tolerances = derive_tolerances(reference);
  const CheckReport near = check(two_trained(79, "two"), reference, tolerances, false);
  CHECK(near.count(Verdict::kSame) == 2);
  CHECK_FALSE(near.moved());
  CHECK_THAT(check_headline(near), Contains("the largest loss of a row that would pass: 0.0"));
  // Each row is within its tolerance; both together are not within theirs.
  REQUIRE(tolerances.of(reference.rows[0]).other_vectors > 0.025);
  const CheckReport both = check(two_trained(77, "two"), reference, tolerances, false);
  CHECK(both.moved());
  REQUIRE(both.joint.size() == 1);
  CHECK(both.joint[0].n_rows == 2);
  CHECK(both.joint[0].shift == Approx(-0.03));
  // A tolerance that reaches a third of the way to the majority class judges nothing.
  const Results weak = two_trained(54, "one");
  const CheckReport vague = check(two_trained(53, "two"), weak, derive_tolerances(weak), false);
  CHECK(vague.count(Verdict::kCannotJudge) == 2);
  CHECK(vague.incomplete());
  CHECK_FALSE(vague.moved());
}

TEST_CASE("sweeps, measures of layers and verdicts are guarded") {
  Results reference = two_encoders();
  SweepPoint point;
  point.encoder = "p";
  point.task = "genre";
  point.protocol = "nested";
  point.factor = "pooling";
  point.value = "max";
  point.score = 0.7;
  point.low = 0.6;
  point.high = 0.8;
  reference.sweeps = {point};
  reference.diagnoses = {{"p", "d", "input", 0, "cosine", 0.5, 0.4, 0.6, 50, 1}};
  const Tolerances tolerances = derive_tolerances(reference);
  const auto moved = [&](auto change) {
    Results run = reference;
    change(run);
    const CheckReport report = check(run, reference, tolerances, false);
    const CheckReport exact = check(run, reference, tolerances, true);
    CHECK(exact.moved());
    CHECK_FALSE(exact.exact_problems.empty());
    return report.moved();
  };
  CHECK(moved([](Results& run) { run.sweeps[0].score /= 2; }));
  CHECK(moved([](Results& run) { run.diagnoses[0].value = -0.5; }));
  CHECK_FALSE(moved([](Results& run) { run.title = "another"; }));
  CHECK_FALSE(moved([](Results& run) { run.citations = {{"x", "y"}}; }));
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
    derive_statistics(run);
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
  Results nothing;
  derive_statistics(nothing);
  CHECK(approval_problems(nothing, std::nullopt).size() == 1);
}

}  // namespace
}  // namespace musicrep
