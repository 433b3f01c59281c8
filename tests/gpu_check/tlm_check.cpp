#include "checked_network.h"
#include "tlm_net.h"

namespace musicrep {

std::vector<CheckedNetwork> check_tlm();
std::vector<CheckedNetwork> check_tlm() {
  return {{.name = "TLM",
           .item = "clip of 29 s",
           .shape = {1, 96, 1360},
           .batch = 32,
           .make = [] { return std::make_shared<tlm::TlmNetImpl>(50); },
           .forward =
               [](torch::nn::Module& net, const torch::Tensor& x) {
                 return dynamic_cast<tlm::TlmNetImpl&>(net).forward(x);
               }}};
}

}  // namespace musicrep
