// From the synthesizer's output to a finished recording.
#pragma once

#include <cstdint>
#include <vector>

#include "datasets/orchestrion/score.h"

namespace musicrep::orchestrion {

/// Two channels of one length.
struct Stereo {
  std::vector<float> left;
  std::vector<float> right;
};

/// Narrows, dulls and hisses as the production says, brings the whole to target_rms and bends what
/// lies beyond 0.8 into [0.8, 1). Returns the share of samples that were bent; `gain` gets the
/// factor that was applied (0 for silence, which stays silent).
double master(Stereo& audio, const Production& production, std::uint64_t hiss_seed, double& gain);

}  // namespace musicrep::orchestrion
