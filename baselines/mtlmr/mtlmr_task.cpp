#include "mtlmr_task.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

#include "core/parallel.h"
#include "core/random.h"
#include "mtlmr_front_ends.h"
#include "nn/base_rates.h"
#include "nn/random.h"
#include "nn/shared_examples.h"
#include "patches.h"

namespace musicrep {
namespace {

constexpr double kDropout = 0.5;
constexpr std::int64_t kValidationBatch = 32;

torch::Tensor clip_of(const Spectrogram& mel) {
  const std::size_t frames = std::max(mel.frames, kPatchFrames);
  const auto floor = mel.frames == frames ? 0.0 : *std::ranges::min_element(mel.values);
  const torch::Tensor whole =
      torch::from_blob(const_cast<double*>(mel.values.data()),
                       {2, static_cast<std::int64_t>(mel.frames), kMtlmrBins}, torch::kDouble);
  torch::Tensor clip =
      torch::full({2, static_cast<std::int64_t>(frames), kMtlmrBins}, floor, torch::kHalf);
  clip.narrow(1, 0, whole.size(1)).copy_(whole);
  return clip;
}

/// The patch that begins at `frame`.
torch::Tensor patch_at(const torch::Tensor& clip, std::int64_t frame) {
  return clip.narrow(1, frame, kMtlmrFrames);
}

torch::Tensor random_patch(const torch::Tensor& clip, Random& random) {
  const auto places = static_cast<std::uint64_t>(clip.size(1) - kMtlmrFrames + 1);
  return patch_at(clip, static_cast<std::int64_t>(random.below(places)));
}

torch::Tensor stacked(const std::vector<torch::Tensor>& patches, torch::Device device) {
  return torch::stack(patches).to(device).to(torch::kFloat);
}

/// Mean and population deviation of each band over all clips, channels and frames.
std::pair<torch::Tensor, torch::Tensor> scaler_of(const std::vector<torch::Tensor>& clips) {
  torch::Tensor sum = torch::zeros(kMtlmrBins, torch::kDouble);
  torch::Tensor squares = torch::zeros(kMtlmrBins, torch::kDouble);
  double count = 0;
  for (const torch::Tensor& clip : clips) {
    const torch::Tensor values = clip.to(torch::kDouble);
    sum += values.flatten(0, 1).sum(0);
    squares += values.square().flatten(0, 1).sum(0);
    count += static_cast<double>(2 * clip.size(1));
  }
  const torch::Tensor mean = sum / count;
  const torch::Tensor scale = torch::sqrt(torch::clamp_min(squares / count - mean.square(), 0));
  // A band that never varies (silence): 1, as scikit-learn's StandardScaler.
  return {mean, torch::where(scale > 1e-6, scale, torch::ones_like(scale))};
}

}  // namespace

MtlmrConfig mtlmr_config(const std::vector<MtlmrTarget>& targets, const std::string& branch_at) {
  MtlmrConfig config{{}, branch_at};
  for (const MtlmrTarget& target : targets) {
    config.heads.push_back(
        {target.name, static_cast<std::int64_t>(target.outputs), target.name == "self"});
  }
  return config;
}

MtlmrClips load_mtlmr_clips(const TrainingCorpus& corpus, const std::string& split,
                            std::size_t threads) {
  MtlmrClips out{corpus.items_of(split), {}};
  const auto load = [&] {
    const LogMel front_end(front_ends::mtlmr.config);
    std::vector<torch::Tensor> clips(out.items.size());
    parallel_for(clips.size(), threads, [&](std::size_t i) {
      const LoadedSignal loaded = corpus.load(out.items[i]);
      clips[i] = clip_of(mtlmr_spectrogram(
          front_end, {corpus.ids[out.items[i]], loaded.values, loaded.rows, loaded.cols}));
    });
    return clips;
  };
  out.clips = shared_examples<std::vector<torch::Tensor>>(
      "mtlmr " + corpus.sha256 + " " + split + " of " + std::to_string(out.items.size()), load);
  return out;
}

MtlmrTask::MtlmrTask(MtlmrNet net, std::vector<MtlmrTarget> targets, MtlmrSplits clips,
                     bool all_tasks, torch::Device device, std::uint64_t seed)
    : net_(std::move(net)),
      targets_(std::move(targets)),
      train_(std::move(clips.train)),
      valid_(std::move(clips.valid)),
      all_tasks_(all_tasks),
      device_(device) {
  assert(!train_.items.empty() && targets_.size() == net_->config().heads.size());
  torch::Generator generator = make_generator(seed);
  initialise_glorot(*net_, generator);
  const auto [mean, scale] = scaler_of(*train_.clips);
  net_->set_scaler(mean, scale);
}

torch::Tensor MtlmrTask::divergence(const torch::Tensor& logits, const MtlmrTarget& target,
                                    const std::vector<std::size_t>& items) const {
  const auto width = static_cast<std::int64_t>(target.outputs);
  const auto n = static_cast<std::int64_t>(items.size());
  const torch::Tensor wanted = torch::empty({n, width});
  const torch::Tensor known = torch::empty({n});
  for (std::size_t i = 0; i < items.size(); ++i) {
    std::copy_n(target.values.begin() + static_cast<std::ptrdiff_t>(items[i] * target.outputs),
                target.outputs, wanted.data_ptr<float>() + i * target.outputs);
    known.data_ptr<float>()[i] = target.known[items[i]];
  }
  const torch::Tensor each = torch::kl_div(torch::log_softmax(logits.to(torch::kFloat), 1),
                                           wanted.to(device_), at::Reduction::None)
                                 .sum(1);
  return (each * known.to(device_)).sum() / std::max(1.0, known.sum().item<double>());
}

torch::Tensor MtlmrTask::loss(Batch& batch) {
  // One number from the generator: everything that this step draws beside dropout follows from it.
  Random random(static_cast<std::uint64_t>(
      torch::randint(std::int64_t{1} << 53, {1}, batch.generator, torch::kLong)
          .item<std::int64_t>()));
  const MtlmrDropout drop = [&](const torch::Tensor& x) {
    return dropout(x, kDropout, batch.generator);
  };
  return all_tasks_ ? loss_of_all(batch, random, drop)
                    : loss_of_one(random.below(targets_.size()), batch, random, drop);
}

torch::Tensor MtlmrTask::loss_of_one(std::size_t task, const Batch& batch, Random& random,
                                     const MtlmrDropout& drop) {
  const std::size_t n = batch.items.size();
  std::vector<torch::Tensor> patches;
  std::vector<std::size_t> items;
  for (const std::size_t i : batch.items) {
    patches.push_back(random_patch(train_.clips->at(i), random));
    items.push_back(train_.items[i]);
  }
  if (!net_->config().heads[task].siamese) {
    const torch::Tensor features = net_->features(stacked(patches, device_), task, drop);
    return divergence(net_->logits(features, task, drop), targets_[task], items);
  }

  std::vector<std::int64_t> same;
  for (const std::size_t i : batch.items) {
    same.push_back(static_cast<std::int64_t>(random.below(2)));
    // Any other item: one of the others' places, moved on by one from this item's place on.
    const std::size_t other = random.below(train_.items.size() - 1);
    const std::size_t right = same.back() == 1 ? i : other + (other >= i ? 1 : 0);
    patches.push_back(random_patch(train_.clips->at(right), random));
  }
  const torch::Tensor features = net_->features(stacked(patches, device_), task, drop);
  const auto half = static_cast<std::int64_t>(n);
  const torch::Tensor pairs =
      torch::cat({features.narrow(0, 0, half), features.narrow(0, half, half)}, 1);
  return torch::nn::functional::cross_entropy(net_->logits(pairs, task, drop).to(torch::kFloat),
                                              torch::tensor(same).to(device_));
}

torch::Tensor MtlmrTask::loss_of_all(const Batch& batch, Random& random, const MtlmrDropout& drop) {
  const auto half = static_cast<std::int64_t>(batch.items.size());
  std::vector<torch::Tensor> patches;
  std::vector<std::size_t> items;
  for (int side = 0; side < 2; ++side) {
    for (const std::size_t i : batch.items) {
      patches.push_back(random_patch(train_.clips->at(i), random));
      items.push_back(train_.items[i]);
    }
  }
  const torch::Tensor x = stacked(patches, device_);
  torch::Tensor shared;  // computed once where all tasks share their features
  torch::Tensor sum;
  for (std::size_t task = 0; task < targets_.size(); ++task) {
    torch::Tensor features = shared;
    if (!features.defined()) features = net_->features(x, task, drop);
    if (net_->config().branch_at == "fc") shared = features;
    torch::Tensor one;
    if (net_->config().heads[task].siamese) {
      const torch::Tensor first = features.narrow(0, 0, half);
      const torch::Tensor second = features.narrow(0, half, half);
      const torch::Tensor pairs = torch::cat(
          {torch::cat({first, second}, 1), torch::cat({first, torch::roll(second, 1, 0)}, 1)});
      const torch::Tensor same =
          torch::cat({torch::ones(half, torch::kLong), torch::zeros(half, torch::kLong)})
              .to(device_);
      one = torch::nn::functional::cross_entropy(net_->logits(pairs, task, drop).to(torch::kFloat),
                                                 same);
    } else {
      one = divergence(net_->logits(features, task, drop), targets_[task], items);
    }
    sum = sum.defined() ? sum + one : one;
  }
  return sum / static_cast<double>(targets_.size());
}

double MtlmrTask::validate(std::size_t task, const torch::Tensor& first,
                           const torch::Tensor& last) {
  if (!net_->config().heads[task].siamese) {
    std::vector<std::size_t> twice = valid_.items;
    twice.insert(twice.end(), valid_.items.begin(), valid_.items.end());
    return divergence(net_->logits(torch::cat({first, last}), task), targets_[task], twice)
        .item<double>();
  }
  const std::int64_t n = first.size(0);
  if (n < 2) return std::log(2.0);  // no other item: nothing is known
  const torch::Tensor pairs =
      torch::cat({torch::cat({first, last}, 1), torch::cat({first, torch::roll(last, 1, 0)}, 1)});
  const torch::Tensor same =
      torch::cat({torch::ones(n, torch::kLong), torch::zeros(n, torch::kLong)}).to(device_);
  return torch::nn::functional::cross_entropy(net_->logits(pairs, task).to(torch::kFloat), same)
      .item<double>();
}

double MtlmrTask::base_loss() {
  double sum = 0;
  for (std::size_t task = 0; task < targets_.size(); ++task) {
    const MtlmrTarget& target = targets_[task];
    if (net_->config().heads[task].siamese) {
      sum += std::log(2.0);
      continue;
    }
    // The mean of the training items' distributions, for all.
    const auto width = static_cast<std::int64_t>(target.outputs);
    torch::Tensor mean = torch::zeros(width, torch::kDouble);
    double known = 0;
    for (const std::size_t item : train_.items) {
      if (target.known[item] == 0) continue;
      mean +=
          torch::from_blob(const_cast<float*>(target.values.data()) + item * target.outputs, width)
              .to(torch::kDouble);
      ++known;
    }
    mean = mean / std::max(1.0, known) + 1e-9;
    const torch::Tensor logits =
        mean.log()
            .to(torch::kFloat)
            .to(device_)
            .expand({static_cast<std::int64_t>(valid_.items.size()), width});
    sum += divergence(logits, target, valid_.items).item<double>();
  }
  return sum / static_cast<double>(targets_.size());
}

double MtlmrTask::average_precision() {
  const auto found = std::ranges::find(targets_, "tags", &MtlmrTarget::name);
  if (found == targets_.end()) return TrainingTask::average_precision();
  const auto task = static_cast<std::size_t>(found - targets_.begin());
  const auto [first, last] = validation_features();
  const bool shared = net_->config().branch_at == "fc";
  const std::int64_t at = shared ? 0 : static_cast<std::int64_t>(task) * kMtlmrFeatures;
  const torch::Tensor logits =
      net_->logits(first.narrow(1, at, kMtlmrFeatures), task).to(torch::kFloat).cpu();
  const torch::Tensor labels = torch::zeros_like(logits);
  float* label = labels.data_ptr<float>();
  for (const std::size_t item : valid_.items) {
    for (std::size_t k = 0; k < found->outputs; ++k) {
      *label++ = found->values[item * found->outputs + k] > 0 ? 1.0F : 0.0F;
    }
  }
  return mean_average_precision(logits, labels);
}

std::pair<torch::Tensor, torch::Tensor> MtlmrTask::validation_features() {
  assert(!valid_.items.empty());
  std::vector<torch::Tensor> parts[2];  // features of all tasks: of first, of last patches
  for (std::size_t begin = 0; begin < valid_.clips->size(); begin += kValidationBatch) {
    const std::size_t end = std::min(begin + kValidationBatch, valid_.clips->size());
    std::vector<torch::Tensor> first;
    std::vector<torch::Tensor> last;
    for (std::size_t i = begin; i < end; ++i) {
      const torch::Tensor& clip = valid_.clips->at(i);
      first.push_back(patch_at(clip, 0));
      last.push_back(patch_at(clip, clip.size(1) - kMtlmrFrames));
    }
    parts[0].push_back(net_->all_features(stacked(first, device_)));
    parts[1].push_back(net_->all_features(stacked(last, device_)));
  }
  return {torch::cat(parts[0]), torch::cat(parts[1])};
}

double MtlmrTask::validation_loss() {
  const auto [first, last] = validation_features();
  double sum = 0;
  for (std::size_t task = 0; task < targets_.size(); ++task) {
    const bool shared = net_->config().branch_at == "fc";
    const std::int64_t at = shared ? 0 : static_cast<std::int64_t>(task) * kMtlmrFeatures;
    sum += validate(task, first.narrow(1, at, kMtlmrFeatures), last.narrow(1, at, kMtlmrFeatures));
  }
  return sum / static_cast<double>(targets_.size());
}

}  // namespace musicrep
