// The pages of an ogg file (RFC 3533).
#pragma once

#include <cstdint>

#include "audio/audio_bytes.h"

namespace musicrep {

/// Walks all pages from `begin` on. Throws DataError, naming the byte, where something else is
/// between them, one is missing, the last is missing or cut off, or a second stream is chained to
/// the first. Returns where the pages end.
std::uint64_t check_ogg_pages(AudioBytes& bytes, std::uint64_t begin);

}  // namespace musicrep
