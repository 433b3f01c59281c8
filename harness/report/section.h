// One section of the report, found by its file in sections/.
#pragma once

#include <string>
#include <vector>

#include "report/encoder_looks.h"
#include "report/figures.h"
#include "report/score_tables.h"
#include "store/results.h"

namespace musicrep {

struct PageInput;  // report/html/page.h

/// What sections are made of.
struct ReportInput {
  const Results& results;
  const std::vector<ScoreTable>& tables;     ///< score_tables(results)
  const Figures& figures;                    ///< what is next to the report
  const std::vector<EncoderLook>& encoders;  ///< encoder_looks(results)
  const std::vector<std::string>& notes;     ///< notes_of(tables)

  /// What readers call an encoder, escaped.
  [[nodiscard]] std::string name(const std::string& label) const;
  /// The same with its label, where that is another: "MLM (`mlm`)".
  [[nodiscard]] std::string name_and_label(const std::string& label) const;
};

/// To add one: a file `sections/NAME_section.cpp` with `extern const ReportSection NAME_section`.
struct ReportSection {
  int place;  ///< sections stand in ascending order
  /// Markdown that ends in an empty line, or nothing where there is nothing to say.
  std::string (*text)(const ReportInput& input);
  /// The section in report.html, as HTML that begins with <h2>, or nothing. Null: the Markdown,
  /// converted; its tables can be sorted.
  std::string (*page)(const PageInput& input) = nullptr;
  int page_place = 0;  ///< the place in report.html; 0: the same
};

/// Those of sections/, in the order of their files; CMake writes the list.
const std::vector<const ReportSection*>& report_sections();

}  // namespace musicrep
