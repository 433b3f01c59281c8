#include <catch2/catch.hpp>

#include "steps/train_step.h"

namespace musicrep {

TEST_CASE("An artist whom a corpus spells otherwise is known again") {
  Dataset corpus;
  corpus.ids = {"1", "2", "3", "4"};
  corpus.groups = {"Earth, Wind & Fire", "Lauryn Hill", "Queen", ""};
  corpus.splits = {"train", "train", "test", "train"};
  Dataset scored;
  scored.ids = {"a", "b", "c", "d", "e"};
  scored.groups = {"Earth Wind and Fire", "Lauryn Hill and Bob Marley", "Queen", "", "Hill"};
  const Seen seen = seen_in_training(corpus, scored, {0, 1, 2, 3, 4});
  CHECK(seen.n_items == 0);
  CHECK(seen.n_groups == 2);
  CHECK(seen.group == "Earth Wind and Fire");
  CHECK(seen_in_training(corpus, scored, {2, 3, 4}).n_groups == 0);
  corpus.groups.clear();
  CHECK(seen_in_training(corpus, scored, {0, 1, 2, 3, 4}).n_groups == 0);
}

TEST_CASE("An option added after a release does not change keys where it has its default") {
  Training training;
  EncoderInfo info;
  info.version = "1";
  const std::string before = training_key_json(training, info);
  info.options = {{"later", 1.0, "trains", false, false, true}};
  info.options[0].came_later = true;
  training.options["later"] = 1.0;
  CHECK(training_key_json(training, info) == before);
  training.options["later"] = 2.0;
  CHECK(training_key_json(training, info) != before);
}

}  // namespace musicrep
