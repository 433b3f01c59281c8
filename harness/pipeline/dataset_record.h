// What a results file says of a data set.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "pipeline/prepare.h"
#include "store/artefacts.h"
#include "store/results.h"

namespace musicrep {

/// `dataset`: as the rows have it, without what was skipped. `planned`: the same in the plan. Audio
/// that was not looked at before (it is made here) is made, checked and pictured now, or taken from
/// the store.
DatasetRecord record_of(const Dataset& dataset, const Dataset& planned,
                        const std::vector<SkippedItem>& skipped, const Plan& plan,
                        const ArtefactStore& store, std::size_t jobs,
                        const std::function<void(std::size_t, std::size_t)>& told);

}  // namespace musicrep
