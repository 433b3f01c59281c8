#include "mtlmr.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/options.h"
#include "core/parallel.h"
#include "mtlmr_front_ends.h"
#include "mtlmr_net.h"
#include "mtlmr_targets.h"
#include "mtlmr_task.h"
#include "mtlmr_training.h"
#include "mtlmr_weights.h"
#include "musicrep/error.h"
#include "networks/network.h"
#include "nn/device.h"
#include "nn/fit.h"
#include "nn/threads.h"
#include "patches.h"
#include "weights/origin.h"

namespace musicrep {
namespace {

// Patches a forward pass: four fit into the cache, sixteen take 1.6 times as long a patch. A clip's
// patches are never mixed with another's, so a vector depends on its clip alone.
constexpr std::int64_t kPatchesAtOnce = 4;

/// Means, then population standard deviations, of the columns of `rows` [n, width].
Matrix mean_and_deviation(const std::vector<float>& rows, std::size_t width) {
  const std::size_t n = rows.size() / width;
  Matrix out(1, 2 * width);
  for (std::size_t k = 0; k < width; ++k) {
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i) sum += rows[i * width + k];
    const double mean = sum / static_cast<double>(n);
    double squares = 0;
    for (std::size_t i = 0; i < n; ++i) {
      const double deviation = rows[i * width + k] - mean;
      squares += deviation * deviation;
    }
    out.at(0, k) = mean;
    out.at(0, width + k) = std::sqrt(squares / static_cast<double>(n));
  }
  return out;
}

}  // namespace

struct Mtlmr::Impl {
  LogMel front_end{front_ends::mtlmr.config};
  MtlmrNet net{nullptr};
  LastPatch last_patch = LastPatch::kDrop;
  std::string sha256;
  std::vector<std::string> origin;

  Matrix encode(const Signal& signal);
};

Matrix Mtlmr::Impl::encode(const Signal& signal) {
  std::vector<float> patches = cut_patches(mtlmr_spectrogram(front_end, signal), last_patch);
  const auto n = static_cast<std::int64_t>(patches.size() / kPatchValues);
  const torch::Tensor all =
      torch::from_blob(patches.data(), {n, kMtlmrChannels, kMtlmrFrames, kMtlmrBins});
  std::vector<float> rows;
  std::size_t width = 0;
  for (std::int64_t i = 0; i < n; i += kPatchesAtOnce) {
    const torch::Tensor features =
        net->all_features(all.narrow(0, i, std::min(kPatchesAtOnce, n - i))).contiguous();
    width = static_cast<std::size_t>(features.size(1));
    rows.insert(rows.end(), features.data_ptr<float>(),
                features.data_ptr<float>() + features.numel());
  }
  return mean_and_deviation(rows, width);
}

Mtlmr::Mtlmr(const EncoderArgs& args) : impl_(std::make_unique<Impl>()) {
  const auto& path = option<std::string>(args.options, "weights");
  if (path.empty()) {
    throw ConfigError(
        "mtlmr: no weights: give the option weights (a file of `musicrep import weights`, of an "
        "earlier training, or a checkpoint of the authors), or train_on, a data set of the "
        "experiment to train on");
  }
  const Weights weights = read_mtlmr_weights(path);
  impl_->net = mtlmr_network(weights, path + ":");
  impl_->net->fold();
  auto last_patch = option<std::string>(args.options, "last_patch");
  if (last_patch.empty()) last_patch = weights.config.value("last_patch", "drop");
  impl_->last_patch = last_patch_by_name(last_patch);
  impl_->sha256 = sha256_of(weights);
  impl_->origin = origin_notes(weights);
}

Mtlmr::~Mtlmr() = default;

std::vector<Matrix> Mtlmr::encode(std::span<const Signal> signals) {
  use_one_thread();
  const torch::InferenceMode inference;
  std::vector<Matrix> out;
  out.reserve(signals.size());
  for (const Signal& signal : signals) out.push_back(impl_->encode(signal));
  return out;
}

std::string Mtlmr::content_sha256() const { return impl_->sha256; }

std::vector<std::string> Mtlmr::notes() const { return impl_->origin; }

void Mtlmr::fit(const TrainingCorpus& corpus, const FitArgs& args) {
  check_corpus(corpus, args.options);
  use_one_thread();
  const TrainerConfig config = mtlmr_training(args.options);
  const torch::Device device = device_by_name(args.device);
  std::vector<MtlmrTarget> targets = mtlmr_targets(corpus, args.options, args.seed);
  const MtlmrConfig shape = mtlmr_config(targets, option<std::string>(args.options, "branch_at"));

  Weights weights = mtlmr_description(shape, "drop");
  std::vector<std::string> names;
  for (const MtlmrTarget& target : targets) {
    names.push_back(target.name);
    if (target.name == "tags") weights.labels["tags"] = target.labels;
  }
  const bool all_tasks = option<std::string>(args.options, "tasks_a_batch") == "all";
  weights.source["objective"] =
      fmt::format("{} a batch, KL divergence: {}", all_tasks ? "all tasks" : "one random task",
                  fmt::join(names, ", "));
  const std::size_t threads = available_processors();
  MtlmrSplits clips;
  clips.train = load_mtlmr_clips(corpus, "train", threads);
  if (config.validate_every > 0) clips.valid = load_mtlmr_clips(corpus, "valid", threads);
  MtlmrTask task(MtlmrNet(shape), std::move(targets), std::move(clips), all_tasks, device,
                 args.seed);
  fit_and_write(task, config, corpus, args, std::move(weights));
}

void Mtlmr::import_weights(const std::string& from, const std::string& to) {
  write_weights(to, import_mtlmr_checkpoint(from));
}

}  // namespace musicrep

MUSICREP_NETWORK(mtlmr, musicrep::Mtlmr)
