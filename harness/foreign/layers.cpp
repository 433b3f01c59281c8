#include "foreign/layers.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace musicrep {
namespace {

// How many vectors of [dim] a pooling puts side by side.
std::size_t parts_of(const std::string& pooling) { return pooling == "mean+std" ? 2 : 1; }

void add_mean(const Matrix& states, std::vector<double>& out) {
  for (std::size_t c = 0; c < states.cols(); ++c) {
    double sum = 0;
    for (std::size_t r = 0; r < states.rows(); ++r) sum += states.at(r, c);
    out.push_back(sum / static_cast<double>(states.rows()));
  }
}

// Of the population, as NumPy's default.
void add_std(const Matrix& states, std::vector<double>& out) {
  const auto n = static_cast<double>(states.rows());
  std::vector<double> means;
  add_mean(states, means);
  for (std::size_t c = 0; c < states.cols(); ++c) {
    double sum = 0;
    for (std::size_t r = 0; r < states.rows(); ++r) {
      const double d = states.at(r, c) - means[c];
      sum += d * d;
    }
    out.push_back(std::sqrt(sum / n));
  }
}

void add_max(const Matrix& states, std::vector<double>& out) {
  for (std::size_t c = 0; c < states.cols(); ++c) {
    double most = states.at(0, c);
    for (std::size_t r = 1; r < states.rows(); ++r) most = std::max(most, states.at(r, c));
    out.push_back(most);
  }
}

Matrix mean_of(std::span<const Matrix> layers) {
  Matrix out(layers.front().rows(), layers.front().cols());
  for (const Matrix& layer : layers) {
    for (std::size_t k = 0; k < layer.values().size(); ++k) {
      out.row(k / out.cols())[k % out.cols()] += layer.values()[k];
    }
  }
  for (std::size_t r = 0; r < out.rows(); ++r) {
    for (double& v : out.row(r)) v /= static_cast<double>(layers.size());
  }
  return out;
}

}  // namespace

ArraySize size_of(const ProgramArray& array) {
  const std::vector<std::size_t>& s = array.shape;
  if (s.size() == 1) return {1, 1, s[0], false};
  if (s.size() == 2) return {1, s[0], s[1], false};
  return {s[0], s[1], s[2], true};
}

Matrix layer_of(const ProgramArray& array, std::size_t layer) {
  const ArraySize size = size_of(array);
  const auto begin =
      array.values.begin() + static_cast<std::ptrdiff_t>(layer * size.rows * size.dim);
  return {size.rows, size.dim, {begin, begin + static_cast<std::ptrdiff_t>(size.rows * size.dim)}};
}

std::vector<double> pooled_row(const Matrix& states, std::span<const std::string> poolings) {
  std::vector<double> out;
  for (const std::string& pooling : poolings) {
    if (pooling != "std" && pooling != "max") add_mean(states, out);
    if (pooling == "std" || pooling == "mean+std") add_std(states, out);
    if (pooling == "max") add_max(states, out);
  }
  return out;
}

std::vector<VectorView> layer_views(std::span<const std::string> layers,
                                    std::span<const std::string> poolings, std::size_t dim) {
  std::vector<std::string> names(layers.begin(), layers.end());
  if (layers.size() > 1) names.emplace_back(kMeanOfLayers);
  std::vector<VectorView> out;
  std::size_t first = 0;
  for (const std::string& name : names) {
    for (const std::string& pooling : poolings) {
      const std::size_t end = first + parts_of(pooling) * dim;
      out.push_back(
          {name.empty() ? pooling : fmt::format("{}, {}", name, pooling), {{first, end}}});
      first = end;
    }
  }
  // The first view is what the others are compared with: that of the last layer.
  if (layers.size() > 1) {
    const auto n = static_cast<std::ptrdiff_t>(poolings.size());
    const auto last = out.begin() + static_cast<std::ptrdiff_t>(layers.size() - 1) * n;
    std::rotate(out.begin(), last, last + n);
  }
  return out;
}

std::vector<double> pooled_layers(std::span<const Matrix> layers,
                                  std::span<const std::string> poolings) {
  std::vector<double> out;
  for (const Matrix& layer : layers) {
    const std::vector<double> row = pooled_row(layer, poolings);
    out.insert(out.end(), row.begin(), row.end());
  }
  if (layers.size() > 1) {
    const std::vector<double> row = pooled_row(mean_of(layers), poolings);
    out.insert(out.end(), row.begin(), row.end());
  }
  return out;
}

}  // namespace musicrep
