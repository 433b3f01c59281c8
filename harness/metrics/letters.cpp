#include "metrics/letters.h"

#include <fmt/format.h>

#include <algorithm>

namespace musicrep {
namespace {

using Column = std::vector<bool>;  // [n] who is in the group

bool is_subset(const Column& inner, const Column& outer) {
  for (std::size_t i = 0; i < inner.size(); ++i) {
    if (inner[i] && !outer[i]) return false;
  }
  return true;
}

/// Adds `column` unless it lies within another one; takes out those that lie within it.
void absorb(std::vector<Column>& columns, Column column) {
  for (const Column& other : columns) {
    if (is_subset(column, other)) return;
  }
  std::erase_if(columns, [&](const Column& other) { return is_subset(other, column); });
  columns.push_back(std::move(column));
}

}  // namespace

std::vector<std::string> compact_letters(
    std::size_t n, const std::function<bool(std::size_t, std::size_t)>& differ) {
  if (n == 0) return {};
  std::vector<Column> columns = {Column(n, true)};
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = i + 1; j < n; ++j) {
      if (!differ(i, j)) continue;
      std::vector<Column> kept;
      std::vector<Column> split;
      for (Column& column : columns) {
        if (!column[i] || !column[j]) {
          kept.push_back(std::move(column));
          continue;
        }
        for (const std::size_t without : {i, j}) {
          split.push_back(column);
          split.back()[without] = false;
        }
      }
      columns = std::move(kept);
      for (Column& column : split) absorb(columns, std::move(column));
    }
  }
  std::ranges::sort(columns, std::ranges::greater());  // by first members
  std::vector<std::string> out(n);
  for (std::size_t c = 0; c < columns.size(); ++c) {
    const std::string name =
        c < 26 ? std::string(1, static_cast<char>('a' + c)) : fmt::format("({})", c + 1);
    for (std::size_t i = 0; i < n; ++i) {
      if (columns[c][i]) out[i] += name;
    }
  }
  return out;
}

}  // namespace musicrep
