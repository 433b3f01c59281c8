// Paired tests between the rows of one table, and groups of rows without a significant difference.
#pragma once

#include <vector>

#include "store/results.h"

namespace musicrep {

/// Compares every two good rows of `rows` that share task and protocol: paired t-tests, adjusted
/// within each table by Holm's method. In the order of the tables' first rows.
std::vector<Comparison> compare_rows(const std::vector<ResultRow>& rows);

/// Letters of each compared row's encoder (compact_letters() of the significant differences), best
/// score first: two encoders of one table that share a letter do not differ significantly.
std::vector<EncoderLetters> letters_of(const std::vector<ResultRow>& rows,
                                       const std::vector<Comparison>& comparisons);

/// Two good rows of the same metric on the same items, in the same order, with as many trainings or
/// one: the difference of their scores (a minus b), its 95 % interval and the paired t-test over
/// artists (ResultRow::item_group of `a`) or items, trainings and training folds.
Comparison compare_pair(const ResultRow& a, const ResultRow& b);

}  // namespace musicrep
