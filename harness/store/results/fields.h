// The fields of results, each named once: JSON, HDF5 and tables are all made from these lists.
// visit_fields(object, visit) calls visit(name, member) for every field, in the order of the struct
// that it follows.
#pragma once

#include <concepts>
#include <string_view>
#include <type_traits>

namespace musicrep {

/// T or const T.
template <typename Object, typename T>
concept Is = std::same_as<std::remove_const_t<Object>, T>;

/// Fields that most data sets or runs have nothing for: they are left out where they are empty, and
/// empty where they are missing.
inline bool is_left_out_where_empty(std::string_view name) {
  return name == "audio_pcm_sha256" || name == "skipped" || name == "pictures" ||
         name == "claims" || name == "retrievals" || name == "diagnoses" || name == "item_group" ||
         name == "contract" || name == "sweeps" || name == "deformed" || name == "curves" ||
         name == "citations" || name == "costs" || name == "measure_samples" ||
         name == "base_loss" || name == "average_precision" || name == "nearest_music" ||
         name == "nearest_text";
}

/// Whether a field goes into JSON and files.
template <typename T>
bool is_written(std::string_view name, const T& v) {
  if constexpr (requires { v.empty(); }) {
    return !v.empty() || !is_left_out_where_empty(name);
  } else if constexpr (requires { v.has_value(); }) {
    return v.has_value() || !is_left_out_where_empty(name);
  } else {
    return true;
  }
}

}  // namespace musicrep
