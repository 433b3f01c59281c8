// Scores as LaTeX.
#pragma once

#include <string>
#include <string_view>

#include "store/results.h"

namespace musicrep {

/// A text as LaTeX takes it in a paragraph, on one line.
std::string latex_text(std::string_view text);

/// One table environment a protocol, with caption and label: encoders by tasks with 95 % intervals,
/// significance letters as superscripts, in bold the best and what does not differ from it
/// significantly; for the package booktabs. A cell without a score has a dash. Labels in other
/// scripts than Latin need LuaLaTeX or XeLaTeX.
std::string latex_tables(const Results& results);

}  // namespace musicrep
