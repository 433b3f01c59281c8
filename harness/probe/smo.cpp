#include "probe/smo.h"

#include <algorithm>
#include <cassert>
#include <limits>
#include <numeric>
#include <utility>

#include "core/stop.h"
#include "probe/simd.h"

namespace musicrep {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kTau = 1e-12;

// Works on f[t] = -y[t] * gradient[t] rather than on the gradient: the labels drop out of the
// selection and of the update, which then need the kernel's rows alone.
class Smo {
 public:
  Smo(const SmoProblem& problem, KernelRows& rows)
      : problem_(problem), rows_(rows), n_(problem.linear.size()), active_(n_) {
    const std::size_t m = rows.size();
    assert(problem.y.size() == n_ && (n_ == m || n_ == 2 * m));
    alpha_.assign(n_, 0.0);
    f_.resize(n_);
    up_.resize(n_);
    low_.resize(n_);
    diag_.resize(n_);
    y_.assign(problem.y.begin(), problem.y.end());
    column_.resize(n_);
    variable_.resize(n_);
    std::iota(variable_.begin(), variable_.end(), std::size_t{0});
    for (std::size_t t = 0; t < n_; ++t) {
      column_[t] = static_cast<std::int32_t>(t % m);
      diag_[t] = rows.diagonal()[t % m];
      f_[t] = -static_cast<double>(y_[t]) * problem.linear[t];
      set_bounds(t);
    }
    bounded_.assign(m, 0.0);
    for (auto& buffer : gathered_) buffer.resize(n_);
  }

  SmoResult solve() {
    SmoResult result;
    const auto period = static_cast<std::int64_t>(std::min<std::size_t>(n_, 1000));
    std::int64_t counter = period + 1;
    top_ = find_top();
    while (result.iterations < problem_.max_iterations) {
      if (--counter == 0) {
        counter = period;
        throw_if_stop_requested();
        shrink();
      }
      std::size_t i = 0;
      std::size_t j = 0;
      if (!select(i, j)) {
        unshrink();
        if (!select(i, j)) break;
        counter = 1;
      }
      ++result.iterations;
      step(i, j);
    }
    result.cap_hit = result.iterations >= problem_.max_iterations;
    if (result.cap_hit) unshrink();
    result.rho = rho();
    result.alpha.resize(n_);
    double objective = 0;
    for (std::size_t t = 0; t < n_; ++t) {
      const double p = problem_.linear[variable_[t]];
      objective += alpha_[t] * (p - static_cast<double>(y_[t]) * f_[t]);
      result.alpha[variable_[t]] = alpha_[t];
    }
    result.objective = objective / 2;
    return result;
  }

 private:
  [[nodiscard]] bool at_upper(std::size_t t) const { return alpha_[t] >= problem_.c; }
  [[nodiscard]] bool at_lower(std::size_t t) const { return alpha_[t] <= 0; }

  // up_ and low_ hold 0 where the variable may move up or down along y, and -inf elsewhere.
  void set_bounds(std::size_t t) {
    const bool may_grow = !at_upper(t);
    const bool may_fall = !at_lower(t);
    up_[t] = (y_[t] > 0 ? may_grow : may_fall) ? 0.0 : -kInfinity;
    low_[t] = (y_[t] > 0 ? may_fall : may_grow) ? 0.0 : -kInfinity;
  }

  // The kernel row of variable t over the active variables. While nothing has been swapped the
  // columns are 0 … m-1 (twice for SVR), and the stored row serves as it is.
  const float* active_row(std::size_t t, int buffer) {
    const float* row = rows_.row(static_cast<std::size_t>(column_[t]));
    if (!permuted_) return row;
    auto& out = gathered_[static_cast<std::size_t>(buffer)];
    simd::gather(row, column_.data(), active_, out.data());
    return out.data();
  }

  // Calls body(begin, end, offset of begin in the row) for each stretch of active variables over
  // which the row returned by active_row() runs on without a jump.
  template <typename Body>
  void for_stretches(Body body) const {
    const std::size_t m = rows_.size();
    if (permuted_ || active_ <= m) {
      body(std::size_t{0}, active_, std::size_t{0});
    } else {
      body(std::size_t{0}, m, std::size_t{0});
      body(m, active_, std::size_t{0});
    }
  }

