#include "nn/random.h"

#include <cmath>

#include "nn_testing.h"

namespace musicrep {

TEST_CASE("dropout keeps the mean, drops the share it should, and its gradient is its mask") {
  torch::Generator generator = make_generator(1);
  const torch::Tensor x = torch::full({1000, 100}, 3.0F, torch::requires_grad());
  const torch::Tensor y = dropout(x, 0.3, generator);
  const torch::Tensor dropped = y.eq(0);
  // Five standard errors of a share of 100,000.
  CHECK(dropped.to(torch::kDouble).mean().item<double>() ==
        Approx(0.3).margin(5 * std::sqrt(0.3 * 0.7 / 1e5)));
  CHECK(torch::allclose(y.masked_select(~dropped), torch::tensor(3 / 0.7F)));
  y.sum().backward();
  CHECK(torch::equal(x.grad() * 3, y.detach()));
}

TEST_CASE("dropout is repeated by a generator of the same seed alone") {
  const torch::Tensor x = torch::ones({64});
  const auto drawn = [&](std::uint64_t seed) {
    torch::Generator generator = make_generator(seed);
    return dropout(x, 0.5, generator);
  };
  CHECK(torch::equal(drawn(4), drawn(4)));
  CHECK_FALSE(torch::equal(drawn(4), drawn(5)));
  torch::Generator generator = make_generator(4);
  CHECK(dropout(x, 0, generator).is_same(x));
  CHECK(torch::equal(dropout(x, 0.5, generator), drawn(4)));  // p = 0 drew nothing
}

TEST_CASE(
    "Glorot's, He's and BERT's initialisation have their spread, biases 0, normalisations 1") {
  struct Net : torch::nn::Module {
    Net() {
      register_module("conv", conv);
      register_module("dense", dense);
      register_module("norm", norm);
      scale = register_parameter("scale", torch::full({1}, 7.0F));
    }
    torch::nn::Conv2d conv{torch::nn::Conv2dOptions(30, 50, {3, 4})};
    torch::nn::Linear dense{400, 100};
    torch::nn::BatchNorm1d norm{100};
    torch::Tensor scale;
  };
  const auto spread = [](const torch::Tensor& t) { return t.std().item<double>(); };
  Net net;
  torch::Generator generator = make_generator(2);
  initialise_glorot(net, generator);
  const double limit = std::sqrt(6.0 / (30 * 12 + 50 * 12));
  CHECK(net.conv->weight.abs().max().item<double>() == Approx(limit).epsilon(1e-3));
  CHECK(net.conv->weight.abs().max().item<double>() <= limit * (1 + 1e-6));
  CHECK(spread(net.conv->weight) == Approx(limit / std::sqrt(3)).epsilon(0.02));
  CHECK(spread(net.dense->weight) == Approx(std::sqrt(2.0 / 500)).epsilon(0.02));
  CHECK(net.dense->weight.mean().item<double>() == Approx(0).margin(5 * 0.063 / 200));
  CHECK(net.conv->bias.abs().max().item<double>() == 0);
  CHECK(torch::equal(net.norm->weight, torch::ones({100})));
  CHECK(net.norm->bias.abs().max().item<double>() == 0);
  CHECK(net.scale.item<double>() == 7);
  initialise_he(net, generator);
  CHECK(spread(net.conv->weight) == Approx(std::sqrt(2.0 / 360)).epsilon(0.02));
  CHECK(spread(net.dense->weight) == Approx(std::sqrt(2.0 / 400)).epsilon(0.02));
  initialise_truncated_normal(net, generator);
  CHECK(net.dense->weight.abs().max().item<double>() == Approx(0.04).epsilon(1e-3));
  CHECK(net.dense->weight.abs().max().item<double>() <= 0.04);
  // Of a normal number cut off at two deviations: 0.8796 of one.
  CHECK(spread(net.dense->weight) == Approx(0.02 * 0.8796).epsilon(0.02));
  CHECK(net.conv->bias.abs().max().item<double>() == 0);
  CHECK(net.scale.item<double>() == 7);
}

}  // namespace musicrep
