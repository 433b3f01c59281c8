// Training on the tags of a corpus: the mean binary cross-entropy over all tags, as Choi et al. did
// with Last.fm's.
//
// A training example is 13.7 s (640 frames) from anywhere in the 29 s that encode() would see of an
// item, so shorter clips are repeated here as there. Less than half of it, because time goes by the
// frame; more than the 320 frames of one column in the last block, because its convolution would
// otherwise learn that there is nothing beside it.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/options.h"
#include "core/parallel.h"
#include "frontend/presets.h"
#include "musicrep/error.h"
#include "nn/fit.h"
#include "nn/random.h"
#include "nn/threads.h"
#include "tlm/tlm.h"
#include "tlm/tlm_net.h"
#include "tlm/tlm_training.h"
#include "training/training_options.h"

namespace musicrep {
namespace tlm {
namespace {

constexpr std::int64_t kCropFrames = 640;

/// Spectrograms [n, 1, kMels, kFrames] and labels [n, tags] of some items. Half precision: 255 KiB
/// an item.
struct Examples {
  torch::Tensor mels;
  torch::Tensor labels;
};

Examples load_examples(const TrainingCorpus& corpus, const std::vector<TrainingTag>& tags,
                       const std::vector<std::size_t>& items, Fit fit) {
  const auto n = static_cast<std::int64_t>(items.size());
  Examples out;
  out.mels = torch::empty({n, 1, kMels, kFrames}, torch::kHalf);
  out.labels = torch::zeros({n, static_cast<std::int64_t>(tags.size())});
  const LogMel front_end(tlm_keras2());
  parallel_for(items.size(), available_processors(), [&](std::size_t i) {
    use_one_thread();
    const LoadedSignal loaded = corpus.load(items[i]);
    std::vector<double> mel = spectrogram(
        front_end, {corpus.ids[items[i]], loaded.values, loaded.rows, loaded.cols}, fit);
    const torch::Tensor frames_first =
        torch::from_blob(mel.data(), {kFrames, kMels}, torch::kDouble);
    out.mels[static_cast<std::int64_t>(i)][0].copy_(frames_first.t());
    for (std::size_t t = 0; t < tags.size(); ++t) {
      out.labels[static_cast<std::int64_t>(i)][static_cast<std::int64_t>(t)] =
          tags[t].present[items[i]];
    }
  });
  return out;
}

class Training : public TrainingTask {
 public:
  Training(Examples train, Examples valid, std::uint64_t seed)
      : train_(std::move(train)), valid_(std::move(valid)), net_(train_.labels.size(1)) {
    torch::Generator generator = make_generator(seed);
    initialise_glorot(*net_, generator);
  }
  torch::nn::Module& model() override { return *net_; }
  [[nodiscard]] std::size_t n_items() const override {
    return static_cast<std::size_t>(train_.mels.size(0));
  }

  torch::Tensor loss(Batch& batch) override {
    std::vector<torch::Tensor> mels;
    std::vector<torch::Tensor> labels;
    const auto n = static_cast<std::int64_t>(batch.items.size());
    const torch::Tensor starts = torch::randint(0, kFrames - kCropFrames + 1, {n}, batch.generator,
                                                torch::TensorOptions(torch::kLong));
    for (std::int64_t i = 0; i < n; ++i) {
      const auto item = static_cast<std::int64_t>(batch.items[static_cast<std::size_t>(i)]);
      mels.push_back(train_.mels[item].narrow(2, starts[i].item<std::int64_t>(), kCropFrames));
      labels.push_back(train_.labels[item]);
    }
    return loss_of(torch::stack(mels), torch::stack(labels));
  }

  double validation_loss() override {
    double sum = 0;
    const std::int64_t n = valid_.mels.size(0);
    constexpr std::int64_t kAtOnce = 16;
    for (std::int64_t at = 0; at < n; at += kAtOnce) {
      const std::int64_t count = std::min(kAtOnce, n - at);
      const torch::Tensor mels = valid_.mels.narrow(0, at, count).narrow(3, 0, kCropFrames);
      sum += static_cast<double>(count) *
             loss_of(mels, valid_.labels.narrow(0, at, count)).item<double>();
    }
    return sum / static_cast<double>(n);
  }

 private:
  torch::Tensor loss_of(const torch::Tensor& mels, const torch::Tensor& labels) {
    const torch::Device device = net_->parameters().front().device();
    return torch::binary_cross_entropy_with_logits(net_->forward(mels.to(device).to(torch::kFloat)),
                                                   labels.to(device));
  }

  Examples train_;
  Examples valid_;
  TlmNet net_;
};

}  // namespace

}  // namespace tlm

void Tlm::fit(const TrainingCorpus& corpus, const FitArgs& args) {
  check_corpus(corpus, args.options);
  const std::vector<TrainingTag> tags = usable_tags(corpus, args.options, "tlm");
  const Fit fit = tlm::fit_named(option<std::string>(args.options, "short_clips"));
  tlm::Training training(tlm::load_examples(corpus, tags, corpus.items_of("train"), fit),
                         tlm::load_examples(corpus, tags, corpus.items_of("valid"), fit),
                         args.seed);
  Weights weights;
  weights.architecture = "tlm";
  weights.config = {{"variant", tlm::name_of(tlm::Variant::kTrained)}, {"n_tags", tags.size()}};
  weights.source = {{"objective", "mean binary cross-entropy of tags"}};
  for (const TrainingTag& tag : tags) weights.labels["tags"].push_back(tag.title);
  fit_and_write(training, trainer_config(args.options, tlm::training_defaults()), corpus, args,
                std::move(weights));
}

}  // namespace musicrep