  simd::Best find_top() const {
    return simd::find_max(f_.data(), up_.data(), active_, 0, {-kInfinity, -1});
  }

  bool select(std::size_t& i, std::size_t& j) {
    if (top_.index < 0) return false;
    i = static_cast<std::size_t>(top_.index);
    row_i_ = active_row(i, 0);
    simd::Partner partner{{-kInfinity, -1}, kInfinity};
    for_stretches([&](std::size_t begin, std::size_t end, std::size_t offset) {
      partner = simd::find_partner(f_.data() + begin, row_i_ + offset, diag_.data() + begin,
                                   diag_[i], top_.value, low_.data() + begin, end - begin,
                                   static_cast<std::ptrdiff_t>(begin), partner);
    });
    if (top_.value - partner.f_min < problem_.tolerance || partner.best.index < 0) return false;
    j = static_cast<std::size_t>(partner.best.index);
    return true;
  }

  void step(std::size_t i, std::size_t j) {
    const float* row_j = active_row(j, 1);
    const std::size_t j_in_row = permuted_ ? j : static_cast<std::size_t>(column_[j]);
    const double c = problem_.c;
    const double old_i = alpha_[i];
    const double old_j = alpha_[j];
    double curvature = diag_[i] + diag_[j] - 2.0 * static_cast<double>(row_i_[j_in_row]);
    if (curvature <= 0) curvature = kTau;
    if (y_[i] != y_[j]) {
      // y_i = -y_j: gradient_i = -y_i f_i and gradient_j = y_i f_j.
      const double delta = static_cast<double>(y_[i]) * (f_[i] - f_[j]) / curvature;
      const double difference = alpha_[i] - alpha_[j];
      alpha_[i] += delta;
      alpha_[j] += delta;
      if (difference > 0) {
        if (alpha_[j] < 0) {
          alpha_[j] = 0;
          alpha_[i] = difference;
        }
        if (alpha_[i] > c) {
          alpha_[i] = c;
          alpha_[j] = c - difference;
        }
      } else {
        if (alpha_[i] < 0) {
          alpha_[i] = 0;
          alpha_[j] = -difference;
        }
        if (alpha_[j] > c) {
          alpha_[j] = c;
          alpha_[i] = c + difference;
        }
      }
    } else {
      const double delta = static_cast<double>(y_[i]) * (f_[j] - f_[i]) / curvature;
      const double sum = alpha_[i] + alpha_[j];
      alpha_[i] -= delta;
      alpha_[j] += delta;
      if (sum > c) {
        if (alpha_[i] > c) {
          alpha_[i] = c;
          alpha_[j] = sum - c;
        }
        if (alpha_[j] > c) {
          alpha_[j] = c;
          alpha_[i] = sum - c;
        }
      } else {
        if (alpha_[j] < 0) {
          alpha_[j] = 0;
          alpha_[i] = sum;
        }
        if (alpha_[i] < 0) {
          alpha_[i] = 0;
          alpha_[j] = sum;
        }
      }
    }
    note_bound(i, old_i);
    note_bound(j, old_j);
    const double change_i = static_cast<double>(y_[i]) * (alpha_[i] - old_i);
    const double change_j = static_cast<double>(y_[j]) * (alpha_[j] - old_j);
    set_bounds(i);
    set_bounds(j);
    top_ = {-kInfinity, -1};
    for_stretches([&](std::size_t begin, std::size_t end, std::size_t offset) {
      top_ = simd::update_and_find_max(f_.data() + begin, row_i_ + offset, row_j + offset, change_i,
                                       change_j, up_.data() + begin, end - begin,
                                       static_cast<std::ptrdiff_t>(begin), top_);
    });
  }

  // Keeps bounded_ at the sum of y * c * K over the variables at their upper bound, each added when
  // it arrives there and taken off when it leaves, as libsvm does with its G_bar: the same order of
  // sums keeps the path on libsvm's, and unshrink() is left with the free variables.
  void note_bound(std::size_t t, double old_alpha) {
    const bool was = old_alpha >= problem_.c;
    if (was == at_upper(t)) return;
    const double weight = static_cast<double>(y_[t]) * problem_.c;
    simd::add_row(bounded_.data(), rows_.row(static_cast<std::size_t>(column_[t])),
                  was ? -weight : weight, bounded_.size());
  }

