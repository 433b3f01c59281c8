#include "statistics/comparisons.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "made_rows.h"
#include "metrics/multiple_tests.h"
#include "statistics/row_statistics.h"

namespace musicrep {
namespace {

ResultRow scored(const std::string& encoder, const RowShape& shape, std::uint64_t seed) {
  ResultRow row = made_row(encoder, shape, seed);
  score_row(row);
  return row;
}

bool share_letter(const std::string& a, const std::string& b) {
  return std::ranges::any_of(a, [&](char c) { return b.find(c) != std::string::npos; });
}

const std::vector<RowShape>& shapes() {
  static const std::vector<RowShape> all = {
      {},
      {.group_size = 4},
      {.metric = "r2"},
      {.metric = "r2", .aggregation = kMeanOverFolds},
      {.n_repeats = 3, .n_seeds = 2},
      {.metric = "r2", .group_size = 5, .n_repeats = 2, .n_seeds = 3},
  };
  return all;
}

}  // namespace

TEST_CASE("a comparison is the same whichever encoder comes first") {
  for (const RowShape& shape : shapes()) {
    const ResultRow a = scored("a", shape, 1);
    const ResultRow b = scored("b", shape, 2);
    const Comparison ab = compare_pair(a, b);
    const Comparison ba = compare_pair(b, a);
    CHECK(ab.a == "a");
    CHECK(ab.b == "b");
    CHECK(ab.difference == a.score - b.score);
    CHECK(ba.difference == -ab.difference);
    CHECK(ba.ci_low == Approx(-ab.ci_high).margin(1e-15));
    CHECK(ba.ci_high == Approx(-ab.ci_low).margin(1e-15));
    CHECK(ba.p == Approx(ab.p));
    CHECK(ba.smallest_detectable == Approx(ab.smallest_detectable));
    CHECK((ab.p < 0.05) == (ab.ci_low > 0 || ab.ci_high < 0));
  }
}

TEST_CASE("equal predictions do not differ, and of shares are not known to be equal") {
  for (const RowShape& shape : shapes()) {
    const Comparison c = compare_pair(scored("a", shape, 1), scored("b", shape, 1));
    CHECK(c.difference == 0);
    CHECK(c.p == 1);
    CHECK(c.ci_low <= 0);
    CHECK(c.ci_high >= 0);
    if (shape.metric == "accuracy") CHECK(c.ci_low < c.ci_high);
  }
}

TEST_CASE("clips of an artist that stand together weigh no more than one") {
  // Encoder b is wrong on every clip of two of ten artists.
  ResultRow a = made_row("a", {.n = 100, .group_size = 10, .error = 0}, 1);
  ResultRow b = made_row("b", {.n = 100, .group_size = 10, .error = 0}, 1);
  for (std::size_t i = 0; i < 20; ++i) b.targets[0].predicted[i] = 7;
  score_row(a);
  score_row(b);
  const Comparison artists = compare_pair(a, b);
  CHECK(artists.test == "paired t over 10 artists, training folds");
  CHECK(artists.p > 0.05);
  a.item_group.clear();
  b.item_group.clear();
  const Comparison items = compare_pair(a, b);
  CHECK(items.test == "paired t over 100 items, training folds");
  CHECK(items.p < 0.001);
  CHECK(artists.smallest_detectable > 2 * items.smallest_detectable);
}

TEST_CASE("one training stands against each of three") {
  const ResultRow once = scored("mfcc", {.n = 60}, 1);
  const ResultRow thrice = scored("tlm", {.n = 60, .n_seeds = 3}, 2);
  const Comparison c = compare_pair(once, thrice);
  CHECK(c.test == "paired t over 60 items, 3 trainings, training folds");
  CHECK(c.difference == once.score - thrice.score);
  CHECK(std::isfinite(c.p));
  // As if the one had been trained three times with the same result.
  ResultRow copied = made_row("mfcc", {.n = 60, .n_seeds = 3}, 1);
  for (std::size_t i = 0; i < 180; ++i) {
    copied.targets[0].predicted[i] = once.targets[0].predicted[i % 60];
  }
  score_row(copied);
  CHECK(compare_pair(copied, thrice).p == Approx(c.p));
}

TEST_CASE("trainings that disagree make a difference uncertain") {
  const ResultRow base = scored("mfcc", {.n = 400, .error = 0.5}, 1);
  ResultRow tlm = made_row("tlm", {.n = 400, .n_seeds = 2, .error = 0.5}, 1);
  auto& target = tlm.targets[0];
  std::copy_n(target.truth.begin(), 400, target.predicted.begin());
  std::copy_n(base.targets[0].predicted.begin(), 400, target.predicted.begin() + 400);
  score_row(tlm);
  const Comparison c = compare_pair(tlm, base);
  CHECK(c.difference > 0.2);
  CHECK(c.p > 0.2);
}

TEST_CASE("one artist alone decides nothing") {
  const RowShape shape = {.n = 8, .group_size = 8};
  const Comparison c = compare_pair(scored("a", shape, 1), scored("b", shape, 2));
  CHECK(c.p == 1);
  CHECK(std::isinf(c.standard_error));
  CHECK(std::isinf(c.smallest_detectable));
}

TEST_CASE("rows are compared within their table, failed ones not") {
  std::vector<ResultRow> rows;
  for (const char* name : {"a", "b", "c"}) rows.push_back(scored(name, {}, rows.size()));
  rows.push_back(scored("a", {.metric = "r2"}, 8));
  rows.back().task = "emotion";
  rows.push_back(scored("b", {.metric = "r2"}, 9));
  rows.back().task = "emotion";
  rows.push_back(rows.front());
  rows.back().encoder = "broken";
  rows.back().failure = "no vectors";
  const std::vector<Comparison> found = compare_rows(rows);
  REQUIRE(found.size() == 4);
  CHECK(found[3].task == "emotion");
  CHECK(found[3].p_adjusted == found[3].p);
  for (std::size_t k = 0; k < 3; ++k) {
    CHECK(found[k].task == "genre");
    CHECK(found[k].p_adjusted >= found[k].p);
  }
  const Comparison pair = compare_pair(rows[0], rows[1]);
  CHECK(pair.p == found[0].p);
  CHECK(pair.difference == found[0].difference);
  const std::vector<EncoderLetters> letters = letters_of(rows, found);
  REQUIRE(letters.size() == 5);
  CHECK(letters[3].task == "emotion");
  CHECK(compare_rows({}).empty());
  CHECK(letters_of({rows[0]}, {}).front().letters == "a");
}

TEST_CASE("letters never contradict the adjusted p-values") {
  Random random(6);
  int different = 0;
  for (int k = 0; k < 60; ++k) {
    std::vector<ResultRow> rows;
    for (std::size_t e = 0; e < 6; ++e) {
      const RowShape shape = {
          .n = 60, .group_size = 1 + random.below(3), .error = 0.2 + 0.08 * static_cast<double>(e)};
      rows.push_back(scored(fmt::format("e{}", e), shape, random.next()));
      rows.back().item_group = rows.front().item_group;
    }
    const std::vector<Comparison> comparisons = compare_rows(rows);
    const std::vector<EncoderLetters> letters = letters_of(rows, comparisons);
    REQUIRE(letters.size() == 6);
    CHECK(letters.front().letters.front() == 'a');
    const auto of = [&](const std::string& encoder) {
      return std::ranges::find(letters, encoder, &EncoderLetters::encoder)->letters;
    };
    for (const Comparison& c : comparisons) {
      const bool differ = c.p_adjusted < kSignificanceLevel;
      CHECK(share_letter(of(c.a), of(c.b)) != differ);
      different += differ ? 1 : 0;
    }
    for (std::size_t i = 1; i < 6; ++i) {
      const auto score = [&](const EncoderLetters& l) {
        return std::ranges::find(rows, l.encoder, &ResultRow::encoder)->score;
      };
      CHECK(score(letters[i - 1]) >= score(letters[i]));
    }
  }
  CHECK(different > 50);
}

}  // namespace musicrep
