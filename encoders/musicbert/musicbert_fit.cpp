// How MusicBERT is trained in this tree.
#include <fmt/format.h>
#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "core/options.h"
#include "core/random.h"
#include "musicbert.h"
#include "musicbert_corpus.h"
#include "musicbert_options.h"
#include "musicbert_weights.h"
#include "musicrep/error.h"
#include "nn/base_rates.h"
#include "nn/fit.h"
#include "nn/random.h"
#include "nn/shared_examples.h"
#include "nn/threads.h"
#include "text/word_vectors.h"

namespace musicrep {
namespace {

/// Sets the words' vectors to those of a file, scaled to the size that random ones have; wider ones
/// by their principal directions, narrower ones with zeros behind them. Words that the file has not
/// keep theirs. Returns how many it has.
std::size_t begin_with_word_vectors(MusicbertNet& net, const std::vector<std::string>& words,
                                    const std::string& path) {
  const WordVectors found = read_word_vectors(path, words);
  if (found.words.empty()) {
    throw DataError(fmt::format(
        "word vectors '{}': found none of the {} words of the training texts among its {}", path,
        words.size(), found.n_in_file));
  }
  const torch::NoGradGuard no_grad;
  const auto n = static_cast<std::int64_t>(found.words.size());
  const auto width = static_cast<std::int64_t>(found.width);
  torch::Tensor values = torch::tensor(found.values).view({n, width}).to(torch::kDouble);
  const std::int64_t d = net->config().width;
  if (width > d) {
    values = values - values.mean(0);
    const torch::Tensor directions =
        std::get<1>(torch::linalg_eigh(torch::matmul(values.t(), values))).narrow(1, width - d, d);
    values = torch::matmul(values, directions.flip(1));
  }
  constexpr double kRandomDeviation = 0.02;
  values =
      values * (kRandomDeviation * std::sqrt(static_cast<double>(d)) / values.norm(2, 1).mean());
  torch::Tensor table = net->word_vectors();
  std::unordered_map<std::string_view, std::int64_t> place;
  for (std::size_t w = 0; w < words.size(); ++w) {
    place.emplace(words[w], kFirstWord + static_cast<std::int64_t>(w));
  }
  for (std::int64_t i = 0; i < n; ++i) {
    torch::Tensor row = table[place.at(found.words[static_cast<std::size_t>(i)])];
    row.zero_();
    row.narrow(0, 0, values.size(1)).copy_(values[i]);
  }
  return found.words.size();
}

class Pretraining : public TrainingTask {
 public:
  Pretraining(const MusicbertTraining& training, const MusicbertDescription& description,
              const MusicbertClips& train, const MusicbertClips& valid, std::uint64_t seed)
      : training_(training),
        train_(train),
        valid_(valid),
        model_(description.net, description.heads),
        max_frames_(description.net.max_frames) {
    if (training.extra_clips > 0) {
      paired_ = train.with_words();
      unpaired_ = train.without_words();
    }
    torch::Generator generator = make_generator(derive_seed(seed, "musicbert initialisation"));
    initialise_truncated_normal(*model_, generator);
    if (!training.word_vectors.empty()) {
      coverage_ = begin_with_word_vectors(model_->net, description.vocabulary.words(),
                                          training.word_vectors);
    }
    const auto [mean, deviation] = train.scaler();
    model_->net->set_scaler(mean, deviation);
  }

  torch::nn::Module& model() override { return *model_; }
  [[nodiscard]] std::size_t n_items() const override {
    return paired_.empty() ? train_.size() : paired_.size();
  }
  [[nodiscard]] std::vector<std::size_t> lengths() const override {
    const std::vector<std::size_t> all = train_.lengths(max_frames_);
    if (paired_.empty()) return all;
    std::vector<std::size_t> out;
    for (const std::size_t i : paired_) out.push_back(all[i]);
    return out;
  }

  torch::Tensor loss(Batch& batch) override {
    if (paired_.empty()) return losses(train_, batch.items, batch.generator, true).total;
    std::vector<std::size_t> items;
    for (const std::size_t i : batch.items) items.push_back(paired_[i]);
    if (!unpaired_.empty()) {
      const auto n = static_cast<std::int64_t>(
          std::lround(training_.extra_clips * static_cast<double>(batch.items.size())));
      const torch::Tensor drawn = torch::randint(0, std::ssize(unpaired_), {n}, batch.generator,
                                                 torch::TensorOptions(torch::kLong));
      for (std::int64_t k = 0; k < n; ++k) {
        items.push_back(unpaired_[static_cast<std::size_t>(drawn[k].item<std::int64_t>())]);
      }
    }
    return losses(train_, items, batch.generator, true).total;
  }

