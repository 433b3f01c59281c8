#include "steps/encoding.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <tuple>
#include <unordered_set>

#include "audio/load.h"
#include "audio_check/audio_check.h"
#include "core/event_log.h"
#include "core/hash.h"
#include "core/parallel.h"
#include "graph/costs.h"
#include "musicrep/error.h"
#include "store/stored.h"

namespace musicrep {
namespace {

constexpr const char* kSkippedArtefact = "skipped";

// Items that are looked up by their id: all in one call.
Encoded encode_ids(const Encoding& encoding, Encoder& encoder) {
  std::vector<Signal> signals;
  for (const std::string& id : encoding.dataset->ids) signals.push_back({id, {}, 0, 0});
  return {join_encoded(encoding.label, encoding.dataset->ids, encoder.encode(signals)), {}};
}

// Signals: one item a call, on several threads, so that memory is bounded by the longest items.
// `encode_one` loads item i and encodes it.
Encoded encode_each(const Encoding& encoding, bool skip_bad, const StepContext& context,
                    const std::function<Matrix(std::size_t)>& encode_one) {
  const std::vector<std::string>& ids = encoding.dataset->ids;
  std::vector<Matrix> encoded(ids.size());
  std::vector<std::string> mistakes(ids.size());
  const std::string name =
      fmt::format("encode {}{} on {}", encoding.label, encoding.seed_text, encoding.dataset->name);
  const auto encode = [&](std::size_t i) {
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
  };
  parallel_for(encoded.size(), context.jobs, encode, context.update);
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
        {ids[i], fmt::format("encoder '{}': {}", encoding.label,
                             encoding.dataset->audio.empty()
                                 ? mistakes[i]
                                 : without_path(mistakes[i], encoding.dataset->audio[i]))});
  }
  if (!skip_bad || (good.empty() && !encoding.is_shard)) {
    problems.throw_if_any(
        fmt::format("encoder '{}' on data set '{}':", encoding.label, encoding.dataset->name));
  }
  out.embeddings = join_encoded(encoding.label, good_ids, good);
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

std::string skipping_key_json(const Encoding& encoding) {
  nlohmann::json key = nlohmann::json::parse(encoding.key_json);
  key["skip_bad"] = true;
  return key.dump();
}

std::string skipping_key(const Encoding& encoding) {
  return sha256_hex(skipping_key_json(encoding));
}

/// The items that are left out of what is stored with skip_bad. Nothing where it is not
/// there, or where one of them has another file now: keys may name files that were not there yet
/// (Dataset::file_sha256), and what has come since is no longer bad.
std::optional<std::vector<SkippedItem>> stored_skipped(const Encoding& encoding,
                                                       const ArtefactStore& store) {
  const std::string key = skipping_key(encoding);
  if (!store.has("embeddings", key)) return std::nullopt;
  const auto text = store.get_text(kSkippedArtefact, key);
  if (!text) return std::nullopt;
  const auto skipped = from_stored(*text, [](const nlohmann::json& list) {
    return list.get<std::vector<std::tuple<std::string, std::string, std::string>>>();
  });
  if (!skipped) return std::nullopt;
  std::vector<SkippedItem> out;
  for (const auto& [id, reason, file] : *skipped) {
    if (file_now(*encoding.dataset, id) != file) return std::nullopt;
    out.push_back({id, reason});
  }
  return out;
}

Encoded encode_input(const Encoding& encoding, Encoder& encoder, const ItemFrames* frames,
                     bool skip_bad, const StepContext& context) {
  const Dataset& dataset = *encoding.dataset;
  switch (encoding.info.input) {
    case InputKind::kPcm: {
      const auto load = [&](std::size_t i) {
        if (!encoding.deform) return load_item(dataset, encoding.info, nullptr, i);
        require_known_file(dataset, i);
        Pcm pcm = load_audio(dataset.audio[i], encoding.info, [&](Pcm decoded) {
          return encoding.deform(std::move(decoded), dataset.ids[i]);
        });
        return LoadedSignal{std::move(pcm.values), pcm.channels, pcm.frames};
      };
      // A vector that depends on its batch has no meaning without one of its items: nothing is
      // skipped here. Nor where calls are dear.
      if (call_batch_size(encoder) > 1) {
        parallel_for(dataset.audio.size(), context.jobs,
                     [&](std::size_t i) { require_known_file(dataset, i); });
        return {join_encoded(encoding.label, dataset.ids,
                             encode_in_calls(encoder, encoding.label, dataset.ids, load,
                                             context.jobs, context.update)),
                {}};
      }
      return encode_each(encoding, skip_bad, context, [&](std::size_t i) {
        const LoadedSignal item = load(i);
        return encode_signal(encoder, encoding.label,
                             {dataset.ids[i], item.values, item.rows, item.cols});
      });
    }
    case InputKind::kVggishFrames:
      if (call_batch_size(encoder) > 1) {
        const auto load = [&](std::size_t i) { return load_frames(dataset, frames, i); };
        return {join_encoded(encoding.label, dataset.ids,
                             encode_in_calls(encoder, encoding.label, dataset.ids, load,
                                             context.jobs, context.update)),
                {}};
      }
      return encode_each(encoding, skip_bad, context, [&](std::size_t i) {
        const LoadedSignal item = load_frames(dataset, frames, i);
        return encode_signal(encoder, encoding.label,
                             {dataset.ids[i], item.values, item.rows, item.cols});
      });
    case InputKind::kItemId:
      break;
  }
  return encode_ids(encoding, encoder);
}

}  // namespace

