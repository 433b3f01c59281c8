// How MTLMR is trained.
#pragma once

#include <torch/torch.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/random.h"
#include "mtlmr_net.h"
#include "mtlmr_targets.h"
#include "musicrep/trainable.h"
#include "nn/trainer.h"

namespace musicrep {

/// The network for those targets.
MtlmrConfig mtlmr_config(const std::vector<MtlmrTarget>& targets, const std::string& branch_at);

/// Spectrograms of a split's items, in memory: float16 (exact to 0.04 dB), 44 kB a second of audio.
struct MtlmrClips {
  std::vector<std::size_t> items;  ///< [n] places in the corpus
  /// [n] of [2, frames, 128] in dB, frames >= 216; shared by trainings
  std::shared_ptr<const std::vector<torch::Tensor>> clips;
};

/// Loads and transforms on `threads` threads. Clips shorter than a patch are filled up with their
/// minimum.
MtlmrClips load_mtlmr_clips(const TrainingCorpus& corpus, const std::string& split,
                            std::size_t threads);

/// The clips that are learned from, and those that are held out.
struct MtlmrSplits {
  MtlmrClips train;
  MtlmrClips valid;
};

/// One random task a batch (Kim et al. 2019, section 3.3), or all of them in every batch, their
/// losses averaged: six times as much is learned from what the network computes. Patches from
/// random places of the batch's items, with all tasks two of each item, KL(target || softmax)
/// averaged over those whose label is known. "self": each item beside a patch of its own or, as
/// likely, of another item; with all tasks, each item's two, and its first beside the second of the
/// item before. Validation: the mean over tasks of the loss on the first and the last patch of each
/// held-out item; "self" on each item's two, and on its first with the last of the item before.
class MtlmrTask : public TrainingTask {
 public:
  /// Glorot's weights from `seed`, and the standardisation of the training clips.
  MtlmrTask(MtlmrNet net, std::vector<MtlmrTarget> targets, MtlmrSplits clips, bool all_tasks,
            torch::Device device, std::uint64_t seed);

  torch::nn::Module& model() override { return *net_; }
  [[nodiscard]] std::size_t n_items() const override { return train_.items.size(); }
  torch::Tensor loss(Batch& batch) override;
  double validation_loss() override;
  double base_loss() override;
  double average_precision() override;

 private:
  torch::Tensor loss_of_one(std::size_t task, const Batch& batch, Random& random,
                            const MtlmrDropout& drop);
  torch::Tensor loss_of_all(const Batch& batch, Random& random, const MtlmrDropout& drop);
  [[nodiscard]] torch::Tensor divergence(const torch::Tensor& logits, const MtlmrTarget& target,
                                         const std::vector<std::size_t>& items) const;
  /// Of the first and of the last patch of each held-out item: the features of all tasks.
  std::pair<torch::Tensor, torch::Tensor> validation_features();
  [[nodiscard]] double validate(std::size_t task, const torch::Tensor& first,
                                const torch::Tensor& last);

  MtlmrNet net_;
  std::vector<MtlmrTarget> targets_;
  MtlmrClips train_;
  MtlmrClips valid_;
  bool all_tasks_;
  torch::Device device_;
};

}  // namespace musicrep
