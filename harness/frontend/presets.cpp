#include "frontend/presets.h"

namespace musicrep {

LogMelConfig mfcc_choi2017() {
  return {.sample_rate_hz = 12000,
          .stft = {.n_fft = 2048, .hop = 512, .padding = StftPadding::kCentredReflect},
          .mel = {.kind = MelKind::kSlaney, .n_mels = 128},
          .log = {.amin = 1e-10, .reference = Reference::kOne, .range_db = 80}};
}

LogMelConfig tlm_theano() {
  return {.sample_rate_hz = 12000,
          .stft = {.n_fft = 512,
                   .hop = 256,
                   .padding = StftPadding::kSameTheano,
                   .window_reversed = true},
          .mel = {.kind = MelKind::kSlaney, .n_mels = 96, .fmax_hz = 6000},
          .log = {.amin = 1e-10, .reference = Reference::kClipMax, .range_db = 80}};
}

LogMelConfig tlm_keras2() {
  return {.sample_rate_hz = 12000,
          .stft = {.n_fft = 512, .hop = 256, .padding = StftPadding::kSameTensorflow},
          .mel = {.kind = MelKind::kSlaney, .n_mels = 96, .fmax_hz = 6000},
          .log = {.amin = 1e-10,
                  .reference = Reference::kClipMax,
                  .range_db = 80,
                  .standardise_clip = true}};
}

LogMelConfig mtlmr() {
  return {.sample_rate_hz = 22050,
          .stft = {.n_fft = 1024, .hop = 256, .padding = StftPadding::kCentredReflect},
          .mel = {.kind = MelKind::kSlaney, .n_mels = 128, .fmax_hz = 11025},
          .log = {.amin = 1e-10, .reference = Reference::kOne, .range_db = 80}};
}

LogMelConfig mtlmr_lasagne() {
  LogMelConfig config = mtlmr();
  config.stft.magnitude = true;
  config.log.reference = Reference::kClipMax;
  config.log.range_db = 96;
  return config;
}

LogMelConfig vggish() {
  return {.sample_rate_hz = 16000,
          .stft = {.n_fft = 512,
                   .win_length = 400,
                   .hop = 160,
                   .padding = StftPadding::kNone,
                   .window_place = WindowPlace::kLeft,
                   .magnitude = true},
          .mel = {.kind = MelKind::kHtk, .n_mels = 64, .fmin_hz = 125, .fmax_hz = 7500},
          .log = {.kind = LogConfig::Kind::kNatural, .offset = 0.01}};
}

}  // namespace musicrep
