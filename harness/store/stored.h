// Results of finished steps, as the store holds them: JSON texts.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "core/json.h"
#include "musicrep/error.h"
#include "store/artefacts.h"
#include "store/results_json.h"

namespace musicrep {

/// What `read` makes of a stored text's JSON; empty where it is of an earlier layout or none.
template <typename Read>
auto from_stored(const std::string& text, Read&& read)
    -> std::optional<decltype(read(nlohmann::json()))> {
  try {
    return read(parse_bounded_json(text));
  } catch (const DataError&) {
    return std::nullopt;
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;
  }
}

template <typename T>
std::optional<T> stored_value(const std::string& text) {
  return from_stored(text, [](const nlohmann::json& json) { return json.get<T>(); });
}

/// What is stored under `key`; empty where there is nothing, or something of an earlier layout,
/// whose step is then run again.
template <typename T>
std::optional<T> stored_result(const ArtefactStore& store, const std::string& kind,
                               const std::string& key) {
  const auto text = store.get_text(kind, key);
  return text ? stored_value<T>(*text) : std::nullopt;
}

}  // namespace musicrep
