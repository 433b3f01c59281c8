#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "core/random.h"
#include "musicrep/error.h"
#include "protocols/folds.h"
#include "protocols/plan.h"

namespace musicrep {
namespace {

using Places = std::vector<std::uint32_t>;

FoldRule five_folds(bool grouped = false) { return {5, true, false, 0, grouped}; }

std::vector<std::size_t> counts(const std::vector<int>& folds, const Places& items) {
  std::vector<std::size_t> out(5);
  for (const std::uint32_t i : items) ++out[static_cast<std::size_t>(folds[i])];
  return out;
}

std::size_t spread(const std::vector<std::size_t>& counts) {
  return std::ranges::max(counts) - std::ranges::min(counts);
}

/// A data set of 60 items: every third has "common", the first six "rare", none "absent".
Dataset tagged_items() {
  Dataset out;
  out.name = "items";
  out.targets = {{"common", {"absent", "present"}, {}},
                 {"rare", {"absent", "present"}, {}},
                 {"absent", {"absent", "present"}, {}}};
  for (std::size_t i = 0; i < 60; ++i) {
    out.ids.push_back("item " + std::to_string(i));
    out.targets[0].values.push_back(i % 3 == 0 ? 1 : 0);
    out.targets[1].values.push_back(i < 6 ? 1 : 0);
    out.targets[2].values.push_back(0);
  }
  return out;
}

std::vector<const Target*> targets_of(const Dataset& dataset) {
  return {&dataset.targets[0], &dataset.targets[1], &dataset.targets[2]};
}

}  // namespace

TEST_CASE("folds of several tags hold an even share of each") {
  Random random(11);
  std::vector<Places> with_tag(6);
  for (std::uint32_t i = 0; i < 500; ++i) {
    for (std::size_t t = 0; t < 6; ++t) {
      if (random.uniform() < 0.02 * static_cast<double>(t + 1)) with_tag[t].push_back(i);
    }
  }
  const std::vector<int> folds = assign_tag_folds(five_folds(), with_tag, 500, {});
  CHECK(folds == assign_tag_folds(five_folds(), with_tag, 500, {}));
  for (const Places& items : with_tag) {
    REQUIRE(items.size() >= 5);
    CHECK(spread(counts(folds, items)) <= 3);
  }
  CHECK(spread(counts(folds, with_tag[0])) <= 1);  // the rarest is first
  Places all(500);
  for (std::uint32_t i = 0; i < 500; ++i) all[i] = i;
  CHECK(spread(counts(folds, all)) <= 2);
}

TEST_CASE("groups stay whole in folds of tags") {
  std::vector<std::uint32_t> groups;
  Places with;
  for (std::uint32_t i = 0; i < 100; ++i) {
    groups.push_back(i / 4);
    if (i / 4 % 5 == 0) with.push_back(i);  // five groups have it, of all their items
  }
  const std::vector<Places> tags = {with};
  const std::vector<int> folds = assign_tag_folds(five_folds(true), tags, 100, groups);
  for (std::uint32_t i = 0; i < 100; ++i) CHECK(folds[i] == folds[i / 4 * 4]);
  CHECK(counts(folds, with) == std::vector<std::size_t>(5, 4));
  // Ignored where the rule does not ask for groups.
  CHECK(assign_tag_folds(five_folds(), tags, 100, groups) ==
        assign_tag_folds(five_folds(), tags, 100, {}));
}

TEST_CASE("folds of tags that cannot be made are refused with the reason") {
  const std::vector<Places> tags = {{0, 1}};
  CHECK_THROWS_WITH(assign_tag_folds(five_folds(), tags, 4, {}),
                    Catch::Contains("4 items for 5 folds"));
  CHECK_THROWS_WITH(assign_tag_folds(five_folds(true), tags, 8, Places{0, 0, 0, 0, 1, 1, 1, 1}),
                    Catch::Contains("2 groups for 5 folds"));
  FoldRule shuffled = five_folds();
  shuffled.shuffle = true;
  CHECK_THROWS_WITH(assign_tag_folds(shuffled, tags, 8, {}), Catch::Contains("not shuffled"));
}

TEST_CASE("tags share one plan, and a tag that some part lacks is named with the part") {
  const Dataset dataset = tagged_items();
  const FoldPlan plan =
      plan_tag_folds(find_protocol("tagging-nested"), dataset, targets_of(dataset));
  REQUIRE(plan.outer.size() == 5);
  std::set<std::uint32_t> tested;
  for (const OuterFold& fold : plan.outer) {
    CHECK(fold.train.size() + fold.test.size() == 60);
    CHECK(fold.inner.size() == 3);
    tested.insert(fold.test.begin(), fold.test.end());
  }
  CHECK(tested.size() == 60);
  CHECK(tag_obstacle(plan, dataset.targets[0]).empty());
  CHECK(tag_obstacle(plan, dataset.targets[2]) == "fold 1: no training item has it");
  Target everywhere = dataset.targets[2];
  std::ranges::fill(everywhere.values, 1.0);
  CHECK(tag_obstacle(plan, everywhere) == "fold 1: every training item has it");
  Target single = dataset.targets[2];
  single.values[plan.outer[0].test.front()] = 1;
  CHECK(tag_obstacle(plan, single) == "fold 1: no training item has it");
  Target trained = dataset.targets[2];
  trained.values[plan.outer[0].train.front()] = 1;
  CHECK(tag_obstacle(plan, trained) == "fold 1: no tested item has it");
}

TEST_CASE("tags are tested on the data set's split") {
  Dataset dataset = tagged_items();
  for (std::size_t i = 0; i < 60; ++i) dataset.splits.emplace_back(i % 2 == 0 ? "train" : "test");
  const FoldPlan plan =
      plan_tag_folds(find_protocol("tagging-split"), dataset, targets_of(dataset));
  REQUIRE(plan.outer.size() == 1);
  CHECK(plan.outer[0].train.size() == 30);
  CHECK(plan.outer[0].test.size() == 30);
  CHECK(plan.outer[0].inner.size() == 3);
  dataset.splits.clear();
  CHECK_THROWS_WITH(plan_tag_folds(find_protocol("tagging-split"), dataset, targets_of(dataset)),
                    Catch::Contains("the data set has no split 'train'"));
}

}  // namespace musicrep