Encoded encode_items(const Encoding& encoding, Encoder& encoder, const ItemFrames* frames,
                     bool skip_bad, const StepContext& context) {
  if (!encoding.info.foreign) return encode_input(encoding, encoder, frames, skip_bad, context);
  try {
    return encode_input(encoding, encoder, frames, skip_bad, context);
  } catch (const ForeignFailure&) {
    throw;
  } catch (const DataError& error) {  // vectors of several widths, audio that is too short for it
    throw ForeignFailure(error.what());
  }
}

std::optional<Encoded> stored_encoding(const Encoding& encoding, bool skip_bad,
                                       const ArtefactStore& store) {
  if (auto whole = store.get_embeddings(encoding.key)) return Encoded{std::move(*whole), {}};
  if (!skip_bad) return std::nullopt;
  auto skipped = stored_skipped(encoding, store);
  if (!skipped) return std::nullopt;
  auto embeddings = store.get_embeddings(skipping_key(encoding));
  if (!embeddings) return std::nullopt;
  return Encoded{std::move(*embeddings), std::move(*skipped)};
}

bool is_encoding_stored(const Encoding& encoding, bool skip_bad, const ArtefactStore& store) {
  return store.has("embeddings", encoding.key) || (skip_bad && stored_skipped(encoding, store));
}

void store_encoding(const Encoding& encoding, const Encoded& encoded, const ArtefactStore& store) {
  if (encoded.skipped.empty()) {
    store.put_embeddings(encoding.key, encoding.key_json, encoding.description, encoded.embeddings);
    return;
  }
  const std::string key_json = skipping_key_json(encoding);
  const std::string key = sha256_hex(key_json);
  nlohmann::json list = nlohmann::json::array();
  for (const SkippedItem& item : encoded.skipped) {
    list.push_back({item.id, item.reason, file_now(*encoding.dataset, item.id)});
  }
  store.put_text(kSkippedArtefact, key, key_json, encoding.description,
                 list.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  store.put_embeddings(key, key_json, encoding.description, encoded.embeddings);
}

void remove_encoding(const Encoding& encoding, const ArtefactStore& store) {
  for (const std::string& key : {encoding.key, skipping_key(encoding)}) {
    for (const char* kind : {"embeddings", kSkippedArtefact}) store.remove(kind, key);
  }
  remove_cost(store, encoding.key);
}

std::string stored_encoding_sha256(const Encoding& encoding, bool skip_bad,
                                   const ArtefactStore& store) {
  if (auto whole = store.content_sha256("embeddings", encoding.key)) return *whole;
  if (!skip_bad) return "";
  if (!stored_skipped(encoding, store)) return "";
  return store.content_sha256("embeddings", skipping_key(encoding)).value_or("");
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
