// Parts of data sets.
#pragma once

#include <cstddef>
#include <span>

#include "datasets/dataset.h"

namespace musicrep {

/// The items of `full` at the places `kept`, in that order, with all that belongs to them. Classes
/// stay as they are, even where none of their items is left.
Dataset select_items(const Dataset& full, std::span<const std::size_t> kept);

}  // namespace musicrep
