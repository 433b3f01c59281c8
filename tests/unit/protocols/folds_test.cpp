#include "protocols/folds.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "core/random.h"
#include "musicrep/error.h"
#include "test_files.h"

namespace musicrep {
namespace {

const std::vector<std::string> kNames = {"blues", "jazz", "rock"};

FoldRule rule(int n, bool stratify, bool grouped = false) {
  return {n, stratify, false, 0, grouped};
}

std::string refusal(const FoldRule& folds, std::size_t n, const std::vector<int>& classes,
                    const std::vector<std::string>& groups = {}) {
  return message_of<DataError>(
      [&] { assign_folds(folds, n, classes, kNames, group_numbers(groups)); });
}

}  // namespace

TEST_CASE("plain folds are contiguous, the first ones larger") {
  CHECK(assign_folds(rule(3, false), 8, {}, {}, {}) == std::vector<int>{0, 0, 0, 1, 1, 1, 2, 2});
  // Without classes there is nothing to stratify.
  CHECK(assign_folds(rule(4, true), 4, {}, {}, {}) == std::vector<int>{0, 1, 2, 3});
}

TEST_CASE("stratified folds share every class out evenly") {
  const std::vector<int> classes = {0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2};
  CHECK(assign_folds(rule(2, true), 12, classes, kNames, {}) ==
        std::vector<int>{0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1});
  // Groups are available but not asked for.
  CHECK(assign_folds(rule(2, true), 12, classes, kNames, std::vector<std::uint32_t>(12, 0)) ==
        std::vector<int>{0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1});
}

TEST_CASE("shuffled folds follow their seed") {
  FoldRule folds{5, true, true, 1234, false};
  std::vector<int> classes;
  for (int i = 0; i < 60; ++i) classes.push_back(i % 3);
  for (const bool stratify : {true, false}) {
    folds.stratify = stratify;
    const auto first = assign_folds(folds, 60, classes, kNames, {});
    CHECK(assign_folds(folds, 60, classes, kNames, {}) == first);
    CHECK_FALSE(std::ranges::is_sorted(first));
    for (int fold = 0; fold < 5; ++fold) CHECK(std::ranges::count(first, fold) == 12);
    FoldRule other = folds;
    other.seed = 1235;
    CHECK(assign_folds(other, 60, classes, kNames, {}) != first);
  }
}

TEST_CASE("groups never cross folds") {
  const bool stratify = GENERATE(true, false);
  const auto seed = GENERATE(as<std::uint64_t>(), 1, 2, 3, 4, 5);
  Random random(seed);
  std::vector<int> classes;
  std::vector<std::string> groups;
  for (std::size_t i = 0; i < 200; ++i) {
    // Some groups hold several classes, some items have no group.
    const std::uint64_t g = random.below(40);
    groups.push_back(g < 5 ? "" : "artist " + std::to_string(g));
    classes.push_back(static_cast<int>(random.below(10) < 8 ? g % 3 : random.below(3)));
  }
  const auto folds =
      assign_folds(rule(5, stratify, true), 200, classes, kNames, group_numbers(groups));
  std::map<std::string, std::set<int>> folds_of;
  std::set<int> alone;
  for (std::size_t i = 0; i < 200; ++i)
    (groups[i].empty() ? alone : folds_of[groups[i]]).insert(folds[i]);
  for (const auto& [group, its] : folds_of) {
    CAPTURE(group);
    CHECK(its.size() == 1);
  }
  CHECK(alone.size() > 1);  // items without a group are not one group
  for (int fold = 0; fold < 5; ++fold) {
    const auto size = std::ranges::count(folds, fold);
    CHECK(size > 25);
    CHECK(size < 55);
  }
}

TEST_CASE("the number of a group does not matter, nor which numbers there are") {
  const std::vector<int> classes = {0, 1, 0, 1, 2, 0, 1, 2, 0, 1, 2, 2};
  const std::vector<std::uint32_t> groups = {0, 0, 1, 2, 2, 3, 3, 4, 5, 5, 6, 1};
  std::vector<std::uint32_t> others;
  for (const std::uint32_t g : groups) others.push_back(40 - 3 * g);
  for (const bool stratify : {true, false}) {
    CHECK(assign_folds(rule(3, stratify, true), 12, classes, kNames, groups) ==
          assign_folds(rule(3, stratify, true), 12, classes, kNames, others));
  }
  CHECK(group_numbers(std::vector<std::string>{"b", "", "a", "b", ""}) ==
        std::vector<std::uint32_t>{0, 1, 2, 0, 3});
}

TEST_CASE("the largest group goes to the smallest fold") {
  const std::vector<std::string> groups = {"a", "b", "b", "b", "c", "c", "d", "d", "d", "d"};
  CHECK(assign_folds(rule(2, false, true), 10, {}, {}, group_numbers(groups)) ==
        std::vector<int>{0, 1, 1, 1, 1, 1, 0, 0, 0, 0});
}

TEST_CASE("folds that cannot be made are refused with the reason") {
  CHECK(refusal(rule(5, false), 4, {}) == "folds cannot be made: 4 items for 5 folds");
  const std::vector<int> classes = {0, 0, 0, 0, 1, 1, 2};
  const std::string few = refusal(rule(3, true), 7, classes);
  CHECK_THAT(few, Catch::Contains("class 'jazz' has 2 items, fewer than the 3 folds") &&
                      Catch::Contains("class 'rock' has 1 items, fewer than the 3 folds") &&
                      !Catch::Contains("blues"));
  CHECK(refusal(rule(3, true, true), 7, classes, {"x", "x", "x", "y", "y", "y", "x"}) ==
        "folds cannot be made: there are 2 groups, fewer than the 3 folds");
}

TEST_CASE("a fold that scikit-learn's rule leaves empty is refused") {
  // As many groups as folds; an evenness that differs in the last bit puts two groups together.
  const std::vector<int> classes = {3, 5, 4, 3, 8, 5, 6, 7, 0, 8, 2};
  const std::vector<std::string> groups = {"a", "a", "a", "b", "b", "b", "c", "d", "d", "d", "e"};
  const std::vector<std::string> names(9, "a genre");
  CHECK(message_of<DataError>([&] {
          assign_folds(rule(5, true, true), 11, classes, names, group_numbers(groups));
        }) == "folds cannot be made: fold 3 of 5 would be empty (a group cannot be split)");
}

}  // namespace musicrep
