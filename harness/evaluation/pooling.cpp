#include "evaluation/pooling.h"

#include <cassert>
#include <cmath>

namespace musicrep {

Matrix pool(const Embeddings& embeddings, const std::string& how) {
  assert(how == "mean" || how == "mean+std");
  const std::size_t n = embeddings.ids.size();
  const std::size_t dim = embeddings.values.cols();
  const bool with_std = how == "mean+std";
  Matrix out(n, with_std ? 2 * dim : dim);
  std::size_t first = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const auto frames = static_cast<std::size_t>(embeddings.frames[i]);
    const auto count = static_cast<double>(frames);
    for (std::size_t k = 0; k < dim; ++k) {
      double sum = 0;
      for (std::size_t t = 0; t < frames; ++t) sum += embeddings.values.at(first + t, k);
      const double mean = sum / count;
      out.at(i, k) = mean;
      if (!with_std) continue;
      double squares = 0;
      for (std::size_t t = 0; t < frames; ++t) {
        const double deviation = embeddings.values.at(first + t, k) - mean;
        squares += deviation * deviation;
      }
      out.at(i, dim + k) = std::sqrt(squares / count);
    }
    first += frames;
  }
  return out;
}

std::vector<FeatureView> views_of(const Embeddings& embeddings, const std::string& how) {
  Matrix all = pool(embeddings, how);
  std::vector<FeatureView> out;
  if (embeddings.views.empty()) {
    out.push_back({"", std::move(all)});
    return out;
  }
  const std::size_t dim = embeddings.values.cols();
  for (const VectorView& view : embeddings.views) {
    std::vector<std::size_t> columns;
    for (std::size_t first = 0; first < all.cols(); first += dim) {  // means, then deviations
      for (const auto& [begin, end] : view.columns) {
        assert(begin < end && end <= dim);
        for (std::size_t k = begin; k < end; ++k) columns.push_back(first + k);
      }
    }
    Matrix x(all.rows(), columns.size());
    for (std::size_t i = 0; i < all.rows(); ++i) {
      for (std::size_t k = 0; k < columns.size(); ++k) x.at(i, k) = all.at(i, columns[k]);
    }
    out.push_back({view.name, std::move(x)});
  }
  return out;
}

}  // namespace musicrep
