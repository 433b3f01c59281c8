// One encoding cut into shards of items that can be encoded apart: steps of their own, whose
// vectors laid end to end are those of the whole, bit for bit.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "steps/encoding.h"

namespace musicrep {

/// Items [first, end) of a data set.
struct ItemRange {
  std::size_t first = 0;
  std::size_t end = 0;
};

/// Where an encoding may be cut: shards of `n_items` each (rounded up to whole calls of its
/// encoder), the last one shorter. Empty where it stays whole: its vectors depend on their batch,
/// are looked up, or all go into one shard.
std::vector<ItemRange> cut(const Encoding& whole, std::size_t n_items);

/// The key of a shard, known by the whole's alone, and the JSON that it is the hash of.
std::string shard_key_json(const Encoding& whole, ItemRange items);

/// A shard as an encoding of its own: its encoder is the whole's.
struct Shard {
  std::unique_ptr<Dataset> dataset;
  Encoding encoding;  ///< on that data set
};
Shard shard_of(const Encoding& whole, ItemRange items);

/// Whether the vectors of a shard are there, on their own or as part of the whole.
bool is_shard_stored(const Encoding& whole, ItemRange items, bool skip_bad,
                     const ArtefactStore& store);

/// Lays the stored shards end to end, stores that as the whole's vectors with what all of them
/// cost, and removes them; returns the whole's. Where they are there already, shards that are left
/// are removed. Throws DataError that names the first shard that is missing, where their widths
/// differ, or with all items where none was good (ForeignFailure of an external encoder).
Encoded merge_shards(const Encoding& whole, const std::vector<ItemRange>& shards, bool skip_bad,
                     const ArtefactStore& store);

}  // namespace musicrep
