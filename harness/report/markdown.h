// The report of a run, as GitHub's Markdown.
#pragma once

#include <string>

#include "report/figures.h"
#include "store/results.h"

namespace musicrep {

/// The line under the title: what was run, when, on what.
std::string report_opening(const Results& results);

/// Everything a reader needs, from the results alone: what leads, a table for each task and
/// protocol, which differences are significant, what the scores are based on, how parameters were
/// chosen, confusion matrices, and how the scores compare with published ones.
/// `figures`: what is next to the report.
std::string markdown_report(const Results& results, const Figures& figures = {});

}  // namespace musicrep
