// How a training goes. The standard library alone, so that it can be read without LibTorch.
#pragma once

#include <cstddef>
#include <string>

namespace musicrep {

/// How long and how fast. Work is counted in steps, never in time.
struct TrainerConfig {
  std::size_t steps = 1000;
  std::size_t batch_size = 32;
  double learning_rate = 1e-3;  ///< of Adam, at its highest
  double beta1 = 0.9;           ///< Adam (Kingma and Ba 2015)
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double weight_decay = 0;  ///< decoupled (AdamW, Loshchilov and Hutter 2019); of rank >= 2
  double l2 = 0;  ///< times the parameter, added to the gradient (Keras' l2(x) is l2 = 2 x); of all
  double warmup = 0;               ///< share of the steps in which the rate rises linearly from 0
  bool decay = false;              ///< the rate falls linearly to 0 after the warm-up
  double clip_norm = 0;            ///< of the gradient of all parameters; 0: not clipped
  std::size_t validate_every = 0;  ///< steps; 0: never. The best state is what train() leaves
  std::size_t patience = 0;        ///< validations without a better one until it stops; 0: never
  std::size_t checkpoint_every = 100;  ///< steps
  bool by_length = false;              ///< batches of items of about one TrainingTask::lengths()
  std::string device = "cpu";          ///< as torch::Device reads it
  bool mixed_precision = false;        ///< bfloat16 where it is safe; on CUDA alone
};

}  // namespace musicrep
