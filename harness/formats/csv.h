// CSV tables (RFC 4180): a header row, quoted fields, LF or CRLF; as spreadsheets and scripts write
// them, also with ';' or TAB between fields, and with spaces around them.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace musicrep {

/// A table of texts: `columns` names the fields of each row.
struct CsvTable {
  std::filesystem::path path;        ///< for messages
  std::vector<std::string> columns;  ///< [m], unique; the first may be empty (pandas' index)
  /// [n][m] fields, which lie in `bytes`: a long table is not held a second time.
  std::vector<std::vector<std::string_view>> rows;
  std::vector<std::size_t> lines;            ///< [n] line of the file at which a row begins
  std::shared_ptr<const std::string> bytes;  ///< the file, its quoted fields as they read

  /// Index of a column, or nothing where there is none.
  [[nodiscard]] std::optional<std::size_t> find_column(std::string_view name) const;
  /// Index of a column. Throws DataError with the file, the nearest name and the list.
  [[nodiscard]] std::size_t column(std::string_view name) const;
  /// "'file.csv', line 12": the place of a row, for messages.
  [[nodiscard]] std::string where(std::size_t row) const;
  /// What is wrong with a field that must be a text in UTF-8, with its place; empty: nothing.
  [[nodiscard]] std::string text_problem(std::size_t row, std::size_t col) const;
  /// A field as a finite number. Throws DataError with file, line, column and what was found.
  [[nodiscard]] double number(std::size_t row, std::size_t col) const;
  /// The problem that number() would throw of, with what may be behind it: a decimal comma, digits
  /// that are not ASCII, an empty field.
  [[nodiscard]] std::string number_problem(std::size_t row, std::size_t col) const;
};

/// The whole of `text` as a finite number in decimal notation, spaces around it and a plus sign
/// before it left out; what is too small for a double is 0. Nothing where it is not one.
std::optional<double> parse_number(std::string_view text);

/// Parses a CSV table; `path` is for messages alone. A byte order mark is skipped, and so are empty
/// lines where there is more than one column, and spaces around column names and quoted fields. A
/// header without ',' that holds ';' or TAB is of a file with these between its fields. Throws
/// DataError naming file and line: no header, column names that are empty (but for the first) or
/// duplicate, rows with more or fewer fields than columns (all of them at once), stray or
/// unterminated quotes, bytes that are not text.
CsvTable parse_csv(std::string bytes, const std::filesystem::path& path);

/// Reads a CSV file. Throws DataError as read_file and parse_csv do.
CsvTable read_csv(const std::filesystem::path& path);

/// A text as one field of a row: quoted where it must be.
std::string csv_field(const std::string& text);

}  // namespace musicrep
