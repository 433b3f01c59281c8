#include "musicbert/objectives.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <set>
#include <string>

#include "musicbert_testing.h"
#include "nn/adam.h"
#include "nn/threads.h"

namespace musicrep {
namespace {

constexpr std::int64_t kVocabulary = 20;

/// log N - loss, in nats: the mutual information is at least this (van den Oord et al. 2018, eq.
/// 5).
double information_bound(double info_nce_loss, std::int64_t candidates) {
  return std::log(static_cast<double>(candidates)) - info_nce_loss;
}

MusicbertModel made_model(const MusicbertConfig& config, std::int64_t classes = 0) {
  MusicbertModel model(config, MusicbertHeadsConfig{.width = config.width,
                                                    .classes = classes,
                                                    .mlm = true,
                                                    .mim = true,
                                                    .align = true,
                                                    .vocabulary = config.vocabulary});
  torch::Generator generator = make_generator(1);
  initialise_truncated_normal(*model, generator);
  return model;
}

std::int64_t count(const torch::Tensor& flags) { return flags.sum().item<std::int64_t>(); }

TEST_CASE("masking chooses 15 %, masks 80 % of it, replaces 10 %, keeps 10 %") {
  const std::vector<std::int64_t> words(500, 6);
  std::vector<std::int64_t> frames(500, 12);
  frames[7] = 5;
  const MusicbertBatch batch = made_batch(words, frames);
  const torch::Tensor before = batch.frames.clone();
  torch::Generator generator = make_generator(3);
  const MaskedBatch out = mask_batch(batch, {}, kVocabulary, generator);
  const auto chosen = static_cast<double>(count(out.chosen_frames));
  CHECK(chosen / (500 * 12) == Approx(0.15).margin(0.01));
  CHECK(static_cast<double>(count(out.input.masked_frames)) / chosen == Approx(0.8).margin(0.05));
  const torch::Tensor differs = (out.input.frames != batch.frames).any(-1);
  CHECK(static_cast<double>(count(differs)) / chosen == Approx(0.1).margin(0.04));
  CHECK(count(differs & ~out.chosen_frames) == 0);
  CHECK(count(differs & out.input.masked_frames) == 0);
  CHECK(count(out.input.masked_frames & ~out.chosen_frames) == 0);
  CHECK(count(out.chosen_frames & ~batch.frames_present()) == 0);
  CHECK((out.chosen_frames.sum(1) >= 1).all().item<bool>());
  CHECK(torch::equal(batch.frames, before));

  const auto chosen_words = static_cast<double>(count(out.chosen_words));
  CHECK(chosen_words / (500 * 6) == Approx(1.0 / 6).margin(0.02));  // at least one of six
  const torch::Tensor masked = out.input.words == static_cast<std::int64_t>(kMaskWord);
  CHECK(static_cast<double>(count(masked)) / chosen_words == Approx(0.8).margin(0.05));
  const torch::Tensor other = (out.input.words != batch.words) & ~masked;
  CHECK(static_cast<double>(count(other)) / chosen_words == Approx(0.1).margin(0.05));
  CHECK(count((other | masked) & ~out.chosen_words) == 0);
  CHECK((out.input.words.masked_select(other) >= kFirstWord).all().item<bool>());
}

TEST_CASE("a random frame is one of another clip, and no padding") {
  MusicbertBatch batch = made_batch({0, 0, 0}, {4, 9, 12});
  // Frame t of clip i is 100 i + t; padding is -1.
  for (std::int64_t i = 0; i < 3; ++i) {
    for (std::int64_t t = 0; t < 12; ++t) {
      const bool there = t < batch.frame_counts[i].item<std::int64_t>();
      batch.frames[i][t].fill_(there ? static_cast<double>(100 * i + t) : -1.0);
    }
  }
  torch::Generator generator = make_generator(4);
  const MaskedBatch out = mask_batch(batch, {1, 0, 1}, kVocabulary, generator);
  CHECK(torch::equal(out.chosen_frames, batch.frames_present()));
  CHECK(count(out.input.masked_frames) == 0);
  for (std::int64_t i = 0; i < 3; ++i) {
    for (std::int64_t t = 0; t < batch.frame_counts[i].item<std::int64_t>(); ++t) {
      const double value = out.input.frames[i][t][0].item<double>();
      CHECK(value >= 0);
      CHECK(static_cast<std::int64_t>(value) / 100 != i);
    }
  }
  // A clip alone has no other: the mask stands there.
  const MaskedBatch alone = mask_batch(made_batch({0}, {12}), {1, 0, 1}, kVocabulary, generator);
  CHECK(count(alone.input.masked_frames) == 12);
}

TEST_CASE("mixup adds another clip's frames and labels in the same shares") {
  // Clip i has the value i everywhere and the label i; the second is shorter.
  constexpr std::int64_t kClips = 4;
  MusicbertBatch batch;
  batch.words = torch::empty({kClips, 0}, torch::kLong);
  batch.frames = torch::arange(kClips).to(torch::kFloat).view({kClips, 1, 1}).repeat({1, 3, 128});
  batch.frame_counts = torch::tensor({3L, 2L, 3L, 3L});
  batch.frames[1][2].zero_();
  const torch::Tensor labels = torch::eye(kClips);
  torch::Generator generator = make_generator(3);
  double least = 1;
  std::set<std::int64_t> others;
  for (int round = 0; round < 50; ++round) {
    const MixedBatch mixed = mix_batch(batch, labels, 0.5, generator);
    CHECK(mixed.input.frame_counts.equal(batch.frame_counts));
    CHECK(mixed.labels.sum(1).allclose(torch::ones(kClips)));
    for (std::int64_t i = 0; i < kClips; ++i) {
      const double own = mixed.labels[i][i].item<double>();
      least = std::min(least, own);
      CHECK(own >= 0.5);
      // The frames' value is the labels' mean clip, the shorter clip's behind its end too.
      const torch::Tensor expected = (mixed.labels[i] * torch::arange(kClips)).sum();
      const std::int64_t n = batch.frame_counts[i].item<std::int64_t>();
      CHECK(mixed.input.frames[i].slice(0, 0, n).allclose(expected.expand({n, 128}), 1e-5, 1e-5));
      if (own < 0.999) others.insert(mixed.labels[i].argsort()[kClips - 2].item<std::int64_t>());
    }
    CHECK(mixed.input.frames[1][2].abs().sum().item<double>() == 0);
  }
  CHECK(least < 0.7);
  CHECK(others.size() == kClips);
}

TEST_CASE("a clip of one frame and an empty text, an unknown word, are masked without harm") {
  MusicbertBatch batch = made_batch({1, 0}, {1, 3});
  batch.words.fill_(static_cast<std::int64_t>(kUnknownWord));
  batch.words[1].fill_(kPadWord);
  torch::Generator generator = make_generator(5);
  const MaskedBatch out = mask_batch(batch, {}, kVocabulary, generator);
  CHECK(count(out.chosen_words) == 0);
  CHECK(count(out.chosen_frames[0]) == 1);
  use_one_thread();
  MusicbertModel model = made_model(tiny_musicbert());
  const ObjectiveLosses losses =
      objective_losses(model, batch, {}, {{.mlm = 1, .mim = 1}}, generator);
  CHECK_FALSE(losses.mlm_words.defined());
  CHECK(std::isfinite(losses.total.item<double>()));
}

/// The losses of a batch for a generator that always draws the same.
ObjectiveLosses losses_of(MusicbertModel& model, const MusicbertBatch& batch,
                          const ObjectiveWeights& weights) {
  torch::Generator generator = make_generator(6);
  return objective_losses(model, batch, {}, {weights}, generator);
}

TEST_CASE("masked positions alone carry loss") {
  use_one_thread();
  MusicbertModel model = made_model(tiny_musicbert());
  const MusicbertBatch batch = made_batch({6, 6, 4}, {12, 12, 8});
  torch::Generator generator = make_generator(6);
  const MaskedBatch masked = mask_batch(batch, {}, kVocabulary, generator);
  const ObjectiveLosses plain = losses_of(model, batch, {.mlm = 1});

  // As it would be written down: the chosen positions of a pass over the masked batch.
  const MusicbertOutput out = model->net->forward(masked.input);
  const torch::Tensor guesses = model->heads->frames(out.frames(out.last()));
  const torch::Tensor scores =
      model->heads->words(out.words(out.last()), model->net->word_vectors());
  double squares = 0;
  double surprise = 0;
  for (std::int64_t i = 0; i < 3; ++i) {
    for (std::int64_t t = 0; t < 12; ++t) {
      if (!masked.chosen_frames[i][t].item<bool>()) continue;
      squares += (guesses[i][t] - batch.frames[i][t]).square().sum().item<double>();
    }
    for (std::int64_t j = 0; j < 6; ++j) {
      if (!masked.chosen_words[i][j].item<bool>()) continue;
      surprise -= torch::log_softmax(scores[i][j], 0)[batch.words[i][j].item<std::int64_t>()]
                      .item<double>();
    }
  }
  CHECK(plain.mlm_frames.item<double>() ==
        Approx(squares / static_cast<double>(128 * count(masked.chosen_frames))));
  CHECK(plain.mlm_words.item<double>() ==
        Approx(surprise / static_cast<double>(count(masked.chosen_words))));
  CHECK(plain.total.item<double>() ==
        Approx(plain.mlm_frames.item<double>() + plain.mlm_words.item<double>()));

  // The gradient with respect to what the heads say is 0 elsewhere.
  torch::Tensor states = out.frames(out.last()).detach().requires_grad_(true);
  torch::mse_loss(model->heads->frames(states.index({masked.chosen_frames})),
                  batch.frames.index({masked.chosen_frames}))
      .backward();
  const torch::Tensor moved = (states.grad() != 0).any(-1);
  CHECK(torch::equal(moved, masked.chosen_frames));

  // What was masked is no input, only a target: with another target the loss is another.
  MusicbertBatch other = batch;
  other.frames =
      torch::where(masked.input.masked_frames.unsqueeze(-1), batch.frames + 1, batch.frames);
  CHECK(losses_of(model, other, {.mlm = 1}).mlm_frames.item<double>() !=
        Approx(plain.mlm_frames.item<double>()));
}

TEST_CASE("InfoNCE is log N to begin with, and N is the number of frames in the batch") {
  use_one_thread();
  const torch::NoGradGuard no_grad;
  for (const std::int64_t width : {32, 256}) {
    MusicbertConfig config = tiny_musicbert();
    config.width = width;
    MusicbertModel model = made_model(config);
    const MusicbertBatch batch =
        made_batch(std::vector<std::int64_t>(40, 0), std::vector<std::int64_t>(40, 11));
    const ObjectiveLosses losses = losses_of(model, batch, {.mim = 1});
    REQUIRE(losses.candidates == 440);
    CHECK(losses.mim.item<double>() == Approx(std::log(440.0)).margin(0.1));
    CHECK(information_bound(losses.mim.item<double>(), 440) < 0.1);
  }
}

TEST_CASE("InfoNCE by the definition") {
  const torch::Tensor scores = torch::tensor({1.0, 2.0, 0.5, 0.0, 0.0, 3.0}).view({2, 3});
  const double first = 2 - std::log(std::exp(1.0) + std::exp(2.0) + std::exp(0.5));
  const double second = 0 - std::log(2 + std::exp(3.0));
  const torch::Tensor positives = torch::tensor({1, 0}, torch::kLong);
  CHECK(info_nce(scores, positives).item<double>() == Approx(-(first + second) / 2));
}

TEST_CASE("the bound of InfoNCE stays below the information that there is") {
  // z and c, 2 normal numbers each, of correlation r: I = -log(1 - r^2), at best log N.
  torch::Generator generator = make_generator(7);
  constexpr std::int64_t kCandidates = 1000;
  for (const double r : {0.0, 0.5, 0.8, 0.99999}) {
    const auto options = torch::TensorOptions(torch::kDouble);
    const torch::Tensor c = torch::randn({kCandidates, 2}, generator, options);
    const torch::Tensor z =
        r * c + std::sqrt(1 - r * r) * torch::randn({kCandidates, 2}, generator, options);
    // The best scores: log p(z | c) / p(z).
    const torch::Tensor scores =
        (r * torch::matmul(c, z.t()) -
         r * r * (c.square().sum(1, true) + z.square().sum(1).unsqueeze(0)) / 2) /
        (1 - r * r);
    const double information = -std::log(1 - r * r);
    const double most = std::min(information, std::log(1000.0));
    const double bound = information_bound(
        info_nce(scores, torch::arange(kCandidates, torch::kLong)).item<double>(), kCandidates);
    CAPTURE(r, information);
    CHECK(bound <= most + 0.08);
    CHECK(bound <= std::log(1000.0));
    CHECK(bound >= 0.85 * most - 0.08);
  }
}

TEST_CASE("mim never looks at what it is to find") {
  use_one_thread();
  const torch::NoGradGuard no_grad;
  MusicbertModel model = made_model(tiny_musicbert());
  const MusicbertBatch batch = made_batch({0, 0}, {12, 12});
  torch::Generator generator = make_generator(6);
  const MaskedBatch masked = mask_batch(batch, {0.15, 1, 0}, kVocabulary, generator);
  CHECK(torch::equal(masked.chosen_frames, masked.input.masked_frames));
  const torch::Tensor plain = model->net->forward(masked.input).last();
  masked.input.frames.masked_fill_(masked.chosen_frames.unsqueeze(-1), 7);
  CHECK(torch::equal(model->net->forward(masked.input).last(), plain));
}

TEST_CASE("a weighted sum is the sum of its parts") {
  use_one_thread();
  const torch::NoGradGuard no_grad;
  MusicbertModel model = made_model(tiny_musicbert(), 3);
  const MusicbertBatch batch = made_batch({3, 2}, {12, 12});
  const torch::Tensor labels = torch::tensor({1.0, 0.0, 0.0, 0.0, 1.0, 1.0}).view({2, 3});
  torch::Generator generator = make_generator(8);
  const ObjectiveLosses losses =
      objective_losses(model, batch, labels, {{.audioset = 2, .mlm = 0.5, .mim = 3}}, generator);
  REQUIRE(losses.mim.defined());
  CHECK(losses.total.item<double>() ==
        Approx(2 * losses.audioset.item<double>() +
               0.5 * (losses.mlm_frames.item<double>() + losses.mlm_words.item<double>()) +
               3 * losses.mim.item<double>()));
  CHECK(losses.audioset.item<double>() == Approx(std::log(2.0)).margin(0.1));
}

TEST_CASE("align is log N to begin with, and N is the number of clips that have a text") {
  use_one_thread();
  const torch::NoGradGuard no_grad;
  for (const std::int64_t width : {128, 512}) {
    MusicbertConfig config = tiny_musicbert();
    config.width = width;
    MusicbertModel model = made_model(config);
    std::vector<std::int64_t> words(70, 6);
    std::fill(words.begin() + 60, words.end(), 0);
    const MusicbertBatch batch = made_batch(words, std::vector<std::int64_t>(70, 11));
    const ObjectiveLosses losses = losses_of(model, batch, {.align = 1});
    REQUIRE(losses.pairs == 60);
    CHECK(losses.align.item<double>() == Approx(std::log(60.0)).margin(0.1));
    CHECK(losses.total.item<double>() == Approx(losses.align.item<double>()));
  }
}

TEST_CASE("alignment by the definition, texts that are the same left out") {
  const auto options = torch::TensorOptions(torch::kDouble);
  const torch::Tensor texts = torch::tensor({3.0, 4.0, 1.0, 0.0, 0.0, 2.0}, options).view({3, 2});
  const torch::Tensor music = torch::tensor({1.0, 0.0, 0.0, 5.0, -1.0, 0.0}, options).view({3, 2});
  torch::Tensor same = torch::eye(3, torch::kBool);
  const double scale = 2;
  const torch::Tensor log_scale = torch::full({}, std::log(scale), options);
  const double c[3][3] = {{0.6, 0.8, -0.6}, {1, 0, -1}, {0, 1, 0}};
  const auto expected = [&](auto is_same) {
    double sum = 0;
    for (int i = 0; i < 3; ++i) {
      double over_music = 0;
      double over_texts = 0;
      for (int j = 0; j < 3; ++j) {
        if (j != i && is_same(i, j)) continue;
        over_music += std::exp(scale * c[i][j]);
        over_texts += std::exp(scale * c[j][i]);
      }
      sum += std::log(over_music) + std::log(over_texts) - 2 * scale * c[i][i];
    }
    return sum / 6;
  };
  CHECK(alignment_loss(texts, music, same, log_scale).item<double>() ==
        Approx(expected([](int, int) { return false; })));
  same[0][2] = true;
  same[2][0] = true;
  CHECK(alignment_loss(texts, music, same, log_scale).item<double>() ==
        Approx(expected([](int i, int j) { return i + j == 2; })));
  // No sharper than 100.
  CHECK(torch::equal(alignment_loss(texts, music, same, torch::full({}, 50.0, options)),
                     alignment_loss(texts, music, same, torch::full({}, 60.0, options))));
  CHECK_FALSE(
      alignment_loss(texts.slice(0, 0, 1), music.slice(0, 0, 1), same, log_scale).defined());
}

TEST_CASE("alignment's gradients are those of finite differences") {
  torch::Generator generator = make_generator(11);
  const auto options = torch::TensorOptions(torch::kDouble);
  const torch::Tensor same = torch::eye(5, torch::kBool);
  same[1][3] = same[3][1] = torch::ones({}, torch::kBool);
  std::vector<torch::Tensor> inputs = {torch::randn({5, 4}, generator, options),
                                       torch::randn({5, 4}, generator, options),
                                       torch::full({}, 0.7, options)};
  for (torch::Tensor& input : inputs) input.requires_grad_(true);
  const auto loss = [&] { return alignment_loss(inputs[0], inputs[1], same, inputs[2]); };
  loss().backward();
  const torch::NoGradGuard no_grad;
  constexpr double kStep = 1e-6;
  for (torch::Tensor& input : inputs) {
    const torch::Tensor flat = input.view({-1});
    for (std::int64_t i = 0; i < flat.numel(); ++i) {
      const double before = flat[i].item<double>();
      flat[i] = before + kStep;
      const double above = loss().item<double>();
      flat[i] = before - kStep;
      const double below = loss().item<double>();
      flat[i] = before;
      CHECK(input.grad().view({-1})[i].item<double>() ==
            Approx((above - below) / (2 * kStep)).margin(1e-7));
    }
  }
}

TEST_CASE("align leaves out clips whose text is empty or unknown, whatever they sound like") {
  use_one_thread();
  MusicbertModel model = made_model(tiny_musicbert());
  MusicbertBatch batch = made_batch({6, 0, 3, 4, 2}, {12, 12, 12, 9, 3});
  batch.words[4].masked_fill_(batch.words[4] != kPadWord, static_cast<std::int64_t>(kUnknownWord));
  batch.frames.requires_grad_(true);
  const ObjectiveLosses losses = losses_of(model, batch, {.align = 1});
  CHECK(losses.pairs == 3);
  losses.total.backward();
  for (const std::int64_t i : {0, 1, 2, 3, 4}) {
    const bool takes_part = i != 1 && i != 4;
    CHECK((batch.frames.grad()[i] != 0).any().item<bool>() == takes_part);
  }
  // Padding neither.
  CHECK_FALSE((batch.frames.grad()[3].slice(0, 9) != 0).any().item<bool>());
  // One text alone has nothing to be compared with: a step that teaches nothing, but no failure.
  const ObjectiveLosses none = losses_of(model, made_batch({6, 0}, {12, 12}), {.align = 1});
  CHECK_FALSE(none.align.defined());
  CHECK(none.total.item<double>() == 0);
  none.total.backward();
}

TEST_CASE("the two sides of align are never in one pass") {
  use_one_thread();
  const torch::NoGradGuard no_grad;
  MusicbertModel model = made_model(tiny_musicbert());
  const MusicbertBatch batch = made_batch({4, 2}, {12, 7});
  const MusicbertOutput texts = model->net->forward(text_alone(batch.words));
  const MusicbertOutput music = model->net->forward(music_alone(batch.frames, batch.frame_counts));
  CHECK(texts.last().size(1) == 4 + 2);
  CHECK(music.last().size(1) == 12 + 2);
  const double expected =
      alignment_loss(mean_over_present(texts.words(texts.last()), batch.words_present()),
                     mean_over_present(music.frames(music.last()), batch.frames_present()),
                     torch::eye(2, torch::kBool), model->heads->log_scale())
          .item<double>();
  CHECK(losses_of(model, batch, {.align = 1}).align.item<double>() == Approx(expected));
}

// What follows is learned from clips that are drawn again for each step, so that nothing can be
// learned by heart.

constexpr std::int64_t kClips = 32;
constexpr std::int64_t kFrames = 4;
constexpr std::int64_t kWays = 6;

struct Planted {
  MusicbertBatch batch;
  torch::Tensor labels;
};

torch::Tensor shuffled_in_time(const torch::Tensor& frames, torch::Generator& generator) {
  const torch::Tensor order =
      torch::rand(frames.sizes().slice(0, 2), generator).argsort(true, 1, false);
  return torch::gather(frames, 1, order.unsqueeze(-1).expand_as(frames));
}

MusicbertBatch of_frames(const torch::Tensor& frames) {
  return {torch::zeros({kClips, 0}, torch::kLong),
          frames,
          torch::full({kClips}, kFrames, torch::kLong),
          {}};
}

/// Frames 0 and 1 are the same, 2 and 3 noise: half of what is masked can be found in another
/// place, if time is known. If not, there are three to choose from, and no more than a twelfth of
/// the variance can be reported.
Planted repeated(bool shuffled, torch::Generator& generator) {
  // Four numbers in each, so that a small network has room for them; of variance 1 in all.
  torch::Tensor few = torch::randn({kClips, kFrames, 4}, generator);
  few.select(1, 1).copy_(few.select(1, 0).clone());
  torch::Generator random = make_generator(100);
  const torch::Tensor basis = std::get<0>(torch::linalg_qr(torch::randn({128, 4}, random)));
  const torch::Tensor frames = torch::matmul(few, basis.t()) * std::sqrt(32.0);
  return {of_frames(shuffled ? shuffled_in_time(frames, generator) : frames), {}};
}

/// One of kWays vectors stands once among noise; the label says which, if in the first half.
Planted early(bool shuffled, torch::Generator& generator) {
  torch::Generator basis = make_generator(101);
  const torch::Tensor vectors = torch::randn({kWays, 128}, basis);
  const torch::TensorOptions whole(torch::kLong);
  const torch::Tensor which = torch::randint(0, kWays, {kClips}, generator, whole);
  const torch::Tensor place = torch::randint(0, kFrames, {kClips}, generator, whole);
  torch::Tensor frames = 0.3 * torch::randn({kClips, kFrames, 128}, generator);
  frames.index_put_({torch::arange(kClips, whole), place}, vectors.index({which}));
  const torch::Tensor labels =
      (which.unsqueeze(1) == torch::arange(kWays, whole)) & (place < kFrames / 2).unsqueeze(1);
  return {of_frames(shuffled ? shuffled_in_time(frames, generator) : frames),
          labels.to(torch::kFloat)};
}

/// A text of one word that says which vector the frames are; or another clip's text.
Planted named(bool shuffled, torch::Generator& generator) {
  torch::Generator basis = make_generator(102);
  const torch::Tensor vectors = torch::randn({kWays, 128}, basis);
  const torch::TensorOptions whole(torch::kLong);
  const torch::Tensor which = torch::randint(0, kWays, {kClips}, generator, whole);
  const torch::Tensor said =
      shuffled ? torch::randint(0, kWays, {kClips}, generator, whole) : which;
  MusicbertBatch batch = of_frames(vectors.index({which}).unsqueeze(1) +
                                   0.5 * torch::randn({kClips, kFrames, 128}, generator));
  batch.words = kFirstWord + said.unsqueeze(1);
  return {batch, {}};
}

/// Trains on clips of `draw` and gives the mean losses of new ones afterwards: audioset, mlm's
/// frames and words, mim, align.
struct Learned {
  double audioset = 0;
  double frames = 0;
  double words = 0;
  double mim = 0;
  double align = 0;
  std::int64_t candidates = 0;
};

Learned learn(Planted (*draw)(bool, torch::Generator&), bool shuffled,
              const ObjectiveWeights& weights, std::size_t steps) {
  use_one_thread();
  MusicbertConfig config = tiny_musicbert();
  config.layers = 1;
  config.heads = 2;
  config.max_frames = kFrames;
  MusicbertModel model = made_model(config, weights.audioset > 0 ? kWays : 0);
  TrainerConfig training;
  training.steps = steps;
  training.learning_rate = 5e-3;
  training.warmup = 0.1;
  training.decay = true;
  training.clip_norm = 1;
  Adam adam(*model, training);
  torch::Generator generator = make_generator(9);
  for (std::size_t step = 0; step < steps; ++step) {
    const Planted clips = draw(shuffled, generator);
    adam.zero_grad();
    objective_losses(model, clips.batch, clips.labels, {weights}, generator).total.backward();
    adam.clip();
    adam.step(learning_rate_at(training, step));
  }
  const torch::NoGradGuard no_grad;
  constexpr int kBatches = 20;
  Learned out;
  for (int i = 0; i < kBatches; ++i) {
    const Planted clips = draw(shuffled, generator);
    const ObjectiveLosses losses =
        objective_losses(model, clips.batch, clips.labels, {weights}, generator);
    const auto mean = [](const torch::Tensor& loss) {
      return loss.defined() ? loss.item<double>() / kBatches : 0;
    };
    out.audioset += mean(losses.audioset);
    out.frames += mean(losses.mlm_frames);
    out.words += mean(losses.mlm_words);
    out.mim += mean(losses.mim);
    out.align += mean(losses.align);
    out.candidates = losses.candidates;
  }
  return out;
}

TEST_CASE("mlm learns what time tells, and nothing where time is shuffled") {
  const double in_order = learn(repeated, false, {.mlm = 1}, 500).frames;
  const double shuffled = learn(repeated, true, {.mlm = 1}, 500).frames;
  CAPTURE(in_order, shuffled);
  CHECK(in_order < 0.65);
  CHECK(shuffled > 0.8);
}

TEST_CASE("mlm learns words from what is heard, and nothing from other clips' texts") {
  const double own = learn(named, false, {.mlm = 1}, 200).words;
  const double others = learn(named, true, {.mlm = 1}, 200).words;
  CAPTURE(own, others);
  CHECK(own < 0.2);
  CHECK(others > 0.95 * std::log(static_cast<double>(kWays)));
}

TEST_CASE("align learns which text belongs to what is heard, and nothing from other clips' texts") {
  const double own = learn(named, false, {.align = 1}, 300).align;
  const double others = learn(named, true, {.align = 1}, 300).align;
  CAPTURE(own, others);
  // Clips with the same word are no negatives of each other: with 32 clips and 6 words about 27
  // others are left, and all of them can be reported.
  CHECK(own < 0.3);
  CHECK(others > 0.95 * std::log(27.0));
}

TEST_CASE("mim learns what time tells, and nothing where time is shuffled") {
  const Learned in_order = learn(repeated, false, {.mim = 1}, 500);
  const Learned shuffled = learn(repeated, true, {.mim = 1}, 500);
  CAPTURE(in_order.mim, shuffled.mim);
  REQUIRE(in_order.candidates == kClips * kFrames);
  CHECK(information_bound(in_order.mim, in_order.candidates) > 0.5);
  CHECK(information_bound(shuffled.mim, shuffled.candidates) < 0.25);
}

TEST_CASE("audioset learns what time tells, and nothing of it where time is shuffled") {
  const double in_order = learn(early, false, {.audioset = 1}, 700).audioset;
  const double shuffled = learn(early, true, {.audioset = 1}, 700).audioset;
  CAPTURE(in_order, shuffled);
  // Which vector it is can be seen; whether early, cannot: log 2 for one of the classes.
  CHECK(shuffled > 0.9 * std::log(2.0) / kWays);
  CHECK(in_order < 0.4 * std::log(2.0) / kWays);
}

}  // namespace
}  // namespace musicrep
