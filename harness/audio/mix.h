// Any number of channels to one or two.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "audio/pcm.h"

namespace musicrep {

/// Appends `interleaved` [frames, channels_in] to `planes`, one vector a channel. planes.size()
/// says what comes out:
///  - as many as come in: unchanged;
///  - one: the mean over channels (librosa.to_mono);
///  - more: the mean, once in each (so mono becomes two equal channels).
void append_mixed(std::span<const float> interleaved, std::size_t channels_in,
                  std::vector<std::vector<float>>& planes);

/// The same for audio at hand. `channels` 0 leaves it as it is.
Pcm mixed(const Pcm& pcm, std::size_t channels);

}  // namespace musicrep
