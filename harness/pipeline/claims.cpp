#include "pipeline/claims.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>

namespace musicrep {
namespace {

// A difference that is claimed to be above 0, and how well it is known.
void judge(ClaimResult& claim, double value, double low, double high, const std::string& unclear) {
  claim.difference = value;
  claim.low = low;
  claim.high = high;
  claim.verdict = low > 0 ? kReproduced : high < 0 ? kContradicted : unclear;
}

void judge_rows(ClaimResult& claim, const ClaimSpec& spec, const Results& results) {
  claim.where = fmt::format("{} under {}", spec.task, spec.protocol);
  for (const Comparison& c : results.comparisons) {
    if (c.task != spec.task || c.protocol != spec.protocol) continue;
    if (c.a == spec.higher.encoder && c.b == spec.lower.encoder) {
      return judge(claim, c.difference, c.ci_low, c.ci_high, kNotToldApart);
    }
    if (c.b == spec.higher.encoder && c.a == spec.lower.encoder) {
      return judge(claim, -c.difference, -c.ci_high, -c.ci_low, kNotToldApart);
    }
  }
  claim.verdict = "not measured in this run";
}

struct Known {
  double value = 0;
  double low = 0;
  double high = 0;
};

std::optional<Known> measured(const ClaimSpec& spec, const ClaimSide& side,
                              const Results& results) {
  if (side.number) return Known{*side.number, *side.number, *side.number};
  const auto at = std::ranges::find_if(results.diagnoses, [&](const Diagnosis& d) {
    return d.dataset == spec.dataset && d.encoder == side.encoder && d.layer == side.layer &&
           d.measure == (side.measure.empty() ? spec.measure : side.measure);
  });
  if (at == results.diagnoses.end()) return std::nullopt;
  return Known{at->value, at->low, at->high};
}

void judge_measures(ClaimResult& claim, const ClaimSpec& spec, const Results& results) {
  claim.where = fmt::format("{} on {}", spec.measure, spec.dataset);
  const auto high = measured(spec, spec.higher, results);
  const auto low = measured(spec, spec.lower, results);
  if (!high || !low) {
    claim.verdict = "not measured in this run";
    return;
  }
  judge(claim, high->value - low->value, high->low - low->high, high->high - low->low,
        "the trainings disagree");
}

std::string text_of(const ClaimSide& side) {
  if (side.number) return fmt::format("{}", *side.number);
  std::string out = side.encoder;
  if (!side.layer.empty()) out += ", " + side.layer;
  if (!side.measure.empty()) out += ", " + side.measure;
  return out;
}

}  // namespace

std::vector<ClaimResult> judge_claims(const Experiment& experiment, const Results& results) {
  std::vector<ClaimResult> out;
  for (const ClaimSpec& spec : experiment.claims) {
    ClaimResult claim;
    claim.text = spec.text;
    claim.source = spec.source;
    if (!spec.unobtainable.empty()) {
      claim.verdict = "cannot be obtained here: " + spec.unobtainable;
      out.push_back(std::move(claim));
      continue;
    }
    claim.statement = fmt::format("{} > {}", text_of(spec.higher), text_of(spec.lower));
    if (spec.measure.empty()) {
      judge_rows(claim, spec, results);
    } else {
      judge_measures(claim, spec, results);
    }
    out.push_back(std::move(claim));
  }
  return out;
}

}  // namespace musicrep
