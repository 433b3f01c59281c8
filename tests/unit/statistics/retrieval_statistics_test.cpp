#include "statistics/retrieval_statistics.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "made_rows.h"
#include "metrics/retrieval.h"
#include "statistics/comparisons.h"

namespace musicrep {
namespace {

using Catch::Matchers::Contains;

const RetrievalMeasure& measure(const Retrieval& from, const std::string& direction,
                                const std::string& name) {
  const auto at = std::ranges::find_if(from.measures, [&](const RetrievalMeasure& m) {
    return m.direction == direction && m.name == name;
  });
  REQUIRE(at != from.measures.end());
  return *at;
}

Retrieval scored(Retrieval retrieval) {
  score_retrieval(retrieval);
  return retrieval;
}

}  // namespace

TEST_CASE("measures of one training are those of its ranks, inside their intervals") {
  const Retrieval found = scored(made_retrieval("tlm", 60, 40, 1, 1));
  CHECK(found.measures.size() == 12);
  const auto check = [&](const char* direction, const std::vector<std::int64_t>& ranks) {
    const RetrievalScores expected = retrieval_scores(ranks);
    CHECK(measure(found, direction, "R@1").value == Approx(expected.recall_at_1));
    CHECK(measure(found, direction, "R@5").value == Approx(expected.recall_at_5));
    CHECK(measure(found, direction, "R@10").value == Approx(expected.recall_at_10));
    CHECK(measure(found, direction, "median rank").value == expected.median_rank);
    CHECK(measure(found, direction, "MRR").value == Approx(expected.mean_reciprocal_rank));
  };
  check(kTextToMusic, found.music_rank);
  check(kMusicToText, found.text_rank);
  const RetrievalScores chance = chance_retrieval_scores(60);
  CHECK(measure(found, kTextToMusic, "R@10").chance == Approx(chance.recall_at_10));
  CHECK(measure(found, kTextToMusic, "MRR").chance == Approx(chance.mean_reciprocal_rank));
  CHECK(measure(found, kTextToMusic, "median rank").chance == chance.median_rank);
  for (const RetrievalMeasure& m : found.measures) {
    CHECK(m.ci_low <= m.value);
    CHECK(m.ci_high >= m.value);
    CHECK(m.ci_low < m.ci_high);
    CHECK(m.p_chance >= 0);
    CHECK(m.p_chance <= 1);
  }
  CHECK_THAT(found.ci_method, Contains("over 60 items"));
}

TEST_CASE("several trainings give their mean, and say so") {
  const Retrieval found = scored(made_retrieval("tlm", 30, 25, 3, 2));
  double expected = 0;
  for (std::size_t s = 0; s < 3; ++s) {
    const auto first = found.music_rank.begin() + static_cast<std::ptrdiff_t>(30 * s);
    expected += retrieval_scores(std::vector<std::int64_t>(first, first + 30)).median_rank / 3;
  }
  CHECK(measure(found, kTextToMusic, "median rank").value == Approx(expected));
  CHECK_THAT(found.ci_method, Contains("3 trainings"));
}

TEST_CASE("that all or none are found does not make it certain") {
  const Retrieval all = scored(made_retrieval("tlm", 40, 1, 1, 1));
  const RetrievalMeasure& first = measure(all, kTextToMusic, "R@1");
  CHECK(first.value == 1);
  CHECK(first.ci_high == 1);
  CHECK(first.ci_low < 0.95);
  CHECK(first.p_chance < 1e-6);
  CHECK(measure(all, kTextToMusic, "median rank").p_chance < 1e-6);
  Retrieval none = made_retrieval("tlm", 40, 1, 1, 1);
  std::ranges::fill(none.music_rank, 20);
  score_retrieval(none);
  const RetrievalMeasure& missed = measure(none, kTextToMusic, "R@1");
  CHECK(missed.value == 0);
  CHECK(missed.ci_low == 0);
  CHECK(missed.ci_high > 0.05);
  // One of 40 by chance: none is no less.
  CHECK(missed.p_chance > 0.3);
}

TEST_CASE("texts of one artist that are found together widen the interval") {
  Retrieval alone = made_retrieval("tlm", 60, 1, 1, 1);
  for (std::size_t i = 0; i < 60; ++i) alone.music_rank[i] = i / 10 % 2 == 0 ? 1 : 50;
  Retrieval grouped = alone;
  for (std::size_t i = 0; i < 60; ++i) {
    grouped.item_group.push_back(static_cast<std::int64_t>(i / 10));
  }
  score_retrieval(alone);
  score_retrieval(grouped);
  for (const char* name : {"R@1", "R@10", "MRR"}) {
    const RetrievalMeasure& of_items = measure(alone, kTextToMusic, name);
    const RetrievalMeasure& of_artists = measure(grouped, kTextToMusic, name);
    CHECK(of_items.value == of_artists.value);
    CHECK(of_artists.ci_high - of_artists.ci_low > 2 * (of_items.ci_high - of_items.ci_low));
  }
  CHECK_THAT(grouped.ci_method, Contains("6 artists"));
}

TEST_CASE("ranks in random order do not differ from chance, in 95 of 100 cases") {
  int rejected = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const Retrieval found = scored(made_retrieval("tlm", 50, 50, 1, seed));
    rejected += measure(found, kTextToMusic, "R@10").p_chance < 0.05 ? 1 : 0;
    rejected += measure(found, kMusicToText, "median rank").p_chance < 0.05 ? 1 : 0;
  }
  CHECK(rejected < 36);  // of 400, 20 expected
}

TEST_CASE("a retrieval that failed has no measures and no rows") {
  Retrieval failed = scored(made_retrieval("tlm", 20, 5, 1, 1));
  failed.failure = "no vectors";
  CHECK(scored(failed).measures.empty());
  CHECK(retrieval_rows({failed}).empty());
}

TEST_CASE("retrievals become rows that one paired test serves") {
  std::vector<Retrieval> retrievals = {made_retrieval("good", 80, 4, 1, 1),
                                       made_retrieval("bad", 80, 60, 3, 2),
                                       made_retrieval("small", 50, 5, 1, 3)};
  const std::vector<ResultRow> rows = retrieval_rows(retrievals);
  REQUIRE(rows.size() == 30);
  CHECK(rows[0].task == "retrieval on albums, split test, centring none");
  CHECK(rows[0].task == retrieval_task(retrievals[0]));
  CHECK(rows[0].protocol == "text to music, R@1");
  CHECK(rows[10].task == rows[0].task);
  CHECK(rows[20].task == rows[0].task + ", the 50 texts that small knows");
  score_retrieval(retrievals[0]);
  CHECK(rows[0].score == measure(retrievals[0], kTextToMusic, "R@1").value);
  CHECK(rows[0].ci_low == measure(retrievals[0], kTextToMusic, "R@1").ci_low);
  const std::vector<Comparison> found = compare_rows(rows);
  REQUIRE(found.size() == 10);
  for (const Comparison& c : found) {
    CHECK(c.a == "good");
    CHECK(c.b == "bad");
    CHECK(c.difference > 0);
    if (c.protocol == "text to music, R@10") CHECK(c.p < 0.001);
  }
}

}  // namespace musicrep