  /// Of the words of the vocabulary, how many the file of word vectors has.
  [[nodiscard]] std::size_t coverage() const { return coverage_; }

  /// The same masks each time.
  double validation_loss() override {
    if (valid_.size() == 0) return TrainingTask::validation_loss();
    std::vector<std::size_t> items(valid_.size());
    std::iota(items.begin(), items.end(), std::size_t{0});
    const std::size_t at_once = std::min(training_.trainer.batch_size, items.size());
    double sum = 0;
    std::size_t n = 0;
    for (std::size_t at = 0; at < items.size(); at += at_once) {
      const auto some = std::span(items).subspan(at, std::min(at_once, items.size() - at));
      torch::Generator generator = make_generator(at);
      sum += losses(valid_, some, generator, false).total.item<double>() *
             static_cast<double>(some.size());
      n += some.size();
    }
    return sum / static_cast<double>(n);
  }

  /// The weighted sum of what each objective would be: tags by their base rates, frames by their
  /// mean, words by how often they are said; masked frames and texts by a guess among the
  /// candidates of a batch, of which there are as many as validation_loss() has.
  double base_loss() override {
    if (valid_.size() == 0) return TrainingTask::base_loss();
    const ObjectiveWeights& weights = training_.objectives;
    double sum = 0;
    if (weights.audioset > 0) {
      sum +=
          weights.audioset * base_rate_loss(train_.labels(all(train_)), valid_.labels(all(valid_)));
    }
    if (weights.mlm > 0)
      sum += weights.mlm * (valid_.frames_variance(train_) + valid_.word_surprise(train_));
    if (weights.mim > 0 || weights.align > 0) {
      const auto [frames, texts] = log_candidates();
      sum += weights.mim * frames + weights.align * texts;
    }
    return sum;
  }

  double average_precision() override {
    if (valid_.size() == 0 || training_.objectives.audioset == 0) {
      return TrainingTask::average_precision();
    }
    const torch::Device device = model_->net->word_vectors().device();
    const std::vector<std::size_t> items = all(valid_);
    std::vector<torch::Tensor> logits;
    constexpr std::size_t kAtOnce = 32;
    for (std::size_t at = 0; at < items.size(); at += kAtOnce) {
      const auto some = std::span(items).subspan(at, std::min(kAtOnce, items.size() - at));
      const MusicbertBatch batch = valid_.batch(some, max_frames_, nullptr);
      const MusicbertOutput out = model_->net->forward(batch.to(device), {});
      const torch::Tensor clips =
          training_.classes_from_cls
              ? out.cls(out.last())
              : mean_over_present(out.frames(out.last()), batch.frames_present().to(device));
      logits.push_back(model_->heads->classes(clips).cpu());
    }
    return mean_average_precision(torch::cat(logits), valid_.labels(items));
  }

 private:
  static std::vector<std::size_t> all(const MusicbertClips& clips) {
    std::vector<std::size_t> items(clips.size());
    std::iota(items.begin(), items.end(), std::size_t{0});
    return items;
  }

  /// Means of the logarithms of how many frames, and how many texts, a batch of validation has.
  [[nodiscard]] std::pair<double, double> log_candidates() const {
    const std::vector<std::size_t> items = all(valid_);
    const std::size_t at_once = std::min(training_.trainer.batch_size, items.size());
    double frames = 0;
    double texts = 0;
    for (std::size_t at = 0; at < items.size(); at += at_once) {
      const auto some = std::span(items).subspan(at, std::min(at_once, items.size() - at));
      const MusicbertBatch batch = valid_.batch(some, max_frames_, nullptr);
      const auto n = static_cast<double>(some.size());
      frames += n * std::log(batch.frame_counts.sum().item<double>());
      texts += n * std::log(std::max(1.0, batch.words_present().any(1).sum().item<double>()));
    }
    return {frames / static_cast<double>(items.size()), texts / static_cast<double>(items.size())};
  }

  ObjectiveLosses losses(const MusicbertClips& clips, std::span<const std::size_t> items,
                         torch::Generator& generator, bool training) {
    MusicbertDropout drop;
    if (training && training_.dropout > 0) {
      drop = [&](const torch::Tensor& x) { return dropout(x, training_.dropout, generator); };
    }
    MixedBatch mixed = {
        clips.batch(items, max_frames_, training ? &generator : nullptr, training_.dropped),
        clips.labels(items)};
    if (training && training_.mixup > 0) {
      mixed = mix_batch(mixed.input, mixed.labels, training_.mixup, generator);
    }
    return objective_losses(model_, mixed.input, mixed.labels,
                            {training_.objectives, training_.masking, training_.classes_from_cls},
                            generator, drop);
  }

