// Notes on rows, each once in a report, by superscript numbers.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "report/score_tables.h"
#include "store/results.h"

namespace musicrep {

/// What is longer, in bytes, stands under "Notes" in part, and under "Notes in full" whole.
inline constexpr std::size_t kLongestFootnote = 200;

/// Adds what is not there yet; returns its number, from 1.
std::size_t number_of(std::vector<std::string>& list, const std::string& text);

/// "0.807, 0.794, 0.804" of "mean of 3 training seeds: 0.807, 0.794, 0.804" (merge_seeds());
/// empty for any other note. Such a note has a column instead of a number.
std::string_view seed_scores_of(std::string_view note);

/// The notes of all tables, each once: those on published scores first, because the table of all
/// tasks has them, then the others in the order of the tables.
std::vector<std::string> notes_of(const std::vector<ScoreTable>& tables);

/// " ¹ ³": the numbers of a row's notes in `notes`, which has them all.
std::string note_marks(const ResultRow& row, const std::vector<std::string>& notes);

/// "0.598 (+0.012)": the published score and ours minus it; "0.776 ²" where the two cannot be
/// compared, and why is in `notes`.
std::string published_text(const ResultRow& row, const std::vector<std::string>& notes);

/// A line for each note, with its number.
std::string footnotes(const std::vector<std::string>& notes);

}  // namespace musicrep
