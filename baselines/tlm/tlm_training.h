// How TLM's network is trained in this tree. No Torch in here.
#pragma once

#include "training/trainer_config.h"

namespace musicrep::tlm {

/// Sizes for about 90 s on one core with 640 items of 10 s: 180 steps of 0.37 s, the rest is audio.
TrainerConfig training_defaults();

}  // namespace musicrep::tlm
