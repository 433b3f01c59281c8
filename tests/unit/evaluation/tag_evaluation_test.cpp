#include "evaluation/tag_evaluation.h"

#include <catch2/catch.hpp>
#include <algorithm>
#include <cmath>
#include <set>

#include "core/random.h"
#include "evaluation/evaluate.h"
#include "evaluation/merge_seeds.h"
#include "metrics/ranking.h"
#include "statistics/comparisons.h"

namespace musicrep {
namespace {

constexpr std::size_t kItems = 120;

Target tag(const std::string& name, std::size_t every) {
  Target out{name, {"absent", "present"}, {}};
  for (std::size_t i = 0; i < kItems; ++i) out.values.push_back(i % every == 0 ? 1 : 0);
  return out;
}

Dataset clips() {
  Dataset out;
  out.name = "clips";
  out.targets = {tag("guitar", 3), tag("rock", 4), tag("same as guitar", 3), tag("nowhere", 1000)};
  out.targets[3].values[0] = 0;
  for (std::size_t i = 0; i < kItems; ++i) out.ids.push_back("clip " + std::to_string(i));
  return out;
}

/// Column 0 is high for guitar, 1 for rock, 2 is noise; `noise` blurs the first two.
Embeddings vectors(const Dataset& dataset, double noise, std::uint64_t seed = 3) {
  Embeddings out;
  out.ids = dataset.ids;
  Random random(seed);
  std::vector<double> values;
  for (std::size_t i = 0; i < kItems; ++i) {
    for (const std::size_t t : {0UL, 1UL}) {
      values.push_back(dataset.targets[t].values[i] + noise * random.normal());
    }
    values.push_back(random.normal());
  }
  out.values = Matrix(kItems, 3, std::move(values));
  out.frames.assign(kItems, 1);
  return out;
}

Task task_of(const Dataset& dataset, std::size_t n_tags) {
  Task out;
  out.name = "tags";
  out.dataset = &dataset;
  out.tagging = true;
  for (std::size_t t = 0; t < n_tags; ++t) out.targets.push_back(&dataset.targets[t]);
  return out;
}

bool has_note(const ResultRow& row, const std::string& part) {
  return std::ranges::any_of(
      row.notes, [&](const std::string& note) { return note.find(part) != std::string::npos; });
}

}  // namespace

TEST_CASE("tags are ranked in each fold under every probe that fits them") {
  const Dataset dataset = clips();
  const Embeddings embeddings = vectors(dataset, 0.5);
  for (const char* name :
       {"tagging-nested", "tagging-nested-logistic", "nested-ridge", "nested-knn", "nested-mlp"}) {
    CAPTURE(name);
    const ResultRow row = evaluate(embeddings, task_of(dataset, 2), find_protocol(name), {});
    CHECK(row.metric == "roc_auc");
    CHECK(row.aggregation == kMeanOverFolds);
    CHECK(row.n == kItems);
    REQUIRE(row.targets.size() == 2);
    CHECK(row.score > 0.8);
    CHECK(row.ci_low < row.score);
    CHECK(row.score < row.ci_high);
    CHECK(row.baseline == 0.5);
    CHECK(row.p_baseline < 0.001);
    for (const TargetResult& target : row.targets) {
      CHECK(target.classes.empty());
      CHECK(target.selected.size() == 5);
      // Ranks of a fold sum to those of its items, whatever their ties.
      for (std::int64_t fold = 0; fold < 5; ++fold) {
        double sum = 0;
        double n = 0;
        std::vector<double> truth;
        std::vector<double> ranks;
        for (std::size_t i = 0; i < row.item_ids.size(); ++i) {
          if (row.item_fold[i] != fold) continue;
          sum += target.predicted[i];
          n += 1;
          truth.push_back(target.truth[i]);
          ranks.push_back(target.predicted[i]);
        }
        CHECK(sum == n * (n + 1) / 2);
        CHECK(roc_auc(truth, ranks) ==
              target.selected[static_cast<std::size_t>(fold)].test_score.value());
      }
    }
  }
}

TEST_CASE("tags are the same bits on any number of threads") {
  const Dataset dataset = clips();
  const Embeddings embeddings = vectors(dataset, 1);
  FitOptions many;
  many.threads = 4;
  for (const char* name : {"tagging-nested", "tagging-nested-logistic", "nested-mlp"}) {
    const Protocol protocol = find_protocol(name);
    const ResultRow one = evaluate(embeddings, task_of(dataset, 2), protocol, {});
    const ResultRow other = evaluate(embeddings, task_of(dataset, 2), protocol, many);
    CHECK(one.score == other.score);
    for (std::size_t t = 0; t < 2; ++t) {
      CHECK(one.targets[t].predicted == other.targets[t].predicted);
      CHECK(one.targets[t].inner_score == other.targets[t].inner_score);
    }
  }
}

TEST_CASE("tags that no fold can score are left out by name, and duplicates are named") {
  const Dataset dataset = clips();
  const Protocol protocol = find_protocol("tagging-nested-logistic");
  const ResultRow row = evaluate(vectors(dataset, 0.5), task_of(dataset, 4), protocol, {});
  CHECK(row.targets.size() == 3);
  CHECK(has_note(row, "1 of 4 tags is left out: 'nowhere' (fold 1: no training item has it)"));
  CHECK(has_note(row, "the tags 'guitar', 'same as guitar' are on the same items"));
  Task alone = task_of(dataset, 4);
  alone.targets = {&dataset.targets[3]};
  CHECK_THROWS_WITH(evaluate(vectors(dataset, 0.5), alone, protocol, {}),
                    Catch::Contains("'nowhere' (fold 1: no training item has it)"));
}

TEST_CASE("more neighbours than items and fits that do not converge are said in the row") {
  const Dataset dataset = clips();
  const Embeddings embeddings = vectors(dataset, 0.5);
  Protocol neighbours = find_protocol("nested-knn");
  neighbours.classification.values = {500};
  CHECK(has_note(evaluate(embeddings, task_of(dataset, 1), neighbours, {}),
                 "20 fits have fewer training items than neighbours: all of them counted"));
  Protocol stopped = find_protocol("tagging-nested-logistic");
  stopped.max_iterations = 2;
  const ResultRow row = evaluate(embeddings, task_of(dataset, 1), stopped, {});
  CHECK(has_note(row, "fits stopped at the cap of 2 iterations"));
  CHECK(row.targets[0].grid.front().cap_hit);
}

TEST_CASE("several trainings are scored one by one, and a better encoder is found so") {
  const Dataset dataset = clips();
  const Protocol protocol = find_protocol("tagging-nested-logistic");
  std::vector<ResultRow> good;
  std::vector<ResultRow> bad;
  double sum = 0;
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    good.push_back(evaluate(vectors(dataset, 0.3, seed), task_of(dataset, 2), protocol, {}));
    bad.push_back(evaluate(vectors(dataset, 2, seed), task_of(dataset, 2), protocol, {}));
    sum += good.back().score / 3;
  }
  const ResultRow row = merge_seeds(good);
  CHECK(row.n_seeds == 3);
  CHECK(row.score == Approx(sum).epsilon(1e-12));
  const Comparison difference = compare_pair(row, merge_seeds(bad));
  CHECK(difference.difference > 0.1);
  CHECK(difference.p < 0.05);
}

TEST_CASE("protocols that hold nothing out rank tags too") {
  const Dataset dataset = clips();
  const ResultRow row =
      evaluate(vectors(dataset, 0.5), task_of(dataset, 2), find_protocol("choi2017"), {});
  CHECK(row.aggregation == kMeanOverFolds);
  CHECK(std::set<std::int64_t>(row.item_fold.begin(), row.item_fold.end()).size() == 10);
  CHECK(row.score > 0.8);
  REQUIRE(row.targets[0].inner_score);
  CHECK(row.targets[0].score == Approx(*row.targets[0].inner_score).epsilon(1e-12));
}

}  // namespace musicrep
