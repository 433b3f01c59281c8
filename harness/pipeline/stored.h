// Results of finished steps, as the store holds them: JSON texts.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "musicrep/error.h"
#include "store/artefacts.h"
#include "store/results_json.h"

namespace musicrep {

/// What is stored under `key`; empty where there is nothing, or something of an earlier layout,
/// whose step is then run again.
template <typename T>
std::optional<T> stored_result(const ArtefactStore& store, const std::string& kind,
                               const std::string& key) {
  const auto text = store.get_text(kind, key);
  if (!text) return std::nullopt;
  try {
    return nlohmann::json::parse(*text).get<T>();
  } catch (const DataError&) {
    return std::nullopt;
  }
}

}  // namespace musicrep
