#include "musicbert/attention.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "nn/random.h"

namespace musicrep {
namespace {

constexpr double kNever = -std::numeric_limits<double>::infinity();
constexpr AttentionKind kKinds[] = {AttentionKind::kSoftmax, AttentionKind::kEntmax15,
                                    AttentionKind::kSparsemax};

torch::Tensor row(const std::vector<double>& values) {
  return torch::tensor(values, torch::kDouble);
}

torch::Tensor random_scores(at::IntArrayRef shape, std::uint64_t seed) {
  torch::Generator generator = make_generator(seed);
  return torch::randn(shape, generator, torch::TensorOptions(torch::kDouble));
}

double largest_difference(const torch::Tensor& a, const torch::Tensor& b) {
  return (a - b).abs().max().item<double>();
}

/// sum of max((alpha - 1) z - tau, 0)^(1 / (alpha - 1)) = 1, solved by bisection, one row.
std::vector<double> by_bisection(const torch::Tensor& scores, double alpha) {
  const std::int64_t n = scores.numel();
  const auto weight = [&](std::int64_t i, double tau) {
    const double above = (alpha - 1) * scores[i].item<double>() - tau;
    return above > 0 ? std::pow(above, 1 / (alpha - 1)) : 0;
  };
  const double highest = (alpha - 1) * scores.max().item<double>();
  double low = highest - 1;
  double high = highest;
  for (int step = 0; step < 200; ++step) {
    const double middle = (low + high) / 2;
    double sum = 0;
    for (std::int64_t i = 0; i < n; ++i) sum += weight(i, middle);
    (sum >= 1 ? low : high) = middle;
  }
  std::vector<double> out;
  for (std::int64_t i = 0; i < n; ++i) out.push_back(weight(i, low));
  return out;
}

TEST_CASE("attention weights that can be worked out by hand") {
  CHECK(largest_difference(sparsemax(row({-2, 0, 0.5})), row({0, 0.25, 0.75})) < 1e-15);
  CHECK(largest_difference(entmax15(row({-2, 0, 0.5})), row({0, 0.326007, 0.673993})) < 5e-7);
  CHECK(entmax15(row({-2, 0, 0.5}))[0].item<double>() == 0);
  for (const AttentionKind kind : kKinds) {
    CHECK(attention_weights(row({3}), kind).item<double>() == 1);
    CHECK(largest_difference(attention_weights(row({7, 7, 7, 7}), kind),
                             row({0.25, 0.25, 0.25, 0.25})) < 1e-15);
  }
}

TEST_CASE("sorting and bisection find the same weights") {
  for (const double scale : {0.1, 1.0, 10.0, 1000.0}) {
    const torch::Tensor scores = scale * random_scores({20, 33}, 1);
    const torch::Tensor sparse = sparsemax(scores);
    const torch::Tensor between = entmax15(scores);
    for (std::int64_t i = 0; i < scores.size(0); ++i) {
      CAPTURE(scale, i);
      CHECK(largest_difference(sparse[i], row(by_bisection(scores[i], 2))) < 1e-12 * scale + 1e-13);
      CHECK(largest_difference(between[i], row(by_bisection(scores[i], 1.5))) <
            1e-12 * scale + 1e-13);
    }
  }
}

TEST_CASE("rows sum to 1 and what is masked gets exactly 0, also in single precision") {
  for (const auto type : {torch::kDouble, torch::kFloat}) {
    torch::Tensor scores = (30 * random_scores({3, 5, 40}, 2)).to(type);
    const torch::Tensor masked = random_scores({3, 5, 40}, 3) > 0;
    masked.select(-1, 0).fill_(false);
    scores = scores.masked_fill(masked, kNever);
    // A row with one place left, and one whose scores are huge.
    scores[0][0].slice(0, 1).fill_(kNever);
    scores[0][1].mul_(1e6);
    for (const AttentionKind kind : kKinds) {
      const torch::Tensor weights = attention_weights(scores, kind);
      CHECK(weights.isfinite().all().item<bool>());
      CHECK((weights >= 0).all().item<bool>());
      CHECK((weights.sum(-1) - 1).abs().max().item<double>() <
            (type == torch::kDouble ? 1e-13 : 3e-6));
      CHECK((weights.masked_select(scores == kNever) == 0).all().item<bool>());
      CHECK(weights[0][0][0].item<double>() == 1);
    }
  }
}

TEST_CASE("sparser functions have a smaller support") {
  const torch::Tensor scores = random_scores({50, 30}, 4);
  const auto support = [&](AttentionKind kind) {
    return (attention_weights(scores, kind) > 0).sum(-1);
  };
  const torch::Tensor sparse = support(AttentionKind::kSparsemax);
  const torch::Tensor between = support(AttentionKind::kEntmax15);
  CHECK((sparse <= between).all().item<bool>());
  CHECK(sparse.sum().item<std::int64_t>() < between.sum().item<std::int64_t>());
  CHECK((between < 30).all().item<bool>());
  CHECK((support(AttentionKind::kSoftmax) == 30).all().item<bool>());
}

TEST_CASE("gradients of attention are those of finite differences") {
  constexpr double kStep = 1e-6;
  for (const AttentionKind kind : kKinds) {
    for (const bool masked : {false, true}) {
      torch::Tensor scores = random_scores({6, 9}, 5);
      if (masked) scores.slice(1, 6).fill_(kNever);
      scores.requires_grad_(true);
      const torch::Tensor direction = random_scores({6, 9}, 6);
      (attention_weights(scores, kind) * direction).sum().backward();
      const torch::NoGradGuard no_grad;
      double largest = 0;
      for (std::int64_t j = 0; j < (masked ? 6 : 9); ++j) {
        torch::Tensor step = torch::zeros_like(scores);
        step.select(1, j).fill_(kStep);
        const torch::Tensor slope =
            ((attention_weights(scores + step, kind) - attention_weights(scores - step, kind)) *
             direction)
                .sum(-1) /
            (2 * kStep);
        const torch::Tensor gradient = scores.grad().select(1, j);
        CHECK(largest_difference(slope, gradient) < 1e-8);
        largest = std::max(largest, gradient.abs().max().item<double>());
      }
      CHECK(largest > 0.05);
      if (masked) CHECK((scores.grad().slice(1, 6) == 0).all().item<bool>());
    }
  }
}

TEST_CASE("attention is found by its name") {
  REQUIRE(attention_names().size() == 3);
  for (std::size_t i = 0; i < 3; ++i) CHECK(attention_named(attention_names()[i]) == kKinds[i]);
  CHECK_THROWS_AS(attention_named("hardmax"), std::invalid_argument);
}

TEST_CASE("the window closes what is far, global places stay open, padding is seen by nobody") {
  const torch::Tensor present = torch::tensor({1, 1, 1, 1, 1, 1, 0}).to(torch::kBool).view({1, 7});
  const torch::Tensor global = torch::tensor({1, 0, 0, 0, 0, 0, 0}).to(torch::kBool);
  const torch::Tensor all = attention_mask(present, global, 0);
  REQUIRE((all.sizes() == at::IntArrayRef({1, 7, 7})));
  CHECK(all.sum().item<std::int64_t>() == 7 * 6);
  const torch::Tensor expected = torch::tensor({{1, 1, 1, 1, 1, 1, 0},
                                                {1, 1, 1, 0, 0, 0, 0},
                                                {1, 1, 1, 1, 0, 0, 0},
                                                {1, 0, 1, 1, 1, 0, 0},
                                                {1, 0, 0, 1, 1, 1, 0},
                                                {1, 0, 0, 0, 1, 1, 0},
                                                {1, 0, 0, 0, 0, 1, 0}});
  const torch::Tensor window = attention_mask(present, global, 2)[0];
  CHECK(torch::equal(window.to(torch::kLong), expected));
  CHECK(torch::equal(attention_mask(present, global, 3)[0], window));
}

}  // namespace
}  // namespace musicrep
