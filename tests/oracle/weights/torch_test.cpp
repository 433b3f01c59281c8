// Files that PyTorch 1.13 wrote (make_torch.py), read here.
#include "weights/torch_pickle.h"

#include "fixtures.h"

namespace musicrep {
namespace {

using Catch::Matchers::Contains;

NamedTensors expected(const char* part) {
  const nlohmann::json all = nlohmann::json::parse(bytes_of(fixture("torch.json")));
  NamedTensors out;
  for (const auto& [name, tensor] : all.at(part).items()) {
    out[name] = {.shape = tensor.at("shape"), .values = tensor.at("values")};
  }
  return out;
}

std::string error(const std::string& name) {
  return data_error_of([&] { return read_torch_weights(fixture(name)); });
}

TEST_CASE("PyTorch: every type, view and layout of a state dict") {
  for (const char* name : {"torch_zip.pth", "torch_zip_protocol4.pth", "torch_legacy.pth",
                           "torch_legacy_protocol4.pth", "torch_deflated.pth"}) {
    CAPTURE(name);
    const TorchCheckpoint found = read_torch_checkpoint(fixture(name));
    CHECK(found.tensors == expected("state"));
    CHECK(found.tensors.size() == 16);
    CHECK(found.rest == nlohmann::json::object());
  }
  CHECK(read_torch_weights(fixture("torch_big.pth")) == expected("small"));
}

TEST_CASE("PyTorch: a checkpoint's state dict, and the values next to it") {
  for (const char* name : {"torch_checkpoint_zip.pth", "torch_checkpoint_legacy.pth"}) {
    CAPTURE(name);
    const TorchCheckpoint found = read_torch_checkpoint(fixture(name));
    CHECK(found.tensors ==
          NamedTensors{{"shared.0.conv.weight", {.shape = {2, 1, 1, 1}, .values = {1, 1}}}});
    nlohmann::json rest = nlohmann::json::parse(R"({
      "tasks": ["self", "tag"], "branch_at": "fc", "scaler_fn": "mel_standard_scaler_params.npz",
      "n_outs": [50, 2], "epoch": -12, "loss": 0.25, "lr": 2.5e-4, "best": true, "nothing": null,
      "pair": [1, 2.5], "large": 3000000000, "huge": "<11 bytes>",
      "config": {"width": 2, "3": "three", "deep": {"x": [[], {}]}},
      "shared.0.bn.eps": 1e-5,
      "optimizer": {"state": {"0": {"exp_avg": "<torch._utils._rebuild_tensor_v2>"}}}})");
    CHECK(found.rest == rest);
  }
}

TEST_CASE("PyTorch: parameters in a dict in a dict") {
  const TorchCheckpoint found = read_torch_checkpoint(fixture("torch_nested.pth"));
  CHECK(found.tensors == NamedTensors{{"net.a", {.shape = {2}, .values = {1, 1}}},
                                      {"net.b", {.shape = {1}, .values = {0}}}});
  CHECK(found.rest == nlohmann::json{{"epoch", 3}});
}

TEST_CASE("PyTorch: what is no state dict is refused by name") {
  CHECK_THAT(error("torch_model.pth"), Contains("torch_model.pth") &&
                                           Contains("'torch.nn.modules.linear.Linear'") &&
                                           Contains("nothing was executed"));
  CHECK_THAT(error("torch_script.pth"), Contains("torch_script.pth") && Contains("TorchScript"));
  CHECK_THAT(error("torch_tensor.pth"), Contains("holds no dict at its top"));
  CHECK_THAT(error("torch_too_large.pth"), Contains("tensor 'x': 1e+39 is too large for 32 bits"));
  CHECK_THAT(error("torch_expanded.pth"),
             Contains("tensor 'x' of shape [4]") && Contains("storage of 1 elements"));
  CHECK_THAT(error("torch.json"), Contains("neither a zip archive nor a pickle"));
  CHECK_THAT(error("torch_missing.pth"), Contains("there is no file"));
}

}  // namespace
}  // namespace musicrep
