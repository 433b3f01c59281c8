#include "text/word_vectors.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <fstream>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "core/folder_walk.h"
#include "formats/csv.h"
#include "musicrep/error.h"

namespace musicrep {
namespace {

constexpr std::size_t kWidest = 100'000;

/// What word2vec writes first: "count width".
struct Header {
  std::size_t count = 0;
  std::size_t width = 0;
};

std::optional<Header> parse_header(std::string_view line) {
  Header header;
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos) return std::nullopt;
  const auto whole = [](std::string_view text, std::size_t& into) {
    while (!text.empty() && (text.back() == '\r' || text.back() == ' ')) text.remove_suffix(1);
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), into);
    return error == std::errc() && end == text.data() + text.size();
  };
  if (!whole(line.substr(0, space), header.count)) return std::nullopt;
  if (!whole(line.substr(space + 1), header.width)) return std::nullopt;
  return header;
}

/// Keeps what was asked for.
class Collector {
 public:
  Collector(std::string file, std::span<const std::string> words) : file_(std::move(file)) {
    for (const std::string& word : words) rows_.emplace(word, Row{});
  }

  void set_width(std::size_t width, const std::string& where) {
    if (width == 0 || width > kWidest) {
      throw DataError(
          fmt::format("{}, {}: found {} numbers, expected 1 to {}", file_, where, width, kWidest));
    }
    width_ = width;
  }
  [[nodiscard]] std::size_t width() const { return width_; }
  [[nodiscard]] const std::string& file() const { return file_; }
  [[nodiscard]] std::size_t n() const { return n_; }

  void add(const std::string& word, std::span<const float> values, const std::string& where) {
    ++n_;
    if (!seen_.insert(word).second) {
      throw DataError(fmt::format("{}, {}: found the word '{}' a second time, expected it once",
                                  file_, where, word));
    }
    for (const float value : values) {
      if (!std::isfinite(value)) {
        throw DataError(
            fmt::format("{}, {}: the word '{}' has the number {}, expected a finite one", file_,
                        where, word, value));
      }
    }
    const std::string lower = lower_case(word);
    const auto at = rows_.find(lower);
    if (at == rows_.end()) return;
    const bool exact = lower == word;
    if (!at->second.values.empty() && !exact) return;
    at->second.values.assign(values.begin(), values.end());
  }

  [[nodiscard]] WordVectors found(std::span<const std::string> words) const {
    WordVectors out;
    out.width = width_;
    out.n_in_file = n_;
    for (const std::string& word : words) {
      const std::vector<float>& values = rows_.at(word).values;
      if (values.empty()) continue;
      out.words.push_back(word);
      out.values.insert(out.values.end(), values.begin(), values.end());
    }
    return out;
  }

 private:
  struct Row {
    std::vector<float> values;
  };
  std::string file_;
  std::size_t width_ = 0;
  std::size_t n_ = 0;
  std::unordered_map<std::string, Row> rows_;
  std::unordered_set<std::string> seen_;
};

/// "word 0.1 0.2 ...": the word may hold spaces, as some of GloVe's do; the numbers may not.
void add_line(std::string_view line, std::size_t number, Collector& collector) {
  const std::string where = fmt::format("line {}", number);
  while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
  if (collector.width() == 0) {
    collector.set_width(static_cast<std::size_t>(std::ranges::count(line, ' ')), where);
  }
  std::vector<float> values(collector.width());
  for (std::size_t k = values.size(); k-- > 0;) {
    const std::size_t space = line.rfind(' ');
    if (space == std::string_view::npos || space == 0) {
      throw DataError(fmt::format("{}, {}: found {} numbers, expected a word and {}",
                                  collector.file(), where, values.size() - 1 - k, values.size()));
    }
    const std::string_view field = line.substr(space + 1);
    const std::optional<double> value = parse_number(field);
    if (!value) {
      throw DataError(fmt::format("{}, {}: found '{:.40}' as number {}, expected a finite number",
                                  collector.file(), where, field, k + 1));
    }
    values[k] = static_cast<float>(*value);
    line = line.substr(0, space);
  }
  // A longer line ends in more numbers than the first: its "word" then ends in one, too.
  const std::size_t space = line.rfind(' ');
  if (space != std::string_view::npos && parse_number(line.substr(space + 1))) {
    throw DataError(fmt::format("{}, {}: found more than {} numbers, as the first line has",
                                collector.file(), where, values.size()));
  }
  collector.add(std::string(line), values, where);
}

void read_binary(std::istream& in, const Header& header, Collector& collector) {
  collector.set_width(header.width, "line 1");
  static_assert(std::endian::native == std::endian::little);
  std::vector<float> values(header.width);
  for (std::size_t i = 0; i < header.count; ++i) {
    std::string word;
    if (!std::getline(in, word, ' ')) {
      throw DataError(fmt::format("{}: ends after {} words, expected {} as its first line says",
                                  collector.file(), i, header.count));
    }
    if (word.starts_with('\n')) word.erase(0, 1);
    in.read(reinterpret_cast<char*>(values.data()),
            static_cast<std::streamsize>(values.size() * sizeof(float)));
    if (!in) {
      throw DataError(fmt::format("{}: ends inside the numbers of word {} ('{:.40}')",
                                  collector.file(), i + 1, word));
    }
    collector.add(word, values, fmt::format("word {}", i + 1));
  }
  std::string rest;
  if (std::getline(in, rest, '\0') && rest.find_first_not_of("\r\n") != std::string::npos) {
    throw DataError(fmt::format("{}: holds more than the {} words that its first line says",
                                collector.file(), header.count));
  }
}

void read_text(std::istream& in, std::size_t n_expected, std::size_t first_line,
               Collector& collector) {
  std::string line;
  for (std::size_t number = first_line; std::getline(in, line); ++number) {
    if (line.find_first_not_of(" \r") == std::string::npos) continue;
    add_line(line, number, collector);
  }
  if (n_expected > 0 && collector.n() != n_expected) {
    throw DataError(fmt::format("{}: found {} words, expected {} as its first line says",
                                collector.file(), collector.n(), n_expected));
  }
  if (collector.n() == 0)
    throw DataError(fmt::format("{}: found no word vectors", collector.file()));
}

/// Whether what follows the header's line is text: its first word's numbers can be read.
bool is_text_next(std::istream& in) {
  const std::istream::pos_type at = in.tellg();
  std::string line;
  std::getline(in, line);
  in.clear();
  in.seekg(at);
  const std::size_t space = line.find(' ');
  if (space == std::string::npos) return false;
  const std::string_view rest = std::string_view(line).substr(space + 1);
  return parse_number(rest.substr(0, rest.find(' '))).has_value();
}

}  // namespace

WordVectors read_word_vectors(const std::filesystem::path& path,
                              std::span<const std::string> words) {
  const std::string file = fmt::format("word vectors '{}'", path.string());
  std::ifstream in(path, std::ios::binary);
  if (!in) throw DataError(file + ": cannot be read");
  Collector collector(file, words);
  std::string first;
  if (!std::getline(in, first)) throw DataError(file + ": is empty");
  const std::optional<Header> header = parse_header(first);
  if (!header) {
    add_line(first, 1, collector);
    read_text(in, 0, 2, collector);
  } else if (is_text_next(in)) {
    collector.set_width(header->width, "line 1");
    read_text(in, header->count, 2, collector);
  } else {
    read_binary(in, *header, collector);
  }
  return collector.found(words);
}

}  // namespace musicrep
