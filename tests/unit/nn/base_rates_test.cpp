#include "nn/base_rates.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "nn/shared_examples.h"

namespace musicrep {
namespace {

TEST_CASE("the loss of base rates is the cross-entropy of the training items' shares") {
  const torch::Tensor train = torch::tensor({{1, 0}, {0, 0}, {0, 0}, {0, 1}}, torch::kFloat);
  const torch::Tensor held_out = torch::tensor({{1, 0}, {0, 1}}, torch::kFloat);
  const double expected = -(std::log(0.25) + std::log(0.75)) / 2;
  CHECK(base_rate_loss(train, held_out) == Approx(expected));
}

TEST_CASE("a tag that no training item has is not given up for impossible") {
  const torch::Tensor train = torch::zeros({4, 1});
  CHECK(base_rate_loss(train, torch::ones({1, 1})) == Approx(-std::log(0.125)));
}

TEST_CASE("average precision is the mean precision where recall rises, ties being one threshold") {
  // Thresholds 0.9, 0.8, 0.1: precision 1, 2/3, 3/4, each a third of the recall.
  const torch::Tensor scores = torch::tensor({{0.9}, {0.8}, {0.8}, {0.1}}, torch::kFloat);
  const torch::Tensor labels = torch::tensor({{1}, {0}, {1}, {1}}, torch::kFloat);
  CHECK(mean_average_precision(scores, labels) == Approx((1 + 2.0 / 3 + 0.75) / 3));
}

TEST_CASE("tags that nobody or everybody has do not count") {
  const torch::Tensor scores = torch::tensor({{0.9, 0.5, 0.5}, {0.1, 0.5, 0.6}}, torch::kFloat);
  const torch::Tensor labels = torch::tensor({{1, 1, 0}, {0, 1, 0}}, torch::kFloat);
  CHECK(mean_average_precision(scores, labels) == Approx(1));
  CHECK(std::isnan(mean_average_precision(scores, torch::zeros({2, 3}))));
}

TEST_CASE("shared examples are made once while someone has them") {
  int made = 0;
  const auto make = [&] { return ++made; };
  const auto first = shared_examples<int>("shared examples test", make);
  const auto second = shared_examples<int>("shared examples test", make);
  CHECK(*second == 1);
  CHECK(first == second);
  const auto other = shared_examples<int>("another", make);
  CHECK(*other == 2);
}

TEST_CASE("shared examples that nobody has are forgotten when others are asked for") {
  int made = 0;
  const auto make = [&] { return ++made; };
  shared_examples<int>("forgotten", make);
  shared_examples<int>("forgotten", make);  // the last one is kept
  CHECK(made == 1);
  shared_examples<int>("one more", make);
  CHECK(*shared_examples<int>("forgotten", make) == 3);
  forget_shared_examples();
  CHECK(*shared_examples<int>("forgotten", make) == 4);
}

}  // namespace
}  // namespace musicrep
