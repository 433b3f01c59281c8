#include "report/footnotes.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>

#include "report/markdown_text.h"

namespace musicrep {
namespace {

/// The beginning of a long note, which notes_section() has in full.
std::string shortened(const std::string& note) {
  if (note.size() <= kLongestFootnote) return note;
  std::size_t end = note.rfind(' ', kLongestFootnote);
  if (end == std::string::npos) end = utf8_prefix(note, kLongestFootnote).size();
  return note.substr(0, end) + " … (whole under \"Notes in full\")";
}

/// The number of a text that is in the list, from 1.
std::size_t place_of(const std::vector<std::string>& list, const std::string& text) {
  const auto it = std::ranges::find(list, text);
  assert(it != list.end());
  return static_cast<std::size_t>(it - list.begin()) + 1;
}

}  // namespace

std::size_t number_of(std::vector<std::string>& list, const std::string& text) {
  const auto it = std::find(list.begin(), list.end(), text);
  if (it != list.end()) return static_cast<std::size_t>(it - list.begin()) + 1;
  list.push_back(text);
  return list.size();
}

std::string_view seed_scores_of(std::string_view note) {
  constexpr std::string_view kMiddle = " training seeds: ";
  const std::size_t middle = note.find(kMiddle);
  if (!note.starts_with("mean of ") || middle == std::string_view::npos) return {};
  return note.substr(middle + kMiddle.size());
}

std::vector<std::string> notes_of(const std::vector<ScoreTable>& tables) {
  std::vector<std::string> out;
  for (const ScoreTable& table : tables) {
    for (const ResultRow* row : table.rows) {
      if (row->published && !row->published_caveat.empty()) {
        number_of(out, not_comparable_text(*row));
      }
    }
  }
  for (const ScoreTable& table : tables) {
    for (const ResultRow* row : table.rows) {
      for (const std::string& note : row->notes) {
        if (seed_scores_of(note).empty()) number_of(out, note);
      }
    }
  }
  return out;
}

std::string note_marks(const ResultRow& row, const std::vector<std::string>& notes) {
  std::string out;
  for (const std::string& note : row.notes) {
    if (seed_scores_of(note).empty()) out += " " + superscript(place_of(notes, note));
  }
  return out;
}

std::string published_text(const ResultRow& row, const std::vector<std::string>& notes) {
  if (!row.published) return kNothing;
  const std::string published = score_text(*row.published);
  if (!row.published_caveat.empty()) {
    return published + " " + superscript(place_of(notes, not_comparable_text(row)));
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
