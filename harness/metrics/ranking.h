// Scores of a ranking in which some items are right: area under the ROC curve, average precision.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace musicrep {

// `truth` [n] is 1 for items that have the tag, else 0; `ranking` [n] is higher where the tag is
// more likely. Only the order counts; equal values are ties.

/// Probability that an item with the tag ranks above one without, ties counted as one half:
/// scikit-learn's roc_auc_score. 0.5 where all items have the tag, or none has.
double roc_auc(std::span<const double> truth, std::span<const double> ranking);

/// Mean over the items with the tag of the precision among the items that rank at least as high:
/// scikit-learn's average_precision_score. 0 where no item has the tag.
double average_precision(std::span<const double> truth, std::span<const double> ranking);

/// [n] influences on roc_auc(). With pi the share of items with the tag, one of them adds (B - AUC)
/// / pi, where B is the share of the others that rank below it; one of the others adds (A - AUC) /
/// (1 - pi), where A is the share of items with the tag that rank above it (DeLong, DeLong and
/// Clarke-Pearson 1988). All 0 where all items have the tag, or none has.
std::vector<double> roc_auc_influence(std::span<const double> truth,
                                      std::span<const double> ranking);

/// [n] influences on average_precision(). With P(s) the precision among the items that rank at
/// least as high as s, F(s) their share of all items, and y 1 for an item with the tag, else 0, an
/// item at s adds (y (P(s) - AP) + G) / pi, where G is the mean over all items of [has the tag,
/// ranks at s or below, at t] (y - P(t)) / F(t): it moves the precision of all that it ranks above.
/// All 0 where all items have the tag, or none has.
std::vector<double> average_precision_influence(std::span<const double> truth,
                                                std::span<const double> ranking);

/// [n] ranks, 1 for the least likely, in which items without the tag that no item with it lies
/// between are ties. No item with the tag changes places with one without: the scores and
/// influences above stay as they are, and there are few values to be stored.
std::vector<double> ranks_between_tagged(std::span<const double> truth,
                                         std::span<const double> ranking);

/// Makes up for few items with a tag, or few without: the influences' deviations from their mean
/// among such items grow by the square root of m / (m - 1), so that their variance is that of a
/// sample, as DeLong's is. m is Kish's effective number of groups among them, (sum of sizes)^2 /
/// sum of squared sizes, but at least 2. `group`: [n] of each item.
void correct_for_few(std::span<const double> truth, std::span<const std::int64_t> group,
                     std::span<double> influence);

}  // namespace musicrep
