// The row that the sample results of all tests are made from.
#pragma once

#include <string>

#include "store/results.h"

namespace musicrep {

/// A pooled row with all facts but its items, targets and score; tests change what they are about.
inline ResultRow base_row(const std::string& encoder, const std::string& task = "genre",
                          const std::string& protocol = "nested",
                          const std::string& metric = "accuracy") {
  ResultRow row;
  row.encoder = encoder;
  row.encoder_kind = "features";
  row.encoder_version = "1";
  row.task = task;
  row.dataset = "clips";
  row.protocol = protocol;
  row.protocol_version = 1;
  row.protocol_sha256 = std::string(64, 'a');
  row.metric = metric;
  row.aggregation = kPooled;
  row.pooling = "mean";
  row.dim = 8;
  row.embeddings_sha256 = std::string(64, 'b');
  return row;
}

/// One more scored item; `group` -1: it is its own.
inline void add_item(ResultRow& row, const std::string& id, std::int64_t fold = 0,
                     std::int64_t seed = 0, std::int64_t group = -1) {
  row.item_ids.push_back(id);
  row.item_fold.push_back(fold);
  row.item_seed.push_back(seed);
  if (group >= 0) row.item_group.push_back(group);
}

}  // namespace musicrep
