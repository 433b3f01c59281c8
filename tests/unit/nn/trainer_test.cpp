#include "nn/trainer.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <thread>

#include "core/stop.h"
#include "nn_testing.h"

namespace musicrep {
namespace {

/// One weight; validation losses as they are passed.
class Scripted : public TrainingTask {
 public:
  explicit Scripted(std::vector<double> losses) : losses_(std::move(losses)) {}
  torch::nn::Module& model() override { return *net_; }
  [[nodiscard]] std::size_t n_items() const override { return 3; }
  torch::Tensor loss(Batch&) override {
    REQUIRE(net_->is_training());
    return net_->weight.sum();
  }
  double validation_loss() override {
    REQUIRE_FALSE(net_->is_training());
    REQUIRE_FALSE(torch::GradMode::is_enabled());
    weights.push_back(net_->weight.item<float>());
    return losses_.at(weights.size() - 1);
  }
  std::vector<float> weights;  ///< at each validation

 private:
  torch::nn::Linear net_{1, 1};
  std::vector<double> losses_;
};

TrainerConfig every_step(std::size_t steps) {
  TrainerConfig config;
  config.steps = steps;
  config.validate_every = 1;
  return config;
}

}  // namespace

TEST_CASE("an epoch shows full batches of items, none twice, in an order of its own") {
  TinyTask task;
  std::vector<std::vector<std::size_t>> batches;
  task.before_loss = [&](const Batch& b) { batches.emplace_back(b.items.begin(), b.items.end()); };
  TrainerConfig config = tiny_config();
  train(task, config, 5, nullptr, {});
  REQUIRE(batches.size() == 40);
  std::set<std::vector<std::size_t>> epochs;
  std::set<std::size_t> all;
  for (std::size_t first = 0; first + 3 <= batches.size(); first += 3) {
    std::vector<std::size_t> epoch;
    for (std::size_t b = first; b < first + 3; ++b) {
      REQUIRE(batches[b].size() == 10);
      epoch.insert(epoch.end(), batches[b].begin(), batches[b].end());
    }
    all.insert(epoch.begin(), epoch.end());
    CHECK(std::set(epoch.begin(), epoch.end()).size() == 30);
    epochs.insert(epoch);
  }
  CHECK(epochs.size() == 13);
  CHECK(all.size() == 32);
  CHECK(*all.rbegin() == 31);
}

TEST_CASE("batches by length hold items of about one length, and every item has its turn") {
  class Long : public TinyTask {
   public:
    [[nodiscard]] std::vector<std::size_t> lengths() const override {
      std::vector<std::size_t> out(32);
      for (std::size_t i = 0; i < out.size(); ++i) out[i] = (i * 7) % 32;  // each of 0 to 31 once
      return out;
    }
  };
  Long task;
  std::vector<std::vector<std::size_t>> batches;
  task.before_loss = [&](const Batch& b) { batches.emplace_back(b.items.begin(), b.items.end()); };
  TrainerConfig config = tiny_config();
  config.by_length = true;
  train(task, config, 5, nullptr, {});
  const std::vector<std::size_t> length = task.lengths();
  std::set<std::size_t> all;
  std::set<std::size_t> first_lengths;
  for (std::size_t first = 0; first + 3 <= batches.size(); first += 3) {
    std::set<std::size_t> epoch;
    for (std::size_t b = first; b < first + 3; ++b) {
      std::size_t least = 32;
      std::size_t most = 0;
      for (const std::size_t i : batches[b]) {
        least = std::min(least, length[i]);
        most = std::max(most, length[i]);
      }
      CHECK(most - least <= 11);  // 10 of the 30 that the epoch shows
      epoch.insert(batches[b].begin(), batches[b].end());
      if (b == first) first_lengths.insert(least);
    }
    CHECK(epoch.size() == 30);
    all.insert(epoch.begin(), epoch.end());
  }
  CHECK(all.size() == 32);
  CHECK(*first_lengths.rbegin() > 10);  // the order of batches is no order of lengths
  CHECK(*first_lengths.begin() < 5);
}

TEST_CASE("fewer items than a batch are one batch") {
  TinyTask task;
  TrainerConfig config = tiny_config();
  config.batch_size = 1000;
  std::size_t size = 0;
  task.before_loss = [&](const Batch& b) { size = b.items.size(); };
  train(task, config, 5, nullptr, {});
  CHECK(size == 32);
}

TEST_CASE("the learning rate rises, stays or falls as asked") {
  TrainerConfig config;
  config.steps = 10;
  config.learning_rate = 8;
  CHECK(learning_rate_at(config, 0) == 8);
  CHECK(learning_rate_at(config, 9) == 8);
  config.warmup = 0.2;
  CHECK(learning_rate_at(config, 0) == 4);
  CHECK(learning_rate_at(config, 1) == 8);
  CHECK(learning_rate_at(config, 9) == 8);
  config.decay = true;
  CHECK(learning_rate_at(config, 1) == 8);
  CHECK(learning_rate_at(config, 2) == 8);
  CHECK(learning_rate_at(config, 6) == 4);
  CHECK(learning_rate_at(config, 9) == 1);
}

TEST_CASE("training learns, and its curves and reports say so") {
  TinyTask task;
  TrainerConfig config = tiny_config();
  config.steps = 500;
  config.patience = 0;
  std::vector<std::size_t> reported;
  const TrainingRun run =
      train(task, config, 1, nullptr, [&](std::size_t step, std::size_t steps, double loss) {
        CHECK(steps == 500);
        CHECK(std::isfinite(loss));
        reported.push_back(step);
      });
  const std::vector<double>& steps = run.curves.at("step");
  REQUIRE(steps.size() == 250);
  CHECK(std::equal(steps.begin(), steps.end(), reported.begin(), reported.end(),
                   [](double a, std::size_t b) { return a == static_cast<double>(b); }));
  CHECK(steps.back() == 500);
  CHECK(run.curves.at("learning_rate")[1] == Approx(0.02 * 4 / 50));
  const std::vector<double>& loss = run.curves.at("loss");
  CHECK(std::accumulate(loss.end() - 25, loss.end(), 0.0) <
        0.5 * std::accumulate(loss.begin(), loss.begin() + 25, 0.0));
  CHECK(run.curves.at("validation_step").size() == 72);
  CHECK(run.curves.at("validation_step").back() == 500);
  const std::vector<double>& validation = run.curves.at("validation_loss");
  CHECK(task.validation_loss() == *std::ranges::min_element(validation));
}

TEST_CASE("the entries of a curve are the mean losses since the one before") {
  struct Recording : TinyTask {
    torch::Tensor loss(Batch& batch) override {
      const torch::Tensor value = TinyTask::loss(batch);
      losses.push_back(value.item<double>());
      return value;
    }
    std::vector<double> losses;
  };
  Recording task;
  TrainerConfig config = tiny_config();
  config.steps = 403;  // an entry for two steps, and a last one for a single step
  const TrainingRun run = train(task, config, 1, nullptr, {});
  const std::vector<double>& entries = run.curves.at("loss");
  REQUIRE(entries.size() == 202);
  for (std::size_t i = 0; i < 201; ++i) {
    CHECK(entries[i] == Approx((task.losses[2 * i] + task.losses[2 * i + 1]) / 2));
  }
  CHECK(entries[201] == Approx(task.losses[402]));
  CHECK(run.curves.at("step").back() == 403);
}

TEST_CASE("gradients are computed in the thread that trains") {
  struct Listening : TinyTask {
    torch::Tensor loss(Batch& batch) override {
      const torch::Tensor value = TinyTask::loss(batch) * 1;
      value.register_hook([this](const torch::Tensor&) { thread = std::this_thread::get_id(); });
      return value;
    }
    std::thread::id thread;
  };
  Listening task;
  train(task, tiny_config(), 1, nullptr, {});
  CHECK(task.thread == std::this_thread::get_id());
}

TEST_CASE("the best state by validation is what training leaves") {
  Scripted task({5, 2, 3, 1, 4, 1});
  const TrainingRun run = train(task, every_step(6), 1, nullptr, {});
  CHECK(run.steps == 6);
  CHECK(run.best_step == 4);
  CHECK(task.model().parameters()[0].item<float>() == task.weights[3]);
  CHECK(run.curves.at("validation_loss") == std::vector<double>{5, 2, 3, 1, 4, 1});
}

TEST_CASE("without validation the last state is what training leaves") {
  Scripted task({});
  TrainerConfig config;
  config.steps = 6;
  const float before = task.model().parameters()[0].item<float>();
  const TrainingRun run = train(task, config, 1, nullptr, {});
  CHECK(run.best_step == 6);
  CHECK(task.model().parameters()[0].item<float>() == Approx(before - 6e-3));
  CHECK_FALSE(run.curves.contains("validation_loss"));
}

TEST_CASE("training stops where patience is spent, also when it is resumed there") {
  TrainerConfig config = every_step(100);
  config.patience = 3;
  config.checkpoint_every = 1;
  Scripted task({5, 2, 3, 3, 1, 4, 1, 2});
  MemoryCheckpoints checkpoints;
  const TrainingRun run = train(task, config, 1, &checkpoints, {});
  CHECK(run.steps == 8);
  CHECK(run.best_step == 5);
  CHECK(task.model().parameters()[0].item<float>() == task.weights[4]);
  Scripted resumed({});  // any further validation would fail
  CHECK(train(resumed, config, 1, &checkpoints, {}).steps == 8);
  CHECK(resumed.model().parameters()[0].item<float>() == task.weights[4]);
}

TEST_CASE("losses and gradients that are not finite stop the training and say where") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  struct Bad : Scripted {
    Bad(double loss, bool in_gradient) : Scripted({}), loss_(loss), in_gradient_(in_gradient) {}
    torch::Tensor loss(Batch& batch) override {
      const torch::Tensor fine = Scripted::loss(batch);
      if (batch.step != 4) return fine;
      // 0 / 0 in the derivative of a root at 0.
      return in_gradient_ ? ((fine - fine.detach()) * 0).abs().sqrt().sum() * 0 : fine * loss_;
    }
    double loss_;
    bool in_gradient_;
  };
  TrainerConfig config;
  config.steps = 10;
  config.batch_size = 2;
  config.checkpoint_every = 3;
  for (const auto& [loss, in_gradient, text] :
       {std::tuple(nan, false, "the loss of step 5 is nan"),
        std::tuple(std::numeric_limits<double>::infinity(), false, "the loss of step 5 is "),
        std::tuple(0.0, true, "the length of the gradient of step 5 is ")}) {
    Bad task(loss, in_gradient);
    MemoryCheckpoints checkpoints;
    const std::string message =
        message_of<DataError>([&] { train(task, config, 1, &checkpoints, {}); });
    CHECK_THAT(message, Catch::Contains(text) && Catch::Contains("; its items: "));
    REQUIRE(checkpoints.last);
    CHECK(checkpoints.steps == std::vector<std::size_t>{3});
    for (const auto& [name, tensor] : checkpoints.last->model) {
      CHECK(std::ranges::all_of(tensor.values, [](float v) { return std::isfinite(v); }));
    }
  }
  Scripted invalid({1, nan});
  CHECK_THAT(message_of<DataError>([&] { train(invalid, every_step(3), 1, nullptr, {}); }),
             Catch::Contains("the validation loss after step 2 is nan"));
}

TEST_CASE("seeds differ, equal ones do not") {
  const auto run = [](std::uint64_t seed) {
    TinyTask task;
    return outcome_of(task, tiny_config(), seed);
  };
  CHECK(run(3) == run(3));
  CHECK_FALSE(run(3) == run(4));
}

TEST_CASE("trainings at the same time give the bits that they give one after the other") {
  TrainerConfig config = tiny_config();
  config.steps = 200;
  const auto run = [&](std::uint64_t seed, Outcome& into) {
    TinyTask task(seed);
    into = outcome_of(task, config, seed);
  };
  std::vector<Outcome> alone(4);
  std::vector<Outcome> together(4);
  for (std::size_t i = 0; i < 4; ++i) run(i, alone[i]);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      // Whatever the global generator is at moves nothing.
      torch::manual_seed(i);
      run(i, together[i]);
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (std::size_t i = 0; i < 4; ++i) CHECK(alone[i] == together[i]);
  CHECK_FALSE(alone[0].state == alone[1].state);
}

}  // namespace musicrep
