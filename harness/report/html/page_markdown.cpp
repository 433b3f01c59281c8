// The Markdown of sections as HTML.
#include <fmt/format.h>

#include <vector>

#include "report/html/page.h"

namespace musicrep {
namespace {

constexpr std::string_view kImage = "![";

/// What plain() wrote, as it was.
std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.substr(i, 2) == "\\|") {
      out += '|';
      ++i;
    } else if (text.substr(i, 4) == "&lt;") {
      out += '<';
      i += 3;
    } else {
      out += text[i];
    }
  }
  return out;
}

/// Code, bold and italic where a mark is closed again; everything else is text.
std::string inline_html(std::string_view markdown) {
  const std::string text = unescaped(markdown);
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    bool marked = false;
    for (const auto& [mark, tag] : {std::pair<std::string_view, std::string_view>{"`", "code"},
                                    {"**", "strong"},
                                    {"*", "em"}}) {
      if (text.compare(at, mark.size(), mark) != 0) continue;
      const std::size_t end = text.find(mark, at + mark.size());
      // "2 * 3" is no mark.
      if (end == std::string::npos || end == at + mark.size() || text[at + mark.size()] == ' ')
        continue;
      const std::string inside = text.substr(at + mark.size(), end - at - mark.size());
      out += fmt::format("<{0}>{1}</{0}>", tag, html_text(inside));
      at = end + mark.size();
      marked = true;
      break;
    }
    if (!marked) out += html_text(std::string_view(text).substr(at++, 1));
  }
  return out;
}

std::vector<std::string_view> cells_of(std::string_view line) {
  std::vector<std::string_view> cells;
  std::size_t begin = 1;
  for (std::size_t i = 1; i < line.size(); ++i) {
    if (line[i] != '|' || line[i - 1] == '\\') continue;
    std::string_view cell = line.substr(begin, i - begin);
    while (cell.starts_with(' ')) cell.remove_prefix(1);
    while (cell.ends_with(' ')) cell.remove_suffix(1);
    cells.push_back(cell);
    begin = i + 1;
  }
  return cells;
}

class Converter {
 public:
  std::string convert(std::string_view markdown) {
    while (!markdown.empty()) {
      const std::size_t end = markdown.find('\n');
      add(markdown.substr(0, end));
      markdown.remove_prefix(end == std::string_view::npos ? markdown.size() : end + 1);
    }
    close();
    return std::move(out_);
  }

 private:
  enum class Open { kNothing, kParagraph, kList, kTable };

  void open(Open what) {
    if (open_ == what) return;
    close();
    open_ = what;
    if (what == Open::kParagraph) out_ += "<p>";
    if (what == Open::kList) out_ += "<ul>\n";
    if (what == Open::kTable) out_ += "<div class=\"scroll\"><table class=\"sortable\">\n";
  }

  void close() {
    if (open_ == Open::kParagraph) out_ += "</p>\n";
    if (open_ == Open::kList) out_ += "</ul>\n";
    if (open_ == Open::kTable) out_ += "</tbody></table></div>\n";
    open_ = Open::kNothing;
    n_table_lines_ = 0;
  }

  void add(std::string_view line) {
    if (line.empty()) return close();
    if (line.starts_with(kImage)) return close();  // the page draws its own
    constexpr std::string_view kDetails = "<details><summary>";
    constexpr std::string_view kSummaryEnd = "</summary>";
    if (line.starts_with(kDetails) && line.ends_with(kSummaryEnd)) {
      close();
      line.remove_prefix(kDetails.size());
      line.remove_suffix(kSummaryEnd.size());
      out_ += fmt::format("<details><summary>{}</summary>\n", inline_html(line));
      return;
    }
    if (line == "</details>") {
      close();
      out_ += "</details>\n";
      return;
    }
    if (line.starts_with("### ") || line.starts_with("## ")) {
      close();
      const bool third = line.starts_with("### ");
      out_ +=
          fmt::format("<h{0}>{1}</h{0}>\n", third ? 3 : 2, inline_html(line.substr(third ? 4 : 3)));
    } else if (line.starts_with("- ")) {
      open(Open::kList);
      out_ += fmt::format("<li>{}</li>\n", inline_html(line.substr(2)));
    } else if (line.starts_with('|')) {
      open(Open::kTable);
      add_table_line(line);
    } else {
      const bool goes_on = open_ == Open::kParagraph;
      open(Open::kParagraph);
      if (goes_on) out_ += breaks_ ? "<br>\n" : " ";
      breaks_ = line.ends_with("  ");
      if (breaks_) line.remove_suffix(2);
      out_ += inline_html(line);
    }
  }

  void add_table_line(std::string_view line) {
    const std::vector<std::string_view> cells = cells_of(line);
    ++n_table_lines_;
    if (n_table_lines_ == 1) {
      header_.assign(cells.begin(), cells.end());
      return;
    }
    if (n_table_lines_ == 2) {
      right_.clear();
      for (const std::string_view rule : cells) right_.push_back(rule.ends_with(':'));
    }
    out_ += n_table_lines_ == 2 ? "<thead><tr>" : "<tr>";
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const std::string_view side = i < right_.size() && right_[i] ? " class=\"number\"" : "";
      if (n_table_lines_ == 2) {
        const std::string name = i < header_.size() ? inline_html(header_[i]) : "";
        out_ += name.empty() ? "<td></td>" : fmt::format("<th scope=\"col\"{}>{}</th>", side, name);
      } else {
        out_ += fmt::format("<td{}>{}</td>", side, inline_html(cells[i]));
      }
    }
    out_ += n_table_lines_ == 2 ? "</tr></thead><tbody>\n" : "</tr>\n";
  }

  std::string out_;
  Open open_ = Open::kNothing;
  bool breaks_ = false;
  std::size_t n_table_lines_ = 0;
  std::vector<std::string> header_;
  std::vector<bool> right_;
};

}  // namespace

std::string html_of_markdown(std::string_view markdown) { return Converter().convert(markdown); }

}  // namespace musicrep
