// How MusicBERT is trained in this tree.
#include <fmt/format.h>
#include <torch/torch.h>

#include <algorithm>
#include <numeric>
#include <utility>

#include "core/options.h"
#include "core/random.h"
#include "musicbert.h"
#include "musicbert_corpus.h"
#include "musicbert_options.h"
#include "musicbert_weights.h"
#include "musicrep/error.h"
#include "nn/fit.h"
#include "nn/random.h"
#include "nn/threads.h"

namespace musicrep {
namespace {

class Pretraining : public TrainingTask {
 public:
  Pretraining(const MusicbertTraining& training, const MusicbertDescription& description,
              const MusicbertClips& train, const MusicbertClips& valid, std::uint64_t seed)
      : training_(training),
        train_(train),
        valid_(valid),
        model_(description.net, description.heads),
        max_frames_(description.net.max_frames) {
    torch::Generator generator = make_generator(derive_seed(seed, "musicbert initialisation"));
    initialise_truncated_normal(*model_, generator);
    const auto [mean, deviation] = train.scaler();
    model_->net->set_scaler(mean, deviation);
  }

  torch::nn::Module& model() override { return *model_; }
  [[nodiscard]] std::size_t n_items() const override { return train_.size(); }
  [[nodiscard]] std::vector<std::size_t> lengths() const override {
    return train_.lengths(max_frames_);
  }

  torch::Tensor loss(Batch& batch) override {
    return losses(train_, batch.items, batch.generator, true).total;
  }

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

 private:
  ObjectiveLosses losses(const MusicbertClips& clips, std::span<const std::size_t> items,
                         torch::Generator& generator, bool training) {
    MusicbertDropout drop;
    if (training && training_.dropout > 0) {
      drop = [&](const torch::Tensor& x) { return dropout(x, training_.dropout, generator); };
    }
    MixedBatch mixed = {clips.batch(items, max_frames_, training ? &generator : nullptr),
                        clips.labels(items)};
    if (training && training_.mixup > 0) {
      mixed = mix_batch(mixed.input, mixed.labels, training_.mixup, generator);
    }
    return objective_losses(model_, mixed.input, mixed.labels, training_.objectives,
                            training_.masking, generator, drop, training_.classes_from_cls);
  }

  const MusicbertTraining& training_;
  const MusicbertClips& train_;
  const MusicbertClips& valid_;
  MusicbertModel model_;
  std::int64_t max_frames_;
};

/// The corpus with the texts of `items` dealt out among them.
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
  fit_and_write(task, training.trainer, corpus, args, std::move(weights));
}

}  // namespace musicrep
