// The report of a run, as GitHub's Markdown.
#pragma once

#include <map>
#include <string>

#include "store/results.h"

namespace musicrep {

/// Everything a reader needs, from the results alone: what leads, a table for each task and
/// protocol, what can and cannot be told apart, what the scores stand on, how parameters were
/// chosen, confusion matrices, and how the scores compare with published ones.
/// `figures`: names of files beside the report, by data set.
std::string markdown_report(const Results& results,
                            const std::map<std::string, std::string>& figures = {});

}  // namespace musicrep
