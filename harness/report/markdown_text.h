// Pieces of Markdown that the sections of the report are made of.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/results.h"

namespace musicrep {

/// What stands in a cell that has nothing to say.
inline constexpr const char* kNothing = "–";

/// A text that Markdown takes as it is, on one line: '|' and '<' are escaped.
std::string plain(std::string_view text);

/// "0.898"; a number that is none gives kNothing.
std::string score_text(double v);
std::string score_text(const std::optional<double>& v);
/// "+0.012", "-0.003", "0.000".
std::string difference_text(double v);
/// "[0.878, 0.915]".
std::string interval_text(double low, double high);
/// "0.031", or "< 0.001".
std::string p_text(double p);
/// The first 12 digits of a hash, as code; kNothing where it is empty.
std::string short_hash(std::string_view hash);
/// The first `most` bytes, or less where a character would be cut.
std::string_view utf8_prefix(std::string_view text, std::size_t most);
/// A text as code; one with a backtick as it is, escaped.
std::string code(std::string_view text);
/// "¹²" for 12.
std::string superscript(std::size_t number);
/// "a", "a and b", "a, b and c".
std::string enumeration(const std::vector<std::string>& list);

/// A table of cells that are Markdown already.
class MarkdownTable {
 public:
  /// Columns whose name begins with '>' are aligned to the right.
  explicit MarkdownTable(const std::vector<std::string>& header);
  void add(const std::vector<std::string>& cells);
  [[nodiscard]] bool empty() const { return n_rows_ == 0; }
  /// The table with an empty line after it.
  [[nodiscard]] std::string text() const { return text_ + "\n"; }

 private:
  std::size_t n_columns_;
  std::size_t n_rows_ = 0;
  std::string text_;
};

/// "the published figure cannot be compared with ours: ..."; empty where it can.
std::string not_comparable_text(const ResultRow& row);

/// "0.598 [0.571, 0.623]"
std::string with_interval(double score, double low, double high);

}  // namespace musicrep
