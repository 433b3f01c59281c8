// What MusicBERT's weights file says of its network.
#pragma once

#include <filesystem>
#include <string>

#include "objectives.h"
#include "vocabulary.h"
#include "weights/weights_file.h"

namespace musicrep {

/// All that is needed to build the network again, and to know which frames it may be given.
struct MusicbertDescription {
  MusicbertConfig net;
  MusicbertHeadsConfig heads;
  std::string frame_space;  ///< of the frames that it was trained on
  Vocabulary vocabulary;
};

/// Weights::config.
nlohmann::json to_json(const MusicbertDescription& description);

/// The reverse. Throws DataError, beginning with `where`, where it is none of these, or describes a
/// network that cannot be.
MusicbertDescription musicbert_description(const nlohmann::json& config, const std::string& where);

/// Reads a file of this project. Throws DataError where it is not MusicBERT's.
Weights read_musicbert_weights(const std::filesystem::path& path);

/// The model of a description with the weights' tensors, in evaluation mode.
MusicbertModel musicbert_model(const Weights& weights, const MusicbertDescription& description,
                               const std::string& where);

}  // namespace musicrep
