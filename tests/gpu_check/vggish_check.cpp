#include "checked_network.h"
#include "vggish_net.h"

namespace musicrep {

std::vector<CheckedNetwork> check_vggish();
std::vector<CheckedNetwork> check_vggish() {
  const auto of_width = [](const std::string& name, double width) -> CheckedNetwork {
    return {.name = name,
            .item = "patch of 0.96 s",
            .shape = {kVggishPatchFrames, kVggishPatchBands},
            .batch = 256,
            .make = [width] { return std::make_shared<VggishNetImpl>(width); },
            .forward =
                [](torch::nn::Module& net, const torch::Tensor& x) {
                  return dynamic_cast<VggishNetImpl&>(net).forward(x);
                }};
  };
  return {of_width("VGGish", 1), of_width("VGGish, 1/4 width", 0.25)};
}

}  // namespace musicrep
