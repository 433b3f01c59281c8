// The results for other programs: BibTeX and JSON. csv.h has the flat tables, latex.h
// those for papers.
#pragma once

#include <string>
#include <vector>

#include "report/known_works.h"
#include "store/results.h"

namespace musicrep {

/// An entry for each work behind the results and for this project, in alphabetical order of the
/// keys, with a comment that says what uses it; a @misc for a citation that none
/// of `works` is.
std::string bibtex(const Results& results, std::vector<KnownWork> works);

/// All that the results hold, item predictions too, as one JSON document.
std::string json_text(const Results& results);

}  // namespace musicrep
