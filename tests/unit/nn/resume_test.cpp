// A training that was stopped goes on as if nothing had happened.
#include <csignal>

#include "core/stop.h"
#include "nn/checkpoint_file.h"
#include "nn_testing.h"

namespace musicrep {
namespace {

struct Killed {};

/// Trains until it is killed before the update of step `at` (from 0); false where it came to an
/// end.
bool killed_before(std::size_t at, const TrainerConfig& config, Checkpoints& checkpoints) {
  TinyTask task;
  task.before_loss = [&](const Batch& batch) {
    if (batch.step == at) throw Killed();
  };
  try {
    train(task, config, 3, &checkpoints, {});
  } catch (const Killed&) {
    return true;
  }
  return false;
}

/// Goes on with a model whose weights are others before they are restored.
Outcome resumed(const TrainerConfig& config, Checkpoints& checkpoints) {
  TinyTask task(77);
  return outcome_of(task, config, 3, &checkpoints);
}

Outcome undisturbed(const TrainerConfig& config) {
  TinyTask task;
  return outcome_of(task, config, 3);
}

}  // namespace

TEST_CASE("killed at any step and resumed, a training ends in the same bits") {
  const TrainerConfig config = tiny_config();
  const Outcome expected = undisturbed(config);
  // The first checkpoint is of step 6: before it all begins again.
  for (std::size_t at = 6; at < config.steps; ++at) {
    MemoryCheckpoints checkpoints;
    REQUIRE(killed_before(at, config, checkpoints));
    CHECK(checkpoints.last->step == at - at % 6);
    CHECK(resumed(config, checkpoints) == expected);
  }
}

TEST_CASE("killed many times in a row, a training ends in the same bits") {
  TrainerConfig config = tiny_config();
  config.checkpoint_every = 1;
  config.steps = 450;  // a curve's entry covers two steps
  MemoryCheckpoints checkpoints;
  for (std::size_t at = 1; at < config.steps; at += 13) {
    REQUIRE(killed_before(at, config, checkpoints));
  }
  CHECK(resumed(config, checkpoints) == undisturbed(config));
}

TEST_CASE("the interval of checkpoints does not affect results") {
  TrainerConfig config = tiny_config();
  const Outcome expected = undisturbed(config);
  for (const std::size_t every : std::vector<std::size_t>{1, 5, 1000}) {
    config.checkpoint_every = every;
    MemoryCheckpoints checkpoints;
    TinyTask task;
    CHECK(outcome_of(task, config, 3, &checkpoints) == expected);
    CHECK(checkpoints.steps.size() == config.steps / every);
  }
}

TEST_CASE("a request to stop saves a checkpoint of that very step") {
  const TrainerConfig config = tiny_config();
  MemoryCheckpoints checkpoints;
  TinyTask task;
  task.before_loss = [](const Batch& batch) {
    if (batch.step == 20) request_stop(SIGINT);
  };
  try {
    train(task, config, 3, &checkpoints, {});
    FAIL("it was not interrupted");
  } catch (const Error& e) {
    CHECK(e.kind() == ErrorKind::kInterrupted);
  }
  request_stop(0);
  REQUIRE(checkpoints.last);
  CHECK(checkpoints.last->step == 21);
  CHECK(resumed(config, checkpoints) == undisturbed(config));
}

TEST_CASE("a finished training's checkpoint gives its result again") {
  TrainerConfig config = tiny_config();
  config.checkpoint_every = 40;
  MemoryCheckpoints checkpoints;
  TinyTask task;
  const Outcome expected = outcome_of(task, config, 3, &checkpoints);
  CHECK(resumed(config, checkpoints) == expected);
}

TEST_CASE("a checkpoint of another network is refused by the names of its tensors") {
  MemoryCheckpoints checkpoints;
  REQUIRE(killed_before(10, tiny_config(), checkpoints));
  checkpoints.last->model.erase("norm.running_mean");
  checkpoints.last->model["last.weight"].shape = {8, 1};
  TinyTask task;
  const std::string message =
      message_of<DataError>([&] { train(task, tiny_config(), 3, &checkpoints, {}); });
  CHECK_THAT(message, Catch::Contains("checkpoint of step 6") &&
                          Catch::Contains("'norm.running_mean' [8] is missing") &&
                          Catch::Contains("'last.weight': found shape [8, 1], expected [1, 8]"));
}

TEST_CASE("a file keeps all of a checkpoint") {
  const TempFolder folder;
  const TrainerConfig config = tiny_config();
  const Outcome expected = undisturbed(config);
  for (const std::size_t at : std::vector<std::size_t>{6, 13, 39}) {
    CheckpointFile first(folder.path() / "c.h5", {{"seed", 3}});
    REQUIRE(killed_before(at, config, first));
    CheckpointFile second(folder.path() / "c.h5", {{"seed", 3}});
    CHECK(resumed(config, second) == expected);
    std::filesystem::remove(folder.path() / "c.h5");
  }
}

}  // namespace musicrep
