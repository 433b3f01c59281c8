// The options of VGGish's training. No Torch in here.
#pragma once

#include "musicrep/encoder.h"
#include "training/trainer_config.h"

namespace musicrep {

/// Throws ConfigError listing every shared training option that cannot be.
TrainerConfig vggish_training(const Options& options);

/// Channels, relative to the published network. Throws ConfigError where there is no such width.
double vggish_training_width(const Options& options);

}  // namespace musicrep
