// One way to train for all networks: so many steps, the same bits whatever happens on the way.
#pragma once

#include <torch/torch.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "training/trainer_config.h"
#include "weights/tensors.h"

namespace musicrep {

/// One step's share of the corpus.
struct Batch {
  std::size_t step = 0;                ///< from 0
  std::span<const std::size_t> items;  ///< places among the n_items() of the task
  torch::Generator generator;          ///< for masks, crops and dropout; seeded by seed and step
};

/// What is trained, and on what.
class TrainingTask {
 public:
  TrainingTask() = default;
  TrainingTask(const TrainingTask&) = delete;
  TrainingTask& operator=(const TrainingTask&) = delete;
  virtual ~TrainingTask() = default;

  virtual torch::nn::Module& model() = 0;
  /// Items to draw batches from, without repetition within an epoch. At least 1. Batches are full:
  /// what an epoch leaves over sits out (of fewer items than a batch, all are in each).
  [[nodiscard]] virtual std::size_t n_items() const = 0;
  /// [n_items()] how long each item is, in any unit; asked for with TrainerConfig::by_length.
  [[nodiscard]] virtual std::vector<std::size_t> lengths() const { return {}; }
  /// The mean loss of a batch, a scalar with gradient; the model is in training mode. Parameters
  /// that it does not depend on are left as they are in this step.
  virtual torch::Tensor loss(Batch& batch) = 0;
  /// The loss on held-out items, lower is better; the model is in evaluation mode, without
  /// gradients. The same every time for the same weights.
  virtual double validation_loss() { return std::numeric_limits<double>::quiet_NaN(); }
  /// What validation_loss() would be of a network that knows how often each answer is right among
  /// the training items and gets no input. NaN: not known.
  virtual double base_loss() { return std::numeric_limits<double>::quiet_NaN(); }
  /// The mean average precision of tags on the held-out items, under the conditions of
  /// validation_loss(). NaN: there are no tags.
  virtual double average_precision() { return std::numeric_limits<double>::quiet_NaN(); }
};

/// All that is needed to go on as if nothing had happened. Which items a step sees and what it
/// draws follow from the seed and the step, so no generator is in here.
struct Checkpoint {
  std::size_t step = 0;  ///< steps done
  NamedTensors model;
  NamedTensors first_moments;
  NamedTensors second_moments;
  std::map<std::string, std::int64_t> updates;  ///< of each parameter; fewer than steps where a
                                                ///< step's loss did not depend on it
  NamedTensors best;                            ///< empty: none yet
  double best_loss = std::numeric_limits<double>::infinity();
  std::size_t best_step = 0;
  std::size_t validations_since_best = 0;
  double loss_sum = 0;  ///< since the last entry of the curves
  std::map<std::string, std::vector<double>> curves;
};

/// Where a training's state is kept; checkpoint_file.h keeps it in a file.
class Checkpoints {
 public:
  Checkpoints() = default;
  Checkpoints(const Checkpoints&) = delete;
  Checkpoints& operator=(const Checkpoints&) = delete;
  virtual ~Checkpoints() = default;
  virtual std::optional<Checkpoint> load() = 0;
  virtual void save(const Checkpoint& checkpoint) = 0;
};

/// What came of it: the model holds the best state where validation was asked for, else the last.
struct TrainingRun {
  std::size_t steps = 0;  ///< done; fewer than asked for where it stopped early
  std::size_t best_step = 0;
  /// "step", "loss" (mean since the entry before), "learning_rate"; "validation_step",
  /// "validation_loss"; and one number each, where validation was asked for and it is known:
  /// "base_loss", and "average_precision" of the state that is left.
  std::map<std::string, std::vector<double>> curves;
};

/// The rate of Adam in a step (from 0): rises linearly through the warm-up, reaches
/// config.learning_rate in its last step, then stays or falls linearly, to 0 after the last step.
double learning_rate_at(const TrainerConfig& config, std::size_t step);

/// (steps done, steps in all, mean loss since the last call)
using TrainingProgress = std::function<void(std::size_t, std::size_t, double)>;

/// Trains task.model() in place, on config.device. The same seed, config and task give the same
/// bits on one processor (on CUDA: nearly), whether or not the training was stopped and resumed
/// from `checkpoints` (may be null) on the way. Several trainings may run at the same time, one a
/// thread. Throws DataError naming the step and the places of the batch's items where the loss, its
/// gradient or the validation loss is not finite (the last good checkpoint stays), and
/// Error(kInterrupted), after saving a checkpoint, where a stop was requested.
TrainingRun train(TrainingTask& task, const TrainerConfig& config, std::uint64_t seed,
                  Checkpoints* checkpoints, const TrainingProgress& progress);

}  // namespace musicrep
