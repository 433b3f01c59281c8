// One figure of the report, found by its file in figures/.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "report/score_tables.h"
#include "store/results.h"

namespace musicrep {

/// One picture.
struct Drawing {
  std::string key;     ///< what it is of: the name of a data set, say; empty for the run as a whole
  std::string script;  ///< for gnuplot, without terminal and output; empty: nothing to draw
  std::size_t width = 0;  ///< in points of the SVG; so is the height
  std::size_t height = 0;
};

/// To add one: a file `figures/NAME_figure.cpp` with `extern const ReportFigure NAME_figure`.
struct ReportFigure {
  std::string_view id;  ///< files are <id>.svg, or <id>-<key>.svg
  int place;            ///< figures are drawn, and stand, in ascending order
  std::vector<Drawing> (*drawings)(const Results& results, const std::vector<ScoreTable>& tables);
  /// What stands above and below it in the section "Figures"; empty where another section shows it.
  std::string_view title = "";
  std::string_view caption = "";
};

/// Those of figures/, in the order of their files; CMake writes the list.
const std::vector<const ReportFigure*>& report_figures();

/// Sections or figures by their place.
template <typename T>
std::vector<const T*> by_place(std::vector<const T*> all) {
  std::ranges::stable_sort(all, {}, &T::place);
  return all;
}

}  // namespace musicrep
