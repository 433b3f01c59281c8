// How often the statistics of a table are wrong, where the truth is known: how often a paired test
// finds a difference between equally good encoders, how often a 95 % interval holds the score, and
// how often a true difference is found; beside the statistics that were used before.
//
//     error_rates [SETS [SETS OF THE FORMER STATISTICS [SCORE]]] > rates.md
//
// with only the settings whose score begins so: "r2 pooled". Sets do not depend on what else is
// run.
#include <fmt/format.h>

#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "former.h"
#include "metrics/multiple_tests.h"
#include "simulated.h"
#include "statistics/comparisons.h"
#include "statistics/row_statistics.h"

namespace musicrep {
namespace {

struct Groups {
  std::size_t n;
  std::size_t size;
  double effect;
};

void add_seeds(std::vector<Setting>& to, Learner learner, const Groups& g,
               const std::vector<double>& spreads) {
  for (const std::size_t seeds : {std::size_t{3}, std::size_t{5}}) {
    for (const double spread : spreads) {
      to.push_back({learner, g.n, g.size, g.effect, seeds, spread, 1});
    }
  }
}

std::vector<Setting> settings() {
  const std::vector<Groups> all = {{40, 1, 0},    {120, 1, 0},    {120, 5, 0.5},
                                   {600, 10, 0},  {600, 10, 0.5}, {600, 10, 0.9},
                                   {600, 0, 0.5}, {1000, 4, 0.9}, {1800, 1, 0}};
  const std::vector<Groups> some = {{40, 1, 0}, {120, 5, 0.5}, {600, 10, 0.5}, {1000, 4, 0.9}};
  std::vector<Setting> out;
  for (const Learner learner : {Learner::kDiscriminants, Learner::kRidge}) {
    for (const Groups& g : all) out.push_back({learner, g.n, g.size, g.effect, 1, 0, 1});
    for (const Groups& g : some) out.push_back({learner, g.n, g.size, g.effect, 1, 0, 5});
    for (const Groups& g : {some[1], some[2]}) add_seeds(out, learner, g, {0, 0.01, 0.03});
  }
  for (const Groups& g : {some[0], some[1], some[2]}) {
    out.push_back({Learner::kNearestNeighbours, g.n, g.size, g.effect, 1, 0, 1});
  }
  for (const Groups& g : {Groups{120, 1, 0}, Groups{120, 5, 0.5}, Groups{600, 5, 0.5},
                          Groups{740, 1, 0}, Groups{1800, 1, 0}}) {
    out.push_back({Learner::kRidgeMeanOverFolds, g.n, g.size, g.effect, 1, 0, 1});
  }
  out.push_back({Learner::kRidgeMeanOverFolds, 740, 1, 0, 3, 0.01, 1});
  for (const double effect : {0.0, 0.5, 0.9}) {
    out.push_back({Learner::kRetrieval, 90, 6, effect, 1, 0, 1});
  }
  out.push_back({Learner::kRetrieval, 90, 6, 0.5, 3, 0.01, 1});
  out.push_back({Learner::kRetrieval, 90, 6, 0.5, 3, 0.03, 1});
  out.push_back({Learner::kRetrieval, 90, 6, 0.5, 5, 0.03, 1});
  out.push_back({Learner::kRidgeMeanOverFolds, 40, 1, 0, 1, 0, 1});
  for (const Learner learner : {Learner::kTagsRocAuc, Learner::kTagsAveragePrecision}) {
    for (const Groups& g : {Groups{60, 1, 0}, Groups{120, 1, 0}, Groups{120, 5, 0.5},
                            Groups{300, 1, 0}, Groups{600, 10, 0.5}, Groups{1000, 4, 0.9}}) {
      out.push_back({learner, g.n, g.size, g.effect, 1, 0, 1});
    }
    out.push_back({learner, 300, 5, 0.5, 3, 0.01, 1});
  }
  return out;
}

/// One of the two ways, counted over sets.
struct Rates {
  std::vector<Interval> intervals;
  int rejected = 0;
  int found = 0;

