// The tags of Xing, LAME and Fraunhofer, which are in a frame of their own.
#pragma once

#include <cstdint>

#include "audio/audio_bytes.h"
#include "audio/mpeg_frames.h"

namespace musicrep {

/// The tag in the frame at `offset`, which has `frame_bytes`.
MpegTag mpeg_tag(AudioBytes& bytes, std::uint64_t offset, const MpegHeader& header,
                 std::uint64_t frame_bytes);

/// Samples of one channel that a stream's frames decode to, less those that its tag trims, by
/// libmpg123's rule.
std::uint64_t mpeg_samples(const MpegStream& stream);

}  // namespace musicrep
