// Samples to VGGish embeddings: front end, patches, network.
#pragma once

#include <torch/torch.h>

#include <span>

#include "frontend/log_mel.h"
#include "vggish_fast.h"
#include "weights/weights_file.h"

namespace musicrep {

/// Log-mel patches [N, 96, 64] of samples [n] at 16 kHz, n >= 1: one each 0.96 s, an incomplete
/// last one is dropped, as the official code does. It would give nothing at all for fewer samples
/// than a patch has (15,600): zeros are put after them, so that N >= 1.
torch::Tensor vggish_patches(const LogMel& front_end, std::span<const float> samples);

/// Front end and network. Safe from several threads at once.
class VggishCore {
 public:
  /// `weights` as check_vggish_weights() wants them.
  explicit VggishCore(const Weights& weights);

  /// Samples [n] at 16 kHz to [N, 128], after a ReLU or before. At most 32 patches go through the
  /// network at a time, which bounds its memory at 70 MiB, whatever the length of a clip.
  [[nodiscard]] torch::Tensor embed(std::span<const float> samples, bool relu) const;

 private:
  LogMel front_end_;
  VggishFast network_;
};

}  // namespace musicrep
