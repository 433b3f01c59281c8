#include "formats/csv.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <set>
#include <utility>

#include "core/did_you_mean.h"
#include "core/files.h"
#include "core/utf8.h"
#include "formats/lines.h"
#include "musicrep/error.h"

namespace musicrep {
namespace fs = std::filesystem;
namespace {

/// One pass over the bytes, a record at a time.
class Scanner {
 public:
  // Fields are views of `bytes`, where a quoted one with quotes in it is replaced by what it reads.
  Scanner(std::string& bytes, const fs::path& path)
      : bytes_(bytes), rest_(without_bom(bytes)), path_(path), separator_(separator_of(rest_)) {
    skip_separator_line();
  }

  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  [[nodiscard]] std::size_t line() const { return line_; }

  /// The fields of the next record, `n_expected` in a good file; `blank` distinguishes an empty
  /// line from a quoted empty field.
  std::vector<std::string_view> record(bool& blank, std::size_t n_expected) {
    std::vector<std::string_view> fields;
    fields.reserve(n_expected);
    blank = rest_.front() == '\n' || rest_.starts_with("\r\n");
    do {
      fields.push_back(begins_with_quote() ? quoted_field() : plain_field());
    } while (take(separator_));
    if (!rest_.empty() && !take_line_end()) {
      fail(line_, fmt::format("found '{}' after a closing quote, expected '{}' or the line's end",
                              rest_.front(), separator_));
    }
    return fields;
  }

 private:
  // The separator of the names in the header.
  static char separator_of(std::string_view text) {
    const std::string_view header = text.substr(0, text.find('\n'));
    for (const char candidate : {',', ';', '\t'}) {
      if (header.find(candidate) != std::string_view::npos) return candidate;
    }
    return ',';
  }

  // "sep=;" in a line of its own before the header is spreadsheets' way to name the separator.
  void skip_separator_line() {
    constexpr std::string_view kMark = "sep=";
    const std::string_view line = trimmed(rest_.substr(0, rest_.find('\n')));
    if (!line.starts_with(kMark) || line.size() > kMark.size() + 1) return;
    if (line.size() > kMark.size()) separator_ = line.back();
    const std::size_t end = rest_.find('\n');
    rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
    ++line_;
  }

  [[nodiscard]] bool is_space(char c) const { return c == ' ' || (c == '\t' && separator_ != c); }

  void skip_spaces() {
    while (!rest_.empty() && is_space(rest_.front())) rest_.remove_prefix(1);
  }

  // Spaces before a quote are none of the field's; before anything else they stay.
  bool begins_with_quote() {
    std::size_t at = 0;
    while (at < rest_.size() && is_space(rest_[at])) ++at;
    if (at == rest_.size() || rest_[at] != '"') return false;
    rest_.remove_prefix(at);
    return true;
  }

  [[noreturn]] void fail(std::size_t line, const std::string& what) const {
    throw DataError(fmt::format("'{}', line {}: {}", path_.string(), line, what));
  }

  bool take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  bool take_line_end() {
    if (rest_.starts_with("\r\n")) rest_.remove_prefix(1);
    if (!take('\n')) return false;
    ++line_;
    return true;
  }

  std::string_view plain_field() {
    const std::array ends = {separator_, '\r', '\n', '"'};
    const std::size_t end =
        std::min(rest_.find_first_of(std::string_view(ends.data(), ends.size())), rest_.size());
    const std::string_view field = rest_.substr(0, end);
    rest_.remove_prefix(end);
    if (rest_.empty()) return field;
    if (rest_.front() == '"') {
      fail(line_, fmt::format("found a quote inside the unquoted field '{}', expected the whole "
                              "field in quotes and its quotes doubled",
                              field));
    }
    if (rest_.front() == '\r' && !rest_.starts_with("\r\n")) {
      fail(line_, "found a carriage return without a line feed, expected LF or CRLF line ends");
    }
    return field;
  }

  std::string_view quoted_field() {
    const std::size_t first_line = line_;
    take('"');
    char* const first = bytes_.data() + (rest_.data() - bytes_.data());
    char* end = first;
    while (true) {
      const std::size_t quote = rest_.find('"');
      if (quote == std::string_view::npos) fail(first_line, "found no end of a quoted field");
      const std::string_view part = rest_.substr(0, quote);
      if (end != part.data()) std::memmove(end, part.data(), part.size());
      end += part.size();
      line_ += static_cast<std::size_t>(std::count(part.begin(), part.end(), '\n'));
      rest_.remove_prefix(quote + 1);
      if (!take('"')) {
        skip_spaces();
        return {first, static_cast<std::size_t>(end - first)};
      }
      *end++ = '"';
    }
  }

