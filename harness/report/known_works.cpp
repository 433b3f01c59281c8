#include "report/known_works.h"

#include <algorithm>
#include <cctype>

#include "core/folder_walk.h"

namespace musicrep {
namespace {

constexpr std::string_view kMarkLine = "% known by:";

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

/// Behind the brace that closes what opens first; the text's end where none does.
std::size_t end_of_braces(std::string_view text) {
  int depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '{') ++depth;
    if (text[i] == '}' && --depth == 0) return i + 1;
  }
  return text.size();
}

/// The value of the field "title" without braces and quotes; empty where there is none.
std::string title_of(std::string_view entry) {
  const std::string low = lower_case(entry);
  for (std::size_t at = low.find("title"); at != std::string::npos;
       at = low.find("title", at + 1)) {
    if (at == 0 || std::isalpha(static_cast<unsigned char>(low[at - 1])) != 0)
      continue;  // booktitle
    std::size_t begin = low.find_first_not_of(" \t\r\n", at + 5);
    if (begin == std::string::npos || low[begin] != '=') continue;
    begin = low.find_first_not_of(" \t\r\n", begin + 1);
    if (begin == std::string::npos) return "";
    const std::string_view rest = entry.substr(begin);
    const std::size_t end = rest[0] == '{' ? end_of_braces(rest) : rest.find('"', 1);
    std::string title(rest.substr(0, end));
    std::erase_if(title, [](char c) { return c == '{' || c == '}' || c == '"'; });
    return std::string(trimmed(title));
  }
  return "";
}

}  // namespace

bool KnownWork::is_cited_in(std::string_view citation) const {
  return lower_case(citation).find(lower_case(mark)) != std::string::npos;
}

std::vector<KnownWork> read_works(std::string_view bibtex) {
  std::vector<KnownWork> out;
  for (std::size_t at = bibtex.find('@'); at != std::string_view::npos; at = bibtex.find('@')) {
    const std::string_view before = bibtex.substr(0, at);
    const std::string_view entry = bibtex.substr(at, end_of_braces(bibtex.substr(at)));
    std::string mark = title_of(entry);
    if (const std::size_t line = before.rfind(kMarkLine); line != std::string_view::npos) {
      const std::string_view words = before.substr(line + kMarkLine.size());
      mark = trimmed(words.substr(0, words.find('\n')));
    }
    if (!mark.empty()) out.push_back({std::move(mark), std::string(entry)});
    bibtex.remove_prefix(at + entry.size());
  }
  return out;
}

std::string key_of(const std::string& entry) {
  const std::size_t open = entry.find('{');
  return entry.substr(open + 1, entry.find(',') - open - 1);
}

}  // namespace musicrep
