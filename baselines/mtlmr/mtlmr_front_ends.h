// The front ends in front_ends/, by name.
#pragma once

#include "frontend/front_ends.h"

namespace musicrep::front_ends {

/// MTLMR (Kim et al., "One deep music representation to rule them all?", 2019), its PyTorch
/// release: 22050 Hz stereo; frames of 1024 each 256, centred, mirrored; power; 128 Slaney mels; dB
/// re 1, floor 80 below the maximum over both channels. [2, 1 + N / 256, 128]
extern const FrontEnd mtlmr;

/// MTLMR's original in Lasagne: magnitude instead of power, dB re the maximum in [-96, 0].
extern const FrontEnd mtlmr_lasagne;

}  // namespace musicrep::front_ends
