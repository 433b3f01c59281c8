// The frames of a FLAC stream (https://xiph.org/flac/format.html).
#pragma once

#include <cstdint>

#include "audio/audio_bytes.h"

namespace musicrep {

/// The number of samples of one channel of the FLAC stream in `range`, where its header does not
/// know it (an encoder that writes into a pipe): read from the last frame, which must be there
/// whole. 0: the header knows it. Throws DataError where the last frame is cut off, and, naming the
/// byte, where a second stream follows.
std::uint64_t flac_samples(AudioBytes& bytes, ByteRange range);

}  // namespace musicrep
