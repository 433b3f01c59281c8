// Scores as data of report.html.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "report/score_tables.h"
#include "store/results.h"

namespace musicrep {

/// One table: task, protocol, metric, the best constant prediction and its rows, best first. A row
/// has what report.html shows of it, also when the mouse is on it: interval, n, trainings, the test
/// against the best, notes, data and provenance.
nlohmann::json score_table_json(const Results& results, const ScoreTable& table);

/// One row of it; `best` is the table's first.
nlohmann::json score_row_json(const Results& results, const ResultRow& row, const ResultRow& best);

}  // namespace musicrep
