#include "pipeline/encode_step.h"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <nlohmann/json.hpp>
#include <tuple>
#include <unordered_set>

#include "core/event_log.h"
#include "core/hash.h"
#include "core/parallel.h"
#include "musicrep/error.h"
#include "pipeline/audio_check.h"
#include "pipeline/costs.h"
#include "pipeline/stored.h"

namespace musicrep {
namespace {

using Told = std::function<void(std::size_t, std::size_t)>;

constexpr const char* kSkippedArtefact = "skipped";

// Items that are looked up by their id: all in one call.
Encoded encode_ids(const EncodeStep& step, Encoder& encoder) {
  std::vector<Signal> signals;
  for (const std::string& id : step.dataset->ids) signals.push_back({id, {}, 0, 0});
  return {join_encoded(step.label, step.dataset->ids, encoder.encode(signals)), {}};
}

// Signals: one item a call, on several threads, so that memory is bounded by the longest items.
// `encode_one` loads item i and encodes it.
Encoded encode_each(const EncodeStep& step, bool skip_bad, std::size_t jobs, const Told& told,
                    const std::function<Matrix(std::size_t)>& encode_one) {
  const std::vector<std::string>& ids = step.dataset->ids;
  std::vector<Matrix> encoded(ids.size());
  std::vector<std::string> mistakes(ids.size());
  const std::string name =
      fmt::format("encode {}{} on {}", step.label, step.seed_text, step.dataset->name);
  std::mutex mutex;
  std::size_t done = 0;
  parallel_for(encoded.size(), jobs, [&](std::size_t i) {
    try {
      encoded[i] = encode_one(i);
      if (const std::string problem = encoded_problem(encoded[i], 0); !problem.empty()) {
        throw DataError(problem);
      }
      if (logs(LogLevel::kDebug)) {
        log_event(LogLevel::kDebug, name, ids[i],
                  fmt::format("encoded: {} x {}", encoded[i].rows(), encoded[i].cols()));
      }
    } catch (const ForeignFailure&) {
      throw;  // that of the encoder, not of the item: nothing is skipped for it
    } catch (const DataError& error) {
      mistakes[i] = error.what();
      log_event(LogLevel::kWarning, name, ids[i], mistakes[i]);
    }
    const std::lock_guard lock(mutex);
    told(++done, encoded.size());
  });
  Problems problems;
  Encoded out;
  std::vector<std::string> good_ids;
  std::vector<Matrix> good;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (mistakes[i].empty()) {
      good_ids.push_back(ids[i]);
      good.push_back(std::move(encoded[i]));
      continue;
    }
    problems.add(fmt::format("item '{}': {}", ids[i], mistakes[i]));
    out.skipped.push_back(
        {ids[i], fmt::format("encoder '{}': {}", step.label,
                             step.dataset->audio.empty()
                                 ? mistakes[i]
                                 : without_path(mistakes[i], step.dataset->audio[i]))});
  }
  if (!skip_bad || (good.empty() && !step.is_shard)) {
    problems.throw_if_any(
        fmt::format("encoder '{}' on data set '{}':", step.label, step.dataset->name));
  }
  out.embeddings = join_encoded(step.label, good_ids, good);
  return out;
}

/// SHA-256 of the file that an item has now; empty where it has none that can be read.
std::string file_now(const Dataset& dataset, const std::string& id) {
  const auto at = std::ranges::find(dataset.ids, id);
  if (dataset.audio.empty() || at == dataset.ids.end()) return "";
  try {
    return sha256_of_file(dataset.audio[static_cast<std::size_t>(at - dataset.ids.begin())]);
  } catch (const DataError&) {
    return "";
  }
}

std::string skipping_key_json(const EncodeStep& step) {
  nlohmann::json key = nlohmann::json::parse(step.key_json);
  key["skip_bad"] = true;
  return key.dump();
}

std::string skipping_key(const EncodeStep& step) { return sha256_hex(skipping_key_json(step)); }

/// The items that are left out of what is stored with skip_bad. Nothing where it is not
/// there, or where one of them has another file now: keys may name files that were not there yet
/// (Dataset::file_sha256), and what has come since is no longer bad.
std::optional<std::vector<SkippedItem>> stored_skipped(const EncodeStep& step,
                                                       const ArtefactStore& store) {
  const std::string key = skipping_key(step);
  if (!store.has("embeddings", key)) return std::nullopt;
  const auto text = store.get_text(kSkippedArtefact, key);
  if (!text) return std::nullopt;
  const auto skipped = from_stored(*text, [](const nlohmann::json& list) {
    return list.get<std::vector<std::tuple<std::string, std::string, std::string>>>();
  });
  if (!skipped) return std::nullopt;
  std::vector<SkippedItem> out;
  for (const auto& [id, reason, file] : *skipped) {
    if (file_now(*step.dataset, id) != file) return std::nullopt;
    out.push_back({id, reason});
  }
  return out;
}

Encoded encode_items(const EncodeStep& step, Encoder& encoder, const ItemFrames* frames,
                     bool skip_bad, std::size_t jobs, const Told& told) {
  const Dataset& dataset = *step.dataset;
  switch (step.info.input) {
    case InputKind::kPcm:
      if (dataset.make_audio) dataset.make_audio(jobs, told);
      // A vector that depends on its batch has no meaning without one of its items: nothing is
      // skipped here. Nor where calls are dear.
      if (encoder.batch_size() > 1 || encoder.call_size() > 1) {
        parallel_for(dataset.audio.size(), jobs,
                     [&](std::size_t i) { require_known_file(dataset, i); });
        return {join_encoded(step.label, dataset.ids,
                             encode_in_batches(encoder, step.info, step.label, dataset.ids,
                                               dataset.audio, jobs, told)),
                {}};
      }
      return encode_each(step, skip_bad, jobs, told, [&](std::size_t i) {
        require_known_file(dataset, i);
        return encode_file(encoder, step.info, step.label, dataset.ids[i], dataset.audio[i]);
      });
    case InputKind::kVggishFrames:
      if (encoder.call_size() > 1) {
        const auto load = [&](std::size_t i) { return load_frames(dataset, frames, i); };
        return {join_encoded(step.label, dataset.ids,
                             encode_in_calls(encoder, encoder.call_size(), step.label, dataset.ids,
                                             load, jobs, told)),
                {}};
      }
      return encode_each(step, skip_bad, jobs, told, [&](std::size_t i) {
        const LoadedSignal item = load_frames(dataset, frames, i);
        return encode_signal(encoder, step.label,
                             {dataset.ids[i], item.values, item.rows, item.cols});
      });
    case InputKind::kItemId:
      break;
  }
  return encode_ids(step, encoder);
}

}  // namespace

