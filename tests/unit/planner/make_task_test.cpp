#include "planner/make_task.h"

#include <catch2/catch.hpp>

#include "musicrep/error.h"

namespace musicrep {
namespace {

using Catch::Matchers::Contains;

Target tag(const std::string& name, std::size_t n_with) {
  Target out{name, {"absent", "present"}, {}};
  for (std::size_t i = 0; i < 40; ++i) out.values.push_back(i < n_with ? 1 : 0);
  return out;
}

Dataset clips() {
  Dataset out;
  out.name = "clips";
  out.targets = {tag("rock", 20), tag("gong", 3), tag("music", 39)};
  Target genre{"genre", {"a", "b"}, {}};
  for (std::size_t i = 0; i < 40; ++i) {
    out.ids.push_back(std::to_string(i));
    genre.values.push_back(static_cast<double>(i % 2));
  }
  out.targets.push_back(genre);
  out.targets[2].title = "Music";
  return out;
}

TaskSpec tags_of(std::vector<std::string> names = {}) {
  TaskSpec out;
  out.name = "tags";
  out.dataset = "clips";
  out.tagging = true;
  out.targets = std::move(names);
  return out;
}

}  // namespace

TEST_CASE("a tagging task takes every tag that enough items have and lack, and names the others") {
  const Dataset dataset = clips();
  const Task task = make_task(tags_of(), dataset);
  CHECK(task.tagging);
  CHECK(task.scored_by().name == "roc_auc");
  REQUIRE(task.targets.size() == 1);
  CHECK(task.targets[0]->name == "rock");
  REQUIRE(task.notes.size() == 1);
  CHECK_THAT(task.notes[0], Contains("2 of 3 tags are left out: 'gong' (3 with it), 'Music' (1 "
                                     "without it)"));
  TaskSpec few = tags_of();
  few.min_positives = 1;
  CHECK(make_task(few, dataset).targets.size() == 3);
  CHECK(make_task(few, dataset).notes.empty());
  few.min_positives = 21;
  CHECK_THROWS_WITH(make_task(few, dataset), Contains("3 of 3 tags are left out"));
}

TEST_CASE("positives are counted in the splits train and test where there are such") {
  Dataset dataset = clips();
  for (std::size_t i = 0; i < 40; ++i) dataset.splits.emplace_back(i < 12 ? "train" : "test");
  CHECK_THROWS_WITH(make_task(tags_of(), dataset),
                    Contains("'rock' (0 without it in the split 'train')"));
  TaskSpec spec = tags_of({"rock"});
  spec.min_positives = 9;
  for (std::size_t i = 0; i < 40; ++i) dataset.splits[i] = i % 2 == 0 ? "train" : "test";
  CHECK(make_task(spec, dataset).targets.size() == 1);
}

TEST_CASE("what does not make up a task is refused by name") {
  const Dataset dataset = clips();
  CHECK_THROWS_WITH(make_task(tags_of({"rock", "rock"}), dataset),
                    Contains("[task.tags]: the target 'rock' is listed more than once"));
  CHECK_THROWS_WITH(make_task(tags_of({"rock", "genre"}), dataset),
                    Contains("'genre' is not a tag of the data set 'clips'"));
  CHECK_THROWS_WITH(make_task(tags_of({"rok"}), dataset), Contains("rock"));
  Dataset without = clips();
  without.targets.erase(without.targets.begin(), without.targets.begin() + 3);
  CHECK_THROWS_WITH(make_task(tags_of(), without), Contains("the data set 'clips' has no tags"));
  TaskSpec metric = tags_of();
  metric.metric = "accuracy";
  CHECK_THROWS_WITH(make_task(metric, dataset), Contains("roc_auc"));
  TaskSpec classes = tags_of({"rock", "gong"});
  classes.tagging = false;
  CHECK_THROWS_WITH(make_task(classes, dataset), Contains("or tags with tags = true"));
}

}  // namespace musicrep
