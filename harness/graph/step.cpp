#include "graph/step.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "core/hash.h"

namespace musicrep {

nlohmann::json Step::details() const { return nlohmann::json::object(); }

void Step::set_key(std::string key_json) {
  facts_.key = sha256_hex(key_json);
  facts_.key_json = std::move(key_json);
}

const StepOutcome* Outcomes::of(const Step& step) const {
  const auto at = by_key_.find(step.facts().key);
  return at == by_key_.end() ? nullptr : &at->second;
}

std::string Outcomes::refusal(const Step& step) const {
  if (!step.facts().refusal.empty()) return step.facts().refusal;
  const StepOutcome* outcome = of(step);
  return outcome == nullptr ? "" : outcome->refusal;
}

void Outcomes::set(const Step& step, StepOutcome outcome) {
  by_key_[step.facts().key] = std::move(outcome);
}

std::vector<const Step*> distinct_steps(std::span<const std::unique_ptr<Step>> steps) {
  std::vector<const Step*> out;
  std::unordered_set<std::string_view> seen;
  for (const auto& step : steps) {
    const StepFacts& facts = step->facts();
    if (facts.refusal.empty() && !seen.insert(facts.key).second) continue;
    out.push_back(step.get());
  }
  return out;
}

std::vector<const Step*> needs_of(const Step& step) {
  std::vector<const Step*> out = step.facts().inputs;
  out.insert(out.end(), step.facts().after.begin(), step.facts().after.end());
  const auto key = [](const Step* of) -> const std::string& { return of->facts().key; };
  std::ranges::sort(out, {}, key);
  // Not std::ranges::unique, which clang 14 cannot compile with this library.
  out.erase(std::unique(out.begin(), out.end(),
                        [&](const Step* a, const Step* b) { return key(a) == key(b); }),
            out.end());
  return out;
}

}  // namespace musicrep
