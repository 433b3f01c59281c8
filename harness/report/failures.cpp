#include "report/failures.h"

#include <fmt/format.h>

#include <string_view>

#include "report/markdown_text.h"

namespace musicrep {
namespace {

/// Bytes of a reason that fit a cell.
constexpr std::size_t kLongestClause = 80;

/// The reason up to where a clause of its first line ends, or a word.
std::string_view first_clause(std::string_view reason) {
  reason = reason.substr(0, reason.find('\n'));
  if (reason.size() <= kLongestClause) return reason;
  const std::string_view head = reason.substr(0, kLongestClause + 1);
  for (const char* end : {". ", "; ", ": ", ", ", " "}) {
    const std::size_t at = head.rfind(end);
    if (at != std::string_view::npos && at > kLongestClause / 3) return reason.substr(0, at);
  }
  return utf8_prefix(reason, kLongestClause);
}

}  // namespace

bool has_longer_reason(const ResultRow& row) {
  return first_clause(row.failure).size() < row.failure.size();
}

std::string failed_cell(const ResultRow& row) {
  return fmt::format("failed: {}{}", plain(first_clause(row.failure)),
                     has_longer_reason(row) ? " ([why](#failed-rows))" : "");
}

}  // namespace musicrep
