#include "vggish_core.h"

#include <algorithm>
#include <cassert>

#include "nn/state.h"
#include "nn/threads.h"
#include "vggish_front_ends.h"
#include "vggish_weights.h"

namespace musicrep {
namespace {

constexpr std::int64_t kPatchesAtOnce = 32;

}  // namespace

torch::Tensor vggish_patches(const LogMel& front_end, std::span<const float> samples) {
  assert(!samples.empty());
  std::vector<float> longer;
  if (samples.size() < kVggishPatchSamples) {
    longer.assign(samples.begin(), samples.end());
    longer.resize(kVggishPatchSamples, 0.0F);
    samples = longer;
  }
  const Spectrogram mel = front_end.compute(samples);
  const std::size_t n = count_patches(mel.frames, kVggishPatchFrames, kVggishPatchFrames);
  const std::span<const double> values = mel.rows(0, 0, n * kVggishPatchFrames);
  torch::Tensor out =
      torch::empty({static_cast<std::int64_t>(n), kVggishPatchFrames, kVggishPatchBands});
  std::ranges::transform(values, out.data_ptr<float>(),
                         [](double v) { return static_cast<float>(v); });
  return out;
}

VggishCore::VggishCore(const Weights& weights)
    : front_end_(front_ends::vggish.config),
      network_(vggish_width(weights),
               [&](const std::string& name) { return to_torch(weights.tensors.at(name)); }) {}

torch::Tensor VggishCore::embed(std::span<const float> samples, bool relu) const {
  use_one_thread();
  const torch::InferenceMode no_gradients;
  const torch::Tensor patches = vggish_patches(front_end_, samples);
  std::vector<torch::Tensor> out;
  for (const torch::Tensor& some : patches.split(kPatchesAtOnce)) {
    out.push_back(network_.forward(some));
  }
  torch::Tensor joined = torch::cat(out);
  return relu ? joined.relu_() : joined;
}

}  // namespace musicrep