  std::string& bytes_;
  std::string_view rest_;
  const fs::path& path_;
  char separator_;
  std::size_t line_ = 1;
};

/// A likely cause of a field that is not a number, as the end of a message; empty where unknown.
std::string likely_cause(std::string_view text) {
  if (text.empty()) return "";
  const bool all_ascii =
      std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (!all_ascii) return " in ASCII digits, '.' and '-'";
  if (text.find(',') != std::string_view::npos) {
    return " with a decimal point, not a comma, and nothing between thousands";
  }
  if (text.find('\'') != std::string_view::npos || text.find('_') != std::string_view::npos ||
      text.find(' ') != std::string_view::npos) {
    return " with nothing between its digits";
  }
  if (text.find_first_of("dD") != std::string_view::npos &&
      text.find_first_of("0123456789") != std::string_view::npos) {
    return " with an exponent as in 1e-3";
  }
  return "";
}

void check_columns(const CsvTable& table) {
  Problems problems;
  std::set<std::string_view> seen;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const std::string& name = table.columns[i];
    if (name.empty() && i > 0) {
      const bool last = i + 1 == table.columns.size();
      problems.add(fmt::format("column {} has no name{}", i + 1,
                               last ? ": the line ends with a separator" : ""));
    }
    if (!name.empty() && !seen.insert(name).second) {
      problems.add(fmt::format("found two columns '{}', expected names that differ", name));
    }
  }
  problems.throw_if_any(fmt::format("'{}', line 1:", table.path.string()));
}

}  // namespace

std::optional<std::size_t> CsvTable::find_column(std::string_view name) const {
  const auto found = std::find(columns.begin(), columns.end(), trimmed(name));
  if (found == columns.end()) return std::nullopt;
  return static_cast<std::size_t>(found - columns.begin());
}

std::size_t CsvTable::column(std::string_view name) const {
  if (const auto found = find_column(name)) return *found;
  std::vector<std::string> known;
  std::copy_if(columns.begin(), columns.end(), std::back_inserter(known),
               [](const std::string& c) { return !c.empty(); });
  std::string text =
      fmt::format("'{}': {}", path.string(), unknown_name("column", std::string(name), known));
  if (columns.size() == 1) text += "; found one column alone, expected ',' between fields";
  throw DataError(text);
}

std::string CsvTable::where(std::size_t row) const {
  return fmt::format("'{}', line {}", path.string(), lines.at(row));
}

std::string CsvTable::text_problem(std::size_t row, std::size_t col) const {
  const std::string_view field = rows.at(row).at(col);
  const auto at = first_byte_not_utf8(field);
  if (!at) return "";
  return fmt::format(
      "{}, column '{}': found '{}', whose byte {} is not UTF-8 (the file may be in Latin-1 or "
      "Windows-1252), expected a text in UTF-8",
      where(row), columns.at(col), escaped_to_utf8(field), *at + 1);
}

std::string CsvTable::number_problem(std::size_t row, std::size_t col) const {
  const std::string_view field = rows.at(row).at(col);
  return fmt::format(
      "{}, column '{}': found {}, expected a finite number{}", where(row), columns.at(col),
      trimmed(field).empty() ? "an empty field" : fmt::format("'{}'", escaped_to_utf8(field)),
      likely_cause(trimmed(field)));
}

double CsvTable::number(std::size_t row, std::size_t col) const {
  if (const auto value = parse_number(rows.at(row).at(col))) return *value;
  throw DataError(number_problem(row, col));
}

std::optional<double> parse_number(std::string_view text) {
  text = trimmed(text);
  if (text.starts_with('+') && text.size() > 1 && text[1] != '-') text.remove_prefix(1);
  double value = 0;
  const char* end = text.data() + text.size();
  const auto [stopped_at, error] = std::from_chars(text.data(), end, value);
  if (stopped_at != end) return std::nullopt;
  // Too large or too small: only strtod() shows which, and what is nearest.
  if (error == std::errc::result_out_of_range)
    value = std::strtod(std::string(text).c_str(), nullptr);
  if ((error != std::errc() && error != std::errc::result_out_of_range) || !std::isfinite(value)) {
    return std::nullopt;
  }
  return value;
}

CsvTable parse_csv(std::string bytes, const fs::path& path) {
  require_text(bytes, path.string());
  const auto text = std::make_shared<std::string>(std::move(bytes));
  Scanner scanner(*text, path);
  if (scanner.at_end()) {
    throw DataError(fmt::format("'{}': found an empty file, expected a header row", path.string()));
  }
  CsvTable table;
  table.path = path;
  table.bytes = text;
  bool blank = false;
  const std::vector<std::string_view> header = scanner.record(blank, 0);
  for (const std::string_view name : header) table.columns.emplace_back(trimmed(name));
  if (blank) {
    throw DataError(
        fmt::format("'{}', line 1: found an empty line, expected a header row", path.string()));
  }
  check_columns(table);
  Problems problems;
  while (!scanner.at_end()) {
    const std::size_t line = scanner.line();
    std::vector<std::string_view> fields = scanner.record(blank, table.columns.size());
    if (blank && table.columns.size() > 1) continue;
    if (fields.size() != table.columns.size()) {
      problems.add(fmt::format("line {}: found {} fields, expected {}", line, fields.size(),
                               table.columns.size()));
      continue;
    }
    table.rows.push_back(std::move(fields));
    table.lines.push_back(line);
  }
  problems.throw_if_any(fmt::format("'{}':", path.string()));
  return table;
}

CsvTable read_csv(const fs::path& path) { return parse_csv(read_file(path), path); }

std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + "\"";
}

}  // namespace musicrep
