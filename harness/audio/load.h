// Loads a file in the sample rate, channels and length of an encoder.
#pragma once

#include <filesystem>
#include <functional>

#include "audio/decode.h"
#include "audio/pcm.h"
#include "musicrep/encoder.h"

namespace musicrep {

/// Decodes no more of the file than the encoder looks at, mixes it to its channels and resamples it
/// to its rate with its resampler, as `info` of an encoder of PCM says. The length is left as it
/// is: what to do with short clips is the encoder's business. Throws DataError naming the file.
Pcm load_audio(const std::filesystem::path& path, const EncoderInfo& info,
               std::size_t max_values = DecodeOptions{}.max_values);

/// The same of audio that `deform` changes between decoding, all of the file with all its channels,
/// and mixing, cutting and resampling. Throws as `deform` does, too.
Pcm load_audio(const std::filesystem::path& path, const EncoderInfo& info,
               const std::function<Pcm(Pcm)>& deform);

}  // namespace musicrep
