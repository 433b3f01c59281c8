// How TLM's network is trained in this tree.
#pragma once

#include "nn/trainer.h"

namespace musicrep::tlm {

/// Sizes for about a minute on one core.
TrainerConfig training_defaults();

}  // namespace musicrep::tlm
