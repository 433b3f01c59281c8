// Named arrays of numbers: what weights are, whatever file they come from.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace musicrep {

/// An array of any rank, row-major (the last axis runs fastest).
struct FloatTensor {
  std::vector<std::size_t> shape;  ///< empty: one number
  std::vector<float> values;       ///< as many as the product of `shape`
  friend bool operator==(const FloatTensor&, const FloatTensor&) = default;
};

/// Tensors by name, in alphabetical order.
using NamedTensors = std::map<std::string, FloatTensor>;

/// The shape that each tensor of a network must have.
using TensorShapes = std::map<std::string, std::vector<std::size_t>>;

/// "[3, 64]".
std::string shape_text(const std::vector<std::size_t>& shape);

/// Throws DataError, beginning with `where`, that lists every tensor of `expected` that is missing
/// or has another shape, every tensor of `found` that is not expected (naming the nearest that is),
/// and every one that holds a value that is not finite.
void check_tensors(const NamedTensors& found, const TensorShapes& expected,
                   const std::string& where);

}  // namespace musicrep
