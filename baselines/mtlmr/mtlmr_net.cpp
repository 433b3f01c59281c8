#include "mtlmr_net.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <utility>

namespace musicrep {
namespace {

namespace nn = torch::nn;

struct BlockSpec {
  std::int64_t in;
  std::int64_t out;
  std::int64_t kernel;
  std::int64_t stride;  // over time
  bool pooled;
};

// 216 x 128 -> 54 x 64 -> 27 x 32 -> 13 x 16 -> 6 x 8 -> 3 x 4 -> 3 x 4 -> 3 x 4
constexpr std::array<BlockSpec, 7> kBlocks = {{{kMtlmrChannels, 16, 5, 2, true},
                                               {16, 32, 3, 1, true},
                                               {32, 64, 3, 1, true},
                                               {64, 64, 3, 1, true},
                                               {64, 128, 3, 1, true},
                                               {128, 256, 3, 1, false},
                                               {256, kMtlmrFeatures, 1, 1, false}}};
constexpr std::int64_t kSiameseWidth = 128;

std::size_t count_shared_blocks(const std::string& branch_at) {
  if (branch_at == "null") return 0;
  if (branch_at == "2") return 1;
  if (branch_at == "4") return 3;
  if (branch_at == "6") return 5;
  assert(branch_at == "fc");
  return kBlocks.size();
}

/// Numbers by which a normalisation multiplies and adds, [channels].
std::pair<torch::Tensor, torch::Tensor> affine_of(const torch::Tensor& weight,
                                                  const torch::Tensor& bias,
                                                  const torch::Tensor& mean,
                                                  const torch::Tensor& variance, double epsilon) {
  const torch::Tensor factor = weight / torch::sqrt(variance + epsilon);
  return {factor, bias - mean * factor};
}

/// weight, bias := those of the layer and the normalisation `bn` after it.
template <typename Layer, typename Normalisation>
void fold_into(Layer& layer, Normalisation& bn) {
  const torch::NoGradGuard no_grad;
  const auto [factor, shift] =
      affine_of(bn->weight, bn->bias, bn->running_mean, bn->running_var, bn->options.eps());
  std::vector<std::int64_t> shape(static_cast<std::size_t>(layer->weight.dim()), 1);
  shape[0] = factor.numel();
  layer->weight.mul_(factor.view(shape));
  layer->bias.mul_(factor).add_(shift);
}

torch::Tensor dropped(const torch::Tensor& x, const MtlmrDropout& dropout) {
  return dropout ? dropout(x) : x;
}

}  // namespace

MtlmrBlockImpl::MtlmrBlockImpl(std::int64_t in, std::int64_t out, std::int64_t kernel,
                               std::int64_t stride, bool pooled)
    : pooled_(pooled) {
  conv_ = register_module(
      "conv",
      nn::Conv2d(nn::Conv2dOptions(in, out, kernel).stride({stride, 1}).padding(kernel / 2)));
  bn_ = register_module("bn", nn::BatchNorm2d(out));
}

torch::Tensor MtlmrBlockImpl::forward(torch::Tensor x) {
  x = conv_->forward(x);
  if (!folded_) x = bn_->forward(x);
  // Maxima before ReLU: the same numbers (both are monotone), and a quarter of the work for ReLU.
  if (pooled_) x = torch::max_pool2d(x, 2);
  return torch::relu(x);
}

void MtlmrBlockImpl::fold() {
  fold_into(conv_, bn_);
  conv_->weight.set_data(conv_->weight.contiguous(torch::MemoryFormat::ChannelsLast));
  folded_ = true;
}

MtlmrLayersImpl::MtlmrLayersImpl(std::size_t first, std::size_t last) {
  std::size_t place = 0;
  for (std::size_t i = first; i < last; ++i) {
    const BlockSpec& spec = kBlocks[i];
    blocks_.push_back(
        register_module(std::to_string(place++),
                        MtlmrBlock(spec.in, spec.out, spec.kernel, spec.stride, spec.pooled)));
  }
  if (first == last || last < kBlocks.size()) return;
  ++place;  // the mean over time and frequency, which has no parameters
  fc_ = register_module(std::to_string(place++), nn::Linear(kMtlmrFeatures, kMtlmrFeatures));
  fc_bn_ = register_module(std::to_string(place), nn::BatchNorm1d(kMtlmrFeatures));
}

torch::Tensor MtlmrLayersImpl::forward(torch::Tensor x, const MtlmrDropout& dropout) {
  for (MtlmrBlock& block : blocks_) x = block->forward(x);
  if (!fc_) return x;
  x = fc_->forward(x.mean({2, 3}));
  if (!folded_) x = fc_bn_->forward(x);
  return dropped(torch::relu(x), dropout);
}

void MtlmrLayersImpl::fold() {
  for (MtlmrBlock& block : blocks_) block->fold();
  if (fc_) fold_into(fc_, fc_bn_);
  folded_ = true;
}

MtlmrNetImpl::MtlmrNetImpl(MtlmrConfig config) : config_(std::move(config)) {
  assert(!config_.heads.empty());
  const std::size_t n_shared = count_shared_blocks(config_.branch_at);
  shared_ = register_module("shared", MtlmrLayers(0, n_shared));
  const auto features = register_module("branches_feature", nn::ModuleList());
  const auto infer = register_module("branches_infer", nn::ModuleList());
  for (const MtlmrHead& head : config_.heads) {
    branches_.emplace_back(n_shared, kBlocks.size());
    features->push_back(branches_.back());
    // Named as the places in a Sequential.
    torch::OrderedDict<std::string, std::shared_ptr<nn::Module>> layers;
    Infer parts;
    if (head.siamese) {
      parts.first = nn::Linear(2 * kMtlmrFeatures, kSiameseWidth);
      parts.bn = nn::BatchNorm1d(kSiameseWidth);
      parts.second = nn::Linear(kSiameseWidth, head.outputs);
      layers.insert("0", parts.first.ptr());
      layers.insert("1", parts.bn.ptr());
      layers.insert("4", parts.second.ptr());
    } else {
      parts.first = nn::Linear(kMtlmrFeatures, head.outputs);
      layers.insert("0", parts.first.ptr());
    }
    infer->push_back(nn::ModuleDict(layers));
    infer_.push_back(parts);
  }
  scaler_mean_ = register_buffer("scaler_mean", torch::zeros(kMtlmrBins));
  scaler_scale_ = register_buffer("scaler_scale", torch::ones(kMtlmrBins));
}

void MtlmrNetImpl::set_scaler(const torch::Tensor& mean, const torch::Tensor& scale) {
  const torch::NoGradGuard no_grad;
  scaler_mean_.copy_(mean);
  scaler_scale_.copy_(scale);
}

torch::Tensor MtlmrNetImpl::standardised(const torch::Tensor& patches) const {
  // Channels last: the convolutions and, more so, the maxima are two to three times as fast.
  return ((patches - scaler_mean_) / torch::clamp_min(scaler_scale_, 1e-10))
      .contiguous(torch::MemoryFormat::ChannelsLast);
}

torch::Tensor MtlmrNetImpl::features(const torch::Tensor& patches, std::size_t task,
                                     const MtlmrDropout& dropout) {
  return branches_.at(task)->forward(shared_->forward(standardised(patches), dropout), dropout);
}

torch::Tensor MtlmrNetImpl::all_features(const torch::Tensor& patches) {
  torch::Tensor shared = shared_->forward(standardised(patches), {});
  if (config_.branch_at == "fc") return shared;
  std::vector<torch::Tensor> parts;
  parts.reserve(branches_.size());
  for (MtlmrLayers& branch : branches_) parts.push_back(branch->forward(shared, {}));
  return torch::cat(parts, 1);
}

torch::Tensor MtlmrNetImpl::logits(const torch::Tensor& features, std::size_t task,
                                   const MtlmrDropout& dropout) {
  Infer& layers = infer_.at(task);
  const torch::Tensor out = layers.first->forward(features);
  if (!layers.second) return out;
  return layers.second->forward(dropped(torch::relu(layers.bn->forward(out)), dropout));
}

void MtlmrNetImpl::fold() {
  shared_->fold();
  for (MtlmrLayers& branch : branches_) branch->fold();
}

}  // namespace musicrep
