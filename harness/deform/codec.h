// Lossy codecs of libsndfile, in memory.
#pragma once

#include <string>

#include "audio/pcm.h"

namespace musicrep {

enum class Codec { kMp3, kVorbis };

/// Encoded and decoded again, to the length that it had: what coder and decoder
/// add at the beginning and the end is cut. `compression`: libsndfile's, from 0 (best) to 1. Throws
/// DataError where libsndfile cannot: a sample rate or channels that the codec does not have.
Pcm coded(const Pcm& pcm, Codec codec, double compression);

/// Why the installed libsndfile cannot write it; empty: it can.
std::string codec_lacks(Codec codec);

/// "libsndfile-1.2.0".
std::string codec_library();

}  // namespace musicrep
