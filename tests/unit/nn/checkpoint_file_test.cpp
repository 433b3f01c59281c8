#include "nn/checkpoint_file.h"

#include <fstream>

#include "nn_testing.h"
#include "weights/weights_file.h"

namespace musicrep {
namespace {

namespace fs = std::filesystem;
using Catch::Contains;

Checkpoint sample(std::size_t step) {
  Checkpoint checkpoint;
  checkpoint.step = step;
  checkpoint.model["a.weight"] = {{2}, {0.1F, -3e-42F}};
  checkpoint.first_moments["a.weight"] = {{2}, {1, 2}};
  checkpoint.second_moments["a.weight"] = {{2}, {3, 4}};
  checkpoint.updates["a.weight"] = 5;
  checkpoint.loss_sum = 0.1 + 0.2;
  checkpoint.curves["loss"] = {1.0 / 3};
  return checkpoint;
}

void check_same(const Checkpoint& a, const Checkpoint& b) {
  CHECK(a.step == b.step);
  CHECK(a.model == b.model);
  CHECK(a.first_moments == b.first_moments);
  CHECK(a.second_moments == b.second_moments);
  CHECK(a.updates == b.updates);
  CHECK(a.best == b.best);
  CHECK(a.best_loss == b.best_loss);
  CHECK(a.best_step == b.best_step);
  CHECK(a.validations_since_best == b.validations_since_best);
  CHECK(a.loss_sum == b.loss_sum);
  CHECK(a.curves == b.curves);
}

}  // namespace

TEST_CASE("a checkpoint file gives back every bit, before and after a first validation") {
  const TempFolder folder;
  CheckpointFile file(folder.path() / "sub" / "c.h5", {{"seed", 1}});
  CHECK_FALSE(file.load());
  Checkpoint checkpoint = sample(7);
  file.save(checkpoint);
  check_same(file.load().value(), checkpoint);
  checkpoint.best = checkpoint.model;
  checkpoint.best_loss = 1.0 / 7;
  checkpoint.best_step = 6;
  checkpoint.validations_since_best = 2;
  file.save(checkpoint);
  check_same(file.load().value(), checkpoint);
}

TEST_CASE("a checkpoint of another configuration is refused with all differences") {
  const TempFolder folder;
  const fs::path path = folder.path() / "c.h5";
  CheckpointFile(path, {{"seed", 1}, {"lr", 0.1}, {"net", {{"width", 4}}}}).save(sample(7));
  CheckpointFile other(path, {{"seed", 2}, {"lr", 0.1}, {"net", {{"depth", 3}, {"width", 4}}}});
  const std::string message = message_of<DataError>([&] { other.load(); });
  CHECK_THAT(message, Contains(path.string()) && Contains("'seed': found 1, expected 2") &&
                          Contains("'net/depth': found nothing, expected 3"));
  CHECK_THAT(message, !Contains("lr") && !Contains("width"));
  CHECK(fs::exists(path));
}

TEST_CASE("a damaged or truncated checkpoint is set aside") {
  const TempFolder folder;
  const fs::path path = folder.path() / "c.h5";
  CheckpointFile file(path, {{"seed", 1}});
  file.save(sample(7));
  const std::string good = bytes_of(path);
  std::string changed = good;
  changed[changed.size() / 2] ^= 1;
  for (const std::string& bad : {changed, good.substr(0, good.size() / 2), std::string("x")}) {
    folder.write("c.h5", bad);
    CHECK_FALSE(file.load());
    CHECK_FALSE(fs::exists(path));
    CHECK(bytes_of(path.string() + ".damaged") == bad);
  }
  file.save(sample(8));
  CHECK(file.load()->step == 8);
}

TEST_CASE("weights are no checkpoint, and stay where they are") {
  const TempFolder folder;
  const fs::path path = folder.path() / "c.h5";
  Weights weights;
  weights.architecture = "tlm";
  weights.config = weights.source = nlohmann::json::object();
  write_weights(path, weights);
  CheckpointFile file(path, {{"seed", 1}});
  CHECK_THAT(message_of<DataError>([&] { file.load(); }),
             Contains(path.string()) && Contains("holds weights of tlm"));
  CHECK(fs::exists(path));
}

TEST_CASE("a folder in the way of a checkpoint is reported") {
  const TempFolder folder;
  CheckpointFile file(folder.path(), {{"seed", 1}});
  CHECK_THAT(message_of<DataError>([&] { file.load(); }), Contains(folder.path().string()));
  CHECK_THAT(message_of<DataError>([&] { file.save(sample(1)); }),
             Contains(folder.path().string()));
}

}  // namespace musicrep
