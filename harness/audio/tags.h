// What other programs put before and behind the audio of a file: ID3v1, ID3v2, APE, Lyrics3.
#pragma once

#include <cstdint>

#include "audio/audio_bytes.h"

namespace musicrep {

/// Where the tag at `offset` ends; `offset` itself where there is none.
std::uint64_t behind_tag(AudioBytes& bytes, std::uint64_t offset);

/// The same for any number of tags one after the other.
std::uint64_t behind_tags(AudioBytes& bytes, std::uint64_t offset);

/// Where the tags begin that end at `end`; `end` itself where there are none.
std::uint64_t before_tags(AudioBytes& bytes, std::uint64_t begin, std::uint64_t end);

}  // namespace musicrep
