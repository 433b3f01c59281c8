// What the tests of training share. Torch before Catch: both define CHECK.
#pragma once

#include "tiny_training.h"
//
#include <catch2/catch.hpp>

#include "musicrep/error.h"
#include "test_files.h"

namespace musicrep {

/// glog, which Torch includes, makes maps printable, so Catch prints what is in them.
inline std::ostream& operator<<(std::ostream& out, const FloatTensor& tensor) {
  return out << "tensor " << shape_text(tensor.shape);
}

/// The last checkpoint, in memory.
class MemoryCheckpoints : public Checkpoints {
 public:
  std::optional<Checkpoint> load() override { return last; }
  void save(const Checkpoint& checkpoint) override {
    last = checkpoint;
    steps.push_back(checkpoint.step);
  }
  std::optional<Checkpoint> last;
  std::vector<std::size_t> steps;  ///< when it was saved
};

/// What a training came to.
struct Outcome {
  NamedTensors state;
  std::map<std::string, std::vector<double>> curves;
  std::size_t steps = 0;
  std::size_t best_step = 0;
  friend bool operator==(const Outcome&, const Outcome&) = default;
};

inline Outcome outcome_of(TrainingTask& task, const TrainerConfig& config, std::uint64_t seed,
                          Checkpoints* checkpoints = nullptr) {
  TrainingRun run = train(task, config, seed, checkpoints, {});
  return {state_of(task.model()), std::move(run.curves), run.steps, run.best_step};
}

}  // namespace musicrep
