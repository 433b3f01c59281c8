#include "evaluation/candidates.h"

namespace musicrep {

CandidateScore candidate_of(const Probe& probe, const ProbeConfig& config, const std::string& view,
                            std::size_t outer_fold) {
  CandidateScore out;
  out.fold = static_cast<int>(outer_fold);
  out.view = view;
  out.kernel = probe.has_kernels ? to_string(config.kernel) : std::string(probe.name);
  out.c = config.c;
  if (probe.has_kernels && config.kernel == Kernel::kRbf) out.gamma_rule = config.gamma.name;
  out.standardised = config.standardise;
  return out;
}

bool at_grid_edge(const Probe& probe, std::span<const ProbeConfig> configs,
                  const ProbeConfig& chosen, std::size_t n_columns) {
  const auto gamma = [&](const ProbeConfig& c) {
    return c.gamma.kind == GammaRule::Kind::kAuto ? 1 / static_cast<double>(n_columns)
                                                  : c.gamma.value;
  };
  bool c_less = false, c_more = false, gamma_less = false, gamma_more = false;
  bool several_c = false, several_gamma = false;
  for (const ProbeConfig& other : configs) {
    if (other.kernel != chosen.kernel) continue;
    c_less = c_less || other.c < chosen.c;
    c_more = c_more || other.c > chosen.c;
    several_c = several_c || other.c != chosen.c;
    if (!probe.has_kernels || chosen.kernel != Kernel::kRbf) continue;
    gamma_less = gamma_less || gamma(other) < gamma(chosen);
    gamma_more = gamma_more || gamma(other) > gamma(chosen);
    several_gamma = several_gamma || gamma(other) != gamma(chosen);
  }
  return (several_c && !(c_less && c_more)) || (several_gamma && !(gamma_less && gamma_more));
}

}  // namespace musicrep
