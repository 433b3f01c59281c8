#include "nn/trainer.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "core/random.h"
#include "core/stop.h"
#include "musicrep/error.h"
#include "nn/adam.h"
#include "nn/autocast.h"
#include "nn/random.h"
#include "nn/state.h"
#include "nn/threads.h"

namespace musicrep {
namespace {

enum class Stream : std::uint64_t { kEpochs, kSteps };

/// A seed for the index-th epoch or step of a training.
std::uint64_t seed_of(std::uint64_t seed, Stream stream, std::uint64_t index) {
  const std::uint64_t mixed = Random(seed).next();
  return Random(mixed ^ (2 * index + static_cast<std::uint64_t>(stream))).next();
}

/// So many batches are sorted by length together: fewer would pad more, all would always put the
/// same items side by side.
constexpr std::size_t kPool = 8;

/// Which items a step sees: every epoch is a new permutation, cut into full batches. With lengths,
/// each pool of batches is sorted by them first, and the batches come in a random order.
class Order {
 public:
  Order(std::size_t n_items, std::size_t batch_size, std::uint64_t seed,
        std::vector<std::size_t> lengths)
      : n_items_(n_items),
        batch_size_(std::min(batch_size, n_items)),
        seed_(seed),
        lengths_(std::move(lengths)) {
    assert(lengths_.empty() || lengths_.size() == n_items_);
  }

  /// Valid until the next call.
  std::span<const std::size_t> batch(std::size_t step) {
    const std::size_t batches = n_items_ / batch_size_;
    const std::size_t epoch = step / batches;
    if (items_.empty() || epoch != epoch_) {
      Random random(seed_of(seed_, Stream::kEpochs, epoch));
      items_ = permutation(n_items_, random);
      epoch_ = epoch;
      batches_ = permutation(batches, random);
      if (!lengths_.empty()) sort_pools(batches);
    }
    const std::size_t batch = lengths_.empty() ? step % batches : batches_[step % batches];
    return std::span(items_).subspan(batch * batch_size_, batch_size_);
  }

 private:
  void sort_pools(std::size_t batches) {
    for (std::size_t first = 0; first < batches; first += kPool) {
      const auto pool = std::span(items_).subspan(first * batch_size_,
                                                  std::min(kPool, batches - first) * batch_size_);
      std::ranges::stable_sort(pool, {}, [&](std::size_t item) { return lengths_[item]; });
    }
  }

  std::size_t n_items_;
  std::size_t batch_size_;
  std::uint64_t seed_;
  std::vector<std::size_t> lengths_;
  std::size_t epoch_ = 0;
  std::vector<std::size_t> items_;
  std::vector<std::size_t> batches_;
};

[[noreturn]] void fail_not_finite(const std::string& what, double value, const Batch& batch) {
  std::string items;
  for (const std::size_t i : batch.items) items += (items.empty() ? "" : ", ") + std::to_string(i);
  throw DataError("training: " + what + " of step " + std::to_string(batch.step + 1) + " is " +
                  std::to_string(value) + ", expected a finite number; its items: " + items);
}

class Trainer {
 public:
  Trainer(TrainingTask& task, const TrainerConfig& config, std::uint64_t seed)
      : task_(task),
        config_(config),
        seed_(seed),
        mixed_(config.mixed_precision && torch::Device(config.device).is_cuda()),
        curve_every_(std::max<std::size_t>(1, config.steps / 200)),
        order_(task.n_items(), config.batch_size, seed,
               config.by_length ? task.lengths() : std::vector<std::size_t>()),
        adam_(on_device(task.model(), torch::Device(config.device)), config) {}

  [[nodiscard]] bool done() const {
    return state_.step >= config_.steps ||
           (config_.patience > 0 && state_.validations_since_best >= config_.patience);
  }

  void step(const TrainingProgress& progress) {
    update();
    if (state_.step % curve_every_ == 0 || state_.step == config_.steps) {
      const std::size_t since = (state_.step - 1) % curve_every_ + 1;
      const double loss = state_.loss_sum / static_cast<double>(since);
      state_.curves["step"].push_back(static_cast<double>(state_.step));
      state_.curves["loss"].push_back(loss);
      state_.curves["learning_rate"].push_back(learning_rate_at(config_, state_.step - 1));
      state_.loss_sum = 0;
      if (progress) progress(state_.step, config_.steps, loss);
    }
    if (config_.validate_every > 0 &&
        (state_.step % config_.validate_every == 0 || state_.step == config_.steps)) {
      validate();
    }
  }

