#include "learners.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace musicrep {
namespace {

using Vector = std::vector<double>;

/// Solves A X = B for a positive definite A [d, d], of which the lower half is read; B [d, m].
void solve(Vector a, std::size_t d, Vector& b, std::size_t m) {
  for (std::size_t j = 0; j < d; ++j) {
    for (std::size_t k = 0; k < j; ++k) {
      for (std::size_t i = j; i < d; ++i) a[i * d + j] -= a[i * d + k] * a[j * d + k];
    }
    const double pivot = std::sqrt(a[j * d + j]);
    for (std::size_t i = j; i < d; ++i) a[i * d + j] /= pivot;
  }
  for (std::size_t c = 0; c < m; ++c) {
    for (std::size_t i = 0; i < d; ++i) {
      for (std::size_t k = 0; k < i; ++k) b[i * m + c] -= a[i * d + k] * b[k * m + c];
      b[i * m + c] /= a[i * d + i];
    }
    for (std::size_t i = d; i-- > 0;) {
      for (std::size_t k = i + 1; k < d; ++k) b[i * m + c] -= a[k * d + i] * b[k * m + c];
      b[i * m + c] /= a[i * d + i];
    }
  }
}

std::span<const double> item(const Learnable& data, std::size_t i) {
  return data.features.subspan(i * data.dim, data.dim);
}

struct ClassMeans {
  Vector mean;   // [n_classes, dim]
  Vector count;  // [n_classes]
};

ClassMeans class_means(const Learnable& data, int fold) {
  ClassMeans out{Vector(data.n_classes * data.dim), Vector(data.n_classes)};
  for (std::size_t i = 0; i < data.truth.size(); ++i) {
    if (data.fold[i] == fold) continue;
    const auto c = static_cast<std::size_t>(data.truth[i]);
    out.count[c] += 1;
    for (std::size_t j = 0; j < data.dim; ++j) out.mean[c * data.dim + j] += item(data, i)[j];
  }
  for (std::size_t c = 0; c < data.n_classes; ++c) {
    for (std::size_t j = 0; j < data.dim; ++j) {
      out.mean[c * data.dim + j] /= std::max(1.0, out.count[c]);
    }
  }
  return out;
}

/// The lower half of the covariance within classes, of all but `fold`.
Vector covariance(const Learnable& data, const ClassMeans& means, int fold) {
  const std::size_t d = data.dim;
  Vector out(d * d);
  Vector centred(d);
  double n = 0;
  for (std::size_t i = 0; i < data.truth.size(); ++i) {
    if (data.fold[i] == fold) continue;
    n += 1;
    const auto c = static_cast<std::size_t>(data.truth[i]);
    for (std::size_t j = 0; j < d; ++j) centred[j] = item(data, i)[j] - means.mean[c * d + j];
    for (std::size_t j = 0; j < d; ++j) {
      for (std::size_t k = 0; k <= j; ++k) out[j * d + k] += centred[j] * centred[k];
    }
  }
  for (double& v : out) v /= std::max(1.0, n - static_cast<double>(data.n_classes));
  for (std::size_t j = 0; j < d; ++j) out[j * d + j] += 0.1;
  return out;
}

}  // namespace

std::vector<double> discriminants(const Learnable& data, int n_folds) {
  const std::size_t d = data.dim;
  const std::size_t n_classes = data.n_classes;
  Vector out(data.truth.size());
  for (int fold = 0; fold < n_folds; ++fold) {
    const ClassMeans means = class_means(data, fold);
    Vector weight(d * n_classes);  // [d, n_classes]
    for (std::size_t j = 0; j < d; ++j) {
      for (std::size_t c = 0; c < n_classes; ++c) weight[j * n_classes + c] = means.mean[c * d + j];
    }
    solve(covariance(data, means, fold), d, weight, n_classes);
    Vector constant(n_classes);
    for (std::size_t c = 0; c < n_classes; ++c) {
      for (std::size_t j = 0; j < d; ++j) {
        constant[c] -= means.mean[c * d + j] * weight[j * n_classes + c] / 2;
      }
      if (means.count[c] == 0) constant[c] = -std::numeric_limits<double>::infinity();
    }
    for (std::size_t i = 0; i < out.size(); ++i) {
      if (data.fold[i] != fold) continue;
      Vector score = constant;
      for (std::size_t j = 0; j < d; ++j) {
        for (std::size_t c = 0; c < n_classes; ++c) {
          score[c] += item(data, i)[j] * weight[j * n_classes + c];
        }
      }
      out[i] = static_cast<double>(std::ranges::max_element(score) - score.begin());
    }
  }
  return out;
}

std::vector<double> nearest_neighbours(const Learnable& data) {
  Vector out(data.truth.size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    double nearest = std::numeric_limits<double>::infinity();
    for (std::size_t k = 0; k < out.size(); ++k) {
      if (data.fold[k] == data.fold[i]) continue;
      double distance = 0;
      for (std::size_t j = 0; j < data.dim; ++j) {
        const double by = item(data, i)[j] - item(data, k)[j];
        distance += by * by;
      }
      if (distance >= nearest) continue;
      nearest = distance;
      out[i] = data.truth[k];
    }
  }
  return out;
}

std::vector<double> ridge(const Learnable& data, int n_folds) {
  const std::size_t d = data.dim;
  const std::size_t e = d + 1;  // with the constant
  Vector out(data.truth.size());
  Vector extended(e, 1.0);
  for (int fold = 0; fold < n_folds; ++fold) {
    Vector products(e * e);
    Vector weight(e);
    for (std::size_t i = 0; i < out.size(); ++i) {
      if (data.fold[i] == fold) continue;
      std::ranges::copy(item(data, i), extended.begin());
      for (std::size_t j = 0; j < e; ++j) {
        weight[j] += extended[j] * data.truth[i];
        for (std::size_t k = 0; k <= j; ++k) products[j * e + k] += extended[j] * extended[k];
      }
    }
    for (std::size_t j = 0; j < d; ++j) products[j * e + j] += 1;
    products[d * e + d] += 1e-9;
    solve(products, e, weight, 1);
    for (std::size_t i = 0; i < out.size(); ++i) {
      if (data.fold[i] != fold) continue;
      out[i] = weight[d];
      for (std::size_t j = 0; j < d; ++j) out[i] += item(data, i)[j] * weight[j];
    }
  }
  return out;
}

}  // namespace musicrep
