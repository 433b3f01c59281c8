#include "my_encoder.h"

#include <catch2/catch.hpp>
#include <vector>

#include "contract/contract.h"
#include "core/options.h"

namespace musicrep {
namespace {

EncoderArgs args_with(const Options& options) {
  return {1, complete_options("my_encoder", MyEncoder::static_info().options, options)};
}

TEST_CASE("my_encoder keeps the contract of all encoders") {
  MyEncoder encoder(args_with({}));
  for (const ContractFinding& finding :
       check_contract(encoder, MyEncoder::static_info()).findings) {
    CAPTURE(finding.check, finding.seen);
    CHECK(finding.verdict == ContractVerdict::kHolds);
  }
}

TEST_CASE("my_encoder's numbers, by hand") {
  // Half full scale, and the sign changes with every second sample.
  std::vector<float> samples(24000);
  for (std::size_t i = 0; i < samples.size(); ++i) samples[i] = i % 4 < 2 ? 0.5F : -0.5F;
  MyEncoder encoder(args_with({}));
  const Signal signal = {"a clip", samples, 1, samples.size()};
  const Matrix vectors = encoder.encode({&signal, 1}).at(0);
  REQUIRE(vectors.rows() == 2);
  CHECK(vectors.at(1, 0) == Approx(-6.0206).epsilon(1e-5));
  CHECK(vectors.at(1, 1) == Approx(0.5).epsilon(1e-3));
}

}  // namespace
}  // namespace musicrep
