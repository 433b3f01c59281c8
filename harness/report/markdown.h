// The report of a run, as GitHub's Markdown.
#pragma once

#include <string>

#include "report/figures.h"
#include "store/results.h"

namespace musicrep {

/// What was run, when, on what: one line.
std::string report_opening(const Results& results);

/// Whether the results follow the rules of another version; empty where they do not.
std::string other_version_text(const Results& results);

/// Everything a reader needs, from the results alone: the conclusion, a table of all tasks, what
/// leads, a table for each task and protocol, which differences are significant, what the scores
/// are based on, how parameters were chosen, confusion matrices, and how the scores compare with
/// published ones. `figures`: what is next to the report.
std::string markdown_report(const Results& results, const Figures& figures = {});

}  // namespace musicrep
