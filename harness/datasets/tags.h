// Tags: targets that are one of any number of labels of an item.
#pragma once

#include <string>
#include <vector>

#include "datasets/dataset.h"

namespace musicrep {

/// Whether a target's classes are "absent" and "present".
inline bool is_tag(const Target& target) {
  return target.classes == std::vector<std::string>{"absent", "present"};
}

}  // namespace musicrep
