// Notes under a table, each once, by superscript numbers.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "store/results.h"

namespace musicrep {

/// What is longer, in bytes, stands under a table in part, and under "Notes" in full.
inline constexpr std::size_t kLongestFootnote = 200;

/// Adds what is not there yet; returns its number, from 1.
std::size_t number_of(std::vector<std::string>& list, const std::string& text);

/// "0.598 (+0.012)": the published score and ours minus it; "0.776 ²" where the two cannot be
/// compared, and why in `notes`.
std::string published_text(const ResultRow& row, std::vector<std::string>& notes);

/// A line for each note, numbered as number_of() did.
std::string footnotes(const std::vector<std::string>& notes);

}  // namespace musicrep
