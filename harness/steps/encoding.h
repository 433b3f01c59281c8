// One encoding: every item of a data set through one encoder, with or without those that fail, and
// how its vectors are stored.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "audio/pcm.h"
#include "graph/step.h"
#include "steps/encode_items.h"
#include "store/artefacts.h"
#include "store/results.h"

namespace musicrep {

/// The vectors of one encoder for one data set: what they are made of, and their key.
struct Encoding {
  std::string label;  ///< of the encoder
  std::string kind;
  std::string version;
  EncoderInfo info;
  const Dataset* dataset = nullptr;
  std::shared_ptr<Encoder> encoder;  ///< null where its weights are trained first
  std::string frame_space;           ///< of the frames that it takes
  std::string space;                 ///< names its vectors, whatever the items
  std::size_t seed_index = 0;        ///< of the encoder's training
  std::string seed_text;             ///< " (seed 1)" where there are several, for people
  Options options;                   ///< complete
  std::string deformation;           ///< of its audio, for people; empty: none
  /// What becomes of an item's decoded audio before it is mixed and resampled; empty: nothing.
  std::function<Pcm(Pcm, const std::string& id)> deform;
  bool is_shard = false;  ///< some of an encoding's items, none of which need be good
  std::string key_json;
  std::string key;
  std::string description;
};

struct Encoded {
  Embeddings embeddings;  ///< of the items that could be encoded
  std::vector<SkippedItem> skipped;
};

/// Encodes the items with `encoder`. What cannot be encoded is skipped with `skip_bad`;
/// otherwise, and where nothing else is left (but for a shard: others may have good items),
/// DataError lists it all. Of an external encoder everything
/// that goes wrong is a ForeignFailure.
Encoded encode_items(const Encoding& encoding, Encoder& encoder, const ItemFrames* frames,
                     bool skip_bad, const StepContext& context);

/// An encoding of all items is stored under its key, one that skipped some under a key that
/// says so: without `skip_bad` only the first is ever found.
std::optional<Encoded> stored_encoding(const Encoding& encoding, bool skip_bad,
                                       const ArtefactStore& store);
[[nodiscard]] bool is_encoding_stored(const Encoding& encoding, bool skip_bad,
                                      const ArtefactStore& store);
void store_encoding(const Encoding& encoding, const Encoded& encoded, const ArtefactStore& store);
/// Removes what store_encoding() kept, and what it cost; nothing where it is gone already.
void remove_encoding(const Encoding& encoding, const ArtefactStore& store);

/// The hash of the vectors that stored_encoding() would give, without reading them; empty where
/// there are none.
std::string stored_encoding_sha256(const Encoding& encoding, bool skip_bad,
                                   const ArtefactStore& store);

/// The rows of those of `ids` alone, which are in the order of embeddings.ids.
Embeddings select_items(const Embeddings& embeddings, std::span<const std::string> ids);

}  // namespace musicrep
