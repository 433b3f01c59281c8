// Training on the tags of a corpus: the mean binary cross-entropy over all tags, as Choi et al. did
// with Last.fm's.
//
// A training example is `crop_frames` from anywhere in the 29 s that encode() would see of an item,
// so shorter clips are repeated here as there. By default 13.7 s (640 frames), less than half of
// it, because time goes by the frame; with 320, one column of the last block, its convolution
// learns that there is nothing beside it.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/options.h"
#include "core/parallel.h"
#include "musicrep/error.h"
#include "nn/base_rates.h"
#include "nn/fit.h"
#include "nn/random.h"
#include "nn/shared_examples.h"
#include "nn/threads.h"
#include "tlm/tlm.h"
#include "tlm/tlm_first_module.h"
#include "tlm/tlm_net.h"
#include "tlm/tlm_training.h"
#include "tlm_front_ends.h"
#include "training/training_options.h"

namespace musicrep {
namespace tlm {
namespace {

constexpr std::size_t kHop = 256;

/// Spectrograms [1, kMels, frames] of some items, in half precision: 192 bytes a frame. Of a clip
/// that is repeated, what a crop can begin with, once, and a crop more: the rest is the same again.
std::vector<torch::Tensor> load_mels(const TrainingCorpus& corpus,
                                     const std::vector<std::size_t>& items, Fit fit,
                                     std::int64_t crop) {
  std::vector<torch::Tensor> mels(items.size());
  const LogMel front_end(front_ends::tlm_keras2.config);
  parallel_for(items.size(), available_processors(), [&](std::size_t i) {
    use_one_thread();
    const LoadedSignal loaded = corpus.load(items[i]);
    std::vector<double> mel = spectrogram(
        front_end, {corpus.ids[items[i]], loaded.values, loaded.rows, loaded.cols}, fit);
    const torch::Tensor frames_first =
        torch::from_blob(mel.data(), {kFrames, kMels}, torch::kDouble);
    std::int64_t frames = kFrames;
    if (fit == Fit::kTile) {
      const auto once = static_cast<std::int64_t>((loaded.cols + kHop - 1) / kHop);
      frames = std::min(frames, once + crop);
    }
    mels[i] = frames_first.narrow(0, 0, frames).t().unsqueeze(0).to(torch::kHalf).contiguous();
  });
  return mels;
}

/// Spectrograms and labels [n, tags].
struct Examples {
  std::shared_ptr<const std::vector<torch::Tensor>> mels;
  torch::Tensor labels;
};

Examples load_examples(const TrainingCorpus& corpus, const std::vector<TrainingTag>& tags,
                       const std::string& split, Fit fit, std::int64_t crop) {
  const std::vector<std::size_t> items = corpus.items_of(split);
  const std::string key = fmt::format("tlm {} {} of {} {} {}", corpus.sha256, split, items.size(),
                                      fit == Fit::kTile ? "repeat" : "zero-pad", crop);
  Examples out;
  out.mels = shared_examples<std::vector<torch::Tensor>>(
      key, [&] { return load_mels(corpus, items, fit, crop); });
  out.labels = torch::zeros(
      {static_cast<std::int64_t>(items.size()), static_cast<std::int64_t>(tags.size())});
  float* label = out.labels.data_ptr<float>();
  for (const std::size_t item : items) {
    for (const TrainingTag& tag : tags) *label++ = static_cast<float>(tag.present[item]);
  }
  return out;
}

class Training : public TrainingTask {
 public:
  Training(Examples train, Examples valid, std::int64_t crop, std::uint64_t seed)
      : train_(std::move(train)),
        valid_(std::move(valid)),
        crop_(crop),
        net_(train_.labels.size(1)) {
    torch::Generator generator = make_generator(seed);
    initialise_glorot(*net_, generator);
  }
  torch::nn::Module& model() override { return *net_; }
  [[nodiscard]] std::size_t n_items() const override { return train_.mels->size(); }

  torch::Tensor loss(Batch& batch) override {
    std::vector<torch::Tensor> mels;
    std::vector<torch::Tensor> labels;
    for (const std::size_t item : batch.items) {
      const torch::Tensor& whole = (*train_.mels)[item];
      const auto start = torch::randint(0, whole.size(2) - crop_ + 1, {1}, batch.generator,
                                        torch::TensorOptions(torch::kLong));
      mels.push_back(whole.narrow(2, start.item<std::int64_t>(), crop_));
      labels.push_back(train_.labels[static_cast<std::int64_t>(item)]);
    }
    return loss_of(torch::stack(mels), torch::stack(labels));
  }

  double validation_loss() override {
    return torch::binary_cross_entropy_with_logits(validation_logits(), valid_.labels)
        .item<double>();
  }
  double base_loss() override { return base_rate_loss(train_.labels, valid_.labels); }
  double average_precision() override {
    return mean_average_precision(validation_logits(), valid_.labels);
  }

 private:
  torch::Tensor validation_logits() {
    std::vector<torch::Tensor> logits;
    std::vector<torch::Tensor> some;
    constexpr std::size_t kAtOnce = 16;
    for (std::size_t i = 0; i < valid_.mels->size(); ++i) {
      some.push_back((*valid_.mels)[i].narrow(2, 0, crop_));
      if (some.size() < kAtOnce && i + 1 < valid_.mels->size()) continue;
      logits.push_back(logits_of(torch::stack(some)).cpu());
      some.clear();
    }
    return torch::cat(logits);
  }

  torch::Tensor loss_of(const torch::Tensor& mels, const torch::Tensor& labels) {
    const torch::Tensor logits = logits_of(mels);
    return torch::binary_cross_entropy_with_logits(logits, labels.to(logits.device()));
  }

  torch::Tensor logits_of(const torch::Tensor& mels) {
    const torch::Device device = net_->parameters().front().device();
    const torch::Tensor x = mels.to(device).to(torch::kFloat);
    if (!device.is_cpu()) return net_->forward(x);
    return net_->after_first_block(torch::elu(fused_first_block(net_->first_block(), x)));
  }

  Examples train_;
  Examples valid_;
  std::int64_t crop_;
  TlmNet net_;
};

}  // namespace

}  // namespace tlm

void Tlm::fit(const TrainingCorpus& corpus, const FitArgs& args) {
  check_corpus(corpus, args.options);
  const std::vector<TrainingTag> tags = usable_tags(corpus, args.options, "tlm");
  const Fit fit = tlm::fit_named(option<std::string>(args.options, "short_clips"));
  const auto crop = option<std::int64_t>(args.options, "crop_frames");
  tlm::Training training(tlm::load_examples(corpus, tags, "train", fit, crop),
                         tlm::load_examples(corpus, tags, "valid", fit, crop), crop, args.seed);
  Weights weights;
  weights.architecture = "tlm";
  weights.config = {{"variant", tlm::name_of(tlm::Variant::kTrained)}, {"n_tags", tags.size()}};
  weights.source = {{"objective", "mean binary cross-entropy of tags"}};
  for (const TrainingTag& tag : tags) weights.labels["tags"].push_back(tag.title);
  fit_and_write(training, trainer_config(args.options, tlm::training_defaults()), corpus, args,
                std::move(weights));
}

}  // namespace musicrep
