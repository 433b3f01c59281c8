// The options of MTLMR's training. No Torch in here.
#pragma once

#include "musicrep/encoder.h"
#include "training/trainer_config.h"

namespace musicrep {

/// Throws ConfigError listing every shared training option that cannot be.
TrainerConfig mtlmr_training(const Options& options);

}  // namespace musicrep
