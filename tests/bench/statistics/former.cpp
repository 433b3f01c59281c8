#include "former.h"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <map>

namespace musicrep {
namespace {

constexpr std::size_t kResamples = 2000;
constexpr std::size_t kRows = 3;

/// What of one group one fold has tested: enough for all scores here.
struct Cell {
  std::size_t part = 0;  // of those scored apart
  double n = 0;
  double truth = 0;
  double truth_squared = 0;
  std::array<std::vector<double>, kRows> error;  // [n_seeds] squared, or how many are wrong
};

double error_of(const ResultRow& row, std::size_t i) {
  const TargetResult& target = row.targets.front();
  if (row.metric == "R@10") return target.predicted[i] <= 10 ? 0 : 1;
  const double by = target.truth[i] - target.predicted[i];
  return row.metric == "r2" ? by * by : (by == 0 ? 0 : 1);
}

/// [n_groups] cells.
std::vector<std::vector<Cell>> cells_of(const std::array<ResultRow, 3>& rows, std::size_t& parts) {
  const ResultRow& a = rows.front();
  const auto n_groups = static_cast<std::size_t>(*std::ranges::max_element(a.item_group)) + 1;
  const auto n_seeds = static_cast<std::size_t>(a.n_seeds);
  std::vector<std::map<std::size_t, Cell>> found(n_groups);
  parts = 1;
  for (std::size_t i = 0; i < a.item_ids.size(); ++i) {
    const auto part =
        a.aggregation == kMeanOverFolds ? static_cast<std::size_t>(a.item_fold[i]) : 0;
    parts = std::max(parts, part + 1);
    Cell& cell = found[static_cast<std::size_t>(a.item_group[i])][part];
    cell.part = part;
    const double y = a.targets.front().truth[i];
    if (a.item_seed[i] == 0) {
      cell.n += 1;
      cell.truth += y;
      cell.truth_squared += y * y;
    }
    for (std::size_t r = 0; r < kRows; ++r) {
      cell.error[r].resize(n_seeds);
      cell.error[r][static_cast<std::size_t>(a.item_seed[i])] += error_of(rows[r], i);
    }
  }
  std::vector<std::vector<Cell>> out(n_groups);
  for (std::size_t g = 0; g < n_groups; ++g) {
    for (auto& [part, cell] : found[g]) out[g].push_back(std::move(cell));
  }
  return out;
}

void add(Cell& sum, const Cell& cell) {
  sum.n += cell.n;
  sum.truth += cell.truth;
  sum.truth_squared += cell.truth_squared;
  for (std::size_t r = 0; r < kRows; ++r) {
    sum.error[r].resize(cell.error[r].size());
    for (std::size_t s = 0; s < cell.error[r].size(); ++s) sum.error[r][s] += cell.error[r][s];
  }
}

/// Score of row r in a resample, its seeds drawn.
double score(const std::vector<Cell>& parts, std::size_t r, bool r2, std::size_t n_seeds,
             Random& random) {
  std::vector<double> weight(n_seeds);
  for (std::size_t k = 0; k < n_seeds; ++k) {
    weight[n_seeds == 1 ? 0 : random.below(n_seeds)] += 1 / static_cast<double>(n_seeds);
  }
  double sum = 0;
  double n = 0;
  for (const Cell& part : parts) {
    if (part.n == 0) continue;
    double error = 0;
    for (std::size_t s = 0; s < n_seeds; ++s) error += weight[s] * part.error[r][s];
    const double total = r2 ? part.truth_squared - part.truth * part.truth / part.n : part.n;
    sum += part.n * (total > 1e-12 ? 1 - error / total : 0);
    n += part.n;
  }
  return sum / n;
}

double p_of(const std::vector<double>& differences) {
  const auto not_above = std::ranges::count_if(differences, [](double d) { return d <= 0; });
  const auto not_below = std::ranges::count_if(differences, [](double d) { return d >= 0; });
  return std::clamp(2 * static_cast<double>(std::min(not_above, not_below)) / kResamples,
                    1.0 / (kResamples + 1), 1.0);
}

double mcnemar(const ResultRow& a, const ResultRow& b) {
  double only_a = 0;
  double only_b = 0;
  for (std::size_t i = 0; i < a.item_ids.size(); ++i) {
    only_a += error_of(a, i) < error_of(b, i) ? 1 : 0;
    only_b += error_of(b, i) < error_of(a, i) ? 1 : 0;
  }
  if (only_a == only_b) return 1;
  const boost::math::binomial_distribution<double> coin(only_a + only_b, 0.5);
  return std::min(1.0, 2 * boost::math::cdf(coin, std::min(only_a, only_b)));
}

/// `sorted` ascending.
double percentile(const std::vector<double>& sorted, double share) {
  const double position = static_cast<double>(sorted.size() - 1) * share;
  const auto below = static_cast<std::size_t>(position);
  const double t = position - static_cast<double>(below);
  return sorted[below] + t * (sorted[std::min(below + 1, sorted.size() - 1)] - sorted[below]);
}

}  // namespace

Former former_statistics(const std::array<ResultRow, 3>& rows, Random& random) {
  const ResultRow& a = rows[0];
  const bool r2 = a.metric == "r2";
  const auto n_seeds = static_cast<std::size_t>(a.n_seeds);
  std::size_t n_parts = 0;
  const std::vector<std::vector<Cell>> groups = cells_of(rows, n_parts);
  Cell empty;
  for (auto& error : empty.error) error.resize(n_seeds);
  std::vector<double> of_a;
  std::vector<double> ab;
  std::vector<double> ac;
  for (std::size_t k = 0; k < kResamples; ++k) {
    std::vector<Cell> parts(n_parts, empty);
    for (std::size_t draw = 0; draw < groups.size(); ++draw) {
      for (const Cell& cell : groups[random.below(groups.size())]) add(parts[cell.part], cell);
    }
    of_a.push_back(score(parts, 0, r2, n_seeds, random));
    ab.push_back(of_a.back() - score(parts, 1, r2, n_seeds, random));
    ac.push_back(of_a.back() - score(parts, 2, r2, n_seeds, random));
  }
  std::ranges::sort(of_a);
  const bool exact = a.metric == "accuracy" && n_seeds == 1 && a.n_repeats == 1;
  return {{percentile(of_a, 0.025), percentile(of_a, 0.975)},
          exact ? mcnemar(rows[0], rows[1]) : p_of(ab),
          exact ? mcnemar(rows[0], rows[2]) : p_of(ac)};
}

}  // namespace musicrep
