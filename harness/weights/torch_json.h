// Plain values of a pickle as JSON; for torch_pickle.cpp alone.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "weights/pickle.h"

namespace musicrep {

/// Turns values into JSON: keys of dicts become texts, NumPy's scalars numbers, and what has no
/// counterpart a text that names it.
class PickleJson {
 public:
  /// `where` is the file, for messages.
  PickleJson(const Pickle& pickle, std::string where) : pickle_(pickle), where_(std::move(where)) {}

  /// Throws DataError where values are nested too deep or, written in full, are too many.
  nlohmann::json convert(std::uint32_t place, std::size_t depth = 0);

  /// A dict's key as a text.
  [[nodiscard]] std::string key(std::uint32_t place) const;

 private:
  [[nodiscard]] nlohmann::json call(const PickleValue& value) const;

  const Pickle& pickle_;
  std::string where_;
  std::size_t n_values_ = 0;
  std::size_t n_bytes_ = 0;
};

}  // namespace musicrep
