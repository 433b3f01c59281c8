// The front ends of published representations, as their authors' code has them.
#pragma once

#include "frontend/log_mel.h"

namespace musicrep {

/// MFCC baseline of Choi et al., "Transfer Learning for Music Classification and Regression Tasks"
/// (2017), by librosa <= 0.9: 12 kHz mono; frames of 2048 each 512, centred, mirrored; power; 128
/// Slaney mels; dB re 1, floor 80 below the clip's maximum. Followed by a DCT of 20 coefficients.
/// [1, 1 + N / 512, 128]
LogMelConfig mfcc_choi2017();

/// TLM of Choi et al. (2017), kapre on Theano: 12 kHz mono; frames of 512 each 256, window
/// reversed, 256 zeros each side; power; 96 Slaney mels to 6 kHz; dB re the clip's maximum in [-80,
/// 0]. Over a batch, take kDecibel without range from each clip and limit_range() over all of them.
/// [1, ceil(N / 256), 96]: 1360 frames of 348000 samples
LogMelConfig tlm_theano();

/// TLM's release for Keras 2 on TensorFlow: 'same' padding as TensorFlow has it, dB as above, then
/// standardised over the clip. [1, ceil(N / 256), 96]
LogMelConfig tlm_keras2();

/// MTLMR (Kim et al., "One deep music representation to rule them all?", 2019), its PyTorch
/// release: 22050 Hz stereo; frames of 1024 each 256, centred, mirrored; power; 128 Slaney mels; dB
/// re 1, floor 80 below the maximum over both channels. [2, 1 + N / 256, 128]
LogMelConfig mtlmr();

/// MTLMR's original in Lasagne: magnitude instead of power, dB re the maximum in [-96, 0].
LogMelConfig mtlmr_lasagne();

/// VGGish (Hershey et al., "CNN Architectures for Large-Scale Audio Classification", 2017),
/// tensorflow/models research/audioset/vggish: 16 kHz mono; Hann windows of 400 each 160, FFT of
/// 512, not centred; magnitude; 64 HTK mels from 125 to 7500 Hz; ln(x + 0.01). Cut into patches of
/// 96 frames each 96. [1, 1 + (N - 400) / 160, 64]
LogMelConfig vggish();

}  // namespace musicrep
