#include "musicbert/musicbert_net.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <string>

#include "musicbert_testing.h"
#include "nn/state.h"
#include "nn/threads.h"

namespace musicrep {
namespace {

double largest_difference(const torch::Tensor& a, const torch::Tensor& b) {
  return (a - b).abs().max().item<double>();
}

TEST_CASE("a layer of width 256 has 789,760 parameters") {
  MusicbertConfig config;
  config.width = 256;
  config.layers = 4;
  config.ffn = 1024;
  config.vocabulary = 1000;
  CHECK(count_parameters(*MusicbertLayer(config)) == 789'760);
  constexpr std::size_t kEmbeddings = (1000 + 66 + 31 + 2) * 256;
  constexpr std::size_t kFrame = 128 * 256 + 256;
  constexpr std::size_t kNorm = 2 * 256;
  constexpr std::size_t kMask = 128;
  CHECK(count_parameters(*MusicbertNet(config)) ==
        4 * 789'760 + kEmbeddings + kFrame + 2 * kNorm + kMask);
  config.pre_norm = false;
  CHECK(count_parameters(*MusicbertNet(config)) ==
        4 * 789'760 + kEmbeddings + kFrame + kNorm + kMask);
}

TEST_CASE("the output has every layer's state and weights that sum to 1") {
  use_one_thread();
  const torch::NoGradGuard no_grad;
  for (const bool pre_norm : {true, false}) {
    MusicbertConfig config = tiny_musicbert();
    config.pre_norm = pre_norm;
    MusicbertNet net = made_musicbert(config);
    const MusicbertBatch batch = made_batch({3, 1}, {12, 7});
    CHECK(net->forward(batch).attention.empty());
    const MusicbertOutput out = net->forward(batch, {}, true);
    REQUIRE(out.hidden.size() == 3);
    REQUIRE(out.after_attention.size() == 2);
    REQUIRE(out.attention.size() == 2);
    CHECK((out.last().sizes() == at::IntArrayRef({2, 17, 32})));
    CHECK((out.cls(out.last()).sizes() == at::IntArrayRef({2, 32})));
    CHECK((out.words(out.last()).sizes() == at::IntArrayRef({2, 3, 32})));
    CHECK((out.frames(out.last()).sizes() == at::IntArrayRef({2, 12, 32})));
    CHECK(out.present.sum().item<std::int64_t>() == 3 + 1 + 12 + 7 + 4);
    for (const torch::Tensor& weights : out.attention) {
      CHECK((weights.sizes() == at::IntArrayRef({2, 4, 17, 17})));
      CHECK(largest_difference(weights.sum(-1), torch::ones({2, 4, 17})) < 1e-5);
      const torch::Tensor to_padding =
          weights.masked_select(~out.present.unsqueeze(1).unsqueeze(1));
      CHECK((to_padding == 0).all().item<bool>());
    }
    // The last state is normalised, either way.
    CHECK(out.last().mean(-1).abs().max().item<double>() < 1e-5);
    CHECK(largest_difference(out.last().var(-1, false), torch::ones({2, 17})) < 1e-3);
  }
}

TEST_CASE("padding changes nothing for whom it is added to") {
  use_one_thread();
  const torch::NoGradGuard no_grad;
  for (const std::string& attention : attention_names()) {
    for (const std::int64_t window : {0, 4}) {
      MusicbertConfig config = tiny_musicbert();
      config.attention = attention_named(attention);
      config.window = window;
      MusicbertNet net = made_musicbert(config);
      const MusicbertBatch together = made_batch({2, 5}, {4, 9});
      const MusicbertBatch alone = {together.words.slice(0, 0, 1).slice(1, 0, 2),
                                    together.frames.slice(0, 0, 1).slice(1, 0, 4),
                                    together.frame_counts.slice(0, 0, 1),
                                    {}};
      const MusicbertOutput one = net->forward(alone);
      MusicbertOutput both = net->forward(together);
      CAPTURE(attention, window);
      for (std::size_t layer = 0; layer < 3; ++layer) {
        const torch::Tensor of_both = both.hidden[layer].slice(0, 0, 1);
        const torch::Tensor& of_one = one.hidden[layer];
        CHECK(largest_difference(both.cls(of_both), one.cls(of_one)) < 1e-5);
        CHECK(largest_difference(both.words(of_both).slice(1, 0, 2), one.words(of_one)) < 1e-5);
        CHECK(largest_difference(both.frames(of_both).slice(1, 0, 4), one.frames(of_one)) < 1e-5);
      }
      // Whatever stands in the padding.
      together.frames[0].slice(0, 4).fill_(1e3);
      CHECK(largest_difference(both.frames(both.last())[0].slice(0, 0, 4),
                               both.frames(net->forward(together).last())[0].slice(0, 0, 4)) == 0);
    }
  }
}

TEST_CASE("local attention reaches its window alone, that of CLS all") {
  use_one_thread();
  const torch::NoGradGuard no_grad;
  MusicbertConfig config = tiny_musicbert();
  config.window = 2;
  config.layers = 1;
  MusicbertNet net = made_musicbert(config);
  MusicbertBatch batch = made_batch({0}, {12});
  const MusicbertOutput before = net->forward(batch);
  batch.frames = batch.frames.clone();
  batch.frames[0][0].add_(1);
  const MusicbertOutput after = net->forward(batch);
  const torch::Tensor moved =
      (before.frames(before.last()) - after.frames(after.last())).abs().amax(-1)[0];
  CHECK(moved[1].item<double>() > 0);
  CHECK(moved.slice(0, 2).max().item<double>() == 0);
  CHECK(largest_difference(before.cls(before.last()), after.cls(after.last())) > 0);
}

TEST_CASE("time and text matter: their order moves the output") {
  use_one_thread();
  const torch::NoGradGuard no_grad;
  MusicbertNet net = made_musicbert(tiny_musicbert());
  const MusicbertBatch batch = made_batch({4}, {8});
  const torch::Tensor plain = net->forward(batch).last();
  MusicbertBatch reversed = batch;
  reversed.frames = batch.frames.flip(1);
  CHECK(largest_difference(net->forward(reversed).last()[0][0], plain[0][0]) > 1e-6);
  MusicbertBatch other_text = batch;
  other_text.words = batch.words.flip(1);
  CHECK(largest_difference(net->forward(other_text).last()[0][0], plain[0][0]) > 1e-6);
}

TEST_CASE("a masked frame is not seen, and the mask vector learns") {
  use_one_thread();
  MusicbertNet net = made_musicbert(tiny_musicbert());
  MusicbertBatch batch = made_batch({2}, {6});
  batch.masked_frames = torch::zeros({1, 6}, torch::kBool);
  batch.masked_frames[0][3] = true;
  const torch::Tensor plain = net->forward(batch).last();
  batch.frames = batch.frames.clone();
  batch.frames[0][3].fill_(50);
  CHECK(torch::equal(net->forward(batch).last(), plain));
  plain.select(1, 0).pow(3).sum().backward();
  for (const auto& p : net->named_parameters()) {
    CAPTURE(p.key());
    CHECK(p.value().grad().defined());
  }
  CHECK(net->named_parameters()["mask_frame"].grad().abs().sum().item<double>() > 0);
}

TEST_CASE("frames are standardised number by number, one without deviation does no harm") {
  use_one_thread();
  const torch::NoGradGuard no_grad;
  MusicbertNet net = made_musicbert(tiny_musicbert());
  MusicbertBatch batch = made_batch({0}, {5});
  const torch::Tensor plain = net->forward(batch).last();
  net->set_scaler(torch::full(128, 100.0), torch::full(128, 10.0));
  batch.frames = batch.frames * 10 + 100;
  CHECK(largest_difference(net->forward(batch).last(), plain) < 1e-4);
  net->set_scaler(torch::zeros(128), torch::zeros(128));
  CHECK(net->forward(made_batch({0}, {5})).last().isfinite().all().item<bool>());
}

TEST_CASE("gradients of the whole network are those of finite differences") {
  use_one_thread();
  for (const std::string& attention : attention_names()) {
    MusicbertConfig config = tiny_musicbert();
    config.attention = attention_named(attention);
    config.window = 4;
    MusicbertNet net = made_musicbert(config);
    net->to(torch::kDouble);
    MusicbertBatch batch = made_batch({3, 1}, {6, 9});
    batch.frames = batch.frames.to(torch::kDouble);
    batch.masked_frames = torch::zeros({2, 9}, torch::kBool);
    batch.masked_frames[1][7] = true;
    const auto loss = [&] { return net->forward(batch).last().select(1, 0).pow(3).sum(); };
    loss().backward();
    const torch::NoGradGuard no_grad;
    torch::Generator generator = make_generator(5);
    for (const auto& p : net->named_parameters()) {
      torch::Tensor parameter = p.value();
      const torch::Tensor direction =
          torch::randn(parameter.sizes(), generator, torch::TensorOptions(torch::kDouble));
      constexpr double kStep = 1e-6;
      parameter.add_(direction, kStep);
      const double above = loss().item<double>();
      parameter.sub_(direction, 2 * kStep);
      const double below = loss().item<double>();
      parameter.add_(direction, kStep);
      const double expected = (parameter.grad() * direction).sum().item<double>();
      CAPTURE(attention, p.key());
      CHECK((above - below) / (2 * kStep) == Approx(expected).epsilon(1e-5).margin(1e-5));
    }
  }
}

TEST_CASE("means leave padding out") {
  const torch::Tensor state = torch::tensor({1.0, 2.0, 9.0, 4.0, 5.0, 6.0}).view({2, 3, 1});
  const torch::Tensor present = torch::tensor({1, 1, 0, 1, 1, 1}).view({2, 3}).to(torch::kBool);
  CHECK(torch::equal(mean_over_present(state, present), torch::tensor({1.5, 5.0}).view({2, 1})));
}

}  // namespace
}  // namespace musicrep
