// harness/nn's Adam against torch.optim; make_fixture.py wrote the fixture.
#include <torch/torch.h>
//
#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>

#include "nn/adam.h"

namespace musicrep {
namespace {

using nlohmann::json;

torch::Tensor vector_of(const json& values) {
  return torch::tensor(values.get<std::vector<float>>());
}

torch::Tensor matrix_of(const json& rows) {
  std::vector<torch::Tensor> out;
  for (const json& row : rows) out.push_back(vector_of(row));
  return torch::stack(out);
}

struct Linear : torch::nn::Module {
  Linear(const torch::Tensor& w, const torch::Tensor& b) {
    weight = register_parameter("weight", w.clone());
    bias = register_parameter("bias", b.clone());
  }
  torch::Tensor weight;
  torch::Tensor bias;
};

}  // namespace

TEST_CASE("steps of Adam are torch.optim's AdamW and Adam") {
  std::ifstream in(MUSICREP_TEST_DIR "/oracle/nn/fixture.json");
  REQUIRE(in);
  const json fixture = json::parse(in);
  const torch::Tensor x = matrix_of(fixture.at("x"));
  const torch::Tensor y = matrix_of(fixture.at("y"));
  REQUIRE(fixture.at("cases").size() == 5);
  for (const json& c : fixture.at("cases")) {
    TrainerConfig config;
    config.beta1 = c.at("beta1");
    config.beta2 = c.at("beta2");
    config.epsilon = c.at("epsilon");
    config.weight_decay = c.at("weight_decay");
    config.l2 = c.at("l2");
    config.clip_norm = c.at("clip_norm");
    Linear model(matrix_of(fixture.at("weight")), vector_of(fixture.at("bias")));
    Adam adam(model, config);
    REQUIRE(c.at("path").size() == 12);
    for (const json& expected : c.at("path")) {
      adam.zero_grad();
      (x.mm(model.weight.t()) + model.bias - y).pow(2).sum().backward();
      adam.clip();
      adam.step(c.at("learning_rate"));
      const torch::Tensor found =
          torch::cat({model.weight.detach().flatten(), model.bias.detach()});
      const double worst = (found - vector_of(expected)).abs().max().item<double>();
      CHECK(worst <= 1e-6);
    }
  }
}

}  // namespace musicrep
