#include "checked_network.h"
#include "mtlmr_net.h"

namespace musicrep {

std::vector<CheckedNetwork> check_mtlmr();
std::vector<CheckedNetwork> check_mtlmr() {
  return {{.name = "MTLMR, one task",
           .item = "patch of 2.5 s",
           .shape = {kMtlmrChannels, kMtlmrFrames, kMtlmrBins},
           .batch = 128,
           .make =
               [] {
                 return std::make_shared<MtlmrNetImpl>(
                     MtlmrConfig{.heads = {{.name = "tags", .outputs = 50}}});
               },
           .forward =
               [](torch::nn::Module& net, const torch::Tensor& x) {
                 auto& mtlmr = dynamic_cast<MtlmrNetImpl&>(net);
                 return mtlmr.logits(mtlmr.features(x, 0), 0);
               }}};
}

}  // namespace musicrep