  const MusicbertTraining& training_;
  const MusicbertClips& train_;
  const MusicbertClips& valid_;
  MusicbertModel model_;
  std::int64_t max_frames_;
  std::vector<std::size_t> paired_;    // with extra_clips: places of the clips that have a text
  std::vector<std::size_t> unpaired_;  // and of the others
  std::size_t coverage_ = 0;
};

/// What of the later options was used, as text.
std::string additions(const MusicbertTraining& training, const MusicbertDescription& description,
                      const Pretraining& task) {
  std::string out;
  if (training.extra_clips > 0) {
    out += fmt::format("; {} clips without a text beside each", training.extra_clips);
  }
  if (training.dropped.sentences) out += "; half of a text's sentences at a time";
  if (training.dropped.words > 0 || training.dropped.frames > 0) {
    out += fmt::format("; left out at random: {} of the words, {} of the frames",
                       training.dropped.words, training.dropped.frames);
  }
  if (!training.word_vectors.empty()) {
    out += fmt::format("; begins with word vectors of {} of the {} words", task.coverage(),
                       description.vocabulary.words().size());
  }
  return out;
}

/// The corpus with the texts of `items` shuffled among them.
TrainingCorpus with_shuffled_texts(const TrainingCorpus& corpus,
                                   const std::vector<std::size_t>& items, std::uint64_t seed) {
  TrainingCorpus out = corpus;
  if (corpus.texts.empty()) return out;
  Random random(derive_seed(seed, "musicbert shuffled texts"));
  const std::vector<std::size_t> order = permutation(items.size(), random);
  for (std::size_t i = 0; i < items.size(); ++i) {
    out.texts[items[i]] = corpus.texts[items[order[i]]];
  }
  return out;
}

}  // namespace

void Musicbert::fit(const TrainingCorpus& corpus, const FitArgs& args) {
  check_corpus(corpus, args.options);
  use_one_thread();
  forget_shared_examples();  // of encoders of audio, trained before
  const MusicbertTraining training = musicbert_training(args.options);
  const std::vector<TrainingTag> tags = musicbert_tags(corpus, args.options, training);
  const std::vector<std::size_t> train_items = corpus.items_of("train");
  const std::vector<std::size_t> valid_items =
      training.trainer.validate_every > 0 ? corpus.items_of("valid") : std::vector<std::size_t>();

  MusicbertDescription description;
  description.net = training.net;
  description.vocabulary = musicbert_vocabulary(corpus, train_items, training);
  description.frame_space = corpus.frame_space;
  const MusicbertClips train(
      training.shuffle_texts ? with_shuffled_texts(corpus, train_items, args.seed) : corpus,
      train_items, tags, description.vocabulary, training.net.max_words);
  const MusicbertClips valid(corpus, valid_items, tags, description.vocabulary,
                             training.net.max_words);
  // No place in time that training does not reach.
  description.net.max_frames = std::min(training.net.max_frames, train.longest());
  description.net.vocabulary = description.vocabulary.size();
  description.heads = {.width = training.net.width,
                       .classes = static_cast<std::int64_t>(tags.size()),
                       .mlm = training.objectives.mlm > 0,
                       .mim = training.objectives.mim > 0,
                       .align = training.objectives.align > 0,
                       .vocabulary = description.net.vocabulary};

  Weights weights;
  weights.architecture = "musicbert";
  weights.config = to_json(description);
  const bool reads = !description.vocabulary.words().empty();
  weights.source["objective"] = fmt::format(
      "{} (masked {}, dropout {}, mixup {}, audioset reads {}), {}{}",
      option<std::string>(args.options, "objective"), training.masking.share, training.dropout,
      training.mixup, training.classes_from_cls ? "[CLS]" : "the mean of the frames",
      reads ? fmt::format("frames and texts ({} words known; {} words of the training "
                          "texts unknown, {} cut off)",
                          description.vocabulary.words().size(), train.unknown_words(),
                          train.cut_words())
            : std::string("frames alone"),
      training.shuffle_texts ? "; control: texts dealt out among the clips at random" : "");
  for (const TrainingTag& tag : tags) weights.labels["tags"].push_back(tag.title);
  Pretraining task(training, description, train, valid, args.seed);
  weights.source["objective"] =
      weights.source["objective"].get<std::string>() + additions(training, description, task);
  fit_and_write(task, training.trainer, corpus, args, std::move(weights));
}

}  // namespace musicrep
