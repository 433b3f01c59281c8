// The front ends in front_ends/, by name.
#pragma once

#include "frontend/front_ends.h"

namespace musicrep::front_ends {

/// TLM of Choi et al. (2017), kapre on Theano: 12 kHz mono; frames of 512 each 256, window
/// reversed, 256 zeros each side; power; 96 Slaney mels to 6 kHz; dB re the clip's maximum in [-80,
/// 0]. Over a batch, take kDecibel without range from each clip and limit_range() over all of them.
/// [1, ceil(N / 256), 96]: 1360 frames of 348000 samples
extern const FrontEnd tlm_theano;

/// TLM's release for Keras 2 on TensorFlow: 'same' padding as TensorFlow has it, dB as above, then
/// standardised over the clip. [1, ceil(N / 256), 96]
extern const FrontEnd tlm_keras2;

}  // namespace musicrep::front_ends
