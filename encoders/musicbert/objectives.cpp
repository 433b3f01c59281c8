#include "objectives.h"

#include <cassert>
#include <cmath>
#include <limits>

namespace musicrep {
namespace {

namespace nn = torch::nn;

torch::Tensor uniform(at::IntArrayRef shape, torch::Generator& generator) {
  return torch::rand(shape, generator, torch::TensorOptions(torch::kFloat));
}

/// A random `share` of each row of `open` bool [n, m], rounded at random, at least one where there
/// is one.
torch::Tensor choose(const torch::Tensor& open, double share, torch::Generator& generator) {
  constexpr bool kStable = true;
  const torch::Tensor rank = uniform(open.sizes(), generator)
                                 .masked_fill(~open, 2)
                                 .argsort(kStable, 1, false)
                                 .argsort(kStable, 1, false);
  const torch::Tensor n = open.sum(1, true);
  const torch::Tensor count =
      (share * n + uniform({open.size(0), 1}, generator)).floor().to(torch::kLong).clamp_min(1);
  return (rank < count) & open;
}

/// What stands at places of other clips that are drawn evenly, for each position of [n, T].
torch::Tensor frames_of_others(const MusicbertBatch& batch, torch::Generator& generator) {
  const std::int64_t n = batch.frames.size(0);
  const at::IntArrayRef shape = batch.frames.sizes().slice(0, 2);
  const torch::Tensor ahead =
      torch::randint(1, n, shape, generator, torch::TensorOptions(torch::kLong));
  const torch::Tensor clip = (torch::arange(n, torch::kLong).unsqueeze(1) + ahead).remainder(n);
  const torch::Tensor count = batch.frame_counts.index({clip});
  const torch::Tensor place = (uniform(shape, generator) * count).floor().to(torch::kLong);
  return batch.frames.index({clip, torch::minimum(place, count - 1)});
}

}  // namespace

MaskedBatch mask_batch(const MusicbertBatch& batch, const Masking& masking, std::int64_t vocabulary,
                       torch::Generator& generator) {
  MaskedBatch out{batch, choose(batch.frames_present(), masking.share, generator),
                  choose(batch.words >= kFirstWord, masking.share, generator)};
  const torch::Tensor what = uniform(out.chosen_frames.sizes(), generator);
  const bool alone = batch.frames.size(0) == 1;
  const double masked_below = alone ? masking.mask + masking.random : masking.mask;
  out.input.masked_frames = out.chosen_frames & (what < masked_below);
  if (!alone && masking.random > 0) {
    const torch::Tensor random =
        out.chosen_frames & (what >= masking.mask) & (what < masking.mask + masking.random);
    out.input.frames =
        torch::where(random.unsqueeze(-1), frames_of_others(batch, generator), batch.frames);
  }
  if (vocabulary > kFirstWord && batch.words.size(1) > 0) {
    const torch::Tensor how = uniform(batch.words.sizes(), generator);
    const torch::Tensor random = torch::randint(kFirstWord, vocabulary, batch.words.sizes(),
                                                generator, torch::TensorOptions(torch::kLong));
    const torch::Tensor masked = out.chosen_words & (how < masking.mask);
    const torch::Tensor replaced =
        out.chosen_words & (how >= masking.mask) & (how < masking.mask + masking.random);
    out.input.words = torch::where(replaced, random, batch.words)
                          .masked_fill(masked, static_cast<std::int64_t>(kMaskWord));
  }
  return out;
}

MixedBatch mix_batch(const MusicbertBatch& batch, const torch::Tensor& labels, double alpha,
                     torch::Generator& generator) {
  const std::int64_t n = batch.frames.size(0);
  const std::int64_t width = batch.frames.size(1);
  const torch::Tensor gammas = at::_standard_gamma(torch::full({2, n}, alpha), generator);
  const torch::Tensor share = gammas[0] / gammas.sum(0).clamp_min(1e-30);
  const torch::Tensor own = torch::maximum(share, 1 - share);
  const torch::Tensor other = torch::randperm(n, generator, torch::TensorOptions(torch::kLong));
  const torch::Tensor places =
      torch::arange(width).unsqueeze(0) % batch.frame_counts.index_select(0, other).unsqueeze(1);
  const torch::Tensor theirs = batch.frames.index({other.unsqueeze(1), places});
  MixedBatch out{batch, {}};
  out.input.frames = batch.frames.lerp(theirs, (1 - own).view({n, 1, 1}));
  out.input.frames.masked_fill_(batch.frames_present().logical_not().unsqueeze(-1), 0);
  out.labels = labels.lerp(labels.index_select(0, other), (1 - own).view({n, 1}));
  return out;
}

MusicbertHeadsImpl::MusicbertHeadsImpl(const MusicbertHeadsConfig& config) {
  if (config.classes > 0) {
    classes_ = register_module("classes", nn::Linear(config.width, config.classes));
  }
  if (config.mlm) {
    frames_ = register_module("frames", nn::Linear(config.width, kMusicbertFrameWidth));
    word_bias_ = register_parameter("word_bias", torch::zeros(config.vocabulary));
  }
  if (config.mim) {
    match_ = register_parameter("match", torch::zeros({kMusicbertFrameWidth, config.width}));
  }
  if (config.align) {
    // MoCo v2's temperature (Chen et al. 2020). CLIP's 0.07 goes with 512 numbers: of 128, random
    // directions would lie far from log N.
    log_scale_ = register_parameter("log_scale", torch::full({}, -std::log(0.2), torch::kFloat));
  }
}

torch::Tensor MusicbertHeadsImpl::classes(const torch::Tensor& clips) {
  return classes_->forward(clips);
}

torch::Tensor MusicbertHeadsImpl::frames(const torch::Tensor& states) {
  return frames_->forward(states);
}

torch::Tensor MusicbertHeadsImpl::words(const torch::Tensor& states,
                                        const torch::Tensor& word_vectors) {
  return torch::matmul(states, word_vectors.t()) + word_bias_;
}

torch::Tensor MusicbertHeadsImpl::matches(const torch::Tensor& states,
                                          const torch::Tensor& candidates) {
  const torch::Tensor answers =
      torch::matmul(states, match_.t()) / std::sqrt(static_cast<double>(kMusicbertFrameWidth));
  return torch::matmul(answers, candidates.t());
}

MusicbertModelImpl::MusicbertModelImpl(const MusicbertConfig& net_config,
                                       const MusicbertHeadsConfig& heads_config)
    : net(register_module("net", MusicbertNet(net_config))),
      heads(register_module("heads", MusicbertHeads(heads_config))) {
  assert(net_config.width == heads_config.width);
}

torch::Tensor alignment_loss(const torch::Tensor& texts, const torch::Tensor& music,
                             const torch::Tensor& same, const torch::Tensor& log_scale) {
  namespace F = torch::nn::functional;
  const std::int64_t n = texts.size(0);
  if (n < 2) return {};
  const auto unit = [](const torch::Tensor& x) {
    return F::normalize(x, F::NormalizeFuncOptions().dim(1));
  };
  const torch::Tensor scale = log_scale.clamp_max(std::log(100.0)).exp();
  const torch::Tensor itself = torch::eye(n, same.options());
  const torch::Tensor scores =
      (scale * torch::matmul(unit(texts), unit(music).t()))
          .masked_fill(same & ~itself, -std::numeric_limits<double>::infinity());
  const torch::Tensor positives = torch::arange(n, same.options().dtype(torch::kLong));
  return (info_nce(scores, positives) + info_nce(scores.t(), positives)) / 2;
}

torch::Tensor info_nce(const torch::Tensor& scores, const torch::Tensor& positives) {
  return torch::nn::functional::cross_entropy(scores, positives);
}

namespace {

/// Fills in align and pairs.
void align(MusicbertModel& model, const MusicbertBatch& batch, const MusicbertDropout& dropout,
           bool from_cls, ObjectiveLosses& losses) {
  const torch::Device device = model->net->word_vectors().device();
  const torch::Tensor speaks = (batch.words >= kFirstWord).any(1);
  const torch::Tensor words = batch.words.index({speaks});
  losses.pairs = words.size(0);
  if (losses.pairs < 2) return;
  const MusicbertBatch texts = text_alone(words);
  const MusicbertBatch music =
      music_alone(batch.frames.index({speaks}), batch.frame_counts.index({speaks}));
  const MusicbertOutput of_texts = model->net->forward(texts.to(device), dropout);
  const MusicbertOutput of_music = model->net->forward(music.to(device), dropout);
  const auto pooled = [&](const MusicbertOutput& out, const torch::Tensor& states,
                          const torch::Tensor& present) {
    return from_cls ? out.cls(out.last()) : mean_over_present(states, present.to(device));
  };
  const torch::Tensor same = (words.unsqueeze(0) == words.unsqueeze(1)).all(-1).to(device);
  losses.align =
      alignment_loss(pooled(of_texts, of_texts.words(of_texts.last()), texts.words_present()),
                     pooled(of_music, of_music.frames(of_music.last()), music.frames_present()),
                     same, model->heads->log_scale());
}

}  // namespace

ObjectiveLosses objective_losses(MusicbertModel& model, const MusicbertBatch& batch,
                                 const torch::Tensor& labels, const Objectives& objectives,
                                 torch::Generator& generator, const MusicbertDropout& dropout) {
  const auto& [weights, masking, from_cls] = objectives;
  assert(weights.audioset > 0 || weights.mlm > 0 || weights.mim > 0 || weights.align > 0);
  MusicbertNet& net = model->net;
  MusicbertHeads& heads = model->heads;
  const torch::Device device = net->word_vectors().device();
  ObjectiveLosses losses;
  losses.total = torch::zeros({}, net->word_vectors().options());
  const auto add = [&](double weight, const torch::Tensor& loss) {
    losses.total = losses.total + weight * loss;
    return loss;
  };
  if (weights.align > 0) {
    align(model, batch, dropout, from_cls, losses);
    // A batch without two texts is a step that teaches nothing.
    add(weights.align, losses.align.defined() ? losses.align : 0 * heads->log_scale());
  }
  const bool masks = weights.mlm > 0 || weights.mim > 0;
  if (weights.audioset == 0 && !masks) return losses;
  MaskedBatch masked{batch, {}, {}};
  if (masks) {
    const Masking hidden = {masking.share, 1, 0};
    masked =
        mask_batch(batch, weights.mlm > 0 ? masking : hidden, net->config().vocabulary, generator);
  }
  const MusicbertOutput out = net->forward(masked.input.to(device), dropout);
  const torch::Tensor states = out.frames(out.last());
  const torch::Tensor present = batch.frames_present();
  if (weights.audioset > 0) {
    const torch::Tensor clips =
        from_cls ? out.cls(out.last()) : mean_over_present(states, present.to(device));
    losses.audioset = add(weights.audioset, torch::binary_cross_entropy_with_logits(
                                                heads->classes(clips), labels.to(device)));
  }
  if (!masks) return losses;
  // What is to be found: never what the network was given in its place.
  const torch::Tensor targets = net->standardised(batch.frames.to(device));
  if (weights.mlm > 0) {
    const torch::Tensor chosen = masked.chosen_frames.to(device);
    losses.mlm_frames =
        add(weights.mlm, torch::mse_loss(heads->frames(states.index({chosen})).to(targets.dtype()),
                                         targets.index({chosen})));
    const torch::Tensor chosen_words = masked.chosen_words.to(device);
    if (chosen_words.any().item<bool>()) {
      const torch::Tensor guesses =
          heads->words(out.words(out.last()).index({chosen_words}), net->word_vectors());
      losses.mlm_words =
          add(weights.mlm, torch::nn::functional::cross_entropy(
                               guesses, batch.words.to(device).index({chosen_words})));
    }
  }
  if (weights.mim > 0 && masked.input.masked_frames.any().item<bool>()) {
    const torch::Tensor candidates = targets.index({present.to(device)});
    const torch::Tensor number = (present.flatten().cumsum(0) - 1).view_as(present);
    const torch::Tensor positives = number.index({masked.input.masked_frames}).to(device);
    const torch::Tensor contexts = states.index({masked.input.masked_frames.to(device)});
    losses.candidates = candidates.size(0);
    losses.mim = add(weights.mim, info_nce(heads->matches(contexts, candidates), positives));
  }
  return losses;
}

}  // namespace musicrep
