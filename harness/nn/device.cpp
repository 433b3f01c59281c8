#include "nn/device.h"

#include "musicrep/error.h"

namespace musicrep {

torch::Device device_by_name(const std::string& name) {
  if (name == "cpu") return torch::kCPU;
  if (name != "cuda") {
    throw ConfigError("--device: found '" + name + "', expected cpu or cuda");
  }
  if (!torch::cuda::is_available()) {
    throw ConfigError(torch::cuda::device_count() == 0 && !at::hasCUDA()
                          ? "--device cuda: this LibTorch was built without CUDA"
                          : "--device cuda: no CUDA device was found");
  }
  return torch::kCUDA;
}

}  // namespace musicrep
