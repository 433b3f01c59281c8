// Lists of objects as parallel columns: a field is a column, an object an entry in each.
#pragma once

#include <concepts>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "store/results.h"

namespace musicrep {

/// Whole numbers hold int and bool (0, 1) too; in numbers, NaN represents an empty optional.
using Column =
    std::variant<std::vector<double>, std::vector<std::int64_t>, std::vector<std::string>>;

inline double to_cell(double v) { return v; }
inline double to_cell(const std::optional<double>& v) {
  return v.value_or(std::numeric_limits<double>::quiet_NaN());
}
inline std::string to_cell(const std::string& v) { return v; }
template <std::integral T>
std::int64_t to_cell(T v) {
  return v;
}

inline void from_cell(double cell, double& v) { v = cell; }
inline void from_cell(double cell, std::optional<double>& v) {
  v = cell == cell ? std::optional(cell) : std::nullopt;
}
inline void from_cell(const std::string& cell, std::string& v) { v = cell; }
template <std::integral T>
void from_cell(std::int64_t cell, T& v) {
  v = static_cast<T>(cell);
}

/// visit(name, field) for every plain field; a Selection's candidate gives its fields as its own.
template <typename T, typename Visit>
void visit_cells(T& object, const Visit& visit) {
  visit_fields(object, [&](const char* name, auto& field) {
    if constexpr (Is<std::remove_reference_t<decltype(field)>, CandidateScore>) {
      visit_fields(field, visit);
    } else {
      visit(name, field);
    }
  });
}

/// The columns of `objects`, in the order of the fields; all there where there is no object.
template <typename T>
std::vector<std::pair<std::string, Column>> to_columns(const std::vector<T>& objects) {
  std::vector<std::pair<std::string, Column>> columns;
  const T empty{};
  visit_cells(empty, [&](const char* name, const auto& like) {
    std::vector<decltype(to_cell(like))> column;
    column.reserve(objects.size());
    columns.emplace_back(name, std::move(column));
  });
  for (const T& object : objects) {
    std::size_t i = 0;
    visit_cells(object, [&](const char*, const auto& field) {
      std::get<std::vector<decltype(to_cell(field))>>(columns[i++].second)
          .push_back(to_cell(field));
    });
  }
  return columns;
}

}  // namespace musicrep
