// How the canonical correlation analysis is solved.
#include <fmt/format.h>
#include <torch/torch.h>

#include <algorithm>
#include <cmath>

#include "cca.h"
#include "cca_solve.h"
#include "core/options.h"
#include "core/parallel.h"
#include "musicrep/error.h"
#include "nn/fit.h"
#include "nn/state.h"
#include "nn/threads.h"
#include "tag_net.h"
#include "text/tfidf.h"
#include "training/training_options.h"
#include "weights/weights_file.h"

namespace musicrep {
namespace {

using Items = std::vector<std::size_t>;

/// [n, 256], as mean_and_deviation() gives them.
torch::Tensor music_of(const TrainingCorpus& corpus, const Items& items) {
  torch::Tensor out = torch::empty(
      {static_cast<std::int64_t>(items.size()), static_cast<std::int64_t>(kCcaMusicWidth)},
      torch::kDouble);
  double* into = out.data_ptr<double>();
  parallel_for(items.size(), available_processors(), [&](std::size_t i) {
    const LoadedSignal signal = corpus.load(items[i]);
    const std::vector<double> row =
        mean_and_deviation(corpus.ids[items[i]], signal.values, signal.rows, signal.cols);
    std::ranges::copy(row, into + i * kCcaMusicWidth);
  });
  return out;
}

FloatTensor as_floats(const torch::Tensor& tensor) {
  return to_float_tensor(tensor.to(torch::kFloat).contiguous());
}

/// Texts as the analysis takes them.
struct LatentTexts {
  Tfidf tfidf;
  torch::Tensor directions;  // [words, m]
  torch::Tensor rows;        // [n, m], not centred
};

LatentTexts latent_texts(const TrainingCorpus& corpus, const Items& items, const Options& options) {
  std::vector<std::string> texts;
  for (const std::size_t i : items) texts.push_back(corpus.texts[i]);
  const auto fewest = static_cast<std::size_t>(option<std::int64_t>(options, "fewest_texts"));
  LatentTexts out{Tfidf::of_texts(texts, fewest), {}, {}};
  const auto n = static_cast<std::int64_t>(items.size());
  const torch::Tensor bags =
      torch::zeros({n, static_cast<std::int64_t>(out.tfidf.words().size())}, torch::kDouble);
  auto bag = bags.accessor<double, 2>();
  for (std::int64_t i = 0; i < n; ++i) {
    for (const auto& [place, weight] : out.tfidf.of(texts[static_cast<std::size_t>(i)]).weights) {
      bag[i][static_cast<std::int64_t>(place)] = weight;
    }
  }
  out.directions = latent_directions(bags, option<std::int64_t>(options, "latent"));
  out.rows = torch::matmul(bags, out.directions);
  return out;
}

/// Mean and deviation of clips, standardised, with what makes them so.
struct Scaler {
  torch::Tensor mean;
  torch::Tensor scale;
  [[nodiscard]] torch::Tensor operator()(const torch::Tensor& x) const {
    return (x - mean) / scale;
  }
};

Scaler scaler_of(const torch::Tensor& x) { return {x.mean(0), x.std(0, false).clamp_min(1e-6)}; }

/// `inputs` of the items, standardised.
TagTraining::Rows tag_rows(const torch::Tensor& inputs, const Items& items,
                           const std::vector<TrainingTag>& tags) {
  TagTraining::Rows rows;
  rows.inputs = inputs.to(torch::kFloat);
  rows.labels = torch::empty(
      {static_cast<std::int64_t>(items.size()), static_cast<std::int64_t>(tags.size())});
  float* label = rows.labels.data_ptr<float>();
  for (const std::size_t item : items) {
    for (const TrainingTag& tag : tags) *label++ = tag.present[item];
  }
  return rows;
}

/// Solves for the pairs and fills in everything but the tags' network. `hidden` undefined: none.
void solve(const LatentTexts& texts, const torch::Tensor& inputs, const torch::Tensor& hidden,
           const Options& options, Weights& weights) {
  const torch::Tensor music =
      hidden.defined() ? torch::cat({inputs, hidden.to(torch::kDouble)}, 1) : inputs;
  const Scaler scaler = scaler_of(music);
  const torch::Tensor text_mean = texts.rows.mean(0);
  const CcaSolution solution =
      solve_cca(scaler(music), texts.rows - text_mean, option<double>(options, "regularisation"),
                option<std::int64_t>(options, "components"));
  const std::vector<double>& idf = texts.tfidf.idf();
  weights.tensors["idf"] = {{idf.size()}, {idf.begin(), idf.end()}};
  weights.tensors["latent"] = as_floats(texts.directions);
  weights.tensors["text_mean"] = as_floats(text_mean);
  weights.tensors["text"] = as_floats(solution.text);
  weights.tensors["music_mean"] = as_floats(scaler.mean);
  weights.tensors["music"] = as_floats(solution.music / scaler.scale.unsqueeze(1));
  weights.tensors["correlations"] = as_floats(solution.correlations);
}

std::string objective_text(const LatentTexts& texts, const Options& options, std::size_t n_tags) {
  const std::string tags =
      n_tags == 0 ? std::string()
                  : fmt::format(", with the {} hidden units of a network that learned {} tags",
                                option<std::int64_t>(options, "tag_units"), n_tags);
  return fmt::format(
      "canonical correlation analysis of {} pairs ({} words, {} latent directions, regularisation "
      "{}){}",
      texts.rows.size(0), texts.tfidf.words().size(), texts.directions.size(1),
      option<double>(options, "regularisation"), tags);
}

}  // namespace

void Cca::fit(const TrainingCorpus& corpus, const FitArgs& args) {
  check_corpus(corpus, args.options);
  use_one_thread();
  const Items pairs = cca_pairs(corpus);
  const LatentTexts texts = latent_texts(corpus, pairs, args.options);
  const auto units = option<std::int64_t>(args.options, "tag_units");
  Weights weights;
  weights.architecture = "cca";
  weights.config = {{"frame_space", corpus.frame_space},
                    {"words", texts.tfidf.words()},
                    {"tag_units", units},
                    {"tags", 0}};
  const Items train = corpus.items_of("train");
  const torch::Tensor learned = music_of(corpus, units > 0 ? train : pairs);
  const Scaler scaler = scaler_of(learned);
  weights.tensors["input_mean"] = as_floats(scaler.mean);
  weights.tensors["input_scale"] = as_floats(scaler.scale);
  const torch::Tensor inputs = scaler(units > 0 ? music_of(corpus, pairs) : learned);
  if (units == 0) {
    solve(texts, inputs, {}, args.options, weights);
    weights.source = {{"kind", "trained"},
                      {"corpus", corpus.name},
                      {"corpus_about", corpus.about},
                      {"corpus_sha256", corpus.sha256},
                      {"seed", args.seed},
                      {"steps", 0},
                      {"objective", objective_text(texts, args.options, 0)},
                      {"provenance", args.provenance}};
    write_weights(args.weights_path, weights);
    return;
  }
  const std::vector<TrainingTag> tags = usable_tags(corpus, args.options, "cca");
  const TrainerConfig config = cca_tag_training(args.options);
  weights.config["tags"] = tags.size();
  weights.source["objective"] = objective_text(texts, args.options, tags.size());
  const Items valid = config.validate_every > 0 ? corpus.items_of("valid") : Items();
  TagTraining task(tag_rows(scaler(learned), train, tags),
                   tag_rows(scaler(music_of(corpus, valid)), valid, tags), units,
                   option<double>(args.options, "dropout"), args.seed);
  fit_and_write(task, config, corpus, args, std::move(weights), [&](Weights& finished) {
    const torch::InferenceMode inference;
    NamedTensors network;
    for (auto& [name, tensor] : finished.tensors) network["network." + name] = std::move(tensor);
    finished.tensors = std::move(network);
    finished.tensors["input_mean"] = as_floats(scaler.mean);
    finished.tensors["input_scale"] = as_floats(scaler.scale);
    solve(texts, inputs, task.hidden(inputs.to(torch::kFloat)), args.options, finished);
  });
}

}  // namespace musicrep
