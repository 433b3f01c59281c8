#include "metrics/ranking.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <map>
#include <numeric>

namespace musicrep {
namespace {

/// Items of equal rank, best first.
struct Tie {
  std::size_t n_with = 0;     ///< with the tag
  std::size_t n_without = 0;  ///< without it
};

/// The ranking in ties, and which tie each item is in.
struct Ranking {
  std::vector<Tie> ties;
  std::vector<std::size_t> tie_of;  ///< [n]
  double n_with = 0;
  double n_without = 0;
  [[nodiscard]] bool is_one_sided() const { return n_with == 0 || n_without == 0; }
};

Ranking ranking_of(std::span<const double> truth, std::span<const double> ranking) {
  assert(!truth.empty() && truth.size() == ranking.size());
  std::vector<std::size_t> order(truth.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, [&](auto i, auto j) { return ranking[i] > ranking[j]; });
  Ranking out;
  out.tie_of.resize(truth.size());
  for (std::size_t k = 0; k < order.size(); ++k) {
    const std::size_t i = order[k];
    if (k == 0 || ranking[i] != ranking[order[k - 1]]) out.ties.emplace_back();
    out.tie_of[i] = out.ties.size() - 1;
    const bool has_tag = truth[i] > 0.5;
    ++(has_tag ? out.ties.back().n_with : out.ties.back().n_without);
    ++(has_tag ? out.n_with : out.n_without);
  }
  return out;
}

/// Of each tie the precision among the items that rank at least as high, and their number.
struct Precision {
  std::vector<double> precision;
  std::vector<double> n_above;
};

Precision precision_of(const Ranking& ranking) {
  Precision out;
  double with = 0;
  double all = 0;
  for (const Tie& tie : ranking.ties) {
    with += static_cast<double>(tie.n_with);
    all += static_cast<double>(tie.n_with + tie.n_without);
    out.precision.push_back(with / all);
    out.n_above.push_back(all);
  }
  return out;
}

double average_precision_of(const Ranking& ranking, const Precision& of) {
  double sum = 0;
  for (std::size_t t = 0; t < ranking.ties.size(); ++t) {
    sum += static_cast<double>(ranking.ties[t].n_with) * of.precision[t];
  }
  return sum / ranking.n_with;
}

}  // namespace

double roc_auc(std::span<const double> truth, std::span<const double> ranking) {
  const Ranking of = ranking_of(truth, ranking);
  if (of.is_one_sided()) return 0.5;
  double won = 0;
  double below = of.n_without;
  for (const Tie& tie : of.ties) {
    const auto tied = static_cast<double>(tie.n_without);
    below -= tied;
    won += static_cast<double>(tie.n_with) * (below + tied / 2);
  }
  return won / (of.n_with * of.n_without);
}

double average_precision(std::span<const double> truth, std::span<const double> ranking) {
  const Ranking of = ranking_of(truth, ranking);
  return of.n_with == 0 ? 0 : average_precision_of(of, precision_of(of));
}

std::vector<double> roc_auc_influence(std::span<const double> truth,
                                      std::span<const double> ranking) {
  const Ranking of = ranking_of(truth, ranking);
  std::vector<double> out(truth.size(), 0.0);
  if (of.is_one_sided()) return out;
  const double auc = roc_auc(truth, ranking);
  std::vector<double> of_with;
  std::vector<double> of_without;
  const auto n = static_cast<double>(truth.size());
  double above = 0;
  double below = of.n_without;
  for (const Tie& tie : of.ties) {
    const auto tied_with = static_cast<double>(tie.n_with);
    const auto tied_without = static_cast<double>(tie.n_without);
    below -= tied_without;
    of_with.push_back(((below + tied_without / 2) / of.n_without - auc) * n / of.n_with);
    of_without.push_back(((above + tied_with / 2) / of.n_with - auc) * n / of.n_without);
    above += tied_with;
  }
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] = (truth[i] > 0.5 ? of_with : of_without)[of.tie_of[i]];
  }
  return out;
}

std::vector<double> average_precision_influence(std::span<const double> truth,
                                                std::span<const double> ranking) {
  const Ranking of = ranking_of(truth, ranking);
  std::vector<double> out(truth.size(), 0.0);
  if (of.is_one_sided()) return out;
  const Precision at = precision_of(of);
  const double ap = average_precision_of(of, at);
  const auto n = static_cast<double>(truth.size());
  // Sums over the items with the tag at a tie or below: of 1 / F and of P / F, each over n.
  std::vector<double> inverse(of.ties.size());
  std::vector<double> weighted(of.ties.size());
  double sum_inverse = 0;
  double sum_weighted = 0;
  for (std::size_t t = of.ties.size(); t-- > 0;) {
    const double of_tie = static_cast<double>(of.ties[t].n_with) / at.n_above[t];
    sum_inverse += of_tie;
    sum_weighted += of_tie * at.precision[t];
    inverse[t] = sum_inverse;
    weighted[t] = sum_weighted;
  }
  const double pi = of.n_with / n;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::size_t t = of.tie_of[i];
    const bool has_tag = truth[i] > 0.5;
    const double own = has_tag ? at.precision[t] - ap + inverse[t] : 0.0;
    out[i] = (own - weighted[t]) / pi;
  }
  return out;
}

std::vector<double> ranks_between_tagged(std::span<const double> truth,
                                         std::span<const double> ranking) {
  const Ranking of = ranking_of(truth, ranking);
  // Neighbouring ties without tagged items share a place. Counted from the best on.
  std::vector<std::size_t> place_of(of.ties.size());
  std::size_t place = 0;
  for (std::size_t t = 0; t < of.ties.size(); ++t) {
    const bool alike = t > 0 && of.ties[t].n_with == 0 && of.ties[t - 1].n_with == 0;
    if (!alike) ++place;
    place_of[t] = place;
  }
  std::vector<double> out(truth.size());
  for (std::size_t i = 0; i < truth.size(); ++i) {
    out[i] = static_cast<double>(place - place_of[of.tie_of[i]] + 1);
  }
  return out;
}

void correct_for_few(std::span<const double> truth, std::span<const std::int64_t> group,
                     std::span<double> influence) {
  assert(truth.size() == influence.size() && truth.size() == group.size());
  for (const bool with_tag : {true, false}) {
    std::map<std::int64_t, double> sizes;
    double n = 0;
    double mean = 0;
    for (std::size_t i = 0; i < truth.size(); ++i) {
      if ((truth[i] > 0.5) != with_tag) continue;
      sizes[group[i]] += 1;
      n += 1;
      mean += influence[i];
    }
    if (n < 2) continue;
    mean /= n;
    double squares = 0;
    for (const auto& [of, size] : sizes) squares += size * size;
    const double m = std::max(2.0, n * n / squares);
    const double factor = std::sqrt(m / (m - 1));
    for (std::size_t i = 0; i < truth.size(); ++i) {
      if ((truth[i] > 0.5) == with_tag) influence[i] = mean + factor * (influence[i] - mean);
    }
  }
}

}  // namespace musicrep
