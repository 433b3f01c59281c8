#include "report/markdown_text.h"

#include <fmt/format.h>

#include <array>
#include <cassert>
#include <cmath>

namespace musicrep {

std::string plain(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '|':
        out += "\\|";
        break;
      case '<':
        out += "&lt;";
        break;
      case '\r':
        break;
      case '\n':
        out += ' ';
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string score_text(double v) {
  if (std::isnan(v)) return kNothing;
  const std::string text = fmt::format("{:.3f}", v);
  return text == "-0.000" ? "0.000" : text;
}

std::string score_text(const std::optional<double>& v) { return v ? score_text(*v) : kNothing; }

std::string difference_text(double v) {
  if (std::isnan(v)) return kNothing;
  const std::string text = fmt::format("{:+.3f}", v);
  return text == "+0.000" || text == "-0.000" ? "0.000" : text;
}

std::string interval_text(double low, double high) {
  return fmt::format("[{}, {}]", score_text(low), score_text(high));
}

std::string p_text(double p) {
  if (std::isnan(p)) return kNothing;
  return p < 0.001 ? "< 0.001" : fmt::format("{:.3f}", p);
}

std::string short_hash(std::string_view hash) {
  return hash.empty() ? kNothing : fmt::format("`{}`", hash.substr(0, 12));
}

std::string_view utf8_prefix(std::string_view text, std::size_t most) {
  if (text.size() <= most) return text;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0U) == 0x80U) --most;
  return text.substr(0, most);
}

std::string code(std::string_view text) {
  return text.find_first_of("`|<\r\n") == std::string_view::npos ? fmt::format("`{}`", text)
                                                                 : plain(text);
}

std::string superscript(std::size_t number) {
  static constexpr std::array kDigits = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  std::string out;
  for (const char digit : fmt::format("{}", number)) {
    out += kDigits.at(static_cast<std::size_t>(digit - '0'));
  }
  return out;
}

std::string enumeration(const std::vector<std::string>& list) {
  std::string out;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (i > 0) out += i + 1 == list.size() ? " and " : ", ";
    out += list[i];
  }
  return out;
}

MarkdownTable::MarkdownTable(const std::vector<std::string>& header)
    : n_columns_(header.size()), text_("|") {
  std::string rule = "|";
  for (const std::string& name : header) {
    const bool right = name.starts_with('>');
    text_ += fmt::format(" {} |", right ? name.substr(1) : name);
    rule += right ? "-:|" : "-|";
  }
  text_ += fmt::format("\n{}\n", rule);
}

void MarkdownTable::add(const std::vector<std::string>& cells) {
  assert(cells.size() == n_columns_);
  ++n_rows_;
  text_ += "|";
  for (const std::string& cell : cells) text_ += fmt::format(" {} |", cell);
  text_ += "\n";
}

std::string not_comparable_text(const ResultRow& row) {
  if (row.published_caveat.empty()) return "";
  return "the published figure cannot be compared with ours: " + row.published_caveat;
}

std::string with_interval(double score, double low, double high) {
  return score_text(score) + " " + interval_text(low, high);
}

}  // namespace musicrep
