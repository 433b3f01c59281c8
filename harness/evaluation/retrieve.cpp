#include "evaluation/retrieve.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "core/hash.h"
#include "core/parallel.h"
#include "evaluation/evaluate.h"
#include "evaluation/pooling.h"
#include "metrics/retrieval.h"
#include "musicrep/error.h"
#include "statistics/retrieval_statistics.h"

namespace musicrep {
namespace {

constexpr const char* kTraining = "train";

bool is_blank(const std::string& text) {
  return text.find_first_not_of(" \t\r\n") == std::string::npos;
}

// A text and the items that it was written of.
struct Pair {
  const std::string* text = nullptr;
  std::vector<std::size_t> items;
};

// In the order of their first items.
std::vector<Pair> pairs_of(const Dataset& dataset, const std::string& split,
                           std::int64_t& n_blank) {
  std::vector<Pair> pairs;
  std::unordered_map<std::string_view, std::size_t> place;
  for (std::size_t i = 0; i < dataset.ids.size(); ++i) {
    if (dataset.splits[i] != split) continue;
    const std::string& text = dataset.texts[i];
    if (is_blank(text)) {
      ++n_blank;
      continue;
    }
    const auto [at, fresh] = place.try_emplace(text, pairs.size());
    if (fresh) pairs.push_back({&text, {}});
    pairs[at->second].items.push_back(i);
  }
  return pairs;
}

std::vector<Pair> some_of(std::vector<Pair> pairs, std::size_t n) {
  if (n == 0 || n >= pairs.size()) return pairs;
  std::vector<Pair> out;
  for (std::size_t k = 0; k < n; ++k) out.push_back(std::move(pairs[k * pairs.size() / n]));
  return out;
}

// Pairs with a vector on both sides.
struct Vectors {
  std::vector<Pair> pairs;
  Matrix texts;  // [n, dim]
  Matrix music;
  std::int64_t n_no_vector = 0;
  std::int64_t n_cut = 0;
  std::int64_t n_unknown = 0;
};

void add_row(std::vector<double>& rows, std::span<const double> row) {
  rows.insert(rows.end(), row.begin(), row.end());
}

// `clips` [items of the data set, dim].
Vectors vectors_of(const std::vector<Pair>& pairs, const Matrix& clips, TextEncoder& encoder,
                   std::size_t jobs) {
  std::vector<TextVector> encoded(pairs.size());
  parallel_for(pairs.size(), jobs, [&](std::size_t i) {
    std::vector<TextVector> one = encoder.encode_texts({pairs[i].text, 1});
    assert(one.size() == 1);
    encoded[i] = std::move(one.front());
  });
  Vectors out;
  std::vector<double> texts;
  std::vector<double> music;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const TextVector& text = encoded[i];
    out.n_cut += text.cut > 0 ? 1 : 0;
    out.n_unknown += static_cast<std::int64_t>(text.unknown);
    if (!text.problem.empty()) {
      ++out.n_no_vector;
      continue;
    }
    if (text.values.size() != clips.cols()) {
      throw DataError(
          fmt::format("a text has {} numbers, a clip {}: expected vectors of the same dimension",
                      text.values.size(), clips.cols()));
    }
    if (!std::ranges::all_of(text.values, [](double v) { return std::isfinite(v); })) {
      throw DataError(fmt::format("the vector of the text '{:.60}' is not finite", *pairs[i].text));
    }
    add_row(texts, text.values);
    std::vector<double> mean(clips.cols());
    for (const std::size_t item : pairs[i].items) {
      for (std::size_t k = 0; k < mean.size(); ++k) mean[k] += clips.at(item, k);
    }
    for (double& v : mean) v /= static_cast<double>(pairs[i].items.size());
    add_row(music, mean);
    out.pairs.push_back(pairs[i]);
  }
  out.texts = Matrix(out.pairs.size(), clips.cols(), std::move(texts));
  out.music = Matrix(out.pairs.size(), clips.cols(), std::move(music));
  return out;
}

void take_away_mean(const Matrix& of, Matrix& from) {
  for (std::size_t k = 0; k < from.cols(); ++k) {
    double mean = 0;
    for (std::size_t i = 0; i < of.rows(); ++i) mean += of.at(i, k);
    mean /= static_cast<double>(of.rows());
    for (std::size_t i = 0; i < from.rows(); ++i) from.at(i, k) -= mean;
  }
}

}  // namespace

