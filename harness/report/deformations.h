// Rows on deformed audio as tables: a line a deformation, a column an encoder.
#pragma once

#include <string>
#include <vector>

#include "store/results.h"

namespace musicrep {

/// All of one task under one protocol, in the order of the results.
struct DeformedTable {
  std::string task;
  std::string protocol;
  std::string metric;
  std::vector<std::string> encoders;
  std::vector<std::string> deformations;
  std::vector<const Deformed*> entries;  ///< [deformations, encoders]; null where there is none
  [[nodiscard]] std::string name() const { return task + "-" + protocol; }
  [[nodiscard]] const Deformed* at(std::size_t deformation, std::size_t encoder) const {
    return entries[deformation * encoders.size() + encoder];
  }
};

/// In order of first appearance; they point into `results`.
std::vector<DeformedTable> deformed_tables(const Results& results);

}  // namespace musicrep
