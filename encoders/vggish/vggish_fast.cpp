#include "vggish_fast.h"

namespace musicrep {
namespace {

/// A convolution's weight [out, in, k, k] as oneDNN wants it.
torch::Tensor in_blocks(const torch::Tensor& weight, std::int64_t padding) {
  return at::mkldnn_reorder_conv2d_weight(weight.to_mkldnn(), {padding, padding}, /*stride=*/{1, 1},
                                          /*dilation=*/{1, 1});
}

}  // namespace

VggishFast::VggishFast(double width, const Parameter& parameter) : blocked_(at::hasMKLDNN()) {
  const torch::InferenceMode no_gradients;
  const auto layer = [&](const std::string& name, std::int64_t padding, bool pooled) {
    torch::Tensor weight = parameter(name + ".weight").contiguous();
    if (weight.dim() == 2) weight = weight.unsqueeze(2).unsqueeze(3);
    const torch::Tensor bias = parameter(name + ".bias");
    if (!blocked_) return Layer{name, weight.clone(), bias.clone(), pooled};
    return Layer{name, in_blocks(weight, padding), bias.to_mkldnn(), pooled};
  };
  const VggishLayers layers(width);
  for (const auto& c : layers.convolutions) convolutions_.push_back(layer(c.name, 1, c.pooled));
  for (const auto& d : layers.dense) dense_.push_back(layer(d.name, 0, false));
}

torch::Tensor VggishFast::forward(const torch::Tensor& patches, const LayerDone& done) const {
  const torch::InferenceMode no_gradients;
  const auto to_blocks = [&](const torch::Tensor& x) { return blocked_ ? x.to_mkldnn() : x; };
  const auto from_blocks = [&](const torch::Tensor& x) { return blocked_ ? x.to_dense() : x; };
  torch::Tensor x = to_blocks(patches.unsqueeze(1).contiguous());
  for (const Layer& layer : convolutions_) {
    x = at::conv2d(x, layer.weight, layer.bias, /*stride=*/1, /*padding=*/1);
    if (layer.pooled) x = at::max_pool2d(x, 2);
    x.relu_();
    if (done) done(layer.name);
  }
  // [N, channels, time, mel] to [1, time * mel * channels, N, 1].
  x = from_blocks(x).permute({2, 3, 1, 0}).contiguous().view({1, -1, patches.size(0), 1});
  x = to_blocks(x);
  for (const Layer& layer : dense_) {
    x = at::conv2d(x, layer.weight, layer.bias);
    if (&layer != &dense_.back()) x.relu_();
    if (done) done(layer.name);
  }
  return from_blocks(x).view({-1, patches.size(0)}).t().contiguous();
}

}  // namespace musicrep
