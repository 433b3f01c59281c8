// What a network of MTLMR is, in numbers. The standard library alone.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace musicrep {

/// What one input of the network is: 2 channels, 216 frames of 256 samples at 22050 Hz (2.5 s),
/// 128 mel bands.
constexpr std::int64_t kMtlmrChannels = 2;
constexpr std::int64_t kMtlmrFrames = 216;
constexpr std::int64_t kMtlmrBins = 128;
constexpr std::int64_t kMtlmrFeatures = 256;

/// One thing that the network learns.
struct MtlmrHead {
  std::string name;          ///< "tags", ...
  std::int64_t outputs = 0;  ///< width of its distribution
  bool siamese = false;      ///< takes the features of two patches
};

/// The tasks, and up to where they share their layers: "null" (nothing: MSS-CR), "2", "4", "6"
/// (one, three, five convolutions: MS-CR@2, @4, @6) or "fc" (all up to the features: MS-SR@FC).
struct MtlmrConfig {
  std::vector<MtlmrHead> heads;
  std::string branch_at = "fc";
};

/// The values that branch_at may have.
inline const std::vector<std::string>& mtlmr_sharings() {
  static const std::vector<std::string> all = {"null", "2", "4", "6", "fc"};
  return all;
}

}  // namespace musicrep
