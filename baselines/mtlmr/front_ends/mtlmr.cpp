#include "frontend/front_ends.h"

namespace musicrep::front_ends {

extern const FrontEnd mtlmr = {
    .name = "mtlmr",
    .channels = 2,
    .config = {.sample_rate_hz = 22050,
               .stft = {.n_fft = 1024, .hop = 256, .padding = StftPadding::kCentredReflect},
               .mel = {.kind = MelKind::kSlaney, .n_mels = 128, .fmax_hz = 11025},
               .log = {.amin = 1e-10, .reference = Reference::kOne, .range_db = 80}}};

}  // namespace musicrep::front_ends