  [[nodiscard]] double least_low() const {
    double least = kInfinity;
    for (std::size_t t = 0; t < active_; ++t) least = std::min(least, f_[t] - low_[t]);
    return least;
  }

  // A variable at a bound whose f says that it will stay there (Chang and Lin 2011, section 4.1.4).
  [[nodiscard]] bool will_stay(std::size_t t, double f_max, double f_min) const {
    const bool may_up = up_[t] == 0;
    const bool may_low = low_[t] == 0;
    if (may_up == may_low) return false;
    return may_low ? f_[t] > f_max : f_[t] < f_min;
  }

  void shrink() {
    const double f_max = top_.value;
    double f_min = least_low();
    if (!unshrunk_once_ && f_max - f_min <= problem_.tolerance * 10) {
      unshrunk_once_ = true;
      unshrink();
    }
    for (std::size_t t = 0; t < active_; ++t) {
      if (!will_stay(t, f_max, f_min)) continue;
      --active_;
      while (active_ > t) {
        if (!will_stay(active_, f_max, f_min)) {
          swap_variables(t, active_);
          break;
        }
        --active_;
      }
    }
    top_ = find_top();
  }

  void swap_variables(std::size_t a, std::size_t b) {
    std::swap(alpha_[a], alpha_[b]);
    std::swap(f_[a], f_[b]);
    std::swap(up_[a], up_[b]);
    std::swap(low_[a], low_[b]);
    std::swap(diag_[a], diag_[b]);
    std::swap(y_[a], y_[b]);
    std::swap(column_[a], column_[b]);
    std::swap(variable_[a], variable_[b]);
    permuted_ = true;
  }

  // Makes all variables active again and recomputes f for those that were not, from the free
  // variables (all of them active) and bounded_. In the caller's order the columns of a row run on
  // without a jump, twice for SVR.
  void unshrink() {
    if (active_ == n_) return;
    std::vector<double> f(n_);
    for (std::size_t t = active_; t < n_; ++t) {
      f[variable_[t]] = -static_cast<double>(y_[t]) * problem_.linear[variable_[t]] -
                        bounded_[static_cast<std::size_t>(column_[t])];
    }
    const std::size_t m = rows_.size();
    for (std::size_t s = 0; s < active_; ++s) {
      if (at_lower(s) || at_upper(s)) continue;
      const float* row = rows_.row(static_cast<std::size_t>(column_[s]));
      const double weight = static_cast<double>(y_[s]) * alpha_[s];
      for (std::size_t begin = 0; begin < n_; begin += m) {
        simd::add_row(f.data() + begin, row, -weight, m);
      }
    }
    for (std::size_t t = active_; t < n_; ++t) f_[t] = f[variable_[t]];
    active_ = n_;
    top_ = find_top();
  }

  [[nodiscard]] double rho() const {
    double upper = kInfinity;
    double lower = -kInfinity;
    double sum = 0;
    std::size_t n_free = 0;
    for (std::size_t t = 0; t < n_; ++t) {
      const double v = -f_[t];
      if (at_upper(t) || at_lower(t)) {
        // At a bound the KKT conditions hold rho from one side.
        if (at_upper(t) == (y_[t] < 0)) {
          upper = std::min(upper, v);
        } else {
          lower = std::max(lower, v);
        }
      } else {
        ++n_free;
        sum += v;
      }
    }
    return n_free > 0 ? sum / static_cast<double>(n_free) : (upper + lower) / 2;
  }

  const SmoProblem& problem_;
  KernelRows& rows_;
  std::size_t n_;
  std::size_t active_;
  std::vector<double> alpha_, f_, up_, low_, diag_;
  std::vector<signed char> y_;
  std::vector<std::int32_t> column_;   // base row of each variable
  std::vector<std::size_t> variable_;  // its place in the caller's order
  std::vector<double> bounded_;        // by base row; see note_bound()
  std::vector<float> gathered_[2];
  const float* row_i_ = nullptr;
  simd::Best top_{-kInfinity, -1};
  bool permuted_ = false;
  bool unshrunk_once_ = false;
};

}  // namespace

SmoResult solve_smo(const SmoProblem& problem, KernelRows& rows) {
  return Smo(problem, rows).solve();
}

}  // namespace musicrep
