// The front end in front_ends/, by name.
#pragma once

#include "frontend/front_ends.h"

namespace musicrep::front_ends {

/// MFCC baseline of Choi et al., "Transfer Learning for Music Classification and Regression Tasks"
/// (2017), by librosa <= 0.9: 12 kHz mono; frames of 2048 each 512, centred, mirrored; power; 128
/// Slaney mels; dB re 1, floor 80 below the clip's maximum. Followed by a DCT of 20 coefficients.
/// [1, 1 + N / 512, 128]
extern const FrontEnd mfcc_choi2017;

}  // namespace musicrep::front_ends
