// The optimiser of train(). No state outside the object, and a step count for each parameter: one
// that a step's loss does not reach (another task's branch) is left as it is, moments included.
#pragma once

#include <torch/torch.h>

#include <string>
#include <vector>

#include "nn/trainer.h"

namespace musicrep {

/// Adam with bias correction (Kingma and Ba 2015, algorithm 1), with decoupled weight decay
/// (Loshchilov and Hutter 2019, algorithm 2, green) on parameters of rank 2 or more, and with
/// `l2 * parameter` added to the gradient of all. As torch.optim.AdamW and Adam compute it.
class Adam {
 public:
  /// `model` must outlive this.
  Adam(torch::nn::Module& model, const TrainerConfig& config);

  /// The gradient is set to 0.
  void zero_grad();
  /// The Euclidean norm of the gradient of all parameters, as it was before it is scaled down to
  /// config.clip_norm where it is longer.
  double clip();
  void step(double learning_rate);

  void save(Checkpoint& checkpoint) const;
  /// Throws DataError, beginning with `where`, where the checkpoint has other tensors.
  void load(const Checkpoint& checkpoint, const std::string& where);

 private:
  struct Moving {
    std::string name;
    torch::Tensor parameter;
    torch::Tensor first_moment;
    torch::Tensor second_moment;
    std::int64_t updates = 0;
  };
  static bool in_one_pass(const Moving& p);
  TrainerConfig config_;
  std::vector<Moving> parameters_;
};

}  // namespace musicrep
