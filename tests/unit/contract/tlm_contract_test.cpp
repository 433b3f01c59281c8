#include "../tlm/tlm_testing.h"
#include "contract_testing.h"

namespace musicrep {
namespace {

TEST_CASE("TLM conforms and that its Theano variant depends on its batch is declared") {
  const TempFolder folder;
  for (const std::string variant : {"keras2", "theano-batch", "trained"}) {
    CAPTURE(variant);
    Tlm tlm = make_tlm({{"weights", write_small_weights(folder, variant)}});
    const ContractReport report = check_contract(tlm, Tlm::static_info());
    CHECK(lines_with(report, ContractVerdict::kBroken) == std::vector<std::string>{});
    const bool of_batch = variant == "theano-batch";
    CHECK(finding_of(report, kBatchCheck).verdict ==
          (of_batch ? ContractVerdict::kDeclared : ContractVerdict::kHolds));
    if (of_batch) {
      CHECK_THAT(finding_of(report, kBatchCheck).seen, Catch::Contains("batch of 256"));
    }
  }
}

/// The same vectors without the declaration.
class Silent : public Encoder {
 public:
  explicit Silent(Tlm& tlm) : tlm_(tlm) {}
  std::vector<Matrix> encode(std::span<const Signal> signals) override {
    return tlm_.encode(signals);
  }

 private:
  Tlm& tlm_;
};

TEST_CASE("TLM's batch statistics are caught where they are not declared") {
  const TempFolder folder;
  Tlm tlm = make_tlm({{"weights", write_small_weights(folder, "theano-batch")}});
  Silent silent(tlm);
  CHECK(finding_of(check_contract(silent, Tlm::static_info()), kBatchCheck).verdict ==
        ContractVerdict::kBroken);
}

}  // namespace
}  // namespace musicrep