void check_retrieval(const RetrievalTask& task) {
  const Dataset& dataset = *task.dataset;
  Problems problems;
  if (dataset.texts.empty()) problems.add("it has no texts");
  if (dataset.splits.empty()) problems.add("it has no splits");
  if (problems.empty()) {
    std::int64_t n_blank = 0;
    const std::size_t n = pairs_of(dataset, task.split, n_blank).size();
    if (n < 2) {
      problems.add(
          fmt::format("found {} texts in the split \"{}\", expected 2 or more", n, task.split));
    }
    if (task.centre && pairs_of(dataset, kTraining, n_blank).empty()) {
      problems.add(fmt::format(
          "no item of the split \"{}\" has a text; centre = false does without", kTraining));
    }
    std::set<std::string> inside;
    std::set<std::string> crossing;
    for (const bool collect : {true, false}) {
      for (std::size_t i = 0; i < dataset.groups.size(); ++i) {
        const std::string& group = dataset.groups[i];
        if (group.empty() || (dataset.splits[i] == task.split) != collect) continue;
        if (collect) inside.insert(group);
        if (!collect && inside.contains(group)) crossing.insert(group);
      }
    }
    if (!crossing.empty()) {
      problems.add(fmt::format("{} artists ('{}' is one) stand in the split \"{}\" and in another",
                               crossing.size(), *crossing.begin(), task.split));
    }
  }
  problems.throw_if_any(fmt::format("retrieval on data set '{}':", dataset.name));
}

Retrieval retrieve(const RetrievalTask& task, const Embeddings& music, Encoder& encoder,
                   std::size_t jobs) {
  const Dataset& dataset = *task.dataset;
  assert(music.ids == dataset.ids);
  if (const std::string why = reason_without_texts_of(encoder); !why.empty()) {
    throw DataError("the encoder cannot encode texts: " + why);
  }
  TextEncoder& texts = *interface_of<TextEncoder>(encoder);
  const Matrix clips = pool(music, "mean");
  Retrieval out;
  out.dataset = dataset.name;
  out.split = task.split;
  out.centring = task.centre ? kTrainingMeans : kNoCentring;
  out.dim = static_cast<std::int64_t>(clips.cols());
  Vectors found =
      vectors_of(some_of(pairs_of(dataset, task.split, out.n_no_text), task.n), clips, texts, jobs);
  out.n_no_vector = found.n_no_vector;
  out.n_cut = found.n_cut;
  out.n_unknown = found.n_unknown;
  if (found.pairs.size() < 2) {
    throw DataError(
        fmt::format("{} texts have a vector ({} have no word that is known), expected 2 or more",
                    found.pairs.size(), found.n_no_vector));
  }
  std::int64_t n_blank = 0;
  const std::vector<Pair> training = pairs_of(dataset, kTraining, n_blank);
  if (task.centre) {
    const Vectors means = vectors_of(training, clips, texts, jobs);
    if (means.pairs.empty()) {
      throw DataError("no text of the split \"train\" has a vector: centre = false does without");
    }
    take_away_mean(means.texts, found.texts);
    take_away_mean(means.music, found.music);
  }
  std::unordered_set<std::string_view> trained;
  if (task.split != kTraining) {
    for (const Pair& pair : training) trained.insert(*pair.text);
  }
  for (const Pair& pair : found.pairs) {
    out.item_ids.push_back(dataset.ids[pair.items.front()]);
    out.n_items += static_cast<std::int64_t>(pair.items.size());
    out.n_in_training += trained.contains(*pair.text) ? 1 : 0;
  }
  out.n = static_cast<std::int64_t>(found.pairs.size());
  const Matrix scores = cosines(found.texts, found.music);
  out.music_rank = ranks_of_own(scores);
  out.text_rank = ranks_of_own_by_column(scores);
  out.nearest_music = best_candidates(scores, kNearest);
  out.nearest_text = best_candidates_by_column(scores, kNearest);
  return out;
}

Retrieval merge_retrievals(std::span<const Retrieval> of_seeds, const Dataset& dataset) {
  assert(!of_seeds.empty());
  for (const Retrieval& one : of_seeds) {
    if (!one.failure.empty()) return one;
  }
  Retrieval out = of_seeds.front();
  out.n_seeds = static_cast<std::int64_t>(of_seeds.size());
  std::string hashes = out.embeddings_sha256;
  std::string keys = out.step_key;
  for (const Retrieval& one : of_seeds.subspan(1)) {
    if (one.item_ids != out.item_ids) {
      out.failure = "the training seeds know different texts, so that their ranks have no mean";
      return out;
    }
    out.music_rank.insert(out.music_rank.end(), one.music_rank.begin(), one.music_rank.end());
    out.text_rank.insert(out.text_rank.end(), one.text_rank.begin(), one.text_rank.end());
    for (const std::string& note : one.notes) {
      if (std::ranges::find(out.notes, note) == out.notes.end()) out.notes.push_back(note);
    }
    hashes += " " + one.embeddings_sha256;
    keys += " " + one.step_key;
  }
  if (of_seeds.size() > 1) {
    out.embeddings_sha256 = sha256_hex(hashes);
    out.step_key = sha256_hex(keys);
  }
  out.item_group = item_groups(out.item_ids, dataset);
  score_retrieval(out);
  return out;
}

}  // namespace musicrep
