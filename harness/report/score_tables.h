// Scores as tables: the rows of each task and protocol.
#pragma once

#include <string>
#include <vector>

#include "store/results.h"

namespace musicrep {

/// The rows of one task under one protocol: good ones by falling score, then failed ones.
struct ScoreTable {
  std::string task;
  std::string protocol;
  std::vector<const ResultRow*> rows;
  [[nodiscard]] std::string name() const;  ///< "genre, svm", escaped
};

/// Whether the targets of a good row are tags: too many for a column each.
bool has_tags(const ResultRow& row);

/// In order of first appearance; they point into `results`.
std::vector<ScoreTable> score_tables(const Results& results);

}  // namespace musicrep
