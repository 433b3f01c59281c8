// From items to embeddings: one item a call, and what came out checked and laid end to end.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "musicrep/encoder.h"
#include "musicrep/trainable.h"
#include "store/artefacts.h"

namespace musicrep {

/// Encodes one signal. `label` names the encoder in messages. Throws DataError where the encoder
/// returns another number of matrices than one, or as it does itself.
Matrix encode_signal(Encoder& encoder, const std::string& label, const Signal& signal);

/// Loads an audio file as `info` asks for it and encodes it. Throws as load_audio() does, too.
Matrix encode_file(Encoder& encoder, const EncoderInfo& info, const std::string& label,
                   const std::string& id, const std::filesystem::path& path);

/// The rows of an item, as an encoder of frames takes them. Throws DataError where `frames` has no
/// such item.
LoadedSignal frames_of_item(const Embeddings& frames, const std::string& id);

/// Lays matrices [T_i, dim], one for each of `ids`, end to end. Throws DataError that lists every
/// item with no rows, another width than the first or a value that is not finite, or where their
/// numbers differ.
Embeddings join_encoded(const std::string& label, const std::vector<std::string>& ids,
                        std::span<const Matrix> encoded);

}  // namespace musicrep
