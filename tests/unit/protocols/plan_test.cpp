#include "protocols/plan.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "core/random.h"
#include "musicrep/error.h"
#include "test_files.h"

namespace musicrep {
namespace {

using Items = std::vector<std::uint32_t>;

/// 10 items of each of three genres, two an artist, shuffled.
Dataset songs() {
  Dataset dataset;
  dataset.name = "songs";
  Target genre{"genre", {"blues", "jazz", "rock"}, {}};
  Target mood{"mood", {}, {}};
  Random random(3);
  for (const std::size_t place : permutation(30, random)) {
    dataset.ids.push_back("song " + std::to_string(place));
    genre.values.push_back(static_cast<double>(place / 10));
    mood.values.push_back(random.normal());
    dataset.groups.push_back("artist " + std::to_string(place / 2));
  }
  dataset.targets = {genre, mood};
  return dataset;
}

Protocol protocol(OuterKind outer, InnerKind inner) {
  Protocol p;
  p.name = "mine";
  p.outer = outer;
  p.inner = inner;
  p.outer_folds.n = 5;
  p.inner_folds.n = 3;
  p.learn_from = {"train", "valid"};
  p.permute_by_class = true;
  p.permutation_seed = 1;
  return p;
}

Items sorted(Items items) {
  std::ranges::sort(items);
  return items;
}

Items joined(const Items& a, const Items& b) {
  Items all = a;
  all.insert(all.end(), b.begin(), b.end());
  return sorted(all);
}

Items all_items(std::size_t n) {
  Items items;
  for (std::uint32_t i = 0; i < n; ++i) items.push_back(i);
  return items;
}

std::set<std::string> groups_of(const Dataset& dataset, const Items& items) {
  std::set<std::string> groups;
  for (const std::uint32_t i : items) groups.insert(dataset.groups[i]);
  return groups;
}

bool apart(const std::set<std::string>& a, const std::set<std::string>& b) {
  return std::ranges::none_of(a, [&](const std::string& name) { return b.contains(name); });
}

std::string refusal(const Protocol& p, const Dataset& dataset, std::size_t target = 0) {
  return message_of<DataError>([&] { plan_folds(p, dataset, dataset.targets[target]); });
}

bool same(const FoldPlan& a, const FoldPlan& b) {
  return std::ranges::equal(a.outer, b.outer, [](const OuterFold& x, const OuterFold& y) {
    return x.train == y.train && x.test == y.test &&
           std::ranges::equal(x.inner, y.inner, [](const Split& s, const Split& t) {
             return s.train == t.train && s.test == t.test;
           });
  });
}

}  // namespace

TEST_CASE("each item is tested once, and its fold learns from the rest") {
  const bool grouped = GENERATE(true, false);
  const auto target = GENERATE(as<std::size_t>(), 0, 1);
  CAPTURE(grouped, target);
  const Dataset dataset = songs();
  Protocol p = protocol(OuterKind::kFolds, InnerKind::kFolds);
  p.outer_folds.grouped = p.inner_folds.grouped = grouped;
  const FoldPlan plan = plan_folds(p, dataset, dataset.targets[target]);
  CHECK(plan.held_out);
  CHECK(plan.grouped == grouped);
  REQUIRE(plan.outer.size() == 5);
  Items tested;
  for (const OuterFold& outer : plan.outer) {
    tested.insert(tested.end(), outer.test.begin(), outer.test.end());
    CHECK(joined(outer.train, outer.test) == all_items(30));
    REQUIRE(outer.inner.size() == 3);
    Items chosen_on;
    for (const Split& inner : outer.inner) {
      chosen_on.insert(chosen_on.end(), inner.test.begin(), inner.test.end());
      // Choosing never sees the tested items.
      CHECK(joined(inner.train, inner.test) == sorted(outer.train));
      if (grouped) {
        CHECK(apart(groups_of(dataset, inner.train), groups_of(dataset, inner.test)));
      }
    }
    CHECK(sorted(chosen_on) == sorted(outer.train));
    if (grouped) CHECK(apart(groups_of(dataset, outer.train), groups_of(dataset, outer.test)));
  }
  CHECK(sorted(tested) == all_items(30));
}

TEST_CASE("items stand in file order, or by class in a seeded permutation") {
  const Dataset dataset = songs();
  Protocol p = protocol(OuterKind::kNone, InnerKind::kFolds);
  p.permute_by_class = false;
  const FoldPlan file = plan_folds(p, dataset, dataset.targets[0]);
  CHECK(file.outer[0].train == all_items(30));
  CHECK_FALSE(file.held_out);
  CHECK(file.outer[0].test.empty());

  p.permute_by_class = true;
  const FoldPlan permuted = plan_folds(p, dataset, dataset.targets[0]);
  CHECK(same(permuted, plan_folds(p, dataset, dataset.targets[0])));
  const Items& order = permuted.outer[0].train;
  CHECK(sorted(order) == all_items(30));
  CHECK(std::ranges::is_sorted(order, {},
                               [&](std::uint32_t i) { return dataset.targets[0].values[i]; }));
  CHECK_FALSE(std::ranges::is_sorted(order.begin(), order.begin() + 10));
  p.permutation_seed = 2;
  CHECK_FALSE(same(permuted, plan_folds(p, dataset, dataset.targets[0])));
  // Numbers have no classes: the permutation alone.
  const FoldPlan numbers = plan_folds(p, dataset, dataset.targets[1]);
  CHECK(sorted(numbers.outer[0].train) == all_items(30));
  CHECK(numbers.outer[0].train != all_items(30));
}

TEST_CASE("repeated folds test each item once a repeat, in other folds each time") {
  const Dataset dataset = songs();
  Protocol p = protocol(OuterKind::kFolds, InnerKind::kFolds);
  const FoldPlan once = plan_folds(p, dataset, dataset.targets[0]);
  CHECK(once.n_repeats == 1);
  p.repeats = 3;
  const FoldPlan plan = plan_folds(p, dataset, dataset.targets[0]);
  CHECK(plan.n_repeats == 3);
  REQUIRE(plan.outer.size() == 15);
  std::set<Items> parts;
  for (std::size_t repeat = 0; repeat < 3; ++repeat) {
    Items tested;
    for (std::size_t k = 0; k < 5; ++k) {
      const OuterFold& fold = plan.outer[5 * repeat + k];
      CHECK(fold.repeat == repeat);
      CHECK(joined(fold.train, fold.test) == all_items(30));
      tested.insert(tested.end(), fold.test.begin(), fold.test.end());
      parts.insert(sorted(fold.test));
    }
    CHECK(sorted(tested) == all_items(30));
  }
  CHECK(parts.size() > 10);
  // The first repeat is what there is without more.
  for (std::size_t k = 0; k < 5; ++k) CHECK(plan.outer[k].test == once.outer[k].test);
  CHECK(tested_items(plan).size() == 30);
}

TEST_CASE("a protocol of one split knows no other items") {
  Dataset dataset = songs();
  for (std::size_t i = 0; i < 30; ++i) {
    dataset.splits.emplace_back(dataset.ids[i].ends_with('7') ? "train" : "test");
  }
  Protocol p = protocol(OuterKind::kFolds, InnerKind::kFolds);
  p.splits = {"test"};
  p.outer_folds.n = 3;
  const FoldPlan plan = plan_folds(p, dataset, dataset.targets[0]);
  CHECK(tested_items(plan).size() == 27);
  for (const OuterFold& fold : plan.outer) {
    CHECK(fold.train.size() + fold.test.size() == 27);
    for (const std::uint32_t i : joined(fold.train, fold.test)) {
      CHECK(dataset.splits[i] == "test");
    }
  }
  p.splits = {"valid"};
  CHECK_THAT(refusal(p, dataset), Catch::Contains("no split 'valid'"));
}

TEST_CASE("the next fold chooses and then joins the training items") {
  const Dataset dataset = songs();
  const Protocol p = protocol(OuterKind::kFolds, InnerKind::kNextFold);
  const FoldPlan plan = plan_folds(p, dataset, dataset.targets[0]);
  REQUIRE(plan.outer.size() == 5);
  for (std::size_t k = 0; k < 5; ++k) {
    const OuterFold& outer = plan.outer[k];
    REQUIRE(outer.inner.size() == 1);
    CHECK(sorted(outer.inner[0].test) == sorted(plan.outer[(k + 1) % 5].test));
    CHECK(joined(outer.inner[0].train, outer.inner[0].test) == sorted(outer.train));
    CHECK(joined(outer.train, outer.test) == all_items(30));
  }
}

TEST_CASE("the validation split chooses and then joins the training items") {
  Dataset dataset = songs();
  for (std::size_t i = 0; i < 30; ++i) {
    dataset.splits.emplace_back(i % 5 == 0   ? "test"
                                : i % 5 == 1 ? "valid"
                                : i == 29    ? ""
                                             : "train");
  }
  Protocol p = protocol(OuterKind::kSplit, InnerKind::kValidation);
  p.permute_by_class = false;
  const FoldPlan plan = plan_folds(p, dataset, dataset.targets[1]);
  REQUIRE(plan.outer.size() == 1);
  const OuterFold& outer = plan.outer[0];
  CHECK(outer.test == Items{0, 5, 10, 15, 20, 25});
  REQUIRE(outer.inner.size() == 1);
  CHECK(outer.inner[0].test == Items{1, 6, 11, 16, 21, 26});
  CHECK(outer.inner[0].train.size() == 17);  // item 29 is in no split
  CHECK(outer.train == joined(outer.inner[0].train, outer.inner[0].test));
  CHECK(std::ranges::find(outer.train, 29U) == outer.train.end());

  // Learning from train alone leaves the validation items out.
  p.inner = InnerKind::kFolds;
  p.learn_from = {"train"};
  const FoldPlan without = plan_folds(p, dataset, dataset.targets[1]);
  CHECK(without.outer[0].train == outer.inner[0].train);
  CHECK(without.outer[0].inner.size() == 3);

  // The split where there is one, folds otherwise.
  p.outer = OuterKind::kSplitOrFolds;
  CHECK(plan_folds(p, dataset, dataset.targets[1]).outer.size() == 1);
  p.outer_folds.grouped = true;
  CHECK_FALSE(plan_folds(p, dataset, dataset.targets[1]).grouped);  // those folds are not used
  dataset.splits.clear();
  CHECK(plan_folds(p, dataset, dataset.targets[1]).outer.size() == 5);
  CHECK(plan_folds(p, dataset, dataset.targets[1]).grouped);
}

TEST_CASE("a split that the data set lacks or holds in part is refused") {
  Dataset dataset = songs();
  Protocol p = protocol(OuterKind::kSplit, InnerKind::kValidation);
  const std::string none = refusal(p, dataset);
  CHECK_THAT(none, Catch::Contains("protocol 'mine' cannot be run on 'songs'") &&
                       Catch::Contains("no split 'train'") && Catch::Contains("no split 'valid'") &&
                       Catch::Contains("no split 'test'"));
  for (std::size_t i = 0; i < 30; ++i) dataset.splits.emplace_back(i < 20 ? "train" : "test");
  CHECK_THAT(refusal(p, dataset), Catch::Contains("no split 'valid'") && !Catch::Contains("test'"));
  p.required_items = {{"train", 443}, {"valid", 197}, {"test", 10}};
  const std::string part = refusal(p, dataset);
  CHECK_THAT(part, Catch::Contains("'train' holds 20 items, the protocol needs its 443") &&
                       Catch::Contains("'valid' holds 0 items, the protocol needs its 197") &&
                       !Catch::Contains("'test' holds"));
}

TEST_CASE("folds that teach nothing are refused") {
  Dataset dataset = songs();
  const Protocol p = protocol(OuterKind::kFolds, InnerKind::kFolds);
  SECTION("a class with fewer items than folds") {
    for (std::size_t i = 0, kept = 0; i < 30; ++i) {
      double& genre = dataset.targets[0].values[i];
      if (genre == 1 && ++kept > 4) genre = 0;
    }
    CHECK_THAT(refusal(p, dataset),
               Catch::Contains("protocol 'mine' on 'songs', target 'genre'") &&
                   Catch::Contains("class 'jazz' has 4 items, fewer than the 5 folds"));
  }
  SECTION("one class alone") {
    for (double& genre : dataset.targets[0].values) genre = 2;
    CHECK_THAT(refusal(p, dataset),
               Catch::Contains("fold 1: the training part has one class alone, 'rock'") &&
                   Catch::Contains("fold 5, inner fold 3"));
  }
  SECTION("fewer items than folds") {
    dataset.ids.resize(4);
    dataset.groups.clear();
    for (Target& target : dataset.targets) target.values.resize(4);
    CHECK_THAT(refusal(p, dataset, 1), Catch::Contains("4 items for 5 folds"));
  }
  SECTION("a split without its part") {
    for (std::size_t i = 0; i < 30; ++i) dataset.splits.emplace_back(i < 20 ? "valid" : "test");
    Protocol split = protocol(OuterKind::kSplitOrFolds, InnerKind::kFolds);
    split.learn_from = {"train"};
    CHECK_THAT(refusal(split, dataset, 1), Catch::Contains("0 items for 3 folds"));
    split.inner = InnerKind::kNone;
    CHECK_THAT(refusal(split, dataset, 1), Catch::Contains("fold 1: the training part is empty"));
  }
}

TEST_CASE("a group that cannot be split is named with its class") {
  Dataset dataset = songs();
  for (std::size_t i = 0; i < 30; ++i) {
    if (dataset.targets[0].values[i] == 0) dataset.groups[i] = "B. B. King";
  }
  Protocol p = protocol(OuterKind::kFolds, InnerKind::kNone);
  p.outer_folds.grouped = true;
  const std::string message = refusal(p, dataset);
  CHECK_THAT(message,
             Catch::Contains("class 'blues' is tested but not among the training items") &&
                 Catch::Contains("its items belong to group 'B. B. King', which cannot be split") &&
                 !Catch::Contains("jazz"));
  // Without groups the same labels are no problem.
  p.outer_folds.grouped = false;
  CHECK(plan_folds(p, dataset, dataset.targets[0]).outer.size() == 5);
  // An item of no group is not blamed on a group.
  dataset = songs();
  for (std::size_t i = 0, kept = 0; i < 30; ++i) {
    double& genre = dataset.targets[0].values[i];
    if (genre != 0) continue;
    dataset.groups[i] = "";
    if (++kept > 1) genre = 1;
  }
  p.outer_folds.grouped = true;
  const std::string single = refusal(p, dataset);
  CHECK_THAT(single, Catch::Contains("class 'blues' is tested but not among the training items") &&
                         !Catch::Contains("group ''"));
}

}  // namespace musicrep
