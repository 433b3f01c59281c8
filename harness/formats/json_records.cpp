#include "formats/json_records.h"

#include <fmt/format.h>

#include <charconv>
#include <fstream>
#include <optional>
#include <utility>

#include "core/files.h"
#include "core/json.h"
#include "core/utf8.h"
#include "formats/lines.h"

namespace musicrep {
namespace fs = std::filesystem;
namespace {

using nlohmann::json;

/// A Python literal: dictionaries with texts as keys, lists, texts, numbers, True, False, None.
class PythonReader {
 public:
  explicit PythonReader(std::string_view text) : rest_(text) {}

  /// The whole text as one value, or nothing.
  std::optional<json> whole() {
    std::optional<json> out = value(0);
    skip_space();
    return rest_.empty() ? out : std::nullopt;
  }

 private:
  static constexpr int kDeepest = 64;

  void skip_space() {
    while (!rest_.empty() && (rest_.front() == ' ' || rest_.front() == '\t')) {
      rest_.remove_prefix(1);
    }
  }
  bool take(std::string_view token) {
    skip_space();
    if (!rest_.starts_with(token)) return false;
    rest_.remove_prefix(token.size());
    return true;
  }

  std::optional<json> value(int depth) {
    skip_space();
    if (rest_.empty() || depth > kDeepest) return std::nullopt;
    if (take("{")) return dictionary(depth);
    if (take("[")) return list(depth);
    if (rest_.front() == '\'' || rest_.front() == '"') return text();
    if (take("True")) return json(true);
    if (take("False")) return json(false);
    if (take("None")) return json(nullptr);
    return number();
  }

  std::optional<json> dictionary(int depth) {
    json out = json::object();
    if (take("}")) return out;
    do {
      skip_space();
      if (rest_.empty() || (rest_.front() != '\'' && rest_.front() != '"')) return std::nullopt;
      const std::optional<json> key = text();
      if (!key || !take(":")) return std::nullopt;
      std::optional<json> entry = value(depth + 1);
      if (!entry) return std::nullopt;
      out[key->get<std::string>()] = std::move(*entry);
    } while (take(","));
    if (!take("}")) return std::nullopt;
    return out;
  }

  std::optional<json> list(int depth) {
    json out = json::array();
    if (take("]")) return out;
    do {
      std::optional<json> entry = value(depth + 1);
      if (!entry) return std::nullopt;
      out.push_back(std::move(*entry));
    } while (take(","));
    if (!take("]")) return std::nullopt;
    return out;
  }

  std::optional<json> number() {
    double out = 0;
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), out);
    if (error != std::errc()) return std::nullopt;
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    return json(out);
  }

  std::optional<json> text() {
    const char quote = rest_.front();
    rest_.remove_prefix(1);
    std::string out;
    while (!rest_.empty()) {
      const char c = rest_.front();
      rest_.remove_prefix(1);
      if (c == quote) return json(out);
      if (c != '\\') {
        out += c;
      } else if (!escape(out)) {
        return std::nullopt;
      }
    }
    return std::nullopt;
  }

  bool escape(std::string& out) {
    if (rest_.empty()) return false;
    const char c = rest_.front();
    rest_.remove_prefix(1);
    switch (c) {
      case 'n':
        out += '\n';
        return true;
      case 't':
        out += '\t';
        return true;
      case 'r':
        out += '\r';
        return true;
      case 'x':
        return code_point(2, out);
      case 'u':
        return code_point(4, out);
      case 'U':
        return code_point(8, out);
      default:
        out += c;
        return c == '\\' || c == '\'' || c == '"';
    }
  }

  bool code_point(std::size_t digits, std::string& out) {
    if (rest_.size() < digits) return false;
    unsigned long code = 0;
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + digits, code, 16);
    const bool is_surrogate = code >= 0xD800 && code < 0xE000;
    if (error != std::errc() || end != rest_.data() + digits || code > 0x10FFFF || is_surrogate) {
      return false;
    }
    rest_.remove_prefix(digits);
    const auto put = [&out](unsigned long byte) { out += static_cast<char>(byte); };
    if (code < 0x80) {
      put(code);
    } else if (code < 0x800) {
      put(0xC0 | code >> 6);
      put(0x80 | (code & 0x3F));
    } else if (code < 0x10000) {
      put(0xE0 | code >> 12);
      put(0x80 | (code >> 6 & 0x3F));
      put(0x80 | (code & 0x3F));
    } else {
      put(0xF0 | code >> 18);
      put(0x80 | (code >> 12 & 0x3F));
      put(0x80 | (code >> 6 & 0x3F));
      put(0x80 | (code & 0x3F));
    }
    return true;
  }

  std::string_view rest_;
};

}  // namespace

json parse_record(std::string_view text, const std::string& where) {
  json record = parse_bounded_json(text);
  if (record.is_discarded() && is_utf8(text)) record = PythonReader(text).whole().value_or(json());
  if (record.is_object()) return record;
  throw DataError(fmt::format("{}: found '{}', expected one JSON object", where,
                              text.size() > 40 ? fmt::format("{}...", text.substr(0, 40)) : text));
}

LinesRead for_each_json_line(const fs::path& path, const RecordBody& body, Problems& problems) {
  return for_each_line(path, [&](std::string_view line, std::size_t number) {
    if (trimmed(line).empty()) return;
    const std::string where = fmt::format("'{}', line {}", path.string(), number);
    json record;
    try {
      record = parse_record(line, where);
    } catch (const DataError& error) {
      problems.add(error.what());
      return;
    }
    body(record, where);
  });
}

std::size_t for_each_json_record(const fs::path& path, const RecordBody& body, Problems& problems) {
  std::ifstream in = open_for_reading(path);
  std::size_t n = 0;
  if ((in >> std::ws).peek() == '{') {
    const LinesRead read = for_each_json_line(
        path,
        [&](const json& record, const std::string& where) {
          ++n;
          body(record, where);
        },
        problems);
    if (!read.is_truncated) return n;
    throw DataError(fmt::format("'{}': cut off after line {}", path.string(), read.n_lines));
  }
  // Each record is handed over as soon as it is complete, and dropped.
  const auto look = [&](int depth, json::parse_event_t event, json& parsed) {
    if (std::cmp_greater(depth, kDeepestJson)) {
      throw DataError(fmt::format("'{}', record {}: lists and objects are nested more than {} deep",
                                  path.string(), n + 1, kDeepestJson));
    }
    const bool is_complete = depth == 1 && (event == json::parse_event_t::object_end ||
                                            event == json::parse_event_t::array_end ||
                                            event == json::parse_event_t::value);
    if (!is_complete) return true;
    ++n;
    const std::string where = fmt::format("'{}', record {}", path.string(), n);
    if (parsed.is_object()) {
      body(parsed, where);
    } else {
      problems.add(fmt::format("{}: found no JSON object", where));
    }
    return false;
  };
  try {
    const json rest = json::parse(in, look);
    if (!rest.is_array()) {
      problems.add(fmt::format("'{}': found no JSON list of objects", path.string()));
    }
  } catch (const json::parse_error& error) {
    problems.add(fmt::format("'{}': damaged or cut off after record {} (byte {})", path.string(), n,
                             error.byte));
  } catch (const json::out_of_range&) {
    problems.add(
        fmt::format("'{}', record {}: found a number that is too large", path.string(), n + 1));
  }
  return n;
}

std::string text_of(const json& record, const char* key) {
  const auto found = record.find(key);
  return found != record.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace musicrep
