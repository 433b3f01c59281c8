// The front end in front_ends/, by name.
#pragma once

#include "frontend/front_ends.h"

namespace musicrep::front_ends {

/// VGGish (Hershey et al., "CNN Architectures for Large-Scale Audio Classification", 2017),
/// tensorflow/models research/audioset/vggish: 16 kHz mono; Hann windows of 400 each 160, FFT of
/// 512, not centred; magnitude; 64 HTK mels from 125 to 7500 Hz; ln(x + 0.01). Cut into patches of
/// 96 frames each 96. [1, 1 + (N - 400) / 160, 64]
extern const FrontEnd vggish;

}  // namespace musicrep::front_ends
