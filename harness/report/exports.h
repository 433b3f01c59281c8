// The results for other programs: LaTeX, BibTeX, JSON. csv.h has the flat tables.
#pragma once

#include <string>
#include <vector>

#include "report/known_works.h"
#include "store/results.h"

namespace musicrep {

/// A table for each protocol, encoders by tasks with 95 % intervals, in bold the best and what does
/// not differ from it significantly; for the package booktabs. A cell without a score has a dash.
std::string latex_tables(const Results& results);

/// An entry for each work behind the results, in alphabetical order of the keys, with a comment
/// that says what stands on it; one of the kind @misc for a citation that none of `works` is.
std::string bibtex(const Results& results, std::vector<KnownWork> works);

/// All that the results hold, item predictions too, as one JSON document.
std::string json_text(const Results& results);

}  // namespace musicrep
