// Containers that are chunks with sizes in front (wav and its kin, aiff, caf, w64), and au: what
// they promise, compared with the file.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "audio/audio_bytes.h"

namespace musicrep {

/// Bytes to be read in place of those of the file.
struct Patch {
  std::uint64_t offset = 0;
  std::string bytes;
};

struct ChunkFile {
  std::uint64_t end = 0;       ///< behind the last chunk, or of the file
  std::vector<Patch> patches;  ///< sizes that were not known when the header was written
  /// What a wav file should begin with, up to its chunk of samples, where a chunk before that lacks
  /// its padding byte; else empty.
  std::string prefix;
  std::uint64_t samples_chunk = 0;  ///< where that begins
  ByteRange samples;                ///< as far as they go
  bool is_coded = false;            ///< its samples are neither integers nor floats
  bool is_mpeg = false;             ///< they are frames of MPEG audio
};

/// wav (RIFF, RIFX, RF64), w64, aiff, caf or au from `begin` on. A size of samples that stands for
/// "not known" (0x7ffff000 and more, or 0, with less or more behind it) is patched to what is
/// there; so is one that is too large by no more than 64 bytes, where whole samples are there.
/// Throws DataError where a header promises more than that, or nothing, or where there is none,
/// and, naming the byte, where more than 64 KiB behind the samples is neither a chunk nor a tag.
ChunkFile check_chunks(AudioBytes& bytes, std::uint64_t begin);

}  // namespace musicrep
