#include "weights/tensors.h"

#include <limits>

#include "weights_testing.h"

namespace musicrep {
namespace {

using Catch::Matchers::Contains;

TEST_CASE("shapes read as lists") {
  CHECK(shape_text({}) == "[]");
  CHECK(shape_text({3, 64}) == "[3, 64]");
}

TEST_CASE("all that is wrong with tensors is reported at once") {
  const NamedTensors good = {{"conv.weight", {.shape = {1, 2}, .values = {1, 2}}},
                             {"conv.bias", {.shape = {1}, .values = {0}}}};
  const TensorShapes shapes = {{"conv.weight", {1, 2}}, {"conv.bias", {1}}};
  CHECK_NOTHROW(check_tensors(good, shapes, "'x.h5':"));

  NamedTensors bad = good;
  bad["conv.weight"].shape = {2, 1};
  bad["conv.biass"] = bad["conv.bias"];
  bad["conv.biass"].values = {std::numeric_limits<float>::quiet_NaN()};
  bad.erase("conv.bias");
  const std::string message = data_error_of([&] { check_tensors(bad, shapes, "'x.h5':"); });
  for (const char* part : {"'x.h5':", "tensor 'conv.bias' [1] is missing",
                           "tensor 'conv.weight': found shape [2, 1], expected [1, 2]",
                           "Did you mean 'conv.bias'", "tensor 'conv.biass': value 0 is nan"}) {
    CHECK_THAT(message, Contains(part));
  }
}

}  // namespace
}  // namespace musicrep
