#include "evaluation/merge_seeds.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cassert>

#include "core/hash.h"
#include "statistics/row_statistics.h"

namespace musicrep {
namespace {

template <typename T>
void append(std::vector<T>& to, const std::vector<T>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

void append_target(TargetResult& to, const TargetResult& from, std::int64_t seed) {
  append(to.truth, from.truth);
  append(to.predicted, from.predicted);
  for (Selection selection : from.selected) {
    selection.chosen.seed = seed;
    to.selected.push_back(std::move(selection));
  }
  for (CandidateScore candidate : from.grid) {
    candidate.seed = seed;
    to.grid.push_back(std::move(candidate));
  }
}

void append_items(ResultRow& to, const ResultRow& from, std::int64_t seed) {
  append(to.item_ids, from.item_ids);
  append(to.item_fold, from.item_fold);
  append(to.item_group, from.item_group);
  to.item_seed.insert(to.item_seed.end(), from.item_ids.size(), seed);
}

}  // namespace

ResultRow merge_seeds(std::span<const ResultRow> rows) {
  assert(!rows.empty());
  for (const ResultRow& row : rows) {
    if (rows.size() == 1 || !row.failure.empty()) return row;
  }
  ResultRow out = rows.front();
  out.n_seeds = static_cast<std::int64_t>(rows.size());
  std::vector<std::string> scores;
  std::vector<std::string> hashes;
  std::vector<std::string> keys;
  for (std::size_t s = 0; s < rows.size(); ++s) {
    const ResultRow& row = rows[s];
    scores.push_back(fmt::format("{:.3f}", row.score));
    hashes.push_back(row.embeddings_sha256);
    keys.push_back(row.step_key);
    if (s == 0) continue;
    const auto number = static_cast<std::int64_t>(s);
    append_items(out, row, number);
    for (std::size_t t = 0; t < out.targets.size(); ++t) {
      append_target(out.targets[t], row.targets[t], number);
      if (out.targets[t].inner_score) *out.targets[t].inner_score += *row.targets[t].inner_score;
    }
    for (const std::string& note : row.notes) {
      if (std::ranges::find(out.notes, note) == out.notes.end()) out.notes.push_back(note);
    }
  }
  for (TargetResult& target : out.targets) {
    if (target.inner_score) *target.inner_score /= static_cast<double>(rows.size());
  }
  out.embeddings_sha256 = sha256_hex(fmt::format("{}", fmt::join(hashes, " ")));
  out.step_key = sha256_hex(fmt::format("{}", fmt::join(keys, " ")));
  out.notes.insert(out.notes.begin(), fmt::format("mean of {} training seeds: {}", rows.size(),
                                                  fmt::join(scores, ", ")));
  score_row(out);
  return out;
}

}  // namespace musicrep
