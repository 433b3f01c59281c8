#include "musicbert_net.h"

#include <cassert>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

namespace musicrep {
namespace {

namespace nn = torch::nn;

constexpr double kEpsilon = 1e-12;  // BERT's

nn::LayerNorm norm(std::int64_t width) {
  return nn::LayerNorm(nn::LayerNormOptions({width}).eps(kEpsilon));
}

torch::Tensor dropped(const torch::Tensor& x, const MusicbertDropout& dropout) {
  return dropout ? dropout(x) : x;
}

}  // namespace

MusicbertBatch MusicbertBatch::to(torch::Device device) const {
  return {words.to(device), frames.to(device), frame_counts.to(device),
          masked_frames.defined() ? masked_frames.to(device) : masked_frames};
}

torch::Tensor MusicbertBatch::frames_present() const {
  return torch::arange(frames.size(1), frame_counts.options()).unsqueeze(0) <
         frame_counts.unsqueeze(1);
}

MusicbertBatch text_alone(const torch::Tensor& words) {
  return {words,
          torch::zeros({words.size(0), 0, kMusicbertFrameWidth}),
          torch::zeros({words.size(0)}, torch::kLong),
          {}};
}

MusicbertBatch music_alone(const torch::Tensor& frames, const torch::Tensor& frame_counts) {
  return {torch::empty({frames.size(0), 0}, torch::kLong), frames, frame_counts, {}};
}

MusicbertLayerImpl::MusicbertLayerImpl(const MusicbertConfig& config)
    : config_(config),
      qkv_(register_module("qkv", nn::Linear(config.width, 3 * config.width))),
      output_(register_module("output", nn::Linear(config.width, config.width))),
      attention_norm_(register_module("attention_norm", norm(config.width))),
      ffn_in_(register_module("ffn_in", nn::Linear(config.width, config.ffn))),
      ffn_out_(register_module("ffn_out", nn::Linear(config.ffn, config.width))),
      ffn_norm_(register_module("ffn_norm", norm(config.width))) {}

torch::Tensor MusicbertLayerImpl::attend(const torch::Tensor& x, const torch::Tensor& mask,
                                         const MusicbertDropout& dropout, bool keep_attention,
                                         MusicbertOutput& out) {
  const std::int64_t n = x.size(0);
  const std::int64_t places = x.size(1);
  const std::int64_t head_width = config_.width / config_.heads;
  // [3, n, heads, P, d / heads]
  const torch::Tensor qkv =
      qkv_->forward(x).view({n, places, 3, config_.heads, head_width}).permute({2, 0, 3, 1, 4});
  const torch::Tensor query = qkv[0] / std::sqrt(static_cast<double>(head_width));
  torch::Tensor scores = torch::matmul(query, qkv[1].transpose(-2, -1));
  if (mask.defined()) {
    scores = scores.masked_fill(~mask.unsqueeze(1), -std::numeric_limits<double>::infinity());
  }
  const torch::Tensor weights = attention_weights(scores, config_.attention);
  if (keep_attention) out.attention.push_back(weights);
  const torch::Tensor mixed = torch::matmul(dropped(weights, dropout).to(qkv.dtype()), qkv[2]);
  return output_->forward(mixed.transpose(1, 2).reshape({n, places, config_.width}));
}

torch::Tensor MusicbertLayerImpl::forward(const torch::Tensor& x, const torch::Tensor& mask,
                                          const MusicbertDropout& dropout, bool keep_attention,
                                          MusicbertOutput& out) {
  const auto feed_forward = [&](const torch::Tensor& state) {
    return dropped(ffn_out_->forward(torch::gelu(ffn_in_->forward(state))), dropout);
  };
  const auto attention = [&](const torch::Tensor& state) {
    return dropped(attend(state, mask, dropout, keep_attention, out), dropout);
  };
  torch::Tensor state;
  if (config_.pre_norm) {
    state = x + attention(attention_norm_->forward(x));
    out.after_attention.push_back(state);
    state = state + feed_forward(ffn_norm_->forward(state));
  } else {
    state = attention_norm_->forward(x + attention(x));
    out.after_attention.push_back(state);
    state = ffn_norm_->forward(state + feed_forward(state));
  }
  return state;
}

MusicbertNetImpl::MusicbertNetImpl(MusicbertConfig config) : config_(config) {
  assert(config_.width % config_.heads == 0 && config_.vocabulary >= kFirstWord);
  word_ = register_module("word", nn::Embedding(config_.vocabulary, config_.width));
  // [CLS] stands before the first word, [SEP] behind the last.
  word_place_ = register_module("word_place", nn::Embedding(config_.max_words + 2, config_.width));
  frame_place_ = register_module("frame_place", nn::Embedding(config_.max_frames, config_.width));
  segment_ = register_module("segment", nn::Embedding(2, config_.width));
  frame_ = register_module("frame", nn::Linear(kMusicbertFrameWidth, config_.width));
  input_norm_ = register_module("input_norm", norm(config_.width));
  const auto layers = register_module("layer", nn::ModuleList());
  for (std::int64_t i = 0; i < config_.layers; ++i) {
    layers_.emplace_back(config_);
    layers->push_back(layers_.back());
  }
  if (config_.pre_norm) last_norm_ = register_module("last_norm", norm(config_.width));
  mask_frame_ = register_parameter("mask_frame", torch::zeros({1, kMusicbertFrameWidth}));
  frame_mean_ = register_buffer("frame_mean", torch::zeros(kMusicbertFrameWidth));
  frame_scale_ = register_buffer("frame_scale", torch::ones(kMusicbertFrameWidth));
}

void MusicbertNetImpl::set_scaler(const torch::Tensor& mean, const torch::Tensor& scale) {
  const torch::NoGradGuard no_grad;
  frame_mean_.copy_(mean);
  frame_scale_.copy_(scale);
}

torch::Tensor MusicbertNetImpl::standardised(const torch::Tensor& frames) const {
  return (frames - frame_mean_) / frame_scale_.clamp_min(1e-6);
}

torch::Tensor MusicbertNetImpl::embedded(const MusicbertBatch& batch) {
  const std::int64_t n = batch.frames.size(0);
  const std::int64_t n_words = batch.words.size(1);
  const torch::Tensor whole = batch.words.new_empty({n, 1});
  const torch::Tensor words =
      torch::cat({torch::full_like(whole, static_cast<std::int64_t>(kClsWord)), batch.words,
                  torch::full_like(whole, static_cast<std::int64_t>(kSepWord))},
                 1);
  // The place of [SEP] is that behind its own text, however much longer another one is.
  const torch::Tensor places =
      torch::cat({torch::arange(n_words + 1, whole.options()).expand({n, n_words + 1}),
                  batch.words_present().sum(1, true) + 1},
                 1);
  const torch::Tensor text =
      word_->forward(words) + word_place_->forward(places) + segment_->weight[0];
  torch::Tensor frames = standardised(batch.frames);
  if (batch.masked_frames.defined()) {
    frames = torch::where(batch.masked_frames.unsqueeze(-1), mask_frame_, frames);
  }
  const torch::Tensor audio = frame_->forward(frames) +
                              frame_place_->weight.slice(0, 0, batch.frames.size(1)) +
                              segment_->weight[1];
  return input_norm_->forward(torch::cat({text, audio}, 1));
}

MusicbertOutput MusicbertNetImpl::forward(const MusicbertBatch& batch,
                                          const MusicbertDropout& dropout, bool keep_attention) {
  assert(batch.words.size(1) <= config_.max_words && batch.frames.size(1) <= config_.max_frames);
  MusicbertOutput out;
  out.n_words = batch.words.size(1);
  const torch::Tensor always =
      torch::ones({batch.frames.size(0), 1}, batch.words.options().dtype(torch::kBool));
  out.present = torch::cat({always, batch.words_present(), always, batch.frames_present()}, 1);
  torch::Tensor mask;
  if (config_.window > 0 || !out.present.all().item<bool>()) {
    const torch::Tensor global =
        torch::arange(out.present.size(1), batch.words.options()) < out.n_words + 2;
    mask = attention_mask(out.present, global, config_.window);
  }
  torch::Tensor state = dropped(embedded(batch), dropout);
  out.hidden.push_back(state);
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    state = layers_[i]->forward(state, mask, dropout, keep_attention, out);
    const bool last = i + 1 == layers_.size();
    if (last && last_norm_) state = last_norm_->forward(state);
    out.hidden.push_back(state);
  }
  return out;
}

torch::Tensor mean_over_present(const torch::Tensor& state, const torch::Tensor& present) {
  const torch::Tensor weight = present.to(state.scalar_type()).unsqueeze(-1);
  return (state * weight).sum(1) / weight.sum(1);
}

}  // namespace musicrep
