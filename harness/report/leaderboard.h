// Several runs on one page.
#pragma once

#include <string>
#include <vector>

#include "store/results.h"

namespace musicrep {

struct NamedRun {
  std::string name;  ///< as the reader calls it
  Results results;
};

/// report.html of several runs: scores of the same task on the same data under the same protocol in
/// one table, rows of the same vectors and score as one; then, apart, the tables that bear the same
/// names and cannot be compared with those, each with the reason; then the runs.
std::string leaderboard_page(const std::vector<NamedRun>& runs);

}  // namespace musicrep
