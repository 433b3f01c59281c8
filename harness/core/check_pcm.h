// Checks of the signals that are passed to audio encoders.
#pragma once

#include <cstddef>
#include <string_view>

#include "musicrep/encoder.h"

namespace musicrep {

/// Throws DataError, beginning with `encoder` and naming the item, unless the signal has 1 to
/// `most_channels` channels of at least 1 sample, all of them finite.
void check_pcm(std::string_view encoder, const Signal& signal, std::size_t most_channels = 1);

}  // namespace musicrep
