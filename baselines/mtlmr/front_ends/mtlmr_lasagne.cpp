#include "frontend/front_ends.h"

namespace musicrep::front_ends {

extern const FrontEnd mtlmr_lasagne = {
    .name = "mtlmr_lasagne",
    .channels = 2,
    .config = {.sample_rate_hz = 22050,
               .stft = {.n_fft = 1024,
                        .hop = 256,
                        .padding = StftPadding::kCentredReflect,
                        .magnitude = true},
               .mel = {.kind = MelKind::kSlaney, .n_mels = 128, .fmax_hz = 11025},
               .log = {.amin = 1e-10, .reference = Reference::kClipMax, .range_db = 96}}};

}  // namespace musicrep::front_ends
