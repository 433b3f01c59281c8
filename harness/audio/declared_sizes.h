// Containers that state their size in one field: nist, avr, avi.
#pragma once

#include "audio/audio_bytes.h"

namespace musicrep {

/// Throws DataError where the file from `begin` on holds less than its header promises: the bytes
/// of samples of a nist or avr file, the bytes of an avi file.
void check_nist(AudioBytes& bytes, std::uint64_t begin);
void check_avr(AudioBytes& bytes, std::uint64_t begin);
void check_avi(AudioBytes& bytes, std::uint64_t begin);

}  // namespace musicrep
