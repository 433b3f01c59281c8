// The content digest of results. What is hashed is the canonical JSON of digested_content(),
// written straight into a text: a tree of JSON values would take ten times as long.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <concepts>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/hash.h"
#include "musicrep/error.h"
#include "store/results.h"
#include "store/results_json.h"

namespace musicrep {
namespace {

constexpr const char* kUndigested[] = {"volatile_facts", "costs", "curves"};

bool is_digested(std::string_view part) {
  return std::ranges::find(kUndigested, part) == std::end(kUndigested);
}

/// Appends values as nlohmann::json::dump() writes them: keys sorted, no white space.
class CanonicalWriter {
 public:
  void put(const std::string& v) {
    const bool is_plain = std::ranges::all_of(
        v, [](char c) { return c >= 0x20 && c < 0x7f && c != '"' && c != '\\'; });
    if (is_plain) {
      ((text_ += '"') += v) += '"';
    } else {
      text_ += nlohmann::json(v).dump();
    }
  }
  void put(bool v) { text_ += v ? "true" : "false"; }
  template <std::integral T>
  void put(T v) {
    fmt::format_to(std::back_inserter(text_), "{}", static_cast<std::int64_t>(v));
  }
  void put(double v) {
    if (!std::isfinite(v)) {
      text_ += "null";
      return;
    }
    char digits[64];
    text_.append(digits, nlohmann::detail::to_chars(std::begin(digits), std::end(digits), v));
  }
  void put(const std::optional<double>& v) { v ? put(*v) : void(text_ += "null"); }
  void put(const std::map<std::string, std::string>& facts) {
    text_ += '{';
    for (const auto& [key, value] : facts) {
      if (text_.back() != '{') text_ += ',';
      put(key);
      text_ += ':';
      put(value);
    }
    text_ += '}';
  }

  template <typename T>
  void put(const std::vector<T>& list) {
    text_ += '[';
    for (std::size_t i = 0; i < list.size(); ++i) {
      if (i > 0) text_ += ',';
      put(list[i]);
    }
    text_ += ']';
  }

  /// An object: its fields are written in their own order, then put in that of their names.
  template <typename T>
  requires requires(const T& v) {
    visit_fields(v, [](const char*, const auto&) {});
  }
  void put(const T& object) {
    put_fields(object, [](std::string_view) { return true; });
  }

  template <typename T, typename IsIncluded>
  void put_fields(const T& object, IsIncluded is_included) {
    const std::size_t begin_of_object = text_.size();
    const auto n_outer = static_cast<std::ptrdiff_t>(fields_.size());
    visit_fields(object, [&](const char* name, const auto& v) {
      if (!is_included(name) || !is_written(name, v)) return;
      const std::size_t begin = text_.size();
      text_ += '"';
      text_ += name;
      text_ += "\":";
      put(v);
      fields_.push_back({name, begin, text_.size()});
    });
    const auto first = fields_.begin() + n_outer;
    std::ranges::sort(first, fields_.end(), {}, &Field::name);
    sorted_ = "{";
    for (auto field = first; field != fields_.end(); ++field) {
      if (field != first) sorted_ += ',';
      sorted_.append(text_, field->begin, field->end - field->begin);
    }
    sorted_ += '}';
    text_.replace(begin_of_object, std::string::npos, sorted_);
    fields_.erase(first, fields_.end());
  }

  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  struct Field {
    std::string_view name;
    std::size_t begin = 0;
    std::size_t end = 0;
  };
  std::string text_;
  std::vector<Field> fields_;  ///< of the objects that are being written, the innermost last
  std::string sorted_;         ///< room for one object
};

}  // namespace

std::string content_digest(const Results& results) {
  CanonicalWriter writer;
  try {
    writer.put_fields(results, is_digested);
  } catch (const nlohmann::json::type_error& error) {
    throw DataError(
        fmt::format("a text is not valid UTF-8, so it cannot be hashed: {}", error.what()));
  }
  return sha256_hex(writer.text());
}

nlohmann::json digested_content(const Results& results) {
  nlohmann::json content = results;
  for (const char* part : kUndigested) content.erase(part);
  return content;
}

}  // namespace musicrep
