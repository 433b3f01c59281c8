#include "foreign/layers.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <string>
#include <vector>

namespace musicrep {
namespace {

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("poolings of frames over time") {
  const Matrix states(2, 2, {1, 10, 3, 30});
  CHECK(pooled_row(states, Texts{"mean"}) == std::vector<double>{2, 20});
  CHECK(pooled_row(states, Texts{"max", "std"}) == std::vector<double>{3, 30, 1, 10});
  CHECK(pooled_row(states, Texts{"mean+std"}) == std::vector<double>{2, 20, 1, 10});
}

TEST_CASE("layers lie side by side with their mean, each under its view") {
  const ProgramArray array{{2, 2, 1}, {1, 3, 5, 7}};
  const std::vector<Matrix> layers = {layer_of(array, 0), layer_of(array, 1)};
  const Texts poolings = {"mean", "max"};
  CHECK(pooled_layers(layers, poolings) == std::vector<double>{2, 3, 6, 7, 4, 5});
  const auto views = layer_views(Texts{"first", "last"}, poolings, 1);
  REQUIRE(views.size() == 6);
  CHECK(views[0].name == "last, mean");  // what others are compared with
  CHECK(views[0].columns.front() == std::pair<std::size_t, std::size_t>{2, 3});
  CHECK(views[1].name == "last, max");
  CHECK(views[2].name == "first, mean");
  CHECK(views[2].columns.front() == std::pair<std::size_t, std::size_t>{0, 1});
  CHECK(views[5].name == "mean of layers, max");
  CHECK(views[5].columns.front() == std::pair<std::size_t, std::size_t>{5, 6});
}

TEST_CASE("one layer without a name has views of its poolings alone") {
  const auto views = layer_views(Texts{""}, Texts{"mean+std", "max"}, 3);
  REQUIRE(views.size() == 2);
  CHECK(views[0].name == "mean+std");
  CHECK(views[0].columns.front() == std::pair<std::size_t, std::size_t>{0, 6});
  CHECK(views[1].columns.front() == std::pair<std::size_t, std::size_t>{6, 9});
}

}  // namespace musicrep