Encoded encode_step(const EncodeStep& step, Encoder& encoder, const ItemFrames* frames,
                    bool skip_bad, std::size_t jobs, const Told& told) {
  if (!step.info.foreign) return encode_items(step, encoder, frames, skip_bad, jobs, told);
  try {
    return encode_items(step, encoder, frames, skip_bad, jobs, told);
  } catch (const ForeignFailure&) {
    throw;
  } catch (const DataError& error) {  // vectors of several widths, audio that is too short for it
    throw ForeignFailure(error.what());
  }
}

std::optional<Encoded> stored_encoding(const EncodeStep& step, bool skip_bad,
                                       const ArtefactStore& store) {
  if (auto whole = store.get_embeddings(step.key)) return Encoded{std::move(*whole), {}};
  if (!skip_bad) return std::nullopt;
  auto skipped = stored_skipped(step, store);
  if (!skipped) return std::nullopt;
  auto embeddings = store.get_embeddings(skipping_key(step));
  if (!embeddings) return std::nullopt;
  return Encoded{std::move(*embeddings), std::move(*skipped)};
}

bool is_encoding_stored(const EncodeStep& step, bool skip_bad, const ArtefactStore& store) {
  return store.has("embeddings", step.key) || (skip_bad && stored_skipped(step, store));
}

void store_encoding(const EncodeStep& step, const Encoded& encoded, const ArtefactStore& store) {
  if (encoded.skipped.empty()) {
    store.put_embeddings(step.key, step.key_json, step.description, encoded.embeddings);
    return;
  }
  const std::string key_json = skipping_key_json(step);
  const std::string key = sha256_hex(key_json);
  nlohmann::json list = nlohmann::json::array();
  for (const SkippedItem& item : encoded.skipped) {
    list.push_back({item.id, item.reason, file_now(*step.dataset, item.id)});
  }
  store.put_text(kSkippedArtefact, key, key_json, step.description,
                 list.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  store.put_embeddings(key, key_json, step.description, encoded.embeddings);
}

void remove_encoding(const EncodeStep& step, const ArtefactStore& store) {
  for (const std::string& key : {step.key, skipping_key(step)}) {
    for (const char* kind : {"embeddings", kSkippedArtefact}) store.remove(kind, key);
  }
  remove_cost(store, step.key);
}

std::string stored_encoding_sha256(const EncodeStep& step, bool skip_bad,
                                   const ArtefactStore& store) {
  if (auto whole = store.content_sha256("embeddings", step.key)) return *whole;
  if (!skip_bad) return "";
  if (!stored_skipped(step, store)) return "";
  return store.content_sha256("embeddings", skipping_key(step)).value_or("");
}

Embeddings select_items(const Embeddings& embeddings, std::span<const std::string> ids) {
  const std::unordered_set<std::string_view> wanted(ids.begin(), ids.end());
  Embeddings out;
  out.notes = embeddings.notes;
  out.views = embeddings.views;
  std::vector<double> values;
  std::size_t row = 0;
  for (std::size_t i = 0; i < embeddings.ids.size(); ++i) {
    const auto rows = static_cast<std::size_t>(embeddings.frames[i]);
    if (wanted.contains(embeddings.ids[i])) {
      out.ids.push_back(embeddings.ids[i]);
      out.frames.push_back(embeddings.frames[i]);
      for (std::size_t r = row; r < row + rows; ++r) {
        const auto from = embeddings.values.row(r);
        values.insert(values.end(), from.begin(), from.end());
      }
    }
    row += rows;
  }
  const std::size_t cols = embeddings.values.cols();
  const std::size_t rows = cols == 0 ? 0 : values.size() / cols;
  out.values = Matrix(rows, cols, std::move(values));
  return out;
}

}  // namespace musicrep