  void add(const Interval& of_a, double p_ab, double p_ac) {
    intervals.push_back(of_a);
    rejected += p_ab < kSignificanceLevel ? 1 : 0;
    found += p_ac < kSignificanceLevel ? 1 : 0;
  }
  [[nodiscard]] double share(int count) const {
    return static_cast<double>(count) / static_cast<double>(intervals.size());
  }
  [[nodiscard]] double coverage(double truth) const {
    int held = 0;
    for (const Interval& i : intervals) held += i.low <= truth && truth <= i.high ? 1 : 0;
    return share(held);
  }
};

const char* name_of(Learner learner) {
  switch (learner) {
    case Learner::kDiscriminants:
      return "accuracy, discriminants";
    case Learner::kNearestNeighbours:
      return "accuracy, nearest neighbour";
    case Learner::kRidge:
      return "r2 pooled, ridge";
    case Learner::kRidgeMeanOverFolds:
      return "r2 mean over 10 folds, ridge";
    case Learner::kRetrieval:
      return "R@10, retrieval";
    case Learner::kTagsRocAuc:
      return "ROC-AUC of tags, ridge";
    case Learner::kTagsAveragePrecision:
      break;
  }
  return "average precision of tags, ridge";
}

/// "4.6", bold where it is outside the band in percent.
std::string percent(double share, double low, double high) {
  const double value = 100 * share;
  constexpr double kRounding = 1e-9;
  return value < low - kRounding || value > high + kRounding ? fmt::format("**{:.1f}**", value)
                                                             : fmt::format("{:.1f}", value);
}

/// Whether the former statistics knew such a score.
bool has_former(Learner learner) {
  return learner != Learner::kTagsRocAuc && learner != Learner::kTagsAveragePrecision;
}

void simulate(const Setting& setting, int n_sets, int n_former, Random& random) {
  const Task task = make_task(setting, random);
  Rates now;
  Rates former;
  double score = 0;
  double difference = 0;
  for (int k = 0; k < n_sets; ++k) {
    std::array<ResultRow, 3> rows = draw_set(setting, task, random);
    for (ResultRow& row : rows) score_row(row);
    score += rows[0].score / n_sets;
    difference += (rows[2].score - rows[0].score) / n_sets;
    const auto pairs = compare_rows({rows[0], rows[1], rows[2]});  // A and B, A and C, B and C
    now.add({rows[0].ci_low, rows[0].ci_high}, pairs[0].p, pairs[1].p);
    if (k >= n_former || !has_former(setting.learner)) continue;
    const Former old = former_statistics(rows, random);
    former.add(old.of_a, old.p_ab, old.p_ac);
  }
  const std::string size =
      setting.group_size == 0 ? "1 to 10" : fmt::format("{}", setting.group_size);
  fmt::print("| {} | {} | {} | {:.1f} | {} | {:.2f} | {} | {:.3f} | {} | {} | {:.3f} | {:.0f} |",
             name_of(setting.learner), setting.n, size, setting.group_effect, setting.n_seeds,
             setting.seed_spread, setting.n_repeats, score, percent(now.share(now.rejected), 3, 7),
             percent(now.coverage(score), 93, 97), difference, 100 * now.share(now.found));
  if (!has_former(setting.learner)) {
    fmt::print(" – | – | – |\n");
    std::fflush(stdout);
    return;
  }
  fmt::print(" {} | {} | {:.0f} |\n", percent(former.share(former.rejected), 3, 7),
             percent(former.coverage(score), 93, 97), 100 * former.share(former.found));
  std::fflush(stdout);
}

}  // namespace
}  // namespace musicrep

int main(int argc, char** argv) {
  const int n_sets = argc > 1 ? std::atoi(argv[1]) : 1000;
  const int n_former = argc > 2 ? std::atoi(argv[2]) : n_sets;
  const char* only = argc > 3 ? argv[3] : "";
  if (n_sets < 1 || n_former < 1) {
    std::fputs("usage: error_rates [SETS [SETS OF THE FORMER STATISTICS [SCORE]]]\n", stderr);
    return 2;
  }
  fmt::print(
      "| score | items | of a group | group effect | trainings | their spread | repeats | score of "
      "A "
      "| rejected % | covered % | C less A | power % | former: rejected % | covered % | power % |\n"
      "|-|-|-|-|-|-|-|-|-|-|-|-|-|-|-|\n");
  std::uint64_t seed = 17;
  for (const musicrep::Setting& setting : musicrep::settings()) {
    musicrep::Random random(seed++);
    if (!std::string_view(musicrep::name_of(setting.learner)).starts_with(only)) continue;
    musicrep::simulate(setting, n_sets, n_former, random);
  }
}
