// Who leads each table, and who does not differ from it.
#pragma once

#include <string>
#include <vector>

#include "report/section.h"

namespace musicrep {

/// Names of the encoders that do not differ significantly from `best`, a row of the table.
std::vector<std::string> not_different_from(const ReportInput& input, const ScoreTable& table,
                                            const ResultRow& best);

/// A line of Markdown for each table; empty where there is none.
std::string leaders_text(const ReportInput& input);

}  // namespace musicrep
