#include "mtlmr/mtlmr_net.h"

#include <catch2/catch.hpp>
#include <set>
#include <string>

#include "nn/random.h"
#include "nn/state.h"
#include "nn/threads.h"

namespace musicrep {
namespace {

constexpr std::size_t kTrunk = 497'328;
constexpr std::size_t kTop = 66'304;  // linear layer and its normalisation
constexpr std::size_t kHead = 12'850;
constexpr std::size_t kSelfHead = 66'178;

MtlmrConfig config(const std::string& branch_at) {
  return {{{"tags", 50, false}, {"self", 2, true}}, branch_at};
}

std::size_t parameters_of(torch::nn::Module& net, const std::string& prefix) {
  std::size_t n = 0;
  for (const auto& p : net.named_parameters()) {
    if (p.key().rfind(prefix, 0) == 0) n += static_cast<std::size_t>(p.value().numel());
  }
  return n;
}

TEST_CASE("MTLMR has the parameters of Kim et al.") {
  MtlmrNet net(config("fc"));
  CHECK(parameters_of(*net, "shared.") == kTrunk + kTop);
  CHECK(parameters_of(*net, "shared.8.") + parameters_of(*net, "shared.9.") == kTop);
  CHECK(parameters_of(*net, "branches_feature.") == 0);
  CHECK(parameters_of(*net, "branches_infer.0.") == kHead);
  CHECK(parameters_of(*net, "branches_infer.1.") == kSelfHead);
  CHECK(count_parameters(*net) == kTrunk + kTop + kHead + kSelfHead);
}

TEST_CASE("what is not shared stands once a task") {
  for (const std::string& branch_at : mtlmr_sharings()) {
    MtlmrNet net(config(branch_at));
    const std::size_t shared = parameters_of(*net, "shared.");
    CAPTURE(branch_at, shared);
    CHECK(shared + parameters_of(*net, "branches_feature.0.") == kTrunk + kTop);
    CHECK(parameters_of(*net, "branches_feature.0.") == parameters_of(*net, "branches_feature.1."));
    CHECK((shared == 0) == (branch_at == "null"));
  }
}

TEST_CASE("the tensors have the names of the authors' checkpoints") {
  MtlmrNet net(config("4"));
  const TensorShapes shapes = shapes_of(*net);
  const std::pair<std::string, std::vector<std::size_t>> expected[] = {
      {"shared.0.conv.weight", {16, 2, 5, 5}},
      {"shared.2.bn.running_var", {64}},
      {"branches_feature.1.0.conv.bias", {64}},
      {"branches_feature.0.3.conv.weight", {256, 256, 1, 1}},
      {"branches_feature.0.5.weight", {256, 256}},
      {"branches_feature.1.6.running_mean", {256}},
      {"branches_infer.0.0.weight", {50, 256}},
      {"branches_infer.1.1.running_mean", {128}},
      {"branches_infer.1.4.bias", {2}},
      {"scaler_mean", {128}}};
  for (const auto& [name, shape] : expected) {
    CAPTURE(name);
    REQUIRE(shapes.contains(name));
    CHECK(shapes.at(name) == shape);
  }
}

TEST_CASE("all features are those of each task, side by side, shared ones once") {
  use_one_thread();
  const torch::NoGradGuard no_grad;
  torch::Generator generator = make_generator(1);
  const torch::Tensor patches = torch::randn({2, 2, 216, 128}, generator);
  for (const std::string& branch_at : mtlmr_sharings()) {
    MtlmrNet net(config(branch_at));
    initialise_glorot(*net, generator);
    net->eval();
    const torch::Tensor all = net->all_features(patches);
    CAPTURE(branch_at);
    REQUIRE(all.size(1) == (branch_at == "fc" ? 256 : 512));
    CHECK(torch::equal(all.narrow(1, 0, 256), net->features(patches, 0)));
    CHECK(torch::equal(all.narrow(1, all.size(1) - 256, 256), net->features(patches, 1)));
  }
}

TEST_CASE("a task's loss reaches its own branch and what is shared, no other branch") {
  use_one_thread();
  MtlmrNet net(config("6"));
  net->train();
  net->logits(net->features(torch::randn({2, 2, 216, 128}), 0), 0).sum().backward();
  for (const auto& p : net->named_parameters()) {
    const bool other =
        p.key().rfind("branches_feature.1.", 0) == 0 || p.key().rfind("branches_infer.1.", 0) == 0;
    CAPTURE(p.key());
    CHECK(p.value().grad().defined() != other);
  }
}

TEST_CASE("the input is standardised band by band, a band without deviation does no harm") {
  const torch::NoGradGuard no_grad;
  MtlmrNet net(config("fc"));
  net->eval();
  const torch::Tensor patches = torch::randn({1, 2, 216, 128});
  const torch::Tensor plain = net->features(patches, 0);
  net->set_scaler(torch::full(128, -40.0), torch::full(128, 10.0));
  CHECK(torch::allclose(net->features(patches * 10 - 40, 0), plain, 1e-3, 1e-4));
  net->set_scaler(torch::zeros(128), torch::zeros(128));
  CHECK(net->features(torch::zeros({1, 2, 216, 128}), 0).isfinite().all().item<bool>());
}

}  // namespace
}  // namespace musicrep
