// One section of the report, found by its file in sections/.
#pragma once

#include <string>
#include <vector>

#include "report/figures.h"
#include "report/score_tables.h"
#include "store/results.h"

namespace musicrep {

/// What sections are made of.
struct ReportInput {
  const Results& results;
  const std::vector<ScoreTable>& tables;  ///< score_tables(results)
  const Figures& figures;                 ///< what lies beside the report
};

/// To add one: a file `sections/NAME_section.cpp` with `extern const ReportSection NAME_section`.
struct ReportSection {
  int place;  ///< sections stand in ascending order
  /// Markdown that ends in an empty line, or nothing where there is nothing to say.
  std::string (*text)(const ReportInput& input);
};

/// Those of sections/, in the order of their files; CMake writes the list.
const std::vector<const ReportSection*>& report_sections();

}  // namespace musicrep
