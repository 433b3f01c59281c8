// The rows of two results side by side.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "store/results.h"

namespace musicrep {

/// "mfcc on genre under nested".
std::string cell_name(const ResultRow& row);

/// The metric of a row that stands for the median rank of a retrieval.
inline constexpr const char* kRetrievalMetric = "median rank";

/// `results` with a row more for each measure of each retrieval, so that one gate is there for all:
/// its task names the data set, its protocol the direction and the measure, its predictions are
/// ranks.
Results with_retrieval_rows(Results results);

/// Two rows of one cell; null where a side has none.
struct RowPair {
  const ResultRow* a = nullptr;
  const ResultRow* b = nullptr;
  [[nodiscard]] const ResultRow& any() const { return a != nullptr ? *a : *b; }
};

/// Every cell of either side, in the order of `a`, then what `b` alone has.
std::vector<RowPair> pair_rows(const Results& a, const Results& b);

/// Two good rows cut down to the items that both scored, in the order of `a`.
struct AlignedRows {
  std::string problem;  ///< why they cannot be paired; empty: they can
  ResultRow a;
  ResultRow b;
  std::size_t n_left_out = 0;  ///< items that one side alone has
};
AlignedRows align(const ResultRow& a, const ResultRow& b);

/// The rows' items and what they are asked, apart from predictions: empty where both are the same,
/// otherwise what differs ("812 of 1000 items are tested by another fold").
std::string difference_of_items(const ResultRow& a, const ResultRow& b);

/// Items (of all seeds) whose prediction differs for some target; the rows have the same items.
std::size_t n_other_predictions(const ResultRow& a, const ResultRow& b);

}  // namespace musicrep
