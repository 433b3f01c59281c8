#include "frontend/front_ends.h"

namespace musicrep::front_ends {

extern const FrontEnd mfcc_choi2017 = {
    .name = "mfcc_choi2017",
    .config = {.sample_rate_hz = 12000,
               .stft = {.n_fft = 2048, .hop = 512, .padding = StftPadding::kCentredReflect},
               .mel = {.kind = MelKind::kSlaney, .n_mels = 128},
               .log = {.amin = 1e-10, .reference = Reference::kOne, .range_db = 80}}};

}  // namespace musicrep::front_ends
