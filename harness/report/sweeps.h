// Sweeps as tables: a line a reading of an encoder's vectors, a column a number of labels.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "store/results.h"

namespace musicrep {

/// One reading.
struct SweepLine {
  std::string encoder;
  std::string factor;
  std::string value;
  std::vector<const SweepPoint*> points;  ///< as SweepTable::labels; null where there is none
};

/// All points of one task under one protocol, in the order of the results.
struct SweepTable {
  std::string task;
  std::string protocol;
  std::string metric;
  std::vector<std::int64_t> labels;  ///< ascending; 0, all of them, is last
  std::vector<SweepLine> lines;
  [[nodiscard]] std::string name() const { return task + "-" + protocol; }
};

/// In order of first appearance; they point into `results`.
std::vector<SweepTable> sweep_tables(const Results& results);

}  // namespace musicrep
