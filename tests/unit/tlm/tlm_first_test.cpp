#include <catch2/catch.hpp>

#include "nn/random.h"
#include "nn/threads.h"
#include "tlm/tlm_first.h"
#include "tlm/tlm_first_module.h"
#include "tlm_testing.h"

namespace musicrep::tlm {
namespace {

/// A block with weights of all kinds, among them maps that the normalisation turns round.
TlmBlock some_block(std::uint64_t seed) {
  TlmBlock block(1, 2, 4);
  torch::Generator generator = make_generator(seed);
  const torch::NoGradGuard no_grad;
  for (torch::Tensor& p : block->parameters()) {
    p.copy_(torch::randn(p.sizes(), generator, torch::TensorOptions(torch::kFloat)));
  }
  return block;
}

torch::Tensor some_mels(std::int64_t n, std::uint64_t seed) {
  torch::Generator generator = make_generator(seed);
  return 2 + 3 * torch::randn({n, 1, 96, 64}, generator, torch::TensorOptions(torch::kFloat));
}

double largest_difference(const torch::Tensor& a, const torch::Tensor& b) {
  return (a - b).abs().max().item<double>() / b.abs().max().item<double>();
}

TEST_CASE(
    "the fused first block is Torch's own in training: values, gradients, running statistics") {
  use_one_thread();
  TlmBlock fused = some_block(1);
  TlmBlock plain = some_block(1);
  const torch::Tensor mels = some_mels(3, 2);
  const torch::Tensor out = torch::elu(fused_first_block(fused, mels));
  const torch::Tensor expected = plain->forward(mels);
  REQUIRE(out.sizes() == expected.sizes());
  CHECK(out.is_contiguous(torch::MemoryFormat::ChannelsLast));
  CHECK(largest_difference(out, expected) < 1e-5);
  torch::Generator generator = make_generator(3);
  const torch::Tensor weight =
      torch::randn(out.sizes(), generator, torch::TensorOptions(torch::kFloat));
  (out * weight).sum().backward();
  (expected * weight).sum().backward();
  for (const auto& p : plain->named_parameters()) {
    CAPTURE(p.key());
    const torch::Tensor mine = fused->named_parameters()[p.key()].grad();
    if (p.key() == "conv.bias") {
      CHECK(mine.abs().max().item<double>() == 0);  // the batch's mean takes it away
      continue;
    }
    CHECK(largest_difference(mine, p.value().grad()) < 1e-4);
  }
  for (const auto& b : plain->named_buffers()) {
    CAPTURE(b.key());
    CHECK(torch::allclose(fused->named_buffers()[b.key()].to(torch::kDouble),
                          b.value().to(torch::kDouble), 1e-4, 1e-5));
  }
}

TEST_CASE("the fused first block evaluates with the running statistics") {
  use_one_thread();
  TlmBlock block = some_block(4);
  fused_first_block(block, some_mels(2, 5));
  block->eval();
  const torch::NoGradGuard no_grad;
  const torch::Tensor mels = some_mels(2, 6);
  CHECK(largest_difference(torch::elu(fused_first_block(block, mels)), block->forward(mels)) <
        1e-5);
}

TEST_CASE("the loops of the first block give the same bits on every instruction set") {
  Random random(7);
  constexpr std::size_t kRows = 4;
  constexpr std::size_t kCols = 32;
  std::vector<float> in((kRows + 2) * (kCols + 2));
  for (float& x : in) x = static_cast<float>(random.normal());
  std::vector<float> kernel(kTaps * kMaps);
  for (float& x : kernel) x = static_cast<float>(random.normal());
  std::vector<float> bias(kMaps, 0.25F);
  constexpr std::size_t kOut = kRows / 2 * (kCols / 4) * kMaps;
  std::vector<float> gradient(kOut);
  for (float& x : gradient) x = static_cast<float>(random.normal());
  std::vector<std::vector<double>> all;
  for (const FirstLoops& loops : first_loops()) {
    const FirstMap map = {kRows, kCols, in.data()};
    std::vector<double> numbers(kTaps + kTapPairs + kMaps + kTaps * kMaps);
    double* at = numbers.data();
    loops.moments({map, at, at + kTaps});
    at += kTaps + kTapPairs;
    std::vector<float> out(kOut);
    std::vector<std::uint8_t> where(kOut);
    loops.forward({map, kernel.data(), bias.data(), out.data(), where.data()});
    loops.backward({map, gradient.data(), where.data(), at, at + kMaps});
    numbers.insert(numbers.end(), out.begin(), out.end());
    numbers.insert(numbers.end(), where.begin(), where.end());
    all.push_back(std::move(numbers));
  }
  for (std::size_t i = 1; i < all.size(); ++i) {
    CAPTURE(first_loops()[i].instruction_set);
    CHECK(all[i] == all[0]);
  }
}

}  // namespace
}  // namespace musicrep::tlm
