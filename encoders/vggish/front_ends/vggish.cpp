#include "frontend/front_ends.h"

namespace musicrep::front_ends {

extern const FrontEnd vggish = {
    .name = "vggish",
    .config = {.sample_rate_hz = 16000,
               .stft = {.n_fft = 512,
                        .win_length = 400,
                        .hop = 160,
                        .padding = StftPadding::kNone,
                        .window_place = WindowPlace::kLeft,
                        .magnitude = true},
               .mel = {.kind = MelKind::kHtk, .n_mels = 64, .fmin_hz = 125, .fmax_hz = 7500},
               .log = {.kind = LogConfig::Kind::kNatural, .offset = 0.01}}};

}  // namespace musicrep::front_ends
