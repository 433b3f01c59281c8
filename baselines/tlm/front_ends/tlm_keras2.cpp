#include "frontend/front_ends.h"

namespace musicrep::front_ends {

extern const FrontEnd tlm_keras2 = {
    .name = "tlm_keras2",
    .config = {.sample_rate_hz = 12000,
               .stft = {.n_fft = 512, .hop = 256, .padding = StftPadding::kSameTensorflow},
               .mel = {.kind = MelKind::kSlaney, .n_mels = 96, .fmax_hz = 6000},
               .log = {.amin = 1e-10,
                       .reference = Reference::kClipMax,
                       .range_db = 80,
                       .standardise_clip = true}}};

}  // namespace musicrep::front_ends
