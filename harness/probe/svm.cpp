#include "probe/svm.h"

#include <algorithm>
#include <cassert>
#include <list>
#include <map>
#include <numeric>

#include "core/stop.h"
#include "probe/simd.h"

namespace musicrep {
namespace {

constexpr std::size_t kTestStrip = 128;

class HeldRows final : public KernelRows {
 public:
  HeldRows(const KernelMatrix& kernel, std::span<const std::uint32_t> items)
      : n_(items.size()),
        values_(std::make_unique_for_overwrite<float[]>(n_ * n_)),
        diagonal_(kernel.diagonal(items)) {
    kernel.square(items, values_.get());
  }
  [[nodiscard]] std::size_t size() const override { return n_; }
  const float* row(std::size_t i) override { return values_.get() + i * n_; }
  [[nodiscard]] std::span<const double> diagonal() const override { return diagonal_; }

 private:
  std::size_t n_;
  std::unique_ptr<float[]> values_;
  std::vector<double> diagonal_;
};

// Least recently used rows give way, as in libsvm's cache.
class CachedRows final : public KernelRows {
 public:
  CachedRows(const KernelMatrix& kernel, std::span<const std::uint32_t> items,
             std::size_t max_bytes)
      : kernel_(kernel),
        items_(items.begin(), items.end()),
        diagonal_(kernel.diagonal(items)),
        strip_(items.size()),
        capacity_(std::max<std::size_t>(3, max_bytes / (items.size() * sizeof(float)))) {}
  [[nodiscard]] std::size_t size() const override { return items_.size(); }
  [[nodiscard]] std::span<const double> diagonal() const override { return diagonal_; }

  const float* row(std::size_t i) override {
    if (const auto found = rows_.find(i); found != rows_.end()) {
      order_.splice(order_.begin(), order_, found->second);
      return found->second->values.data();
    }
    if (rows_.size() >= capacity_) {
      rows_.erase(order_.back().index);
      order_.splice(order_.begin(), order_, std::prev(order_.end()));
    } else {
      order_.push_front({i, std::vector<float>(items_.size())});
    }
    Row& fresh = order_.front();
    fresh.index = i;
    rows_[i] = order_.begin();
    const std::uint32_t item = items_[i];
    kernel_.block({&item, 1}, items_, strip_.data());
    std::ranges::transform(strip_, fresh.values.begin(),
                           [](double v) { return static_cast<float>(v); });
    return fresh.values.data();
  }

