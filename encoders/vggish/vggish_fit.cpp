#include "vggish_fit.h"

#include <fmt/format.h>
#include <torch/torch.h>

#include <algorithm>
#include <utility>

#include "core/options.h"
#include "core/parallel.h"
#include "core/random.h"
#include "musicrep/error.h"
#include "nn/base_rates.h"
#include "nn/fit.h"
#include "nn/random.h"
#include "nn/shared_examples.h"
#include "nn/state.h"
#include "nn/threads.h"
#include "training/training_options.h"
#include "vggish_core.h"
#include "vggish_front_ends.h"
#include "vggish_net.h"
#include "vggish_training.h"
#include "vggish_weights.h"

namespace musicrep {
namespace {

/// The network and the layer that reads tags from relu(embedding): the present official training
/// code puts a ReLU there, as the embedding is linear.
class TaggerImpl : public VggishNetImpl {
 public:
  TaggerImpl(double width, std::int64_t n_tags)
      : VggishNetImpl(width),
        head_(register_module("head", torch::nn::Linear(kVggishDim, n_tags))) {}
  torch::Tensor logits(const torch::Tensor& patches) {
    return head_->forward(torch::relu(forward(patches)));
  }

 private:
  torch::nn::Linear head_;
};
TORCH_MODULE(Tagger);

/// All patches of some clips, with their clips' tags.
struct Patches {
  std::shared_ptr<const std::vector<torch::Tensor>> clips;   ///< [n, 96, 64] each, half precision
  std::vector<std::pair<std::size_t, std::int64_t>> places;  ///< clip, patch
  torch::Tensor tags;                                        ///< [clips, tags] 0 or 1

  /// [n, 96, 64] and [n, tags].
  [[nodiscard]] std::pair<torch::Tensor, torch::Tensor> gather(
      std::span<const std::size_t> which) const {
    std::vector<torch::Tensor> x;
    std::vector<torch::Tensor> y;
    for (const std::size_t i : which) {
      x.push_back((*clips)[places[i].first][places[i].second]);
      y.push_back(tags[static_cast<std::int64_t>(places[i].first)]);
    }
    return {torch::stack(x).to(torch::kFloat), torch::stack(y)};
  }

  /// [patches, tags].
  [[nodiscard]] torch::Tensor tags_of_patches() const {
    std::vector<torch::Tensor> y;
    for (const auto& [clip, patch] : places) y.push_back(tags[static_cast<std::int64_t>(clip)]);
    return torch::stack(y);
  }
};

/// At most `most` of the patches, evenly from beginning to end.
torch::Tensor spread(const torch::Tensor& patches, std::int64_t most) {
  const std::int64_t n = patches.size(0);
  if (n <= most) return patches;
  return patches.index_select(0, torch::div(torch::arange(most) * n, most, "floor"));
}

std::vector<torch::Tensor> load_clips(const TrainingCorpus& corpus,
                                      const std::vector<std::size_t>& items,
                                      std::int64_t most_a_clip) {
  const LogMel front_end(front_ends::vggish.config);
  std::vector<torch::Tensor> clips(items.size());
  parallel_for(items.size(), available_processors(), [&](std::size_t i) {
    use_one_thread();
    const LoadedSignal signal = corpus.load(items[i]);
    if (signal.rows != 1 || signal.cols == 0) {
      throw DataError(
          fmt::format("vggish: item '{}': found {} channels of {} samples, expected 1 "
                      "channel of at least 1 sample",
                      corpus.ids[items[i]], signal.rows, signal.cols));
    }
    clips[i] = spread(vggish_patches(front_end, signal.values), most_a_clip).to(torch::kHalf);
  });
  return clips;
}

Patches load_patches(const TrainingCorpus& corpus, const std::string& split,
                     const std::vector<std::size_t>& items, const std::vector<TrainingTag>& tags,
                     std::int64_t most_a_clip) {
  Patches out;
  out.clips = shared_examples<std::vector<torch::Tensor>>(
      fmt::format("vggish {} {} {} of {}", corpus.sha256, split, most_a_clip, items.size()),
      [&] { return load_clips(corpus, items, most_a_clip); });
  out.tags = torch::empty(
      {static_cast<std::int64_t>(items.size()), static_cast<std::int64_t>(tags.size())});
  float* tag = out.tags.data_ptr<float>();
  for (std::size_t i = 0; i < items.size(); ++i) {
    for (const TrainingTag& t : tags) *tag++ = static_cast<float>(t.present[items[i]]);
    for (std::int64_t p = 0; p < (*out.clips)[i].size(0); ++p) out.places.emplace_back(i, p);
  }
  return out;
}

class TaggingTask : public TrainingTask {
 public:
  TaggingTask(double width, Patches train, Patches valid, std::uint64_t seed)
      : train_(std::move(train)), valid_(std::move(valid)), tagger_(width, train_.tags.size(1)) {
    torch::Generator generator = make_generator(derive_seed(seed, "vggish initialisation"));
    initialise_he(*tagger_, generator);
  }

