#include "nn/state.h"

#include <limits>

#include "nn_testing.h"

namespace musicrep {

TEST_CASE("a module's state goes out and in again, without counters") {
  TinyTask a(1);
  TinyTask b(2);
  NamedTensors state = state_of(a.model());
  CHECK_FALSE(state == state_of(b.model()));
  CHECK(state.size() == 8);
  CHECK(state.contains("norm.running_var"));
  CHECK_FALSE(state.contains("norm.num_batches_tracked"));
  CHECK(state.at("first.weight").shape == std::vector<std::size_t>{8, 4});
  load_state(b.model(), state, "x");
  CHECK(state == state_of(b.model()));
  // A copy: training on moves no tensor of it.
  torch::NoGradGuard no_grad;
  b.model().parameters()[0].add_(1);
  CHECK(state == state_of(a.model()));
  CHECK(count_parameters(a.model()) == 4 * 8 + 8 + 8 + 8 + 8 + 1);
}

TEST_CASE("tensors are row-major whatever their strides, of any rank") {
  const torch::Tensor t = torch::arange(6, torch::kFloat).view({2, 3});
  const FloatTensor transposed = to_float_tensor(t.t());
  CHECK(transposed == FloatTensor{{3, 2}, {0, 3, 1, 4, 2, 5}});
  CHECK(torch::equal(to_torch(transposed), t.t()));
  CHECK(to_float_tensor(torch::tensor(2.5F)) == FloatTensor{{}, {2.5F}});
  CHECK(to_torch({{}, {2.5F}}).dim() == 0);
  CHECK(to_torch({{0, 3}, {}}).numel() == 0);
}

TEST_CASE("a state with missing, extra, mis-shaped or non-finite tensors is refused whole") {
  TinyTask task;
  const NamedTensors before = state_of(task.model());
  NamedTensors bad = before;
  bad["first.weight"].values[3] = std::numeric_limits<float>::quiet_NaN();
  bad.erase("first.bias");
  bad["last.weights"] = bad["last.weight"];
  const std::string message =
      message_of<DataError>([&] { load_state(task.model(), bad, "'w.h5':"); });
  CHECK_THAT(message, Catch::Contains("'w.h5':") && Catch::Contains("value 3 is nan") &&
                          Catch::Contains("'first.bias' [8] is missing") &&
                          Catch::Contains("'last.weights'"));
  CHECK(state_of(task.model()) == before);
}

}  // namespace musicrep
