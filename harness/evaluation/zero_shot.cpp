#include "evaluation/zero_shot.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <span>

#include "core/folder_walk.h"
#include "core/hash.h"
#include "evaluation/pooling.h"
#include "musicrep/error.h"
#include "statistics/row_statistics.h"

namespace musicrep {
namespace {

constexpr std::string_view kPlace = "{}";

double norm_of(std::span<const double> x) {
  double squares = 0;
  for (const double v : x) squares += v * v;
  return std::sqrt(squares);
}

/// The mean of the unit vectors of a class's texts.
std::vector<double> class_vector(const Prompts& prompts, const std::string& name, std::size_t dim,
                                 TextEncoder& encoder) {
  std::vector<double> sum(dim, 0);
  std::size_t n = 0;
  std::string problem;
  for (const TextVector& text : encoder.encode_texts(prompts.texts_of(name))) {
    if (!text.problem.empty()) {
      problem = text.problem;
      continue;
    }
    if (text.values.size() != dim) {
      throw DataError(
          fmt::format("a text has {} numbers, a clip {}: expected vectors of the same dimension",
                      text.values.size(), dim));
    }
    const double norm = norm_of(text.values);
    if (!std::isfinite(norm) || norm == 0) {
      throw DataError(
          fmt::format("the vector of a text of class '{}' is zero or not finite", name));
    }
    for (std::size_t k = 0; k < dim; ++k) sum[k] += text.values[k] / norm;
    ++n;
  }
  if (n == 0) {
    throw DataError(fmt::format("class '{}' has no text with a vector: {}", name, problem));
  }
  return sum;
}

}  // namespace

std::vector<std::string> Prompts::texts_of(const std::string& class_name) const {
  const auto own = names.find(class_name);
  const std::string name = own == names.end() ? lower_case(class_name) : own->second;
  std::vector<std::string> out;
  for (std::string text : templates) {
    for (std::size_t at = text.find(kPlace); at != std::string::npos;
         at = text.find(kPlace, at + name.size())) {
      text.replace(at, kPlace.size(), name);
    }
    out.push_back(std::move(text));
  }
  return out;
}

std::string Prompts::sha256() const {
  Sha256 sha;
  for (const std::string& text : templates) sha.update_text(text);
  sha.update_text("names");
  for (const auto& [class_name, name] : names) {
    sha.update_text(class_name);
    sha.update_text(name);
  }
  sha.update_text(split);
  return sha.hex();
}

void check_prompts(const Prompts& prompts, const Task& task) {
  Problems wrong;
  if (prompts.templates.empty()) wrong.add("'templates' is empty, expected one or more texts");
  for (const std::string& text : prompts.templates) {
    if (text.find(kPlace) == std::string::npos) {
      wrong.add(fmt::format("template '{}' has no {{}}, where the class's name goes", text));
    }
  }
  if (task.tagging || task.targets.size() != 1 || !task.is_classification()) {
    wrong.add(fmt::format("task '{}' has no class target, which zero-shot classification predicts",
                          task.name));
  } else {
    const std::vector<std::string>& classes = task.targets.front()->classes;
    for (const auto& [class_name, name] : prompts.names) {
      if (std::ranges::find(classes, class_name) == classes.end()) {
        wrong.add(fmt::format("names: task '{}' has no class '{}', expected one of {}", task.name,
                              class_name, fmt::join(classes, ", ")));
      }
    }
  }
  wrong.throw_if_any<ConfigError>("[[zero_shot]]:");
  const std::vector<std::string>& splits = task.dataset->splits;
  if (std::ranges::find(splits, prompts.split) == splits.end()) {
    throw DataError(fmt::format("[[zero_shot]]: data set '{}' has no item in the split \"{}\"",
                                task.dataset->name, prompts.split));
  }
}

ResultRow zero_shot(const Embeddings& embeddings, const Task& task, const Prompts& prompts,
                    Encoder& encoder) {
  const Dataset& dataset = *task.dataset;
  assert(embeddings.ids == dataset.ids);
  if (const std::string why = reason_without_texts_of(encoder); !why.empty()) {
    throw DataError("the encoder cannot encode texts: " + why);
  }
  const Matrix clips = pool(embeddings, "mean");
  const Target& target = *task.targets.front();
  std::vector<std::vector<double>> classes;
  std::vector<double> norms;
  for (const std::string& name : target.classes) {
    classes.push_back(
        class_vector(prompts, name, clips.cols(), *interface_of<TextEncoder>(encoder)));
    norms.push_back(norm_of(classes.back()));
  }
  ResultRow row;
  row.task = task.name;
  row.dataset = dataset.name;
  row.protocol = kZeroShotProtocol;
  row.protocol_version = kZeroShotVersion;
  row.protocol_sha256 = prompts.sha256();
  row.metric = task.scored_by().name;
  row.aggregation = kPooled;
  row.pooling = "mean";
  row.dim = static_cast<std::int64_t>(clips.cols());
  TargetResult result;
  result.name = target.name;
  result.classes = target.classes;
  for (std::size_t i = 0; i < dataset.ids.size(); ++i) {
    if (dataset.splits[i] != prompts.split) continue;
    std::size_t best = 0;
    double best_cosine = -2;
    for (std::size_t c = 0; c < classes.size(); ++c) {
      double product = 0;
      for (std::size_t k = 0; k < clips.cols(); ++k) product += classes[c][k] * clips.at(i, k);
      const double cosine = product / norms[c];  // the clip's norm is the same for all
      if (c == 0 || cosine > best_cosine) {
        best = c;
        best_cosine = cosine;
      }
    }
    row.item_ids.push_back(dataset.ids[i]);
    result.truth.push_back(target.values[i]);
    result.predicted.push_back(static_cast<double>(best));
  }
  row.n = static_cast<std::int64_t>(row.item_ids.size());
  row.item_fold.assign(row.item_ids.size(), 0);
  row.item_seed.assign(row.item_ids.size(), 0);
  row.item_group = item_groups(row.item_ids, dataset);
  row.targets.push_back(std::move(result));
  row.notes.push_back(fmt::format("no probe: classes are texts, {} {} each, such as \"{}\"",
                                  prompts.templates.size(),
                                  prompts.templates.size() == 1 ? "template" : "templates",
                                  prompts.texts_of(target.classes.front()).front()));
  score_row(row);
  return row;
}

}  // namespace musicrep
