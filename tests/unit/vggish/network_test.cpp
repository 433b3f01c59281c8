#include "vggish/vggish_net.h"

#include <catch2/catch.hpp>
#include <thread>

#include "nn/random.h"
#include "nn/state.h"
#include "nn/threads.h"
#include "vggish/vggish_fast.h"
#include "vggish/vggish_published.h"

namespace musicrep {
namespace {

std::size_t parameters_of(double width, const std::string& prefix) {
  std::size_t n = 0;
  for (const auto& [name, shape] : vggish_shapes(width)) {
    if (!name.starts_with(prefix)) continue;
    std::size_t size = 1;
    for (const std::size_t s : shape) size *= s;
    n += size;
  }
  return n;
}

struct Networks {
  explicit Networks(std::uint64_t seed) : net(0.25) {
    torch::Generator generator = make_generator(seed);
    initialise_he(*net, generator);
    torch::NoGradGuard no_gradients;
    for (auto& p : net->named_parameters()) {
      if (p.key().ends_with("bias")) p.value().uniform_(-0.2, 0.2, generator);
    }
    const auto parameters = net->named_parameters();
    fast = std::make_unique<VggishFast>(
        0.25, [&](const std::string& name) { return parameters[name].detach(); });
  }
  VggishNet net;
  std::unique_ptr<VggishFast> fast;
};

torch::Tensor patches(std::int64_t n) {
  torch::Generator generator = make_generator(5);
  return torch::empty({n, 96, 64}).uniform_(-4.6, 4.6, generator);
}

TEST_CASE("parameters of the published width, as the paper's authors have them") {
  CHECK(VggishLayers(1).n_parameters() == 72141184);
  CHECK(parameters_of(1, "") == 72141184);
  CHECK(parameters_of(1, "conv") == 4499712);
  CHECK(parameters_of(1, "fc1_1") == 50335744);
  CHECK(parameters_of(1, "fc1_2") == 16781312);
  CHECK(parameters_of(1, "fc2") == 524416);
}

TEST_CASE("narrower networks") {
  CHECK(vggish_shapes(0.25).at("fc1_1.weight") == std::vector<std::size_t>{512, 3072});
  CHECK(vggish_shapes(0.5).at("fc1_1.weight") == std::vector<std::size_t>{1024, 6144});
  CHECK(vggish_shapes(0.25).at("conv1.weight") == std::vector<std::size_t>{16, 1, 3, 3});
  CHECK(vggish_shapes(0.25).at("fc2.bias") == std::vector<std::size_t>{128});
  CHECK(count_parameters(*VggishNet(0.25)) == VggishLayers(0.25).n_parameters());
  CHECK(shapes_of(*VggishNet(0.25)) == vggish_shapes(0.25));
}

TEST_CASE("in blocks the network gives what the plain one gives") {
  use_one_thread();
  const torch::InferenceMode no_gradients;
  Networks networks(1);
  for (const std::int64_t n : {1, 3, 31}) {
    const torch::Tensor plain = networks.net->forward(patches(n));
    const torch::Tensor blocked = networks.fast->forward(patches(n));
    CAPTURE(n);
    REQUIRE(blocked.sizes() == plain.sizes());
    CHECK(plain.abs().max().item<float>() > 0.5F);
    CHECK((plain - blocked).abs().max().item<float>() < 1e-4F);
  }
}

TEST_CASE("the same bits from threads side by side, and each layer is reported") {
  use_one_thread();
  const Networks networks(2);
  std::vector<std::string> reported;
  const torch::Tensor alone = networks.fast->forward(
      patches(4), [&](const std::string& name) { reported.push_back(name); });
  CHECK(reported == std::vector<std::string>{"conv1", "conv2", "conv3_1", "conv3_2", "conv4_1",
                                             "conv4_2", "fc1_1", "fc1_2", "fc2"});
  std::vector<torch::Tensor> out(4);
  std::vector<std::thread> threads;
  for (torch::Tensor& o : out) {
    threads.emplace_back([&] {
      use_one_thread();
      o = networks.fast->forward(patches(4));
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const torch::Tensor& o : out) CHECK(torch::equal(o, alone));
}

}  // namespace
}  // namespace musicrep
