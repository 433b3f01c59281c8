// The frames of MPEG audio in a file, counted from its own bytes: what a decoder must give.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "audio/audio_bytes.h"
#include "audio/mpeg_header.h"

namespace musicrep {

/// What a first frame without music states about the frames after it.
struct MpegTag {
  std::uint64_t bytes = 0;   ///< of the tag's own frame; 0: not a tag
  bool is_vbri = false;      ///< Fraunhofer's; else Xing's, which is called Info where the bit rate
                             ///< is constant
  std::uint64_t frames = 0;  ///< that it promises; 0: it does not say
  std::uint64_t length = 0;  ///< bytes that it promises, itself included; 0: it does not say
  bool trims = false;        ///< LAME's extension: samples that the encoder added
  std::int64_t delay = 0;    ///< at the beginning
  std::int64_t padding = 0;  ///< at the end
};

/// Frames that one encoder wrote one after the other.
struct MpegStream {
  ByteRange range;    ///< for the decoder
  MpegHeader header;  ///< of its first frame
  MpegTag tag;
  std::uint64_t frames = 0;   ///< whole frames with music
  std::uint64_t samples = 0;  ///< of one channel that they decode to, less what the tag trims
  bool last_is_cut = false;   ///< bytes of one more frame follow, not all of them
};

struct MpegFile {
  std::vector<MpegStream> streams;  ///< of one sample rate and number of channels
  /// Whether a tag states the length of the only stream, give or take a frame.
  bool length_is_told = false;

  [[nodiscard]] std::uint64_t samples() const;
};

/// The MPEG streams of `range`, whose tags are passed over. Nothing where it does not begin with
/// frames, behind zeros or up to 64 KiB of anything. Throws DataError, naming the byte, where the
/// sample rate or the number of channels changes, where more than a frame of something else is
/// between frames, or more than 8 KiB behind them, and where a tag promises more than is there.
std::optional<MpegFile> scan_mpeg(AudioBytes& bytes, ByteRange range);

}  // namespace musicrep