  torch::nn::Module& model() override { return *tagger_; }
  [[nodiscard]] std::size_t n_items() const override { return train_.places.size(); }

  torch::Tensor loss(Batch& batch) override { return mean_loss(train_, batch.items); }

  double validation_loss() override {
    if (valid_.places.empty()) return TrainingTask::validation_loss();
    const auto [logits, tags] = validation_logits();
    return torch::binary_cross_entropy_with_logits(logits, tags).item<double>();
  }
  double base_loss() override {
    if (valid_.places.empty()) return TrainingTask::base_loss();
    return base_rate_loss(train_.tags_of_patches(), valid_.tags_of_patches());
  }
  double average_precision() override {
    if (valid_.places.empty()) return TrainingTask::average_precision();
    const auto [logits, tags] = validation_logits();
    return mean_average_precision(logits, tags);
  }

  [[nodiscard]] const Patches& train() const { return train_; }

 private:
  /// Of all held-out patches: logits and tags.
  std::pair<torch::Tensor, torch::Tensor> validation_logits() {
    constexpr std::size_t kAtOnce = 64;
    const torch::Device device = tagger_->parameters().front().device();
    std::vector<torch::Tensor> logits;
    std::vector<std::size_t> some;
    for (std::size_t i = 0; i < valid_.places.size(); ++i) {
      some.push_back(i);
      if (some.size() < kAtOnce && i + 1 < valid_.places.size()) continue;
      logits.push_back(tagger_->logits(valid_.gather(some).first.to(device)).cpu());
      some.clear();
    }
    return {torch::cat(logits), valid_.tags_of_patches()};
  }

  /// Binary cross-entropy, mean over patches and tags.
  torch::Tensor mean_loss(const Patches& patches, std::span<const std::size_t> which) {
    const torch::Device device = tagger_->parameters().front().device();
    const auto [x, y] = patches.gather(which);
    return torch::binary_cross_entropy_with_logits(tagger_->logits(x.to(device)), y.to(device));
  }

  Patches train_;
  Patches valid_;
  Tagger tagger_;
};

/// Principal components of what the trained network makes of the training patches, for each end.
void add_pca(Weights& weights, const Patches& patches) {
  use_one_thread();
  const VggishFast network(vggish_width(weights), [&](const std::string& name) {
    return to_torch(weights.tensors.at(name));
  });
  std::vector<torch::Tensor> parts;
  for (const torch::Tensor& clip : *patches.clips) {
    parts.push_back(network.forward(clip.to(torch::kFloat)));
  }
  const torch::InferenceMode no_gradients;
  const torch::Tensor linear = torch::cat(parts).contiguous();
  const auto add = [&](const std::string& end, const torch::Tensor& x) {
    const VggishPca pca = fit_vggish_pca({x.data_ptr<float>(), static_cast<std::size_t>(x.numel())},
                                         static_cast<std::size_t>(x.size(0)));
    weights.tensors["pca." + end + ".eigen_vectors"] = {{kVggishDim, kVggishDim},
                                                        pca.eigen_vectors};
    weights.tensors["pca." + end + ".means"] = {{kVggishDim}, pca.means};
  };
  add("linear", linear);
  add("relu", torch::relu(linear));
}

}  // namespace

void fit_vggish(const TrainingCorpus& corpus, const FitArgs& args) {
  const TrainerConfig config = vggish_training(args.options);
  const std::vector<TrainingTag> tags = usable_tags(corpus, args.options, "vggish");
  const std::vector<std::size_t> train_items = corpus.items_of("train");
  const std::vector<std::size_t> valid_items =
      config.validate_every > 0 ? corpus.items_of("valid") : std::vector<std::size_t>();
  const auto clips = static_cast<std::int64_t>(train_items.size() + valid_items.size());
  const std::int64_t most_a_clip =
      std::max<std::int64_t>(1, option<std::int64_t>(args.options, "max_patches") / clips);
  TaggingTask task(vggish_training_width(args.options),
                   load_patches(corpus, "train", train_items, tags, most_a_clip),
                   load_patches(corpus, "valid", valid_items, tags, most_a_clip), args.seed);
  if (task.n_items() < 2) {
    throw DataError(fmt::format(
        "vggish cannot be trained on '{}': its training items have {} patch of 0.96 s, expected 2",
        corpus.name, task.n_items()));
  }

  Weights weights;
  weights.architecture = "vggish";
  weights.config = {{"width", vggish_training_width(args.options)}};
  weights.source["objective"] =
      "tags, patch by patch: binary cross-entropy of a linear layer on relu(embedding)";
  for (const TrainingTag& tag : tags) weights.labels["tags"].push_back(tag.title);
  fit_and_write(task, config, corpus, args, std::move(weights),
                [&](Weights& trained) { add_pca(trained, task.train()); });
}

}  // namespace musicrep