 private:
  struct Row {
    std::size_t index;
    std::vector<float> values;
  };
  const KernelMatrix& kernel_;
  std::vector<std::uint32_t> items_;
  std::vector<double> diagonal_;
  std::vector<double> strip_;
  std::size_t capacity_;
  std::list<Row> order_;
  std::map<std::size_t, std::list<Row>::iterator> rows_;
};

void add_outcome(FitResult& result, const SmoResult& solved) {
  result.objective += solved.objective;
  result.iterations += solved.iterations;
  result.cap_hit = result.cap_hit || solved.cap_hit;
}

// The test rows' kernel values against the training rows, strip by strip.
template <typename Body>
void for_test_strips(const KernelMatrix& kernel, std::span<const std::uint32_t> test,
                     std::span<const std::uint32_t> train, Body body) {
  std::vector<double> strip(std::min(kTestStrip, test.size()) * train.size());
  for (std::size_t begin = 0; begin < test.size(); begin += kTestStrip) {
    const std::size_t count = std::min(kTestStrip, test.size() - begin);
    kernel.block(test.subspan(begin, count), train, strip.data());
    for (std::size_t i = 0; i < count; ++i) body(begin + i, strip.data() + i * train.size());
  }
}

}  // namespace

std::unique_ptr<KernelRows> make_kernel_rows(const KernelMatrix& kernel,
                                             std::span<const std::uint32_t> items,
                                             std::size_t max_bytes) {
  if (items.size() <= max_bytes / sizeof(float) / std::max<std::size_t>(1, items.size())) {
    return std::make_unique<HeldRows>(kernel, items);
  }
  return std::make_unique<CachedRows>(kernel, items, max_bytes);
}

std::vector<FitResult> fit_predict_svc(const KernelMatrix& kernel, std::span<const double> y,
                                       const Split& split, std::span<const double> cs,
                                       const FitLimits& limits) {
  const auto& [train, test] = split;
  std::vector<std::uint32_t> rows(train.begin(), train.end());
  std::ranges::stable_sort(rows, {}, [&](std::uint32_t r) { return y[r]; });
  std::vector<std::size_t> starts;  // of each class that is present, and the end
  for (std::size_t k = 0; k < rows.size(); ++k) {
    if (k == 0 || y[rows[k]] != y[rows[k - 1]]) starts.push_back(k);
  }
  const std::size_t n_classes = starts.size();
  assert(n_classes >= 2);
  starts.push_back(rows.size());

  // coefficients[c][a * n_classes + b] holds the pair's y * alpha: class a's rows, then class b's.
  struct Pair {
    std::vector<double> coefficients;
    double rho = 0;
  };
  std::vector<std::vector<Pair>> pairs(cs.size(), std::vector<Pair>(n_classes * n_classes));
  std::vector<FitResult> results(cs.size());
  for (std::size_t a = 0; a < n_classes; ++a) {
    for (std::size_t b = a + 1; b < n_classes; ++b) {
      throw_if_stop_requested();
      const std::size_t n_a = starts[a + 1] - starts[a];
      std::vector<std::uint32_t> items(rows.begin() + static_cast<std::ptrdiff_t>(starts[a]),
                                       rows.begin() + static_cast<std::ptrdiff_t>(starts[a + 1]));
      items.insert(items.end(), rows.begin() + static_cast<std::ptrdiff_t>(starts[b]),
                   rows.begin() + static_cast<std::ptrdiff_t>(starts[b + 1]));
      std::vector<signed char> sign(items.size(), -1);
      std::fill_n(sign.begin(), n_a, static_cast<signed char>(1));
      const std::vector<double> linear(items.size(), -1.0);
      const auto kernel_rows = make_kernel_rows(kernel, items, limits.max_kernel_bytes);
      for (std::size_t c = 0; c < cs.size(); ++c) {
        const SmoResult solved =
            solve_smo({linear, sign, cs[c], limits.tolerance, limits.max_iterations}, *kernel_rows);
        add_outcome(results[c], solved);
        Pair& pair = pairs[c][a * n_classes + b];
        pair.rho = solved.rho;
        pair.coefficients.resize(items.size());
        for (std::size_t k = 0; k < items.size(); ++k) {
          pair.coefficients[k] = static_cast<double>(sign[k]) * solved.alpha[k];
        }
      }
    }
  }

  for (FitResult& result : results) result.predicted.resize(test.size());
  std::vector<int> votes(n_classes);
  for_test_strips(kernel, test, rows, [&](std::size_t item, const double* values) {
    for (std::size_t c = 0; c < cs.size(); ++c) {
      std::ranges::fill(votes, 0);
      for (std::size_t a = 0; a < n_classes; ++a) {
        for (std::size_t b = a + 1; b < n_classes; ++b) {
          const Pair& pair = pairs[c][a * n_classes + b];
          const std::size_t n_a = starts[a + 1] - starts[a];
          const std::size_t n_b = starts[b + 1] - starts[b];
          const double decision =
              simd::dot(values + starts[a], pair.coefficients.data(), n_a) +
              simd::dot(values + starts[b], pair.coefficients.data() + n_a, n_b) - pair.rho;
          ++votes[decision > 0 ? a : b];
        }
      }
      const auto winner = std::ranges::max_element(votes) - votes.begin();
      results[c].predicted[item] = y[rows[starts[static_cast<std::size_t>(winner)]]];
    }
  });
  return results;
}

std::vector<FitResult> fit_predict_svr(const KernelMatrix& kernel, std::span<const double> y,
                                       const Split& split, std::span<const double> cs,
                                       double epsilon, const FitLimits& limits) {
  const auto& [train, test] = split;
  const std::size_t m = train.size();
  std::vector<double> linear(2 * m);
  std::vector<signed char> sign(2 * m, -1);
  std::fill_n(sign.begin(), m, static_cast<signed char>(1));
  for (std::size_t k = 0; k < m; ++k) {
    linear[k] = epsilon - y[train[k]];
    linear[m + k] = epsilon + y[train[k]];
  }
  std::vector<FitResult> results(cs.size());
  std::vector<std::vector<double>> coefficients(cs.size(), std::vector<double>(m));
  std::vector<double> rho(cs.size());
  {
    const auto kernel_rows = make_kernel_rows(kernel, train, limits.max_kernel_bytes);
    for (std::size_t c = 0; c < cs.size(); ++c) {
      throw_if_stop_requested();
      const SmoResult solved =
          solve_smo({linear, sign, cs[c], limits.tolerance, limits.max_iterations}, *kernel_rows);
      add_outcome(results[c], solved);
      rho[c] = solved.rho;
      for (std::size_t k = 0; k < m; ++k) {
        coefficients[c][k] = solved.alpha[k] - solved.alpha[m + k];
      }
    }
  }
  for (FitResult& result : results) result.predicted.resize(test.size());
  for_test_strips(kernel, test, train, [&](std::size_t item, const double* values) {
    for (std::size_t c = 0; c < cs.size(); ++c) {
      results[c].predicted[item] = simd::dot(values, coefficients[c].data(), m) - rho[c];
    }
  });
  return results;
}

}  // namespace musicrep
