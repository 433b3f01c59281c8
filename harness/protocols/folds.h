// Cutting items into folds, as scikit-learn does.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "protocols/protocol.h"

namespace musicrep {

/// The number of each item's group, [n]; items with an empty group name are groups of their own.
std::vector<std::uint32_t> group_numbers(std::span<const std::string> groups);

/// The fold, 0 … rule.n - 1, of each item, [n]. Items are taken in the order given.
/// - plain: scikit-learn's KFold (contiguous, or a shuffled permutation cut up);
/// - stratified (`classes` not empty): StratifiedKFold of scikit-learn >= 0.22;
/// - grouped (`groups`, group_numbers() of the items, not empty): no group on two folds.
/// Stratified: StratifiedGroupKFold's greedy
///   rule (largest spread first, to the fold that keeps class shares most even). Plain: GroupKFold
///   (largest group first, to the smallest fold).
/// Throws DataError where a fold would be empty, where a class has fewer items than there are folds
/// (stratified, not grouped), or where there are fewer groups than folds.
std::vector<int> assign_folds(const FoldRule& rule, std::size_t n, std::span<const int> classes,
                              std::span<const std::string> class_names,
                              std::span<const std::uint32_t> groups);

/// The same for items with several labels, stratified by all of them: iterative stratification
/// (Sechidis, Tsoumakas and Vlahavas 2011). The tag with the fewest items left is taken first, and
/// each of its items goes to the fold that lacks that tag most; of equal folds to the one that
/// lacks items most, then to the first. `with_tag`: of each tag the places of the items that have
/// it, in ascending order. Groups (as above) go whole, those with most items of the tag first.
/// Throws DataError where a fold would be empty, where there are fewer groups than folds, and where
/// the rule shuffles.
std::vector<int> assign_tag_folds(const FoldRule& rule,
                                  std::span<const std::vector<std::uint32_t>> with_tag,
                                  std::size_t n, std::span<const std::uint32_t> groups);

}  // namespace musicrep
