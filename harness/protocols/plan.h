// A protocol applied to a data set: which items are learned from, chosen on and tested.
#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "datasets/dataset.h"
#include "probe/probe.h"
#include "protocols/protocol.h"

namespace musicrep {

/// One outer fold. All numbers are places in the data set.
struct OuterFold {
  std::vector<std::uint32_t> train;  ///< learned from for the test: the training items, in order
  std::vector<std::uint32_t> test;   ///< empty where nothing is held out
  std::vector<Split> inner;  ///< on which hyper-parameters are chosen; empty: nothing to choose
  std::size_t repeat = 0;    ///< each item is tested once a repeat at most
};

struct FoldPlan {
  std::vector<OuterFold> outer;  ///< repeat after repeat
  std::size_t n_repeats = 1;
  bool held_out = false;  ///< false: the score is the best inner one
  bool grouped = false;   ///< some folds kept groups together
};

/// The items whose predictions are scored: of the outer test parts or, where nothing is held out,
/// of the inner ones.
std::set<std::uint32_t> tested_items(const FoldPlan& plan);

/// Applies the folds, splits and groups of `protocol` to `dataset` for `target`. Throws DataError
/// that lists all obstacles: a split that the data set lacks or holds in part,
/// a class with fewer items than folds, one class alone, an empty fold, a training part that lacks
/// a class because a group cannot be split.
FoldPlan plan_folds(const Protocol& protocol, const Dataset& dataset, const Target& target);

/// The same for the tags of a tagging task together: one plan for all, whose stratified folds hold
/// as even a share of each tag as can be (assign_tag_folds()). A tag may still be missing in some
/// part: see tag_obstacle().
FoldPlan plan_tag_folds(const Protocol& protocol, const Dataset& dataset,
                        std::span<const Target* const> tags);

/// Why `tag` cannot be learned and scored in all folds of `plan`: "fold 2, inner fold 1: no
/// training item has it". Empty: it can.
std::string tag_obstacle(const FoldPlan& plan, const Target& tag);

}  // namespace musicrep
