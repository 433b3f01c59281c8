#include "tlm/tlm_net.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "nn/state.h"
#include "nn/threads.h"
#include "tlm_testing.h"

namespace musicrep::tlm {
namespace {

TEST_CASE("TLM has 39282 trainable parameters with 50 tags, under the names of its weights") {
  const TlmNet net(50);
  CHECK(count_parameters(*net) == 39282);
  CHECK(shapes_of(*net) == tensor_shapes(50));
}

TEST_CASE("the network in Torch and the one for encoding are the same") {
  use_one_thread();
  const torch::NoGradGuard no_gradients;
  const Weights weights = small_weights("trained");
  TlmNet net(3);
  load_state(*net, weights.tensors, "small weights");
  net->eval();
  Random random(1);
  std::vector<double> mel(kFrames * kMels);
  for (double& x : mel) x = random.normal();
  const torch::Tensor x = torch::from_blob(mel.data(), {kFrames, kMels}, torch::kDouble)
                              .t()
                              .to(torch::kFloat)
                              .unsqueeze(0)
                              .unsqueeze(0);
  const std::vector<BlockMaps> maps = net->maps(x);
  REQUIRE(maps.size() == 5);
  CHECK(maps[0].before_pooling.sizes() == torch::IntArrayRef({1, 32, 96, 1360}));
  CHECK(maps[3].after_pooling.sizes() == torch::IntArrayRef({1, 32, 4, 4}));
  CHECK(maps[4].after_pooling.sizes() == torch::IntArrayRef({1, 32, 1, 1}));
  const Means means = Inference(weights.tensors).stored_statistics(to_input(mel));
  double worst = 0;
  for (std::size_t k = 0; k < 5; ++k) {
    const torch::Tensor expected = maps[k].before_pooling.to(torch::kDouble).mean({0, 2, 3});
    for (std::size_t map = 0; map < 32; ++map) {
      const auto theirs = expected[static_cast<std::int64_t>(map)].item<double>();
      worst = std::max(worst, std::abs(means[k * 32 + map] - theirs));
    }
  }
  CHECK(worst < 1e-5);
  // The greatest values of the last maps are what the published pooling leaves of 29 s.
  const NamedTensors state = state_of(*net);
  const torch::Tensor logits =
      torch::matmul(maps[4].after_pooling.flatten(1), to_torch(state.at("head.weight")).t()) +
      to_torch(state.at("head.bias"));
  CHECK(torch::allclose(net->forward(x), logits, 1e-4, 1e-4));
}

TEST_CASE("statistics of a batch are those that Torch normalises with") {
  use_one_thread();
  const torch::NoGradGuard no_gradients;
  const Weights weights = small_weights("theano-batch");
  TlmNet net(3);
  load_state(*net, weights.tensors, "small weights");
  net->train();
  Random random(2);
  std::vector<Input> inputs;
  std::vector<torch::Tensor> mels;
  for (int i = 0; i < 2; ++i) {
    std::vector<double> mel(kFrames * kMels);
    for (double& x : mel) x = (1 + 2 * i) * random.normal() + i;
    inputs.push_back(to_input(mel));
    mels.push_back(torch::from_blob(mel.data(), {kFrames, kMels}, torch::kDouble)
                       .t()
                       .to(torch::kFloat)
                       .unsqueeze(0));
  }
  const std::vector<BlockMaps> maps = net->maps(torch::stack(mels));
  const std::vector<Means> means = Inference(weights.tensors).batch_statistics(inputs);
  double worst = 0;
  for (std::size_t i = 0; i < 2; ++i) {
    for (std::size_t k = 0; k < 5; ++k) {
      const torch::Tensor expected = maps[k].after_pooling.to(torch::kDouble).mean({2, 3});
      for (std::size_t map = 0; map < 32; ++map) {
        const auto theirs =
            expected[static_cast<std::int64_t>(i)][static_cast<std::int64_t>(map)].item<double>();
        worst = std::max(worst, std::abs(means[i][k * 32 + map] - theirs));
      }
    }
  }
  CHECK(worst < 1e-4);
}

}  // namespace
}  // namespace musicrep::tlm
