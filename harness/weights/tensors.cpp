#include "weights/tensors.h"

#include <algorithm>
#include <cmath>

#include "core/did_you_mean.h"
#include "musicrep/error.h"

namespace musicrep {

// No fmt in here: gpu_check builds this with a compiler and Torch alone.
std::string shape_text(const std::vector<std::size_t>& shape) {
  std::string text = "[";
  for (std::size_t i = 0; i < shape.size(); ++i) {
    text += (i == 0 ? "" : ", ") + std::to_string(shape[i]);
  }
  return text + "]";
}

void check_tensors(const NamedTensors& found, const TensorShapes& expected,
                   const std::string& where) {
  Problems problems;
  std::vector<std::string> names;
  for (const auto& [name, shape] : expected) {
    names.push_back(name);
    const auto it = found.find(name);
    if (it == found.end()) {
      problems.add("tensor '" + name + "' " + shape_text(shape) + " is missing");
    } else if (it->second.shape != shape) {
      problems.add("tensor '" + name + "': found shape " + shape_text(it->second.shape) +
                   ", expected " + shape_text(shape));
    }
  }
  for (const auto& [name, tensor] : found) {
    if (!expected.contains(name)) problems.add(unknown_name("tensor", name, names));
    const auto bad = std::ranges::find_if(tensor.values, [](float v) { return !std::isfinite(v); });
    if (bad != tensor.values.end()) {
      problems.add("tensor '" + name + "': value " + std::to_string(bad - tensor.values.begin()) +
                   " is " +
                   (std::isnan(*bad) ? "nan"
                    : *bad > 0       ? "inf"
                                     : "-inf") +
                   ", expected finite numbers");
    }
  }
  problems.throw_if_any(where);
}

}  // namespace musicrep
