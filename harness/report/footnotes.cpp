#include "report/footnotes.h"

#include <fmt/format.h>

#include <algorithm>

#include "report/markdown_text.h"

namespace musicrep {
namespace {

/// The beginning of a long note, which notes_section() has in full.
std::string shortened(const std::string& note) {
  if (note.size() <= kLongestFootnote) return note;
  std::size_t end = note.rfind(' ', kLongestFootnote);
  if (end == std::string::npos) end = kLongestFootnote;
  return note.substr(0, end) + " … (in full under \"Notes\")";
}

}  // namespace

std::size_t number_of(std::vector<std::string>& list, const std::string& text) {
  const auto it = std::find(list.begin(), list.end(), text);
  if (it != list.end()) return static_cast<std::size_t>(it - list.begin()) + 1;
  list.push_back(text);
  return list.size();
}

std::string published_text(const ResultRow& row, std::vector<std::string>& notes) {
  if (!row.published) return kNothing;
  const std::string published = score_text(*row.published);
  if (!row.published_caveat.empty()) {
    return published + " " + superscript(number_of(notes, not_comparable_text(row)));
  }
  return fmt::format("{} ({})", published, difference_text(row.score - *row.published));
}

std::string footnotes(const std::vector<std::string>& notes) {
  std::string out;
  for (std::size_t i = 0; i < notes.size(); ++i) {
    out += fmt::format("{} {}{}", superscript(i + 1), plain(shortened(notes[i])),
                       i + 1 == notes.size() ? "\n\n" : "  \n");
  }
  return out;
}

}  // namespace musicrep
