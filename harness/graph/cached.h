// A cached result: looked up under its key and its lock, or made, measured and stored.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>

#include "core/hash.h"
#include "graph/costs.h"
#include "graph/step.h"
#include "musicrep/error.h"
#include "store/step_lock.h"
#include "store/stored.h"

namespace musicrep {

/// How a result is looked up, made and stored.
template <typename T>
struct Recipe {
  std::string key;
  std::string title;  ///< for the log and for people who look into the store
  CostMeter::Of measured = CostMeter::Of::kProgram;
  std::function<std::optional<T>()> load;
  /// May restart the meter once its own inputs are there.
  std::function<T(CostMeter&)> make;
  std::function<StepSize(const T&)> size;
  std::function<void(const T&)> keep;
};

template <typename T>
struct Cached {
  T value;
  std::string key;
  bool was_stored = false;
};

/// What is stored, or with context.again and where there is nothing, what the recipe makes. Runs on
/// one store that want the same result wait for each other. Throws as the recipe's functions do.
template <typename T>
Cached<T> make_once(const StepContext& context, const Recipe<T>& recipe) {
  const StepLock lock(context.store, recipe.key, recipe.title);
  if (!context.again) {
    if (auto stored = recipe.load()) return {std::move(*stored), recipe.key, true};
  }
  CostMeter meter(recipe.measured);
  Cached<T> out{recipe.make(meter), recipe.key, false};
  // The cost comes first: whoever finds the result stored never makes it again, nor measures.
  store_cost(context.store, recipe.key, "cost of: " + recipe.title,
             meter.cost(recipe.size(out.value)));
  recipe.keep(out.value);
  return out;
}

/// What names a result that is stored as JSON text.
struct JsonKey {
  std::string kind;  ///< of artefact: "evaluation"
  std::string json;  ///< canonical; the key is its SHA-256
};

/// make_once() of a value that nlohmann::json converts; `make` fills in its items for the cost.
template <typename T>
Cached<T> make_json_once(const StepContext& context, const JsonKey& key, const std::string& title,
                         const std::function<T(CostMeter&)>& make,
                         const std::function<std::int64_t(const T&)>& n_items) {
  const std::string sha256 = sha256_hex(key.json);
  Recipe<T> recipe;
  recipe.key = sha256;
  recipe.title = title;
  recipe.load = [&] { return stored_result<T>(context.store, key.kind, sha256); };
  recipe.make = make;
  recipe.size = [&](const T& value) { return StepSize{n_items(value), 0}; };
  recipe.keep = [&](const T& value) {
    context.store.put_text(key.kind, sha256, key.json, title, nlohmann::json(value).dump());
  };
  return make_once(context, recipe);
}

/// What a finished step stored. Throws DataError where it has gone since.
template <typename T>
T require_stored(const ArtefactStore& store, const std::string& kind, const std::string& key,
                 const std::string& title) {
  if (auto stored = stored_result<T>(store, kind, key)) return std::move(*stored);
  throw DataError("'" + store.root().string() + "': the result of '" + title +
                  "' was stored there and is gone");
}

}  // namespace musicrep
