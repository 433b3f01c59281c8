#include "steps/shards.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>
#include <utility>

#include "core/hash.h"
#include "graph/costs.h"
#include "musicrep/error.h"

namespace musicrep {
namespace {

// Of a shard that is missing or has other columns than those before it.
[[noreturn]] void fail(const Encoding& whole, ItemRange items, const std::string& what) {
  throw DataError(fmt::format("encoder '{}' on data set '{}', items {} to {}: {}", whole.label,
                              whole.dataset->name, items.first, items.end, what));
}

// The shard as far as its key goes, without its items.
Encoding keyed(const Encoding& whole, ItemRange items) {
  Encoding shard = whole;
  shard.is_shard = true;
  shard.key_json = shard_key_json(whole, items);
  shard.key = sha256_hex(shard.key_json);
  shard.description += fmt::format(", items {} to {}", items.first, items.end);
  return shard;
}

// As an encoding that is not cut ends where no item is left.
void require_items(const Encoding& whole, const Encoded& merged) {
  if (!merged.embeddings.ids.empty()) return;
  Problems problems;
  for (const SkippedItem& item : merged.skipped) {
    problems.add(fmt::format("item '{}': {}", item.id, item.reason));
  }
  const std::string heading =
      fmt::format("encoder '{}' on data set '{}':", whole.label, whole.dataset->name);
  if (whole.info.foreign) problems.throw_if_any<ForeignFailure>(heading);
  problems.throw_if_any(heading);
}

void add_cost(StepCost& sum, const StepCost& cost) {
  sum.wall_s += cost.wall_s;
  sum.cpu_s += cost.cpu_s;
  sum.peak_mib = std::max(sum.peak_mib, cost.peak_mib);
  sum.disk_mib += cost.disk_mib;
  sum.n += cost.n;
}

}  // namespace

std::vector<ItemRange> cut(const Encoding& whole, std::size_t n_items) {
  const std::size_t n = whole.dataset->ids.size();
  const bool depends_on_batch = whole.encoder && dependent_batch_size_of(*whole.encoder) > 1;
  if (whole.info.input == InputKind::kItemId || depends_on_batch || n_items == 0) return {};
  // Calls are the same as without shards. Those of an encoder that is still to be trained are of
  // one item.
  const std::size_t call =
      whole.encoder ? std::max<std::size_t>(1, whole.encoder->batch_size()) : 1;
  const std::size_t size = (n_items + call - 1) / call * call;
  if (size >= n) return {};
  std::vector<ItemRange> out;
  for (std::size_t first = 0; first < n; first += size) {
    out.push_back({first, std::min(first + size, n)});
  }
  return out;
}

std::string shard_key_json(const Encoding& whole, ItemRange items) {
  return nlohmann::json({{"step", "encode shard"},
                         {"of", whole.key},
                         {"first", items.first},
                         {"end", items.end}})
      .dump();
}

Shard shard_of(const Encoding& whole, ItemRange items) {
  std::vector<std::size_t> kept(items.end - items.first);
  std::iota(kept.begin(), kept.end(), items.first);
  Shard out{std::make_unique<Dataset>(select_items(*whole.dataset, kept)), keyed(whole, items)};
  out.dataset->make_audio = nullptr;  // it would make that of all items; they are there by now
  out.encoding.dataset = out.dataset.get();
  return out;
}

bool is_shard_stored(const Encoding& whole, ItemRange items, bool skip_bad,
                     const ArtefactStore& store) {
  return is_encoding_stored(whole, skip_bad, store) ||
         is_encoding_stored(keyed(whole, items), skip_bad, store);
}

Encoded merge_shards(const Encoding& whole, const std::vector<ItemRange>& shards, bool skip_bad,
                     const ArtefactStore& store) {
  const auto remove_shards = [&] {
    for (const ItemRange& items : shards) remove_encoding(keyed(whole, items), store);
  };
  // Before and, in case that somebody else merges them at this moment, after.
  const auto there = [&] { return stored_encoding(whole, skip_bad, store); };
  if (auto stored = there()) {
    remove_shards();
    return std::move(*stored);
  }
  Encoded out;
  StepCost cost;
  std::vector<double> values;
  std::size_t cols = 0;
  for (const ItemRange& items : shards) {
    const Encoding shard = keyed(whole, items);
    auto part = stored_encoding(shard, skip_bad, store);
    if (!part) {
      if (auto stored = there()) return std::move(*stored);
      fail(whole, items, "expected its vectors in the store, found none");
    }
    Embeddings& all = out.embeddings;
    const Embeddings& more = part->embeddings;
    if (more.ids.empty()) {
      // Each of its items was skipped: it has no columns to speak of.
    } else if (cols == 0) {
      cols = more.values.cols();
      all.notes = more.notes;
      all.views = more.views;
    } else if (more.values.cols() != cols) {
      fail(whole, items,
           fmt::format("found {} dimensions, expected the {} of the items before",
                       more.values.cols(), cols));
    }
    all.ids.insert(all.ids.end(), more.ids.begin(), more.ids.end());
    all.frames.insert(all.frames.end(), more.frames.begin(), more.frames.end());
    values.insert(values.end(), more.values.values().begin(), more.values.values().end());
    out.skipped.insert(out.skipped.end(), part->skipped.begin(), part->skipped.end());
    if (const auto of_shard = stored_cost(store, shard.key)) add_cost(cost, *of_shard);
  }
  require_items(whole, out);
  const std::size_t rows = values.size() / cols;
  out.embeddings.values = Matrix(rows, cols, std::move(values));
  store_cost(store, whole.key, "cost of: " + whole.description, cost);
  store_encoding(whole, out, store);
  remove_shards();
  return out;
}

}  // namespace musicrep
