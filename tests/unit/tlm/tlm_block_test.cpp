#include "tlm/tlm_block.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <vector>

#include "core/random.h"

namespace musicrep::tlm {
namespace {

struct Case {
  BlockShape shape;
  std::vector<float> in;
  std::vector<float> kernel;
  std::vector<float> bias;
};

Case make_case(const BlockShape& shape) {
  Random random(3);
  Case out = {shape, {}, {}, {}};
  out.in.resize((shape.rows + 2) * (shape.cols + 2) * shape.in_maps);
  for (std::size_t r = 1; r <= shape.rows; ++r) {
    for (std::size_t c = 1; c <= shape.cols; ++c) {
      for (std::size_t m = 0; m < shape.in_maps; ++m) {
        out.in[(r * (shape.cols + 2) + c) * shape.in_maps + m] =
            static_cast<float>(random.normal());
      }
    }
  }
  for (std::size_t i = 0; i < 9 * shape.in_maps * kMaps; ++i) {
    out.kernel.push_back(static_cast<float>(random.normal() / 3));
  }
  for (std::size_t i = 0; i < kMaps; ++i) out.bias.push_back(static_cast<float>(random.normal()));
  return out;
}

struct Outcome {
  std::vector<double> sums = std::vector<double>(kMaps);
  std::vector<double> squares = std::vector<double>(kMaps);
  std::vector<float> out;
  friend bool operator==(const Outcome&, const Outcome&) = default;
};

Outcome run(const Case& c, BlockSums what, BlockFunction function) {
  const BlockShape& s = c.shape;
  Outcome o;
  o.out.resize((s.rows / s.pool_rows + 2) * (s.cols / s.pool_cols + 2) * kMaps);
  function({s, c.in.data(), c.kernel.data(), c.bias.data(), what, o.sums.data(), o.squares.data(),
            o.out.data()});
  return o;
}

/// The same, as the formulas say.
Outcome run_plainly(const Case& c, BlockSums what) {
  const BlockShape& s = c.shape;
  const std::size_t cols_out = s.cols / s.pool_cols;
  Outcome o;
  o.out.resize((s.rows / s.pool_rows + 2) * (cols_out + 2) * kMaps);
  for (std::size_t map = 0; map < kMaps; ++map) {
    std::vector<double> conv(s.rows * s.cols);
    for (std::size_t r = 0; r < s.rows; ++r) {
      for (std::size_t col = 0; col < s.cols; ++col) {
        double sum = static_cast<double>(c.bias[map]);
        for (std::size_t k = 0; k < 9 * s.in_maps; ++k) {
          const std::size_t row_in = r + k / (3 * s.in_maps);
          const std::size_t at = (row_in * (s.cols + 2) + col) * s.in_maps + k % (3 * s.in_maps);
          sum += static_cast<double>(c.in[at]) * static_cast<double>(c.kernel[k * kMaps + map]);
        }
        conv[r * s.cols + col] = sum;
        if (what == BlockSums::kMoments) {
          o.sums[map] += sum;
          o.squares[map] += sum * sum;
        }
        conv[r * s.cols + col] = sum > 0 ? sum : std::expm1(sum);
        if (what == BlockSums::kBeforePooling) o.sums[map] += conv[r * s.cols + col];
      }
    }
    if (what == BlockSums::kMoments) continue;
    for (std::size_t r = 0; r < s.rows / s.pool_rows; ++r) {
      for (std::size_t col = 0; col < cols_out; ++col) {
        double top = -std::numeric_limits<double>::infinity();
        for (std::size_t a = 0; a < s.pool_rows; ++a) {
          for (std::size_t b = 0; b < s.pool_cols; ++b) {
            top = std::max(top, conv[(r * s.pool_rows + a) * s.cols + col * s.pool_cols + b]);
          }
        }
        o.out[((r + 1) * (cols_out + 2) + col + 1) * kMaps + map] = static_cast<float>(top);
        if (what == BlockSums::kAfterPooling) o.sums[map] += top;
      }
    }
  }
  return o;
}

const BlockShape kShapes[] = {{4, 65, 1, 2, 4},  {6, 61, 32, 3, 4}, {4, 130, 32, 2, 5},
                              {2, 17, 32, 2, 4}, {4, 4, 32, 4, 4},  {4, 3, 32, 4, 4}};
const BlockSums kWhat[] = {BlockSums::kBeforePooling, BlockSums::kAfterPooling,
                           BlockSums::kMoments};

TEST_CASE("a block computes what the formulas say") {
  for (const BlockShape& shape : kShapes) {
    const Case c = make_case(shape);
    for (const BlockSums what : kWhat) {
      CAPTURE(shape.rows, shape.cols, static_cast<int>(what));
      const Outcome found = run(c, what, block_function());
      const Outcome expected = run_plainly(c, what);
      for (std::size_t map = 0; map < kMaps; ++map) {
        CHECK(found.sums[map] == Approx(expected.sums[map]).epsilon(1e-4).margin(2e-3));
        CHECK(found.squares[map] == Approx(expected.squares[map]).epsilon(1e-5));
      }
      double worst = 0;
      for (std::size_t i = 0; i < found.out.size(); ++i) {
        worst = std::max(worst, std::abs(static_cast<double>(found.out[i] - expected.out[i])));
      }
      CHECK(worst < 1e-4);
    }
  }
}

TEST_CASE("all instruction sets give a block the same bits") {
  const auto functions = block_functions();
  for (const BlockShape& shape : kShapes) {
    const Case c = make_case(shape);
    for (const BlockSums what : kWhat) {
      const Outcome first = run(c, what, functions.front().second);
      for (const auto& [name, function] : functions) {
        CAPTURE(name, shape.cols, static_cast<int>(what));
        CHECK(run(c, what, function) == first);
      }
    }
  }
}

TEST_CASE("ELU at its ends: far below zero, at zero, far above") {
  Case c = make_case({4, 4, 1, 4, 4});
  std::ranges::fill(c.kernel, 0.0F);
  for (const auto& [value, expected] : {std::pair{-1e30F, -1.0F},
                                        {-200.0F, -1.0F},
                                        {-1e-3F, -0.00099950016F},
                                        {0.0F, 0.0F},
                                        {1e30F, 1e30F},
                                        {-1.0F, -0.63212056F}}) {
    std::ranges::fill(c.bias, value);
    const Outcome o = run(c, BlockSums::kBeforePooling, block_function());
    CAPTURE(value);
    CHECK(o.out[(3 + 1) * kMaps] == Approx(expected).epsilon(1e-4));
  }
}

}  // namespace
}  // namespace musicrep::tlm
