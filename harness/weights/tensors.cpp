#include "weights/tensors.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "core/did_you_mean.h"
#include "musicrep/error.h"

namespace musicrep {

std::string shape_text(const std::vector<std::size_t>& shape) {
  return fmt::format("[{}]", fmt::join(shape, ", "));
}

void check_tensors(const NamedTensors& found, const TensorShapes& expected,
                   const std::string& where) {
  Problems problems;
  std::vector<std::string> names;
  for (const auto& [name, shape] : expected) {
    names.push_back(name);
    const auto it = found.find(name);
    if (it == found.end()) {
      problems.add(fmt::format("tensor '{}' {} is missing", name, shape_text(shape)));
    } else if (it->second.shape != shape) {
      problems.add(fmt::format("tensor '{}': found shape {}, expected {}", name,
                               shape_text(it->second.shape), shape_text(shape)));
    }
  }
  for (const auto& [name, tensor] : found) {
    if (!expected.contains(name)) problems.add(unknown_name("tensor", name, names));
    const auto bad = std::ranges::find_if(tensor.values, [](float v) { return !std::isfinite(v); });
    if (bad != tensor.values.end()) {
      problems.add(fmt::format("tensor '{}': value {} is {}, expected finite numbers", name,
                               bad - tensor.values.begin(), *bad));
    }
  }
  problems.throw_if_any(where);
}

}  // namespace musicrep
