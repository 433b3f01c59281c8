// The kinds of data sets, each in a file of its own under datasets/kinds: that is all there is to
// add one. The built-in corpus is added by all_dataset_kinds() of harness/experiment.
#pragma once

#include <string>
#include <vector>

#include "datasets/dataset.h"

namespace musicrep::dataset_kind {

struct DatasetKindMaker {
  DatasetKind (*make)() = nullptr;
};

/// The list that CMake writes of the files in datasets/kinds.
const std::vector<const DatasetKindMaker*>& all_kind_makers();

}  // namespace musicrep::dataset_kind

namespace musicrep {

/// A target whose item i has the class `names[i]`; its classes are those that occur.
Target make_class_target(std::string name, const std::vector<std::string>& names);

/// A target of the classes "absent" and "present": one label of several that an item may have.
Target make_presence_target(std::string name, const std::vector<bool>& present);

}  // namespace musicrep
