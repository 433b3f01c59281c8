// Points of a protocol's grid as results hold them.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "probe/probe.h"
#include "store/results.h"

namespace musicrep {

/// The candidate of a configuration in an outer fold, not scored yet.
CandidateScore candidate_of(const Probe& probe, const ProbeConfig& config, const std::string& view,
                            std::size_t outer_fold);

/// Whether C or gamma of `chosen` is the least or the greatest that was tried for its kernel.
/// `n_columns`: of the chosen view.
bool at_grid_edge(const Probe& probe, std::span<const ProbeConfig> configs,
                  const ProbeConfig& chosen, std::size_t n_columns);

}  // namespace musicrep
