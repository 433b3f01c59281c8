// Every kind of data set, the built-in corpus among them.
#pragma once

#include <filesystem>
#include <vector>

#include "datasets/dataset.h"

namespace musicrep {

/// The kinds in alphabetical order. `cache`: where the built-in corpus keeps its rendered audio.
std::vector<DatasetKind> all_dataset_kinds(const std::filesystem::path& cache);

}  // namespace musicrep
