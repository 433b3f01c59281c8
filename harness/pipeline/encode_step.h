// One encoding: every item of a data set through one encoder, with or without those that fail.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "pipeline/encoding.h"
#include "pipeline/prepare.h"
#include "store/artefacts.h"
#include "store/results.h"

namespace musicrep {

struct Encoded {
  Embeddings embeddings;  ///< of the items that could be encoded
  std::vector<SkippedItem> skipped;
};

/// Encodes the step's items with its encoder. What cannot be encoded is skipped with `skip_bad`;
/// otherwise, and where nothing else is left (but for a shard: others may have good items),
/// DataError lists it all. Audio that is not there is made first. Of a foreign encoder everything
/// that goes wrong is a ForeignFailure.
Encoded encode_step(const EncodeStep& step, Encoder& encoder, const ItemFrames* frames,
                    bool skip_bad, std::size_t jobs,
                    const std::function<void(std::size_t, std::size_t)>& told);

/// An encoding of all items is stored under the step's key, one that skipped some under a key that
/// says so: without `skip_bad` only the first is ever found.
std::optional<Encoded> stored_encoding(const EncodeStep& step, bool skip_bad,
                                       const ArtefactStore& store);
[[nodiscard]] bool is_encoding_stored(const EncodeStep& step, bool skip_bad,
                                      const ArtefactStore& store);
void store_encoding(const EncodeStep& step, const Encoded& encoded, const ArtefactStore& store);
/// Removes what store_encoding() kept, and what it cost; nothing where it is gone already.
void remove_encoding(const EncodeStep& step, const ArtefactStore& store);

/// The hash of the vectors that stored_encoding() would give, without reading them; empty where
/// there are none.
std::string stored_encoding_sha256(const EncodeStep& step, bool skip_bad,
                                   const ArtefactStore& store);

/// The rows of those of `ids` alone, which are in the order of embeddings.ids.
Embeddings select_items(const Embeddings& embeddings, std::span<const std::string> ids);

}  // namespace musicrep