  void save(Checkpoints& checkpoints) {
    state_.model = state_of(task_.model());
    adam_.save(state_);
    checkpoints.save(state_);
    forget_copies();
  }

  void save_if_due(Checkpoints& checkpoints) {
    const bool stop = stop_requested() != 0;
    const bool due = config_.checkpoint_every > 0 && state_.step % config_.checkpoint_every == 0;
    if ((stop || due) && saved_step_ != state_.step) save(checkpoints);
  }

  void restore(Checkpoint checkpoint) {
    const std::string where = "checkpoint of step " + std::to_string(checkpoint.step);
    load_state(task_.model(), checkpoint.model, where + ":");
    adam_.load(checkpoint, where);
    state_ = std::move(checkpoint);
    forget_copies();
  }

  TrainingRun finish() {
    if (!state_.best.empty()) load_state(task_.model(), state_.best, "best state:");
    task_.model().eval();
    if (config_.validate_every > 0) judge();
    return {state_.step, state_.best.empty() ? state_.step : state_.best_step,
            std::move(state_.curves)};
  }

 private:
  static torch::nn::Module& on_device(torch::nn::Module& model, torch::Device device) {
    model.to(device);
    return model;
  }

  /// What was saved or restored is in the model and in the optimiser.
  void forget_copies() {
    saved_step_ = state_.step;
    state_.model.clear();
    state_.first_moments.clear();
    state_.second_moments.clear();
  }

  void update() {
    Batch batch{state_.step, order_.batch(state_.step),
                make_generator(seed_of(seed_, Stream::kSteps, state_.step))};
    task_.model().train();
    adam_.zero_grad();
    torch::Tensor loss;
    {
      const Autocast autocast(mixed_);
      loss = task_.loss(batch);
    }
    const double value = loss.item<double>();
    if (!std::isfinite(value)) fail_not_finite("the loss", value, batch);
    loss.backward();
    const double norm = adam_.clip();
    if (!std::isfinite(norm)) fail_not_finite("the length of the gradient", norm, batch);
    adam_.step(learning_rate_at(config_, state_.step));
    state_.loss_sum += value;
    ++state_.step;
  }

  void validate() {
    torch::NoGradGuard no_grad;
    const Autocast autocast(mixed_);
    task_.model().eval();
    const double loss = task_.validation_loss();
    if (!std::isfinite(loss)) {
      throw DataError("training: the validation loss after step " + std::to_string(state_.step) +
                      " is " + std::to_string(loss) + ", expected a finite number");
    }
    state_.curves["validation_step"].push_back(static_cast<double>(state_.step));
    state_.curves["validation_loss"].push_back(loss);
    ++state_.validations_since_best;
    if (loss < state_.best_loss) {
      state_.best_loss = loss;
      state_.best_step = state_.step;
      state_.validations_since_best = 0;
      state_.best = state_of(task_.model());
    }
  }

  void judge() {
    const torch::NoGradGuard no_grad;
    const Autocast autocast(mixed_);
    const auto keep = [&](const char* name, double value) {
      if (std::isfinite(value)) state_.curves[name] = {value};
    };
    keep("base_loss", task_.base_loss());
    keep("average_precision", task_.average_precision());
  }

  TrainingTask& task_;
  TrainerConfig config_;
  std::uint64_t seed_;
  bool mixed_;
  std::size_t curve_every_;
  Order order_;
  Adam adam_;
  Checkpoint state_;
  std::size_t saved_step_ = 0;
};

}  // namespace

double learning_rate_at(const TrainerConfig& config, std::size_t step) {
  const auto steps = static_cast<double>(config.steps);
  const double warmup = std::floor(config.warmup * steps);
  const auto s = static_cast<double>(step);
  if (s < warmup) return config.learning_rate * (s + 1) / warmup;
  if (!config.decay) return config.learning_rate;
  return config.learning_rate * (steps - s) / (steps - warmup);
}

TrainingRun train(TrainingTask& task, const TrainerConfig& config, std::uint64_t seed,
                  Checkpoints* checkpoints, const TrainingProgress& progress) {
  assert(task.n_items() >= 1 && config.batch_size >= 1);
  use_one_thread();
  const torch::AutoGradMode with_gradient(true);
  Trainer trainer(task, config, seed);
  if (checkpoints != nullptr) {
    if (std::optional<Checkpoint> checkpoint = checkpoints->load()) {
      trainer.restore(std::move(*checkpoint));
    }
  }
  while (!trainer.done()) {
    trainer.step(progress);
    if (checkpoints != nullptr) trainer.save_if_due(*checkpoints);
    throw_if_stop_requested();
  }
  return trainer.finish();
}

}  // namespace musicrep
