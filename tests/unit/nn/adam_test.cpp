#include "nn/adam.h"

#include <cmath>

#include "nn_testing.h"

namespace musicrep {
namespace {

/// A matrix and a vector, all of them 2 at first, with a loss of gradient `slope` in each element.
struct Plain : torch::nn::Module {
  Plain() {
    matrix = register_parameter("matrix", torch::full({1, 1}, 2.0F));
    vector = register_parameter("vector", torch::full({1}, 2.0F));
  }
  void backward(double slope, bool both = true) {
    torch::Tensor loss = slope * matrix.sum();
    if (both) loss = loss + slope * vector.sum();
    loss.backward();
  }
  torch::Tensor matrix;
  torch::Tensor vector;
};

Approx near(double expected) { return Approx(expected).epsilon(1e-6); }

}  // namespace

TEST_CASE("the first step of Adam is the learning rate, whatever the gradient") {
  for (const double slope : {1e-3, 0.5, -40.0}) {
    Plain model;
    Adam adam(model, {});
    model.backward(slope);
    adam.step(0.1);
    CHECK(model.matrix.item<double>() == near(2 - std::copysign(0.1, slope)));
    CHECK(model.vector.item<double>() == near(2 - std::copysign(0.1, slope)));
  }
}

TEST_CASE("the second step of Adam follows algorithm 1") {
  Plain model;
  TrainerConfig config;
  config.beta1 = 0.6;
  config.beta2 = 0.7;
  config.epsilon = 0.05;
  Adam adam(model, config);
  model.backward(3);
  adam.step(0.1);
  adam.zero_grad();
  model.backward(-1);
  adam.step(0.2);
  const double first = 2 - 0.1 * 3 / (3 + 0.05);
  const double m = (0.6 * 0.4 * 3 + 0.4 * -1) / (1 - 0.6 * 0.6);
  const double v = (0.7 * 0.3 * 9 + 0.3 * 1) / (1 - 0.7 * 0.7);
  CHECK(model.vector.item<double>() == near(first - 0.2 * m / (std::sqrt(v) + 0.05)));
}

TEST_CASE("weight decay is decoupled and spares biases, l2 goes through the moments of all") {
  Plain decayed;
  TrainerConfig config;
  config.weight_decay = 0.5;
  Adam adam(decayed, config);
  decayed.backward(1);
  adam.step(0.1);
  CHECK(decayed.matrix.item<double>() == near(2 * (1 - 0.1 * 0.5) - 0.1));
  CHECK(decayed.vector.item<double>() == near(2 - 0.1));

  Plain pulled;
  config = {};
  config.l2 = 0.5;
  config.epsilon = 1;
  Adam with_l2(pulled, config);
  pulled.backward(3);
  with_l2.step(0.1);
  const double gradient = 3 + 0.5 * 2;
  CHECK(pulled.matrix.item<double>() == near(2 - 0.1 * gradient / (gradient + 1)));
  CHECK(pulled.vector.item<double>() == near(2 - 0.1 * gradient / (gradient + 1)));
}

TEST_CASE("a parameter that a step's loss does not reach is left as it is") {
  Plain model;
  TrainerConfig config;
  config.weight_decay = config.l2 = 0.5;
  Adam adam(model, config);
  model.backward(1);
  adam.step(0.1);
  const double before = model.vector.item<double>();
  adam.zero_grad();
  model.backward(1, false);
  adam.step(0.1);
  CHECK(model.vector.item<double>() == before);
  Checkpoint checkpoint;
  adam.save(checkpoint);
  CHECK(checkpoint.updates == std::map<std::string, std::int64_t>{{"matrix", 2}, {"vector", 1}});
}

TEST_CASE("the gradient of all parameters is clipped to one length") {
  Plain model;
  TrainerConfig config;
  config.clip_norm = 2;
  Adam adam(model, config);
  model.backward(3);
  CHECK(adam.clip() == near(3 * std::sqrt(2)));
  CHECK(model.matrix.grad().item<double>() == near(std::sqrt(2)));
  CHECK(adam.clip() == near(2));
  adam.zero_grad();
  model.backward(0.1);
  adam.clip();
  CHECK(model.matrix.grad().item<double>() == near(0.1));
}

TEST_CASE("moments of another network are refused by name") {
  TinyTask task;
  Adam adam(task.model(), {});
  Checkpoint checkpoint;
  adam.save(checkpoint);
  checkpoint.first_moments.erase("last.bias");
  checkpoint.updates.erase("norm.weight");
  const std::string message = message_of<DataError>([&] { adam.load(checkpoint, "x.h5"); });
  CHECK_THAT(message, Catch::Contains("x.h5") && Catch::Contains("'last.bias' [1] is missing"));
  adam.save(checkpoint);
  checkpoint.updates.erase("norm.weight");
  CHECK_THAT(message_of<DataError>([&] { adam.load(checkpoint, "x.h5"); }),
             Catch::Contains("'norm.weight'"));
}

}  // namespace musicrep
