// One vector or several layers of them, as a program returned them, laid out as rows of a matrix.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "foreign/stream_message.h"
#include "musicrep/encoder.h"

namespace musicrep {

/// The name of the view that is the mean of all layers: SUPERB's weighted sum with equal weights.
inline constexpr const char* kMeanOfLayers = "mean of layers";

/// An array of [L, T, dim], [T, dim] or [dim] by its parts.
struct ArraySize {
  std::size_t layers = 1;
  std::size_t rows = 1;
  std::size_t dim = 0;
  bool has_layers = false;  ///< it has three axes
};
ArraySize size_of(const ProgramArray& array);

/// The states of one layer, [T, dim].
Matrix layer_of(const ProgramArray& array, std::size_t layer);

/// The rows of a vector over time in one row: each of `poolings` ("mean", "std", "max", "mean+std")
/// after the other. `states` is [T, dim], T >= 1.
std::vector<double> pooled_row(const Matrix& states, std::span<const std::string> poolings);

/// The columns of one vector, as pooled_layers() lays them out; the last layer's come first. A
/// layer without a name leaves the pooling's alone.
std::vector<VectorView> layer_views(std::span<const std::string> layers,
                                    std::span<const std::string> poolings, std::size_t dim);

/// All layers and their mean, pooled, side by side: one row. `layers` are [T, dim] each.
std::vector<double> pooled_layers(std::span<const Matrix> layers,
                                  std::span<const std::string> poolings);

}  // namespace musicrep
